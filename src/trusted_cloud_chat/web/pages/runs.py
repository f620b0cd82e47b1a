"""Background index runs, one at a time, with their progress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.progress import Progress, TimeLeft

Kind = Literal["add", "fetch", "update", "rollback"]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """The state of a run."""

    kind: Kind
    step: str = ""
    done: int = 0
    total: int = 0
    left: float | None = None
    """Remaining seconds of the step; None if unknown."""
    ended: bool = False
    report: IngestReport | None = None
    error: str | None = None
    """Why it failed; empty for an unexpected error, which is in the log."""


class Runs:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: Run | None = None
        self._left = TimeLeft()

    @property
    def now(self) -> Run | None:
        """The current run, or the last one."""
        return self._now

    def start(self, kind: Kind, job: Callable[[Progress], IngestReport]) -> bool:
        """Whether it was begun; False while another one runs."""
        with self._lock:
            if self._now is not None and not self._now.ended:
                return False
            self._now, self._left = Run(kind), TimeLeft()
        threading.Thread(target=self._make, args=(job,), daemon=True, name="run").start()
        return True

    def _make(self, job: Callable[[Progress], IngestReport]) -> None:
        report, failed = None, None
        try:
            report = job(self._tell)
        except TrustedCloudChatError as error:
            failed = str(error)
        except Exception:
            _LOG.exception("a run that the page began failed")
            failed = ""
        assert self._now is not None
        self._now = replace(self._now, ended=True, report=report, error=failed)

    def _tell(self, step: str, done: int, total: int) -> None:
        assert self._now is not None
        self._now = replace(self._now, step=step, done=done, total=total, left=self._left.of(step, done, total))

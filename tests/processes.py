"""Starts and drives `other_process.py` for tests with several processes."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("other_process.py")


@cache
def _forks() -> subprocess.Popen[str]:
    """A process that has loaded all modules and forks for each run: a fresh start takes most of a run's time."""
    started = subprocess.Popen(
        [sys.executable, str(SCRIPT), "fork"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(started.kill)
    return started


def ingest_elsewhere(home: Path, corpus: Path, *, die: str = "", rebuild: bool = False) -> dict[str, Any] | None:
    """The report of an ingest in another process; None if it was killed at the point `die`."""
    told = _forked(home, corpus, "rebuild" if rebuild else "ingest", die=die)
    if die:
        assert told["ended"] == -signal.SIGKILL, f"the run was not killed at {die!r}"
        return None
    assert told["outcome"] == "answer", told["found"]
    report: dict[str, Any] = told["found"]
    return report


def ingest_for(seconds: float, home: Path, corpus: Path, *, rebuild: bool = False) -> bool:
    """Whether an ingest in another process ends within `seconds`; otherwise it is killed."""
    ended = int(_forked(home, corpus, "rebuild" if rebuild else "ingest", seconds=seconds)["ended"])
    assert ended in (0, -signal.SIGALRM)
    return ended == 0


def ingest_measured(home: Path, corpus: Path) -> tuple[dict[str, Any], int, float]:
    """Returns (report, peak memory in bytes, CPU seconds) of an ingest in another process."""
    told = _forked(home, corpus, "ingest")
    assert told["outcome"] == "answer", told["found"]
    return told["found"], told["peak"], told["worked_s"]


def outcome(step: str, home: Path, corpus: Path) -> dict[str, Any]:
    """Runs one of `other_process.STEPS`: `outcome` (answer, message, traceback, crash) and `found` (result or error)."""
    told = _forked(home, corpus, step, quiet=True)
    return {key: told[key] for key in ("outcome", "found")}


def _forked(home: Path, corpus: Path, step: str, **more: Any) -> dict[str, Any]:
    process = _forks()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(
        json.dumps(
            {
                "home": str(home), "corpus": str(corpus), "step": step,
                "server": os.environ.get("TCC_CHROMA_URL", ""), **more,
            }
        ) + "\n"
    )  # fmt: skip
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


class ReaderElsewhere:
    """A process that holds an index open and answers questions."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), "read", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> ReaderElsewhere:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=20)

    def ask(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

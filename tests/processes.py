"""Starts `other_process.py`, for tests of what another process sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("other_process.py")


def ingest_elsewhere(home: Path, corpus: Path, *, die: str = "", rebuild: bool = False) -> dict[str, Any] | None:
    """The report of a run in another process; None for one that was killed at the point `die`."""
    command = [sys.executable, str(SCRIPT), "ingest", str(home), str(corpus)]
    command += [f"--die={die}"] if die else []
    command += ["--rebuild"] if rebuild else []
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if die:
        assert done.returncode == -signal.SIGKILL, f"the run was not killed at {die!r}"
        return None
    assert done.returncode == 0
    report: dict[str, Any] = json.loads(done.stdout)
    return report


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

"""Reads users' files in a separate process: a file that takes too long or too much memory, or crashes the reader, is reported with a reason."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.formats import limits
from trusted_cloud_chat.corpus.formats.found import Found, TableForm
from trusted_cloud_chat.corpus.safe_files import MOST_BYTES, check_size
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import visible


class _Process:
    """The child process, started when needed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Its answer; empty if it was killed or has crashed."""
        with self.lock:
            child = self._started()
            assert child.stdin is not None
            line = ""
            with suppress(OSError):
                child.stdin.write(json.dumps(request) + "\n")
                child.stdin.flush()
                line = _line(child, seconds)
            if not line:
                self.end()
            answer: dict[str, Any] = json.loads(line) if line else {}
            return answer

    def end(self) -> None:
        child, self.running = self.running, None
        if child is not None:
            child.kill()
            child.communicate()

    def _started(self) -> subprocess.Popen[str]:
        if self.running is not None and self.running.poll() is None:
            return self.running
        self.end()
        # -P: files in the current folder must not pass for libraries.
        command = [sys.executable, "-P", "-m", "trusted_cloud_chat.corpus.formats.child"]
        # Programs may have found this package by extending `sys.path`.
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", ""))))
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": path}
        child = self.running = subprocess.Popen(  # noqa: S603 (our own module)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", env=env,
        )  # fmt: skip
        if _line(child, limits.START_SECONDS).strip() != "ready":
            self.end()
            raise ArticleError("the process that reads files of this kind did not start: is the installation complete?")
        return child


def _line(child: subprocess.Popen[str], seconds: float) -> str:
    """The child's next line; empty if it was killed after `seconds`."""
    assert child.stdout is not None
    timer = threading.Timer(seconds, child.kill)
    timer.daemon = True
    timer.start()
    try:
        return child.stdout.readline()
    finally:
        timer.cancel()


_PROCESS = _Process()
atexit.register(_PROCESS.end)


def read(
    path: Path, table: TableForm | None = None, *, most: int = MOST_BYTES, seconds: float = limits.PATIENCE
) -> list[Found]:
    """Read a file of at most `most` bytes. Raises ArticleError with the reason."""
    check_size(path, most)
    answer = _PROCESS.ask({"path": str(path.absolute()), "table": asdict(table or TableForm())}, seconds)
    if "found" in answer:
        return [Found(**fields) for fields in answer["found"]]
    raise ArticleError(
        visible(answer.get("reason", ""))
        or f"it could not be read within {limits.SECONDS:.0f} s of work and {limits.MEMORY // 1024**3} GB of memory: save it "
        "again, or split it"
    )


def close() -> None:
    """End the process; the next file starts a new one."""
    with _PROCESS.lock:
        _PROCESS.end()

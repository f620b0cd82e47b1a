"""Reads users' files in a separate process: one that takes too long or too much memory, or crashes the reader, gives a reason."""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from trusted_cloud_chat.corpus.formats import limits
from trusted_cloud_chat.corpus.formats.found import Found, TableForm
from trusted_cloud_chat.corpus.safe_files import MOST_BYTES, check_size
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import visible

_CHILD = "trusted_cloud_chat.corpus.formats.child"


class _Process:
    """The child process, started at its first use and again after it has ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: subprocess.Popen[str] | None = None

    def ask(self, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Its answer; empty if it had to be killed or has ended."""
        with self.lock:
            child = self._started()
            written, answers = child.stdin, child.stdout
            assert written is not None
            assert answers is not None
            try:
                written.write(json.dumps(asked) + "\n")
                written.flush()
            except OSError:
                self.end()
                return {}
            line = _line(child, answers, seconds)
            if not line:
                self.end()
            answer: dict[str, Any] = json.loads(line) if line else {}
            return answer

    def end(self) -> None:
        child, self.running = self.running, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):  # bytes that were not written yet
                        stream.close()

    def _started(self) -> subprocess.Popen[str]:
        if self.running is not None and self.running.poll() is None:
            return self.running
        self.end()
        # -P: files in the current folder must not pass for libraries.
        command = [sys.executable, "-P", "-m", _CHILD]
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": _path()}
        child = self.running = subprocess.Popen(  # noqa: S603 (our own module)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", env=env,
        )  # fmt: skip
        assert child.stdout is not None
        if _line(child, child.stdout, limits.START_SECONDS).strip() != "ready":
            self.end()
            raise ArticleError("the process that reads files of this kind did not start: is the installation whole?")
        return child


def _path() -> str:
    """PYTHONPATH with this package's own folder, for programs that extend `sys.path` themselves."""
    home = str(Path(__file__).parents[3])
    return os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))


def _line(child: subprocess.Popen[str], answers: IO[str], seconds: float) -> str:
    """The child's next line; empty if it had to be killed after `seconds`."""
    timer = threading.Timer(seconds, child.kill)
    timer.daemon = True
    timer.start()
    try:
        return answers.readline()
    finally:
        timer.cancel()


_PROCESS = _Process()
atexit.register(_PROCESS.end)


def read(
    path: Path, table: TableForm | None = None, *, most: int = MOST_BYTES, seconds: float = limits.PATIENCE
) -> list[Found]:
    """Read a file of at most `most` bytes. Raises ArticleError with the reason if that fails."""
    check_size(path, most)
    answer = _PROCESS.ask({"path": str(path.absolute()), "table": asdict(table or TableForm())}, seconds)
    if "found" in answer:
        return [Found(**one) for one in answer["found"]]
    raise ArticleError(
        visible(answer.get("reason", ""))
        or f"it could not be read within {limits.SECONDS:.0f} s of work and {limits.MEMORY // 1024**3} GB of memory: save it "
        "anew, or cut it up"
    )


def close() -> None:
    """End the process; the next file starts it anew."""
    with _PROCESS.lock:
        _PROCESS.end()

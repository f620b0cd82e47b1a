"""Reads users' files in a separate process: a file that takes too long or too much memory, or crashes the reader, is reported with a reason."""

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.formats import Found, TableForm, found_in, too_much
from trusted_cloud_chat.corpus.safe_files import MOST_BYTES, check_size
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import visible

SECONDS = 60.0
"""Maximum CPU time for one file."""
PATIENCE = 300.0
"""Maximum wall-clock time for one file: longer, since the machine may be busy."""
START_SECONDS = 120.0
"""Maximum seconds until the reading process has loaded."""
MEMORY = 2 * 1024**3
"""Maximum bytes of the reading process's memory."""
_OF_CODE = (AttributeError, TypeError, LookupError, AssertionError)
"""Errors in a library's code: their messages do not help the user."""
_MAIN = "from trusted_cloud_chat.corpus.formats.confined import main; main()"


class _Process:
    """The child process, started when needed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The child's answer; empty if the child was killed or has crashed."""
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
        command = [sys.executable, "-P", "-c", _MAIN]
        # Programs may have found this package by extending `sys.path`.
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", ""))))
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": path}
        child = self.running = subprocess.Popen(  # noqa: S603 (our own module)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", env=env,
        )  # fmt: skip
        if _line(child, START_SECONDS).strip() != "ready":
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
    path: Path, table: TableForm | None = None, *, most: int = MOST_BYTES, seconds: float = PATIENCE
) -> list[Found]:
    """Read a file of at most `most` bytes. Raises ArticleError with the reason."""
    check_size(path, most)
    answer = _PROCESS.ask({"path": str(path.absolute()), "table": asdict(table or TableForm())}, seconds)
    if "found" in answer:
        return [Found(**fields) for fields in answer["found"]]
    raise ArticleError(
        visible(answer.get("reason", ""))
        or f"it could not be read within {SECONDS:.0f} s of work and {MEMORY // 1024**3} GB of memory: save it "
        "again, or split it"
    )


def close() -> None:
    """End the process; the next file starts a new one."""
    with _PROCESS.lock:
        _PROCESS.end()


def main() -> None:
    """The child process: a line of JSON in and out for each file."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries may print
    with suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        _bound_time(SECONDS)
        response = json.dumps(answer(json.loads(line)))
        _bound_time(0)
        print(response, file=answers, flush=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """A list, `found`, or the `reason` why the file cannot be read."""
    try:
        texts = found_in(Path(request["path"]), TableForm(**request["table"]))
        if reason := too_much([found.text for found in texts]):
            return {"reason": reason}
        return {"found": [asdict(found) for found in texts]}
    except ArticleError as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"it needs more than {MEMORY // 1024**3} GB of memory to be read"}
    except OSError as error:
        return {"reason": f"the file cannot be read: {error.strerror or error}"}
    except Exception as error:  # libraries raise anything
        message = " ".join(str(error).split())[:200]
        if isinstance(error, RecursionError) or "Excessive depth" in message:
            return {"reason": "its content is nested too deeply to be read: save it again, or save its text"}
        if isinstance(error, _OF_CODE) or not message:
            return {"reason": "damaged, or not of the format that its name says: save it again, or save its text"}
        return {"reason": f"damaged, or not of the format that its name says: {message}"}


def _bound_time(seconds: float) -> None:
    """End this process after `seconds` of CPU time; 0 removes the limit."""
    signal.setitimer(signal.ITIMER_PROF, seconds)

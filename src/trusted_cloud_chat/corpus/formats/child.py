"""The process that reads users' files, a line of JSON in and out for each. Started by `confined.py`."""

import contextlib
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.formats import found_in, limits
from trusted_cloud_chat.corpus.formats.found import TableForm
from trusted_cloud_chat.errors import ArticleError

_OF_CODE = (AttributeError, TypeError, LookupError, AssertionError)
"""Errors in a library's code: their messages do not help the user."""


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries may print
    with contextlib.suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        _bound_time(limits.SECONDS)
        response = json.dumps(answer(json.loads(line)))
        _bound_time(0)
        print(response, file=answers, flush=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """A list, `found`, or the `reason` why the file cannot be read."""
    try:
        texts = found_in(Path(request["path"]), TableForm(**request["table"]))
        if reason := limits.too_much([found.text for found in texts]):
            return {"reason": reason}
        return {"found": [asdict(found) for found in texts]}
    except ArticleError as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"it needs more than {limits.MEMORY // 1024**3} GB of memory to be read"}
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


if __name__ == "__main__":
    main()

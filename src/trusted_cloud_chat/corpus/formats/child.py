"""The process that reads users' files: one line of JSON in and one out for each. Started by `confined.py`."""

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.formats import found_in, limits
from trusted_cloud_chat.corpus.formats.found import TableForm
from trusted_cloud_chat.errors import ArticleError

_REASON = 200
"""Most characters of a library's message."""
_OF_CODE = (AttributeError, TypeError, LookupError, AssertionError)
"""Errors in a library's code, whose messages only concern the code."""


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries may print: only we answer
    _bound_memory()
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        _bound_time(limits.SECONDS)
        said = json.dumps(answer(json.loads(line)))
        _bound_time(0)
        print(said, file=answers, flush=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """`found`, a list, or the `reason` why nothing was found."""
    try:
        found = found_in(Path(asked["path"]), TableForm(**asked["table"]))
        if reason := limits.too_much([one.text for one in found]):
            return {"reason": reason}
        return {"found": [asdict(one) for one in found]}
    except ArticleError as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"it needs more than {limits.MEMORY // 1024**3} GB of memory to be read"}
    except OSError as error:
        return {"reason": f"the file cannot be read: {error.strerror or error}"}
    except Exception as error:  # whatever a library raises becomes a reason
        said = " ".join(str(error).split())[:_REASON]
        if isinstance(error, RecursionError) or "Excessive depth" in said:
            return {"reason": "what it holds is nested too deeply to be read: save it anew, or its text"}
        if isinstance(error, _OF_CODE) or not said:
            return {"reason": "damaged, or not what its name says: save it anew, or its text"}
        return {"reason": f"damaged, or not what its name says: {said}"}


def _bound_time(seconds: float) -> None:
    """End this process after so much CPU time, where the system can; 0 removes the limit."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _bound_memory() -> None:
    """Limit this process to `limits.MEMORY`, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))


if __name__ == "__main__":
    main()

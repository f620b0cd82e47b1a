"""Output of the commands: text and JSON without control characters, progress bars on standard error."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import printable, unseen
from trusted_cloud_chat.progress import Progress as Tell
from trusted_cloud_chat.progress import TimeLeft, spoken_time

NAME = "trusted-cloud-chat"
_A_LINE_EVERY_S = 10.0
_STEP_WIDTH, _BAR_WIDTH = 30, 10
"""Characters; numbers and remaining time fit beside them in 80 columns."""
_MESSAGES = frozenset({"error", "fixed", "found", "mend", "message", "reason", "stopped"})
"""JSON keys whose values are our own messages."""
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def as_started(text: str, *, public: bool = False) -> str:
    """`text` with our commands as they are called here: after `make chat` the program is in `.venv/bin`, which is not in PATH.
    `public`: do not reveal folders of this machine, since others may read it.
    """
    name = NAME if public and Path(started()).is_absolute() else started()
    return patterns.OWN_COMMAND.sub(lambda found: found[0].replace(NAME, name, 1), text)


@cache
def started() -> str:
    """The program's name if the shell finds this installation by it, else its path, relative if it is below this folder."""
    own = Path(sys.executable).parent / NAME
    found = shutil.which(NAME)
    if not own.exists() or (found and Path(found).resolve() == own.resolve()):
        return NAME
    below = os.path.relpath(own)
    return str(own) if below.startswith(os.pardir) else below


def say(text: str, out: TextIO | None = None, *, verbatim: bool = False) -> None:
    """Print text without control characters, and with our commands as they are called here; `verbatim` leaves commands unchanged."""
    print(printable(text if verbatim else as_started(text)), file=out)


def print_json(value: dict[str, Any]) -> None:
    """Print JSON, with our commands as they are called here; control characters are written as JSON escapes."""
    text = json.dumps(_told(value), ensure_ascii=False)
    print(text.translate({ord(character): json.dumps(character)[1:-1] for character in unseen(text)}))


def show(value: dict[str, Any], lines: Iterable[str], *, as_json: bool, verbatim: bool = False) -> None:
    """Print `value` as JSON, or `lines` for people."""
    if as_json:
        print_json(value)
    else:
        say("\n".join(lines), verbatim=verbatim)


def unpacking(tell: Tell) -> Callable[[str, float], None]:
    """Reports the progress of unpacking the embedder at its first use."""
    return lambda _step, share: tell("unpack the embedder", round(share * 100), 100)


def _told(value: Any, *, ours: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _told(part, ours=key in _MESSAGES) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_told(part, ours=ours) for part in value]
    return as_started(value) if ours and isinstance(value, str) else value


@contextmanager
def progress_bars(*, lines: bool = False) -> Iterator[Any]:
    """A function `tell(step, done, total)` that draws a progress bar per step on standard error. Without a terminal it prints nothing, or
    with `lines` an occasional line.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
    from rich.table import Column

    tasks: dict[str, TaskID] = {}
    said, estimated = time.monotonic(), set[str]()
    console = Console(stderr=True)
    lines = lines and not console.is_terminal
    # Without a terminal, rich would print an empty line into a log of JSON objects.
    step_name = TextColumn("{task.description}", table_column=Column(max_width=_STEP_WIDTH, no_wrap=True))
    columns = (step_name, BarColumn(_BAR_WIDTH), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
    left = TimeLeft()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def tell(step: str, done: int, total: int) -> None:
            nonlocal said
            seconds = left.of(step, done, total)
            first = seconds is not None and step not in estimated  # as soon as there is an estimate
            more = f"about {spoken_time(seconds)} left" if seconds else ""
            if lines and (first or time.monotonic() - said >= _A_LINE_EVERY_S):
                said = time.monotonic()
                estimated.update([step] if seconds else [])
                print(f"{printable(step)}: {done} of {total}{more and ', '}{more}", file=sys.stderr, flush=True)
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total, left="")
            bars.update(tasks[step], completed=done, total=max(total, 1), left=more)

        yield tell

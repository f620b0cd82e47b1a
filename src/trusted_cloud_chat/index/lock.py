"""One writer at a time, and who it is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from trusted_cloud_chat.errors import IndexBusyError
from trusted_cloud_chat.index.trouble import unwritable


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is made where there is none.

    Raises IndexBusyError, which names who holds it, HomeNotWritableError, and StorageError where no space is left.
    """
    lock, holder = FileLock(folder / ".lock"), folder / ".holder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise IndexBusyError(
            f"another ingest run{_named(holder)} is writing this index: wait for its end, then run again"
        ) from None
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        with suppress(OSError):  # a name is a help, no more: the lock itself is held
            since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "since": since}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def is_written(folder: Path) -> bool:
    """Whether a run has said that it writes, and not that it has ended; the lock is left alone, which a run may want."""
    return (folder / ".holder").exists()


def busy(folder: Path) -> str:
    """Who holds the lock of `folder`, as « (process 4711, since …) » after a space; empty where nobody does, or none can be seen."""
    lock = FileLock(folder / ".lock")
    try:
        if (folder / ".lock").exists():
            lock.acquire(timeout=0)
            lock.release()
    except Timeout:
        return _named(folder / ".holder") or " (unnamed)"
    except OSError:
        return ""
    return ""


def _named(holder: Path) -> str:
    """« (process 4711, since 2026-11-29 10:00:00+00:00) »; empty where it has not said."""
    try:
        found = json.loads(holder.read_text())
        return f" (process {int(found['pid'])}, since {found['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""

"""Small files and folders of a home: atomic writes, tolerant reads, removal; and the writer's lock."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from trusted_cloud_chat.errors import HomeNotWritableError, IndexBusyError, IndexDamagedError
from trusted_cloud_chat.index.trouble import FULL, REBUILD, problem

_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.0)
"""Waits between attempts to remove a folder."""


def write_through(path: Path, text: str) -> None:
    """Replace the file at `path` atomically and durably. Raises OSError."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync(path.parent)


def read_json(path: Path) -> dict[str, Any]:
    """The object at `path`; empty if it is missing or not an object."""
    with suppress(OSError, ValueError):
        read = json.loads(path.read_bytes())
        return read if isinstance(read, dict) else {}
    return {}


def sync(path: Path) -> None:
    """Flush a file or folder to disk. Raises OSError for a file; not every system can sync a folder."""
    try:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError:
        if path.is_file():
            raise


def remove_tree(folder: Path) -> None:
    """Delete `folder`, retrying while a process still writes there; files that cannot be removed stay."""
    for pause in _PAUSES_S:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(pause)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is created if needed.

    Raises IndexBusyError, which names the holder, HomeNotWritableError, StorageError if no space is left.
    """
    lock, holder = FileLock(folder / ".lock"), folder / ".holder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise IndexBusyError(
            f"another ingest run{_named(holder)} is writing this index: wait until it ends, then run again"
        ) from None
    except OSError as error:
        if error.errno in FULL:
            raise problem(error, str(folder), IndexDamagedError, REBUILD) from error
        raise HomeNotWritableError(
            f"{folder} cannot be written ({error.strerror}): expected a folder for the index. Set TCC_HOME to a folder that you can write"
        ) from error
    try:
        with suppress(OSError):  # the note only informs: the lock itself is held
            since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "since": since}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def is_written(folder: Path) -> bool:
    """Whether a run is writing, by its note: trying the lock could disturb a run."""
    return (folder / ".holder").exists()


def busy(folder: Path) -> str:
    """The holder of the lock of `folder`, as « (process 4711, since …) » after a space; empty if it is free or cannot be read."""
    try:
        if (folder / ".lock").exists():
            FileLock(folder / ".lock").acquire(timeout=0).lock.release()
    except OSError as error:
        return (_named(folder / ".holder") or " (unnamed)") if isinstance(error, Timeout) else ""
    return ""


def _named(holder: Path) -> str:
    """« (process 4711, since 2026-11-29 10:00:00+00:00) »; empty if there is no note."""
    found = read_json(holder)
    return f" (process {found['pid']}, since {found['since']})" if {"pid", "since"} <= found.keys() else ""

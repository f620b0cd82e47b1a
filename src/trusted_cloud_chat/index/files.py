"""Small files and folders of a home: written so that a power cut leaves the old or the new, read without a doubt, removed."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.0)
"""Waits between attempts to remove a folder."""


def write_through(path: Path, text: str) -> None:
    """`text` in the place of what was at `path`, in one step and on the disk. Raises OSError."""
    aside = path.with_name(f".{path.name}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.is_dir():
        remove_tree(path)
    aside.replace(path)
    sync(path.parent)


def read_json(path: Path) -> dict[str, Any]:
    """The object at `path`; empty for what is none, or is not there."""
    with suppress(OSError, ValueError):
        read = json.loads(path.read_bytes())
        return read if isinstance(read, dict) else {}
    return {}


def sync(path: Path) -> None:
    """Have it on the disk; not every system opens a folder, nor every file system writes one out. Raises OSError for a file."""
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
    """Delete `folder`, tried again where what is open in it still writes there; what cannot be removed is left."""
    for pause in _PAUSES_S:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(pause)

"""Whether the power went while a run wrote, and what a run does so that its end outlasts a cut.

SQLite (the catalog's and Chroma's) and Tantivy write out what they commit; Chroma's graph, the files in which it searches, is written
out by nobody before the run ends. So until its end is noted, a start of the machine later, nothing of Chroma's can be relied on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from trusted_cloud_chat.index.catalog import Catalog

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_OPEN_RUN = "open_run"
_ENDED = "0"
WENT = "the machine went down while a run wrote"


def note_run(catalog: Catalog) -> None:
    """A run writes from now on."""
    catalog.set_meta(_OPEN_RUN, boot())


def note_end(catalog: Catalog) -> None:
    """All that the run wrote is on the disk."""
    catalog.set_meta(_OPEN_RUN, _ENDED)


def run_is_open(catalog: Catalog) -> bool:
    """Whether a run writes, or one was killed."""
    return catalog.meta(_OPEN_RUN) not in (None, _ENDED)


def power_went(catalog: Catalog) -> bool:
    """Whether the machine has started anew since an unfinished run wrote to this home's folder; a server has a power of its own."""
    return run_is_open(catalog) and catalog.meta(_OPEN_RUN) != boot() and catalog.meta("vectors_at") in (None, "folder")


def boot() -> str:
    """A name of this start of the machine; where the system has none, its minute, by which a set clock only makes us doubt more."""
    with suppress(OSError):
        return _BOOT.read_text().strip()
    return f"minute {(time.time() - time.monotonic()) // 60:.0f}"


def write_out(folder: Path) -> None:
    """Have on the disk what nobody else writes out of the store in `folder`. Raises OSError.

    Never a file of SQLite's: to close one would drop the locks that this process has on it.
    """
    for path in _graph(folder / "chroma"):
        _sync(path)
    for path in (folder / "chroma", folder, folder.parent):
        sync_folder(path)


def sync_folder(folder: Path) -> None:
    """Not every system opens a folder, nor every file system writes one out."""
    with suppress(OSError):
        _sync(folder)


def _graph(chroma: Path) -> Iterator[Path]:
    for folder in sorted(path for path in chroma.glob("*") if path.is_dir()):
        yield from sorted(path for path in folder.iterdir() if path.is_file())
        sync_folder(folder)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

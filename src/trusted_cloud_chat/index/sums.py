"""Checksums of the files in which Chroma searches, which it neither checks nor survives when they are damaged.

They lie beside the folder, written when a run ends and taken away before it writes: without them nothing is checked.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.errors import StoreLostError
from trusted_cloud_chat.index.trouble import REFILL

_PERSISTED = "index_metadata.pickle"
"""A folder of Chroma's without it holds nothing yet, and every reader writes it anew."""
_READ_AT_OPENING = 64_000_000
"""Bytes of one file that an opening may read; of a larger one it compares the size, and `doctor` reads it."""
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Noted:
    """A file as a run left it; `changed` is in nanoseconds, 0 where an earlier release noted it."""

    size: int
    checksum: int
    changed: int = 0


def write_sums(folder: Path, before: Mapping[str, Noted] | None = None) -> None:
    """Of the files in `folder` as they are now; one that is untouched since `before` is not read again."""
    sums = {}
    for path in _files(folder):
        name, found = path.relative_to(folder).as_posix(), path.stat()
        known = (before or {}).get(name)
        same = known and (known.size, known.changed) == (found.st_size, found.st_mtime_ns)
        sums[name] = [found.st_size, known.checksum if known and same else _sum(path), found.st_mtime_ns]
    aside = _file(folder).with_suffix(".new")
    aside.write_text(json.dumps(sums))
    aside.replace(_file(folder))


def drop_sums(folder: Path) -> dict[str, Noted]:
    """What they were."""
    before = _noted(folder)
    _file(folder).unlink(missing_ok=True)
    return before


def has_sums(folder: Path) -> bool:
    return _file(folder).is_file()


def check_sums(folder: Path, *, deep: bool = False) -> None:
    """Raises StoreLostError for a file that is not what the last run left."""
    noted = _noted(folder)
    for name, known in noted.items():
        path = folder / name
        try:
            found = path.stat().st_size
            same = found == known.size and ((found > _READ_AT_OPENING and not deep) or _sum(path) == known.checksum)
        except OSError:
            same = False
        if not same and _noted(folder) == noted:  # else a run is writing
            raise StoreLostError(f"the vector store {folder} is damaged ({name} is not what was written): {REFILL}")


def _noted(folder: Path) -> dict[str, Noted]:
    """By the name of the file; nothing where there is no such note, or none that can be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        read = json.loads(_file(folder).read_bytes())
        return {str(name): Noted(*map(int, values)) for name, values in read.items()}
    return {}


def _file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.sums")


def _files(folder: Path) -> Iterator[Path]:
    for marker in sorted(folder.glob(f"*/{_PERSISTED}")):
        yield from sorted(path for path in marker.parent.iterdir() if path.is_file())


def _sum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            checksum = zlib.crc32(part, checksum)
    return checksum

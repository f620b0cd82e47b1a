"""Checksums of the files in which Chroma searches, which it neither checks nor survives when they are damaged.

They lie beside the folder, written when a run ends and taken away before it writes: without them nothing is checked.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from trusted_cloud_chat.errors import StoreLostError
from trusted_cloud_chat.index.trouble import REFILL

_PERSISTED = "index_metadata.pickle"
"""A folder of Chroma's without it holds nothing yet, and every reader writes it anew."""
_READ_AT_OPENING = 64_000_000
"""Bytes of one file that an opening may read; of a larger one it compares the size, and `doctor` reads it."""
_PART = 1 << 20


def write_sums(folder: Path) -> None:
    """Of the files in `folder` as they are now."""
    sums = {path.relative_to(folder).as_posix(): [path.stat().st_size, _sum(path)] for path in _files(folder)}
    aside = _file(folder).with_suffix(".new")
    aside.write_text(json.dumps(sums))
    aside.replace(_file(folder))


def drop_sums(folder: Path) -> None:
    _file(folder).unlink(missing_ok=True)


def has_sums(folder: Path) -> bool:
    return _file(folder).is_file()


def check_sums(folder: Path, *, deep: bool = False) -> None:
    """Raises StoreLostError for a file that is not what the last run left."""
    noted = _noted(folder)
    for name, (size, checksum) in noted.items():
        path = folder / name
        try:
            found = path.stat().st_size
            same = found == size and ((found > _READ_AT_OPENING and not deep) or _sum(path) == checksum)
        except OSError:
            same = False
        if not same and _noted(folder) == noted:  # else a run is writing
            raise StoreLostError(f"the vector store {folder} is damaged ({name} is not what was written): {REFILL}")


def _noted(folder: Path) -> dict[str, tuple[int, int]]:
    """File → size and checksum; nothing where there is no such note, or none that can be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        read = json.loads(_file(folder).read_bytes())
        return {str(name): (int(size), int(checksum)) for name, (size, checksum) in read.items()}
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

"""What Chroma's files hold beside its data.

Behind the vectors of a segment, in the room kept for more, it writes memory of the process as it happens to be: seen there were texts
that had been deleted before the file was made.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path

from trusted_cloud_chat.index.sums import drop_sums, has_sums, write_sums

_HEADER = struct.Struct("<i4Q")
_FORMAT = 1
_ZEROS = bytes(1 << 20)


def scrub(folder: Path) -> bool:
    """Overwrite what is no data in the files of a Chroma that no client of this process has open; whether all of it could be."""
    summed = has_sums(folder)
    drop_sums(folder)
    database = folder / "chroma.sqlite3"
    if database.exists():
        with closing(sqlite3.connect(database)) as db:
            db.execute("PRAGMA secure_delete=ON")
            db.execute("VACUUM")
    known = [_scrub_segment(header.parent) for header in folder.glob("*/header.bin")]
    if summed:
        with suppress(OSError):
            write_sums(folder)
    return all(known)


def _scrub_segment(segment: Path) -> bool:
    """Overwrite the room behind the vectors; False for a form of files that is not known, which is left alone."""
    try:
        version, _, room, count, size = _HEADER.unpack_from((segment / "header.bin").read_bytes())
        ends = {segment / "data_level0.bin": size, segment / "length.bin": 4}
        if version != _FORMAT or not all(
            count * each <= path.stat().st_size <= room * each for path, each in ends.items()
        ):
            return False
    except (OSError, struct.error):
        return False
    for path, each in ends.items():
        _zero(path, count * each)
    return True


def _zero(path: Path, start: int) -> None:
    with path.open("r+b") as file:
        left = file.seek(0, os.SEEK_END) - start
        file.seek(start)
        while left > 0:
            left -= file.write(_ZEROS[:left])
        file.flush()
        os.fsync(file.fileno())

"""What SQLite, Chroma and Tantivy raise, told as errors of ours: no space, no access, no server, or damage.

Only damage is a reason to make an index anew; the other troubles pass, or are mended elsewhere.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from trusted_cloud_chat.errors import (
    IndexBusyError,
    IndexDamagedError,
    StorageError,
    StoreLostError,
    TrustedCloudChatError,
    UnusableError,
)

INGEST_COMMAND = "trusted-cloud-chat ingest"
REBUILD_COMMAND = "trusted-cloud-chat ingest --rebuild"
REFILL = (
    f"`{INGEST_COMMAND}` makes it anew from the catalog, without embedding again; if that does not help, "
    f"`{REBUILD_COMMAND}` makes everything anew"
)
REBUILD = f"make the index anew with `{REBUILD_COMMAND}`"
REINDEX = (
    "`trusted-cloud-chat doctor --fix` makes anew what its rows are found by; if that does not help, "
    f"`{REBUILD_COMMAND}` makes everything anew"
)

FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_SPACE = "{thing} cannot be used, no space is left on its disk ({words}): free some and run again"
_PASSING: tuple[tuple[type[UnusableError], tuple[int, ...], tuple[str, ...], str], ...] = (
    (StorageError, FULL, ("no space left", "disk is full", "disk quota", "(code: 13)"), _NO_SPACE),
    (
        StorageError, (errno.EACCES, errno.EPERM, errno.EROFS),
        ("permission denied", "read-only", "readonly", "not permitted", "unable to open database file", "(code: 14)"),
        "{thing} cannot be used, access is refused ({words}): expected files that this user may read, and write for `ingest`. Give it the "
        "rights, or set TCC_HOME to another folder",
    ),
    (
        StorageError, (errno.EIO,), ("disk i/o error", "input/output error"),
        "{thing} cannot be used ({words}): see whether its disk is full or has a fault",
    ),
    (
        StorageError, (errno.EMFILE, errno.ENFILE), ("too many open files",),
        "{thing} cannot be used ({words}): raise the limit of open files (`ulimit -n`)",
    ),
    (
        IndexBusyError, (), ("database is locked", "database table is locked", "(code: 5)", "lockbusy"),
        "{thing} is in use by another process ({words}): run again in a moment",
    ),
)  # fmt: skip
"""What is no damage: as what it is told, its numbers, what its message has of signs, and the text."""
_LONGEST = 200
_LEAST_ROOM = 4_000_000
"""Bytes of a disk with which Chroma and Tantivy still write."""


@contextmanager
def told(thing: str, damaged: type[IndexDamagedError] = StoreLostError, mend: str = REFILL) -> Iterator[None]:
    """Whatever is raised inside, as an error of ours about `thing`; a panic of a library written in Rust too."""
    try:
        yield
    except TrustedCloudChatError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime":
            raise
        raise problem(error, thing, damaged, mend) from error


def decoding(thing: str) -> AbstractContextManager[None]:
    """What does not read as what was written is damage."""
    return told(thing, IndexDamagedError, REBUILD)


def problem(error: BaseException, thing: str, damaged: type[IndexDamagedError], mend: str) -> TrustedCloudChatError:
    """What is wrong with `thing`: nothing that passes, then damage, which `mend` says how to mend; without one it is a place to write
    to, and nothing of it is damaged.
    """
    words, number = brief(error), getattr(error, "errno", None)
    if mend and _is_full(thing):
        return StorageError(_NO_SPACE.format(thing=thing, words=words))
    for kind, numbers, signs, text in _PASSING:
        if number in numbers or any(sign in words.lower() for sign in signs):
            return kind(text.format(thing=thing, words=words))
    if not mend:
        return StorageError(
            f"{thing} cannot be written ({getattr(error, 'strerror', None) or words}): see that it may be, or name another place"
        )
    return damaged(f"{thing} is damaged ({words}): {mend}")


def _is_full(thing: str) -> bool:
    """Whether the disk of what `thing` names by its path has less room than a store takes: what fails there is seldom told by its cause."""
    _, slash, path = thing.partition(os.sep)
    with suppress(OSError, StopIteration):
        place = Path(slash + path)
        there = next(one for one in (place, *place.parents) if one.exists())
        return bool(slash) and "://" not in thing and shutil.disk_usage(there).free < _LEAST_ROOM
    return False


def brief(error: BaseException) -> str:
    """Its first line, cut to a length that a message holds."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

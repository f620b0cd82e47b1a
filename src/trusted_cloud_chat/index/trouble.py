"""Maps the errors of SQLite, Chroma and Tantivy to ours: no space, no access, a lock, or damage.

Only damage calls for a refill or a rebuild.
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
    shortened,
)

INGEST_COMMAND = "trusted-cloud-chat ingest"
REBUILD_COMMAND = "trusted-cloud-chat ingest --rebuild"
REFILL = (
    f"`{INGEST_COMMAND}` rebuilds it from the catalog, without embedding again; if that does not help, "
    f"`{REBUILD_COMMAND}` rebuilds everything"
)
REBUILD = f"rebuild the index with `{REBUILD_COMMAND}`"
REINDEX = (
    "`trusted-cloud-chat doctor --fix` rebuilds its own indexes; if that does not help, "
    f"`{REBUILD_COMMAND}` rebuilds everything"
)

FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_SPACE = "{thing} cannot be used, no space is left on its disk ({words}): free some and run again"
_PASSING: tuple[tuple[type[UnusableError], tuple[int, ...], tuple[str, ...], str], ...] = (
    (StorageError, FULL, ("no space left", "disk is full", "disk quota", "(code: 13)"), _NO_SPACE),
    (
        StorageError, (errno.EACCES, errno.EPERM, errno.EROFS),
        ("permission denied", "read-only", "readonly", "not permitted", "unable to open database file", "(code: 14)"),
        "{thing} cannot be used, access is refused ({words}): expected files that this user may read, and write for `ingest`. Grant "
        "access, or set TCC_HOME to another folder",
    ),
    (
        StorageError, (errno.EIO,), ("disk i/o error", "input/output error"),
        "{thing} cannot be used ({words}): check whether its disk is full or faulty",
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
"""Errors other than damage: our class, error numbers, parts of the message, our text."""
_LEAST_ROOM = 4_000_000
"""Free bytes below which Chroma and Tantivy fail with misleading errors."""


@contextmanager
def told(thing: str, damaged: type[TrustedCloudChatError] = StoreLostError, mend: str = REFILL) -> Iterator[None]:
    """Raise any error inside, even a panic of a Rust library, as one of our errors about `thing`."""
    try:
        yield
    except TrustedCloudChatError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime":
            raise
        raise problem(error, thing, damaged, mend) from error


def decoding(thing: str) -> AbstractContextManager[None]:
    """Treat any error inside as damage to the catalog."""
    return told(thing, IndexDamagedError, REBUILD)


def problem(error: BaseException, thing: str, damaged: type[TrustedCloudChatError], mend: str) -> TrustedCloudChatError:
    """Our error for `error` about `thing`: damage, which `mend` repairs, if nothing else explains it. With an empty `mend` it is a
    file that is being written, which cannot be damaged.
    """
    words, number = brief(error), getattr(error, "errno", None)
    if mend and _is_full(thing):
        return StorageError(_NO_SPACE.format(thing=thing, words=words))
    for kind, numbers, signs, text in _PASSING:
        if number in numbers or any(sign in words.lower() for sign in signs):
            return kind(text.format(thing=thing, words=words))
    if not mend:
        return StorageError(
            f"{thing} cannot be written ({getattr(error, 'strerror', None) or words}): check path and permissions, or name another place"
        )
    return damaged(f"{thing} is damaged ({words}): {mend}")


def _is_full(thing: str) -> bool:
    """Whether the disk of the path in `thing` is full: errors there seldom name the cause."""
    _, slash, path = thing.partition(os.sep)
    with suppress(OSError, StopIteration):
        place = Path(slash + path)
        there = next(one for one in (place, *place.parents) if one.exists())
        return bool(slash) and "://" not in thing and shutil.disk_usage(there).free < _LEAST_ROOM
    return False


def brief(error: BaseException) -> str:
    """Its message on one line, shortened."""
    return shortened(" ".join(str(error).split()) or type(error).__name__, 200)

"""Opens regular files only, up to a size."""

import errno
import os
import stat
from pathlib import Path

from trusted_cloud_chat.errors import ArticleError

MEGABYTE = 1_000_000
MOST_BYTES = 20 * MEGABYTE
"""Default limit of a file's size."""

_KINDS = (
    (stat.S_ISFIFO, "a named pipe (FIFO)"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)  # fmt: skip
_LINKS = {errno.ELOOP: "a link that leads back to itself", errno.ENOENT: "a link that leads nowhere"}


def fault_of(path: Path) -> str:
    """Why `path` cannot be read; empty for a regular file or a folder. Opens nothing."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno in _LINKS and path.is_symlink():
            return f"{_LINKS[error.errno]}, so there is nothing to read: fix the link or delete it"
        return f"it cannot be read: {error.strerror}"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else _not_a_file(mode)


def is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  (`Path.is_dir` raises if a parent folder cannot be opened)


def leads_out(path: Path, root: Path) -> Path | None:
    """The target of `path` if its links lead out of `root`, where they could expose any file of the machine; else None."""
    try:
        target = path.resolve()
    except (OSError, RuntimeError):  # a circular link
        return None
    return None if target.is_relative_to(root.resolve()) else target


def check_size(path: Path, most: int) -> None:
    """Raise ArticleError unless `path` is a regular file of at most `most` bytes. Opens nothing."""
    if fault := fault_of(path):
        raise ArticleError(fault)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ArticleError(f"the file cannot be read: {error.strerror}") from error
    if size > most:
        raise _too_large(size, most)


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of the file. Raises ArticleError unless it is a regular file of at most `most` bytes.

    The size is checked before and during reading: growing files, and files under /proc, misstate theirs.
    """
    check_size(path, most)
    try:
        # Without O_NONBLOCK, opening a file that has meanwhile become a pipe would wait for its writer forever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise ArticleError(_not_a_file(state.st_mode))
            # `read` allocates the requested size: request the file's size, not the limit.
            raw = file.read(min(state.st_size, most) + 1)
            if len(raw) > state.st_size:
                raw += file.read(most + 1 - len(raw))
    except OSError as error:
        raise ArticleError(f"the file cannot be read: {error.strerror}") from error
    if len(raw) > most:
        raise _too_large(max(state.st_size, len(raw)), most)
    return raw


def _too_large(size: int, most: int) -> ArticleError:
    return ArticleError(
        f"the file is larger than {most / MEGABYTE:g} MB, which is the most that is read: split it into articles, or set "
        f"TCC_MAX_FILE_MB to {-(-size // MEGABYTE)}"
    )


def _not_a_file(mode: int) -> str:
    kind = next((name for meets, name in _KINDS if meets(mode)), "not a regular file")
    return f"{kind}, which is never opened: expected a regular file"

"""Folders of model files made once under `TCC_HOME/models`: complete or absent, never half, checked on every start."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from trusted_cloud_chat.errors import HomeNotWritableError

Progress = Callable[[str, float], None]
"""Receives a step's name and the share done, 0 to 1."""


_PARTIAL = ".unpacking-"
_OWNER = ".owner"
"""In a folder that is being filled: locked for as long as the process that fills it lives."""
_SUMS = "SHA256.json"
_SEEN = ".seen.json"
_BEGUN_S = 10
_ABANDONED_S = 3600


def ensure_folder(folder: Path, fill: Callable[[Path, Progress], None], progress: Progress | None = None) -> Path:
    """`folder`, filled if missing or damaged. Raises HomeNotWritableError."""
    if is_whole(folder):
        _sweep(folder.parent)
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=folder.parent))
        owner = FileLock(partial / _OWNER)
        owner.acquire()
    except OSError as error:
        raise HomeNotWritableError(
            f"{folder.parent} cannot be written ({error.strerror}): expected a folder for the index and the embedder. "
            "Set TCC_HOME to a folder that you can write"
        ) from error
    try:
        fill(partial, progress or (lambda _step, _share: None))
        _disown(owner)
        sums = {path.name: _sha256(path) for path in sorted(partial.iterdir())}
        (partial / _SUMS).write_text(json.dumps(sums, indent=1))
        _note(partial, sums)
        _share(partial)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        if is_whole(folder):  # another process was faster
            return folder
        raise HomeNotWritableError(f"{folder.name} could not be unpacked into {folder.parent}: {error}") from error
    finally:
        _disown(owner)
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _share(folder: Path) -> None:
    """Whoever may read the home may read what was unpacked into it: libraries let nobody else."""
    mode = folder.parent.stat().st_mode
    folder.chmod(mode & 0o777)
    for path in folder.iterdir():
        path.chmod(mode & 0o666)


def _disown(owner: FileLock) -> None:
    owner.release()
    with suppress(OSError):
        Path(owner.lock_file).unlink(missing_ok=True)


def _sweep(parent: Path) -> None:
    for leftover in abandoned(parent):
        shutil.rmtree(leftover, ignore_errors=True)


def abandoned(parent: Path) -> list[Path]:
    """What killed processes left half made. A folder without an owner may be another release's: it has an hour."""
    left = []
    for leftover in sorted(parent.glob(f"{_PARTIAL}*")):
        with suppress(OSError):
            age = time.time() - leftover.stat().st_mtime
            if age > _ABANDONED_S or (age > _BEGUN_S and _is_left(leftover / _OWNER)):
                left.append(leftover)
    return left


def _is_left(owner: Path) -> bool:
    """Whether the process that locked `owner` is gone."""
    if not owner.exists():
        return False
    lock = FileLock(owner)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True


def is_whole(folder: Path) -> bool:
    """Whether its files are those that were written; read again only where one of them was touched since the last look."""
    try:
        sums: dict[str, str] = json.loads((folder / _SUMS).read_text())
        if _looked_at(folder) == _looks(folder, sums):
            return True
        if any(_sha256(folder / name) != expected for name, expected in sums.items()):
            return False
    except (OSError, ValueError):
        return False
    _note(folder, sums)
    return True


def _looks(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    """Size and time of change of each file."""
    found = {name: (folder / name).stat() for name in names}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in found.items()}


def _looked_at(folder: Path) -> object:
    """What files looked like when they were last read whole; None where they were not."""
    with suppress(OSError, ValueError):
        return json.loads((folder / _SEEN).read_text())
    return None


def _note(folder: Path, names: Iterable[str]) -> None:
    """Another user's folder may not be writable: it is read whole each time."""
    with suppress(OSError):
        aside = folder / f"{_SEEN}-{os.getpid()}"
        aside.write_text(json.dumps(_looks(folder, names)))
        aside.replace(folder / _SEEN)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

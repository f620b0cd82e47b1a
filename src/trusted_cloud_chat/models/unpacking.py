"""Folders of model files under `TCC_HOME/models`: created once, atomically, and verified on every start."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from trusted_cloud_chat.errors import HomeNotWritableError

Progress = Callable[[str, float], None]
"""Receives a step's name and the completed share."""

_PARTIAL = ".unpacking-"
_LOCK = ".unpacking.lock"
_SUMS, _SEEN = "SHA256.json", ".seen.json"


def ensure_folder(folder: Path, fill: Callable[[Path, Progress], None], progress: Progress | None = None) -> Path:
    """`folder`, filled if missing or damaged. Raises HomeNotWritableError."""
    if is_whole(folder):
        return folder
    models = folder.parent
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / _LOCK):  # one process unpacks, the others wait for it
            if not is_whole(folder):
                for left in models.glob(f"{_PARTIAL}*/"):
                    shutil.rmtree(left, ignore_errors=True)
                with tempfile.TemporaryDirectory(prefix=_PARTIAL, dir=models, ignore_cleanup_errors=True) as temporary:
                    partial = Path(temporary)
                    fill(partial, progress or (lambda _step, _share: None))
                    _seal(partial)
                    if folder.exists():
                        shutil.rmtree(folder)
                    partial.rename(folder)
    except OSError as error:
        raise HomeNotWritableError(
            f"{folder} cannot be written ({error.strerror or error}): expected a folder for the index and the embedder. "
            "Set TCC_HOME to a folder that you can write"
        ) from error
    return folder


def abandoned(models: Path) -> list[Path]:
    """Incomplete folders of killed processes."""
    left = sorted(models.glob(f"{_PARTIAL}*/"))
    with suppress(Timeout):  # one of them is being filled
        if left:
            with FileLock(models / _LOCK, timeout=0):
                return left
    return []


def is_whole(folder: Path) -> bool:
    """Whether the files are unchanged; contents are hashed only if a file was touched since the last check."""
    try:
        sums: dict[str, str] = json.loads((folder / _SUMS).read_text())
        stats = {name: (folder / name).stat() for name in sums}
        seen = {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}
        with suppress(OSError, ValueError):
            if json.loads((folder / _SEEN).read_text()) == seen:
                return True
        if any(_sha256(folder / name) != expected for name, expected in sums.items()):
            return False
    except (OSError, ValueError):
        return False
    with suppress(OSError):  # another user's folder is hashed each time
        aside = folder / f"{_SEEN}-{os.getpid()}"
        aside.write_text(json.dumps(seen))
        aside.replace(folder / _SEEN)
    return True


def _seal(partial: Path) -> None:
    """Writes the checksums and gives the files the permissions of the home: libraries create them for one user only."""
    sums = {path.name: _sha256(path) for path in sorted(partial.iterdir())}
    (partial / _SUMS).write_text(json.dumps(sums, indent=1))
    is_whole(partial)
    mode = partial.parent.stat().st_mode
    partial.chmod(mode & 0o777)
    for path in partial.iterdir():
        path.chmod(mode & 0o666)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

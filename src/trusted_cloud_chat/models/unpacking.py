"""Folders of model files made once under `TCC_HOME/models`: complete or absent, never half, checked on every start."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.errors import HomeNotWritableError

Progress = Callable[[str, float], None]
"""Receives a step's name and the share done, 0 to 1."""


_PARTIAL = ".unpacking-"
_ABANDONED_S = 3600


def ensure_folder(folder: Path, fill: Callable[[Path, Progress], None], progress: Progress | None = None) -> Path:
    """`folder`, filled if missing or damaged. Raises HomeNotWritableError."""
    if is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=folder.parent))
    except OSError as error:
        raise HomeNotWritableError(
            f"{folder.parent} cannot be written ({error.strerror}): expected a folder for the index and the embedder. "
            "Set TCC_HOME to a folder that you can write"
        ) from error
    try:
        fill(partial, progress or (lambda _step, _share: None))
        sums = {path.name: _sha256(path) for path in sorted(partial.iterdir())}
        (partial / "SHA256.json").write_text(json.dumps(sums, indent=1))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        if is_whole(folder):  # another process was faster
            return folder
        raise HomeNotWritableError(f"{folder.name} could not be unpacked into {folder.parent}: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _sweep(parent: Path) -> None:
    """Remove what a killed process left half made, long enough ago that no other can be at it."""
    for leftover in parent.glob(f"{_PARTIAL}*"):
        if time.time() - leftover.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(leftover, ignore_errors=True)


def is_whole(folder: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((folder / "SHA256.json").read_text())
        return all(_sha256(folder / name) == expected for name, expected in sums.items())
    except (OSError, ValueError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

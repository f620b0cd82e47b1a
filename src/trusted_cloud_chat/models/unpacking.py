"""Folders of model files made once under `TCC_HOME/models`: complete or absent, never half, checked on every start."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import EmbedderError, HomeNotWritableError

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


def load_session(folder: Path, threads: int = 1, unfused: Sequence[str] = ()) -> Any:
    """An ONNX Runtime session of `folder`, without the optimisers `unfused`; raises EmbedderError when it does not load."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without VNNI an x86 processor's sums of 8-bit products overflow; this takes wider ones there, and nothing elsewhere, so
    # that every machine makes the same vectors and readings.
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(
            folder / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=list(unfused),
        )
    except Exception as error:  # onnxruntime's errors share no public base
        raise EmbedderError(
            f"the network in {folder} does not load: {error}. Delete that folder to unpack it anew"
        ) from error

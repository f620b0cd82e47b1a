"""The bundled embedder: unpacked once under `TCC_HOME/models`, then run by ONNX Runtime without torch.

The folder is a sentence-transformers model as well: `SentenceTransformer(folder)` loads it through
`models.sentence_module`, with the same vectors.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.errors import EmbedderError, HomeNotWritableError
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

FORMAT = 1
"""Raised when what is unpacked changes: an older folder is then left alone and a new one made."""
MAX_TOKENS = 512

_Progress = Callable[[str, float], None]


def bundled_folder(home: Path) -> Path:
    return home / "models" / f"{BUNDLED_EMBEDDER}-int{_bits()}-{FORMAT}"


def bundled_identity() -> str:
    return f"{BUNDLED_EMBEDDER}:int{_bits()}:{FORMAT}"


def ensure_unpacked(home: Path, progress: _Progress | None = None) -> Path:
    """The folder of the unpacked embedder, made if missing or damaged; complete or absent, never half.

    `progress` receives a step's name and the share done, 0 to 1. Raises HomeNotWritableError.
    """
    folder = bundled_folder(home)
    if _is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    except OSError as error:
        raise HomeNotWritableError(
            f"{folder.parent} cannot be written ({error.strerror}): expected a folder for the index and the embedder. "
            "Set TCC_HOME to a folder that you can write"
        ) from error
    try:
        _unpack(partial, progress or (lambda _step, _share: None))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        if _is_whole(folder):  # another process was faster
            return folder
        raise HomeNotWritableError(f"the embedder could not be unpacked into {folder}: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _unpack(folder: Path, progress: _Progress) -> None:
    progress("weights", 0.0)
    import onnx

    from trusted_cloud_chat.models.onnx_graph import build_graph
    from trusted_cloud_chat.models.tokenizer import build_tokenizer
    from trusted_cloud_chat.models.weights import read_bundled

    weights = read_bundled()
    progress("tokenizer", 0.2)
    build_tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    progress("graph", 0.5)
    onnx.save(build_graph(weights, bits=_bits()), folder / "model.onnx")
    progress("checksum", 0.9)
    module = {"idx": 0, "name": "0", "path": "", "type": "trusted_cloud_chat.models.sentence_module.OnnxModule"}
    (folder / "modules.json").write_text(json.dumps([module]))
    (folder / "config.json").write_text(json.dumps({"max_tokens": MAX_TOKENS}))
    prompts = {"prompts": {"query": "query: ", "document": "passage: "}, "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    sums = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    (folder / "SHA256.json").write_text(json.dumps(sums, indent=1))
    progress("done", 1.0)


def _is_whole(folder: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((folder / "SHA256.json").read_text())
        return all(_sha256(folder / name) == expected for name, expected in sums.items())
    except (OSError, ValueError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bits() -> int:
    """8, or 7 where 8-bit products would overflow: x86 without VNNI."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return 8
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return 7
    return 8 if "avx512_vnni" in flags or "avx_vnni" in flags else 7


def load_session(folder: Path, threads: int = 1) -> object:
    """An ONNX Runtime session of `folder`; raises EmbedderError when it does not load."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no public base
        raise EmbedderError(
            f"the embedder in {folder} does not load: {error}. Delete that folder to unpack it anew"
        ) from error

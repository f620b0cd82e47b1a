"""The bundled networks, unpacked once under `TCC_HOME/models`, then run by ONNX Runtime without torch. They share one tokenizer."""

from __future__ import annotations

import shutil
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from trusted_cloud_chat.models.quick_tokenizer import QuickTokenizer, save_latin
from trusted_cloud_chat.models.reader import OUTPUTS, Reader
from trusted_cloud_chat.models.session import load_session
from trusted_cloud_chat.models.unpacking import Progress, ensure_folder
from trusted_cloud_chat.models.weights import read_bundled, read_reader, reader_checksum
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER, load_settings

if TYPE_CHECKING:
    from onnx import ModelProto

FORMAT = 2
"""Raised when what is unpacked for the embedder changes: an older folder is then left alone and a new one made."""
READER_FORMAT = 4
"""The same for what is made of the reader's weights; other weights make another folder by themselves."""
MAX_TOKENS = 512
_OUTDATED_S = 86_400


def bundled_folder(home: Path) -> Path:
    return home / "models" / f"{BUNDLED_EMBEDDER}-int8-{FORMAT}"


def reader_folder(home: Path) -> Path:
    """Named by the shipped weights as well, so that those of another release are never taken for them."""
    return home / "models" / f"reader-int8-{READER_FORMAT}-{reader_checksum()[:12]}"


def ensure_unpacked(home: Path, progress: Progress | None = None) -> Path:
    """The folder of the unpacked embedder. Raises EmbedderError, HomeNotWritableError."""
    folder = ensure_folder(bundled_folder(home), _unpack_embedder, progress)
    _sweep_others(folder)
    return folder


def load_reader(home: Path, threads: int, once: bool = False) -> Reader:
    """The bundled reader, `once` for one question. Raises EmbedderError, HomeNotWritableError."""

    def unpack(partial: Path, _progress: Progress) -> None:
        from trusted_cloud_chat.models.onnx_graph import build_graph

        _save(build_graph(read_reader(), outputs=OUTPUTS), partial)

    folder = reader_folder(home)
    ensure_folder(folder, unpack)
    # Its graph adds and normalises in two steps, and is to be run so (`onnx_graph.py`).
    session = load_session(folder, 1, unfused=["SkipLayerNormFusion"])
    _sweep_others(folder)
    load = load_quick_tokenizer if once else load_tokenizer
    return Reader(session, load(ensure_unpacked(home)), threads)


def _sweep_others(folder: Path) -> None:
    """Remove those of other releases, long enough unpacked that no process can be about to load one."""
    for other in folder.parent.glob(f"{folder.name.partition('-int')[0]}-int*"):
        if other != folder and time.time() - other.stat().st_mtime > _OUTDATED_S:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache(maxsize=2)
def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of an unpacked embedder; embedder and reader share it."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@lru_cache(maxsize=2)
def load_quick_tokenizer(folder: Path) -> QuickTokenizer:
    """The same for who reads a few texts and goes."""
    return QuickTokenizer(folder, lambda: load_tokenizer(folder))


def _save(graph: ModelProto, folder: Path) -> None:
    """The weights in a file beside the graph, which a session then maps into memory: to parse them takes six times as long."""
    import onnx

    onnx.save(graph, folder / "model.onnx", save_as_external_data=True, location="weights.bin")


def _unpack_embedder(folder: Path, progress: Progress) -> None:
    progress("weights", 0.0)
    from trusted_cloud_chat.models.onnx_graph import build_graph
    from trusted_cloud_chat.models.quick_tokenizer import build_tokenizer

    weights = read_bundled()
    progress("tokenizer", 0.2)
    build_tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    save_latin(weights.vocabulary, folder)
    progress("graph", 0.5)
    _save(build_graph(weights), folder)
    progress("checksum", 0.9)
    progress("done", 1.0)


if __name__ == "__main__":  # an image has all of it unpacked when it is built
    load_reader(load_settings().home, 1)

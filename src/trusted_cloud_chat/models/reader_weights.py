"""The reader's trained layers: int8 matrices of `data/reader.npz`, over the word vectors of the bundled embedder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.weights import Dimensions, Quantised, Weights, read_bundled

_FILE = "reader.npz"


@dataclass(frozen=True, slots=True)
class Rowwise:
    """A matrix `(rows, columns)` in 8 bits, one scale a row."""

    levels: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, matrix: NDArray[np.float32]) -> Rowwise:
        scales = (np.maximum(np.abs(matrix).max(axis=1), 1e-9) / 127).astype(np.float32)
        return cls(np.rint(matrix / scales[:, None]).astype(np.int8), scales)

    def dequantise(self) -> NDArray[np.float32]:
        return np.asarray(self.levels * self.scales[:, None], dtype=np.float32)


class ReaderWeights:
    """Names as in the embedder's file; `head.w` and `head.b` are the reader's own."""

    def __init__(self, arrays: dict[str, NDArray[Any]], embedder: Weights) -> None:
        self._arrays = arrays
        self._embedder = embedder

    @property
    def dimensions(self) -> Dimensions:
        return self._embedder.dimensions

    def words(self) -> Quantised:
        return self._embedder.words()

    def floats(self, name: str) -> NDArray[np.float32]:
        if name.startswith("emb."):
            return self._embedder.floats(name)
        return np.asarray(self._arrays[name], dtype=np.float32)

    def matrix(self, name: str, rows: int, columns: int) -> Rowwise:
        return Rowwise(self._arrays[name].reshape(rows, columns), self._arrays[name + ".scales"].astype(np.float32))


def reader_checksum() -> str:
    """SHA-256 of the shipped file."""
    return hashlib.sha256(_source().read_bytes()).hexdigest()


def read_reader() -> ReaderWeights:
    """The shipped reader. Raises EmbedderError where the bundled weights are missing."""
    with resources.as_file(_source()) as path, np.load(path) as arrays:
        return ReaderWeights(dict(arrays), read_bundled())


def _source() -> Traversable:
    return resources.files("trusted_cloud_chat.data").joinpath(_FILE)

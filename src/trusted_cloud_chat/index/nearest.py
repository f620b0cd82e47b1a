"""Searches for the nearest among vectors in memory."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Hits = list[tuple[str, float]]
"""Ids with their scores, best first."""
_BITS = 192
_COMPARED, _COMPARED_EACH, _SAMPLED = 2000, 16, 8
"""The least number of vectors to compare, in all and per hit; the threshold is estimated from one vector in eight."""


class Exact:
    """Exhaustive search over the catalog's own vectors, used if Chroma is damaged or takes longer to load."""

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float16]) -> None:
        self._ids, self._vectors = ids, vectors.astype(np.float32)

    def query(self, vector: NDArray[np.float32], k: int, _as_of: date | None = None) -> Hits:
        """At most `k` ids with their cosine, -1 to 1; articles of any day."""
        if not self._ids:
            return []
        return [(self._ids[row], cosine) for row, cosine in _best(self._vectors, vector, k)]

    def check_kept(self, generation: int) -> None:
        """Nothing to check: the vectors are those of the catalog's own generation."""


class Signs:
    """Nearly exact search over many vectors around the origin: only those with the most signs in common are compared."""

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float16]) -> None:
        self._ids, self._vectors = ids, vectors
        self._signs = np.ascontiguousarray(_signs(vectors).T)

    def query(self, vector: NDArray[np.float32], k: int) -> Hits:
        """As `Exact.query`."""
        if not self._ids:
            return []
        asked = _signs(vector[None])[0]
        apart = sum(np.bitwise_count(own ^ word) for own, word in zip(self._signs, asked, strict=True))
        counts = _SAMPLED * np.bincount(apart[::_SAMPLED], minlength=_BITS + 1).cumsum()
        rows = np.flatnonzero(apart <= np.searchsorted(counts, max(_COMPARED, _COMPARED_EACH * k)))
        found = _best(self._vectors[rows].astype(np.float32), vector, k)
        return [(self._ids[rows[n]], cosine) for n, cosine in found]


def _best(vectors: NDArray[np.float32], vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """At most `k` rows with their cosine."""
    cosines = vectors @ vector / max(float(np.linalg.norm(vector)), 1e-12)
    k = min(k, len(cosines))
    first = np.argpartition(-cosines, k - 1)[:k]
    return [(int(row), float(cosines[row])) for row in first[np.argsort(-cosines[first], kind="stable")]]


def _signs(vectors: NDArray[np.floating]) -> NDArray[np.uint64]:
    """`(n, 3)`: a bit for each of the first components."""
    positive = vectors[:, :_BITS] > 0
    return np.packbits(np.pad(positive, ((0, 0), (0, -positive.shape[1] % 64))), axis=1).view(np.uint64)

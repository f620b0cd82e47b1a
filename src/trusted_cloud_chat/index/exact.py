"""The nearest vectors without Chroma, from the catalog's own: where there is none that is sound, and where loading it is not worth it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index.catalog import Catalog


class _Nearest:
    """Vectors that are each compared with the one that is asked about."""

    _ids: Sequence[str]
    _vectors: NDArray[np.float32]

    def query(self, vector: NDArray[np.float32], k: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """At most `k` ids with their cosine, -1 to 1, nearest first; of any day, which costs nothing here."""
        if not self._ids:
            return []
        cosines = self._vectors @ vector / max(float(np.linalg.norm(vector)), 1e-12)
        k = min(k, len(self._ids))
        first = np.argpartition(-cosines, k - 1)[:k]
        return [(self._ids[row], float(cosines[row])) for row in first[np.argsort(-cosines[first], kind="stable")]]


class ExactQuestions(_Nearest):
    """The stored questions of live articles, of one kind."""

    def __init__(self, catalog: Catalog, kind: str) -> None:
        self._ids, self._vectors = catalog.enrichments.live(kind)


class ExactVectors(_Nearest):
    """Every live chunk, or every one of the versions `within`, is compared with the question. Answers as `VectorIndex` does."""

    def __init__(self, catalog: Catalog, within: Collection[tuple[str, str]] | None = None) -> None:
        self._ids, self._vectors = catalog.live_vectors(within)

    def check_kept(self, generation: int) -> None:
        """They are of one generation with the catalog."""

    def close(self) -> None:
        """Nothing is held open."""

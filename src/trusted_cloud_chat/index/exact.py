"""The nearest vectors without Chroma, from the catalog's own: where Chroma may not write, and where loading it is not worth it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index.catalog import Catalog


class ExactVectors:
    """Every live chunk is compared with the question. Answers as `VectorIndex` does."""

    def __init__(self, catalog: Catalog) -> None:
        self._ids: Sequence[str]
        self._ids, self._vectors = catalog.contents.live_vectors()

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first."""
        if not self._ids:
            return []
        cosines = self._vectors @ vector / max(float(np.linalg.norm(vector)), 1e-12)
        return [(self._ids[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:k]]

    def ids(self) -> set[str]:
        return set(self._ids)

    def count(self) -> int:
        return len(self._ids)

    def check_kept(self, generation: int) -> None:
        """They are of one generation with the catalog."""

    def check(self) -> None:
        """They are the catalog's own."""

    def close(self) -> None:
        """Nothing is held open."""

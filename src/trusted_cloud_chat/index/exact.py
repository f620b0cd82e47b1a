"""The nearest vectors without Chroma, from the catalog's own: where there is none that is sound, and where loading it is not worth it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index.catalog import Catalog


class ExactVectors:
    """Every live chunk, or every one of the versions `within`, is compared with the question. Answers as `VectorIndex` does."""

    def __init__(self, catalog: Catalog, within: Collection[tuple[str, str]] | None = None) -> None:
        self._ids: Sequence[str]
        self._ids, self._vectors = catalog.live_vectors(within)

    def query(self, vector: NDArray[np.float32], k: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first; of any day, which costs nothing here."""
        if not self._ids:
            return []
        cosines = self._vectors @ vector / max(float(np.linalg.norm(vector)), 1e-12)
        return [(self._ids[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:k]]

    def check_kept(self, generation: int) -> None:
        """They are of one generation with the catalog."""

    def close(self) -> None:
        """Nothing is held open."""

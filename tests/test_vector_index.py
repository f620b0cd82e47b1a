from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from builders import put_vectors
from trusted_cloud_chat.index.vectors import VectorIndex

DIM = 16


def axis(*weights: float) -> np.ndarray:
    """A unit vector with these first coordinates."""
    vector = np.zeros(DIM, dtype=np.float32)
    vector[: len(weights)] = weights
    return vector / np.linalg.norm(vector)


@pytest.fixture(params=["embedded", "server"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], VectorIndex]]:
    """Opens one collection, as often as asked; all are closed at the end."""
    url = request.getfixturevalue("chroma_server") if request.param == "server" else ""
    opened: list[VectorIndex] = []

    def open_() -> VectorIndex:
        opened.append(VectorIndex(tmp_path / "chroma", f"chunks-{tmp_path.name[-40:]}".rstrip("_-"), url))
        return opened[-1]

    yield open_
    for index in opened:
        index.close()


class TestContract:
    """What a vector index keeps, in a folder of its own and on a server."""

    def test_what_is_written_is_found_nearest_first(self, open_index: Callable[[], VectorIndex]) -> None:
        """With its cosine, at most `k`; a known id gets the new vector, one that never was is ignored, what is deleted is not found."""
        index = open_index()
        index.delete(["never"])
        assert (index.count(), index.query(axis(1), 5)) == (0, [])
        put_vectors(index, ["same", "near", "opposite", "gone"], np.stack([axis(1), axis(3, 4), axis(-1), axis(1)]))
        put_vectors(index, ["opposite", "across"], np.stack([axis(-1), axis(0, 1)]))
        index.delete(["gone", "never"])

        hits = index.query(axis(1), 10)

        assert [chunk_id for chunk_id, _ in hits] == ["same", "near", "across", "opposite"]
        assert [cosine for _, cosine in hits] == pytest.approx([1.0, 0.6, 0.0, -1.0], abs=1e-5)
        assert index.query(axis(1), 2) == hits[:2]
        assert (index.count(), index.ids()) == (4, {"same", "near", "across", "opposite"})

    def test_more_than_one_batch_agrees_with_exact_search(self, open_index: Callable[[], VectorIndex]) -> None:
        """Thousands are written and deleted in batches; the approximate graph finds at least 99 % of the exact ten nearest."""
        generator = np.random.default_rng(2)
        vectors = generator.normal(size=(2500, DIM)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        index, ids = open_index(), [str(n) for n in range(2500)]
        put_vectors(index, ids, vectors)

        found = sum(
            len({chunk_id for chunk_id, _ in index.query(q, 10)} & {str(n) for n in np.argsort(-(vectors @ q))[:10]})
            for q in generator.normal(size=(30, DIM)).astype(np.float32)
        )
        assert found >= 0.99 * 10 * 30
        assert {chunk_id for chunk_id, _ in index.query(vectors[0], 4000)} == set(ids)
        index.delete(ids[:2400])
        assert index.ids() == set(ids[2400:])

    def test_a_reader_opened_after_a_write_sees_it(self, open_index: Callable[[], VectorIndex]) -> None:
        """A client opened later sees what was written before, though older clients are still open, and they do not end with each other."""
        first = open_index()
        put_vectors(first, ["a"], axis(1)[None])
        second = open_index()
        put_vectors(first, ["b"], axis(0, 1)[None])

        third = open_index()
        open_index().close()

        assert {chunk_id for chunk_id, _ in second.query(axis(1), 5)} >= {"a"}
        assert {chunk_id for chunk_id, _ in third.query(axis(1), 5)} == {"a", "b"}

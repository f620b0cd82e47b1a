"""The nearest stored questions are found by their signs, and are those that comparing each finds."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

from trusted_cloud_chat.index.nearest import Exact, Signs


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Of the stored questions of our corpus."""
    with resources.files("trusted_cloud_chat.data").joinpath("question_vectors.npz").open("rb") as file:
        real = np.load(file)["vectors"].astype(np.float32)
    return (real / np.linalg.norm(real, axis=1, keepdims=True)).astype(np.float16)


def ids(vectors: np.ndarray) -> list[str]:
    return [f"q{number}" for number in range(len(vectors))]


def test_they_are_those_that_comparing_each_finds(vectors: np.ndarray) -> None:
    each, signs = Exact(ids(vectors), vectors), Signs(ids(vectors), vectors)
    found = right = 0
    for asked in vectors[::400].astype(np.float32):
        wanted = dict(each.query(asked, 15))
        hits = signs.query(asked, 15)
        found, right = found + len(wanted), right + sum(one in wanted for one, _ in hits)
        assert hits[0][0] == next(iter(wanted))
        assert all(wanted[one] == pytest.approx(cosine) for one, cosine in hits if one in wanted)
    assert right / found > 0.99


@pytest.mark.parametrize("k", [1, 60, 2000, 50_000])
def test_as_many_as_asked_for_are_given_nearest_first(vectors: np.ndarray, k: int) -> None:
    hits = Signs(ids(vectors), vectors).query(3 * vectors[5].astype(np.float32), k)

    assert len(hits) == min(k, len(vectors))
    assert hits[0] == ("q5", pytest.approx(1, abs=1e-3))
    assert [one for _, one in hits] == sorted((one for _, one in hits), reverse=True)


def test_vectors_of_few_dimensions_will_do() -> None:
    few = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0]], np.float16)

    assert [one for one, _ in Signs(ids(few), few).query(np.array([0, 2, 0], np.float32), 2)] == ["q1", "q2"]
    assert Signs([], np.zeros((1, 0), np.float16)).query(np.array([0, 2, 0], np.float32), 2) == []

"""Vectors kept between runs."""

from __future__ import annotations

from contextlib import ExitStack, closing

import numpy as np
import pytest

from fakes import HashedEmbedder
from trusted_cloud_chat.models.embedder import TokenVectors
from trusted_cloud_chat_evaluation.vector_cache import CachedEmbedder


@pytest.fixture
def cache(tmp_path):
    """Puts an embedder behind the same file each time."""
    with ExitStack() as opened:
        yield lambda inner: opened.enter_context(closing(CachedEmbedder(inner, tmp_path / "cache" / "vectors.db")))


def test_only_new_texts_are_embedded(cache):
    inner = HashedEmbedder()
    cached = cache(inner)
    cached.encode_passages(["un"])
    inner.passages.clear()
    cached.encode_passages(["un", "trois"])

    assert inner.passages == ["trois"]
    # read: un, then trois anew: 2 cached characters of 2 + 2 + 5
    assert cached.cached_share == pytest.approx(2 / 9)


def test_another_embedder_never_meets_old_vectors(cache):
    cached = cache(HashedEmbedder())
    cached.encode_passages(["un"])
    inner = HashedEmbedder("another")
    other = cache(inner)
    inner.passages.clear()
    other.encode_passages(["un"])

    assert inner.passages == ["un"]


def test_token_vectors_come_back_as_they_went_in(cache):
    offsets = np.array([[0, 4], [5, 8]], dtype=np.int32)
    with_words = TokenVectors(offsets, np.array([[0.5, -1.0], [0.25, 2.0]], dtype=np.float32))
    without = TokenVectors(np.zeros((0, 2), np.int32), np.zeros((0, 4), np.float32))
    inner = HashedEmbedder()
    inner.encode_passage_words = lambda texts: (
        inner.encode_passages(texts),
        [{"deux mots": with_words, "": without}.get(text) for text in texts],
    )
    cached = cache(inner)
    for _ in range(2):
        _, (found, empty, none) = cached.encode_passage_words(["deux mots", "", "rien"])

        assert (found.offsets == with_words.offsets).all()
        assert (found.vectors == with_words.vectors).all()
        assert empty.vectors.shape == (0, 4)
        assert none is None


def test_questions_are_embedded_each_time(cache):
    cached = cache(HashedEmbedder())
    cached.encode_queries(["un"])
    cached.encode_query_words("un")

    assert cached.cached == []
    assert cached.seconds_saved() == 0

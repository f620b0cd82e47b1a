"""Words matched one by one: packing, gathering, the arithmetic of a match."""

from __future__ import annotations

import numpy as np
import pytest

from trusted_cloud_chat.models.embedder import Embedder, TokenVectors
from trusted_cloud_chat.models.late_interaction import HEADING, WordVectors, gather_words, match_words, pack, unpack


def words(tokens: str, sentences: list[int], vectors: list[list[float]]) -> WordVectors:
    return WordVectors(tuple(tokens.split()), np.array(sentences, np.int16), np.array(vectors, np.float32))


def test_packing_keeps_directions() -> None:
    """Four bits a dimension keep a random direction to within cosine 0.98."""
    rows = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    packed = pack(rows)
    assert len(packed) == 50 * 32
    assert ((unpack(packed, 50) * rows).sum(axis=1) > 0.98).all()


def test_nothing_packs_to_nothing() -> None:
    """An embedder without word vectors stores none, and they are read back as none."""
    assert pack(np.zeros((3, 0), np.float32)) == b""
    assert unpack(b"", 3).shape == (3, 0)
    assert unpack(b"", 0).shape[0] == 0


def test_a_word_has_the_mean_of_its_tokens() -> None:
    """« sécurité » as two tokens (1, 0) and (0, 1) points half-way; the stop word « la » is left out."""
    text = "la sécurité"
    tokens = TokenVectors(np.array([(0, 2), (2, 6), (6, 11)], np.int32), np.array([(9, 9), (1, 0), (0, 1)], np.float32))
    gathered = gather_words(text, tokens, "fr")
    assert gathered.tokens == ("securit",)
    assert gathered.vectors[0] == pytest.approx([0.7071, 0.7071], abs=1e-3)
    assert gathered.sentences[0] == HEADING


def test_the_arithmetic_of_a_match() -> None:
    """Weights 0.75 and 0.25; the first word is met exactly (1.0), the second at cosine 0.6."""
    question = words("bleu qualif", [HEADING, HEADING], [[1, 0], [0, 1]])
    passage = words("titr bleu nuag", [HEADING, 0, 1], [[1, 0], [1, 0], [0.8, 0.6]])
    match = match_words(question, np.array([0.75, 0.25], np.float32), np.array([True, False]), passage, 2)
    assert match.context == pytest.approx(0.75 * 1.0 + 0.25 * 0.6)
    assert match.exact == pytest.approx(0.75)
    assert match.names == 1.0
    assert match.weakest == pytest.approx(0.6)
    assert match.by_sentence == pytest.approx([0.75, 0.75 * 0.8 + 0.25 * 0.6])
    assert match.exact_by_sentence == pytest.approx([0.75, 0.0])


def test_neighbours_count_as_pairs() -> None:
    """Of the two pairs of « loi sren article », one stands in « la loi sren »."""
    question = words("loi sren articl", [HEADING] * 3, [[1, 0]] * 3)
    passage = words("loi sren", [0, 0], [[1, 0]] * 2)
    match = match_words(question, np.full(3, 1 / 3, np.float32), np.zeros(3, bool), passage, 1)
    assert match.pairs == pytest.approx(0.5)


def test_a_word_means_something_by_its_context(embedder: Embedder) -> None:
    """« bleu » the company is nearer to the company than to the colour, in the real embedder."""
    texts = [
        "Bleu, filiale d’Orange et de Capgemini, vise SecNumCloud.",
        "Le ciel est bleu et la mer est calme.",
        "Quand l’entreprise Bleu sera-t-elle qualifiée ?",
    ]
    _, found = embedder.encode_passage_words(texts)
    company, colour, asked = (
        gather_words(text, tokens, "fr") for text, tokens in zip(texts, found, strict=True) if tokens is not None
    )
    nearest = {name: asked.vectors[asked.tokens.index("bleu")] @ w.vectors[w.tokens.index("bleu")]
               for name, w in (("company", company), ("colour", colour))}  # fmt: skip
    assert nearest["company"] > nearest["colour"]

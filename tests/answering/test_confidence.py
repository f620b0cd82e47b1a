"""What confidence looks at, over passages made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from trusted_cloud_chat.answering.confidence import CONFIDENCE_FEATURES, confidence, confidence_features
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Article, Chunk, Passage, Reading, Span
from trusted_cloud_chat.understanding import understand

TEXT = "L’article 19.6 plafonne à 24 % la part d’un groupe américain. SecNumCloud date de 2016."
ENTITIES = load_entities()


def features(question: str, **changes: object) -> dict[str, float]:
    """Of the first sentence of `TEXT`."""
    spans = (Span(0, 61), Span(62, len(TEXT)))
    article = Article("a", "v", "Le référentiel", TEXT, None)
    chunk = Chunk("a@v#0", "a", "v", 0, 0, len(TEXT), spans)
    reading = Reading(1.5, (2.0, -1.0), (3.0, -30.0))
    passage = Passage(chunk, article, 1, 0.5, (0.8, 0.7), (0.6, 0.2), (0.4, 0.1), reading=reading)
    passage = replace(passage, **changes)  # type: ignore[arg-type]
    understood = understand(question, today=date(2026, 11, 24), entities=ENTITIES)
    found = confidence_features(understood, [passage], [Selected(passage, spans[0], 1.0)], ENTITIES)
    assert found is not None
    return dict(zip(CONFIDENCE_FEATURES, found, strict=True))


def test_the_reader_and_the_relevance_are_logits() -> None:
    found = features("Quel est le plafond ?")

    assert (found["answers"], found["sentence"], found["span"]) == (1.5, 2.0, 3.0)
    assert found["relevance"] == pytest.approx(0.0)


def test_a_passage_that_was_not_read_says_nothing() -> None:
    found = features("Quel est le plafond ?", reading=None)

    assert (found["answers"], found["sentence"], found["span"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Pourquoi un groupe américain peut-il détenir 49 % ?", 1.0),
        ("Pourquoi un groupe américain peut-il détenir 24 % ?", 0.0),
        ("Pourquoi un groupe américain peut-il détenir 24 % ou 49 % ?", 0.5),
        ("Que s’est-il passé en 2024 ?", 0.0),
    ],
)
def test_figures_of_the_question_that_its_passage_lacks(question: str, lacking: float) -> None:
    """A year is a date, and met as such."""
    assert features(question)["figures"] == lacking


def test_names_of_the_question_that_its_passage_lacks() -> None:
    assert features("Que demande SecNumCloud ?")["named"] == 0.0
    assert features("Que demande SecNumCloud à Bleu ?")["named"] == 0.5


def test_the_best_short_answer_and_the_relevance_of_the_sentences_own_passage() -> None:
    found = features("Quel est le plafond ?", reading=Reading(1.5, (2.0, -1.0), (3.0, 5.0)), score=0.9)

    assert found["best_span"] == 5.0
    assert found["own_relevance"] == found["relevance"] == pytest.approx(2.197, abs=0.001)


def test_whether_the_passages_are_about_the_market() -> None:
    other = "La bataille d’Austerlitz oppose trois empereurs. Elle est gagnée à l’orange du soleil couchant."
    article = Article("b", "v", "Austerlitz", other, None)

    assert features("Quel est le plafond ?")["market"] == 1.0
    assert features("Quel est le plafond ?", article=article)["market"] == 0.0


def test_nothing_found_is_no_confidence_at_all() -> None:
    understood = understand("Quel est le plafond ?", today=date(2026, 11, 24), entities=ENTITIES)

    assert confidence_features(understood, [], [], ENTITIES) is None
    assert confidence(None, {}) == 0.0


def test_confidence_rises_with_a_feature_of_positive_weight() -> None:
    weights = dict.fromkeys(CONFIDENCE_FEATURES, 0.0) | {"intercept": -1.0, "answers": 1.0}
    low, high = ((value, *[0.0] * (len(CONFIDENCE_FEATURES) - 1)) for value in (-8.0, 8.0))

    assert 0.0 < confidence(low, weights) < 0.01
    assert 0.99 < confidence(high, weights) < 1.0

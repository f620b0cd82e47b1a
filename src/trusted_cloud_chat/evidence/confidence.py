"""Computes the confidence that the passages answer the question; refusals depend on it.

Similarity only shows that a passage is on topic; the reader was trained to predict whether it contains the answer.
"""

import math
from collections.abc import Mapping, Sequence

from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.names import lacking_names
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.stored_questions import Likeness
from trusted_cloud_chat.schema import Passage

CONFIDENCE_FEATURES = (
    "answers", "sentence", "best_span", "relevance", "own_relevance", "exact", "context", "named",
)  # fmt: skip
"""In this order: the reader's logits of the best passage, of the top-ranked sentence and of the best short answer; logits of the highest
relevance and of the relevance of the top sentence's passage; exact and contextual word match of the top sentence, 0 to 1; share of
the question's names (`names.py`) that this passage lacks.
"""
ASKED_FEATURES = ("unasked", "nearer", "follows")
"""Logit of the confidence without stored questions; cosine of the nearest answered stored question minus that of the nearest absent one;
1 for a follow-up, else 0."""
EVEN = 0.15
"""The difference of cosines assumed if there is no absent question."""
_LEAST, _MOST = -8.0, 8.0
"""Bounds of a logit."""


def confidence_features(
    question: Question, passages: Sequence[Passage], ranked: Sequence[Selected], entities: EntityBook
) -> tuple[float, ...] | None:
    """Features in the order of `CONFIDENCE_FEATURES`; None without sentences. `ranked` is best first."""
    if not ranked or not passages:
        return None
    best = ranked[0]
    index = best.number
    around = f"{title_over(best.passage.article, best.span.start)}\n{best.passage.text}"
    reading = best.passage.reading
    readings = [p.reading for p in passages if p.reading]
    return (
        _bounded(max((r.answers for r in readings), default=0.0)),
        _bounded(reading.sentences[index] if reading else 0.0),
        _bounded(max((span for r in readings for span in r.spans), default=0.0)),
        _bounded(_logit(max(p.score for p in passages))),
        _bounded(_logit(best.passage.score)),
        best.passage.sentence_exact[index],
        best.passage.sentence_context[index],
        lacking_names(question, passages, around, entities),
    )


def confidence(
    features: Sequence[float] | None, weights: Mapping[str, float], names: Sequence[str] = CONFIDENCE_FEATURES
) -> float:
    """The calibrated probability that the corpus answers the question: `1 / (1 + exp(-(b + w · features)))`; 0 without features. `names`: feature names."""
    if features is None:
        return 0.0
    total = weights["intercept"] + sum(weights[name] * value for name, value in zip(names, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def asked_features(sure: float, likeness: Likeness, *, follows: bool) -> tuple[float, ...]:
    """Features in the order of `ASKED_FEATURES`; `sure` is the confidence without stored questions."""
    nearer = likeness.answered - likeness.absent if likeness.absent else EVEN
    return _bounded(_logit(sure)), nearer, float(follows)


def _logit(share: float) -> float:
    kept = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def _bounded(value: float) -> float:
    return max(_LEAST, min(_MOST, value))

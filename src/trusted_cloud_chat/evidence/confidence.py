"""How sure it is that the passages answer the question: what the refusal is decided by.

Similarity tells "about the same thing"; the reader was trained to tell whether a passage says the answer.
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
"""The reader's best passage, its logits for the best sentence and for the best short answer in any; the best relevance and that of
the best sentence's own passage, in logits; the share of the question's words that the best sentence has, as such and in context;
the share of the names (`names.py`) of the question that its passage lacks."""
ASKED_FEATURES = ("unasked", "nearer", "follows")
"""The confidence without stored questions, as a logit; by how much the nearest that is answered is nearer than the nearest that is not;
whether it follows another question, without whose words it is less like any."""
EVEN = 0.15
"""By how much it is nearer for a question at large."""
_LEAST, _MOST = -8.0, 8.0
"""Logits beyond these say no more."""


def confidence_features(
    question: Question, passages: Sequence[Passage], ranked: Sequence[Selected], entities: EntityBook
) -> tuple[float, ...] | None:
    """In the order of `CONFIDENCE_FEATURES`; None where there is nothing to look at. `ranked` is best first."""
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
    """A calibrated probability, 0 to 1, that the corpus answers: `1 / (1 + exp(-(b + w · features)))`; `names` are theirs."""
    if features is None:
        return 0.0
    total = weights["intercept"] + sum(weights[name] * value for name, value in zip(names, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def asked_features(sure: float, likeness: Likeness, *, follows: bool) -> tuple[float, ...]:
    """In the order of `ASKED_FEATURES`; `sure` is the confidence without stored questions."""
    nearer = likeness.answered - likeness.absent if likeness.absent else EVEN
    return _bounded(_logit(sure)), nearer, float(follows)


def _logit(share: float) -> float:
    kept = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def _bounded(value: float) -> float:
    return max(_LEAST, min(_MOST, value))

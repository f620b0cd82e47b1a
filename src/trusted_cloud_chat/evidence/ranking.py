"""Ranks all sentences of the retrieved passages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import sentence_text
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.ranking import Weights, standardise
from trusted_cloud_chat.retrieval.stored_questions import nearness
from trusted_cloud_chat.schema import Passage, Reading, Span, Vote

SENTENCE_FEATURES = ("cosine", "context", "exact", "passage", "kind", "new", "sentence", "span", "answers")
"""Cosine similarity, contextual and exact word match, the passage's fused score, expected answer type, number of new words;
the reader's logits of the sentence, its short answer and the passage.
"""
VOTE_FEATURES = ("share", "likeness")
"""The votes of stored questions: their share times their nearness (`stored_questions.py`), and the nearness alone."""
_CONTINUES = 2.0
"""Factor of the votes for a question that continues another, since its own words carry little. With it, 0.71 of 93 follow-ups in
`training/fit.jsonl` have the right sentence first; without it, 0.68.
"""
_MIN_WORDS = 4
_LEAST_LOGIT = -10.0
"""Lower bound of a logit."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A sentence of a passage; `span` counts in the article's text."""

    passage: Passage
    span: Span
    score: float
    """Comparable within one question only."""

    @property
    def text(self) -> str:
        return self.passage.article.text[self.span.start : self.span.end]

    @property
    def number(self) -> int:
        """Index of the sentence in its passage, from 0."""
        return self.passage.chunk.sentences.index(self.span)

    @property
    def read(self) -> float | None:
        """The reader's logit that this sentence answers; None if it was not read."""
        reading = self.passage.reading
        return None if reading is None else reading.sentences[self.number]

    @property
    def vote(self) -> Vote | None:
        """The votes of stored questions for it; None without votes."""
        return self.passage.votes[self.number] if self.passage.votes else None

    @property
    def published(self) -> int:
        """Ordinal of its article's date, or of the middle of the month or year; 0 without a date."""
        day = self.passage.article.dated
        return day.middle.toordinal() if day else 0


def place_of(one: Selected) -> tuple[str, int]:
    """Returns (article id, start offset of the sentence)."""
    return one.passage.article.article_id, one.span.start


def rank_sentences(question: Question, passages: Sequence[Passage], weights: Weights) -> list[Selected]:
    """All sentences of `passages`, best first, without headings and without fragments that are too short even with their context."""
    pairs = [(p, i) for p in passages for i, span in enumerate(p.chunk.sentences) if _is_sentence(p, span)]
    if not pairs:
        return []
    features = sentence_features(question, pairs)
    total = features @ np.array([weights.sentences[name] for name in SENTENCE_FEATURES], dtype=np.float32)
    votes = vote_features(pairs, of_several=question.continues) @ np.array(
        [weights.asked[name] for name in VOTE_FEATURES], dtype=np.float32
    )
    total += votes * (_CONTINUES if question.continues else 1.0)
    order = np.argsort(-total, kind="stable")
    return [Selected(pairs[i][0], pairs[i][0].chunk.sentences[pairs[i][1]], float(total[i])) for i in order]


def sentence_features(question: Question, pairs: Sequence[tuple[Passage, int]]) -> NDArray[np.float32]:
    """`(len(pairs), 9)` for (passage, sentence index) pairs, in the order of `SENTENCE_FEATURES`."""
    kind, asked_in = question.query.kind, question.query.language
    asked = content_words(question.searched, asked_in)
    said = [
        (p.article.text[p.chunk.sentences[i].start : p.chunk.sentences[i].end], p.article.language) for p, i in pairs
    ]
    columns = [
        standardise(np.array([p.sentence_scores[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.sentence_context[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.sentence_exact[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.fused for p, _ in pairs], dtype=np.float32)),
        np.array([holds(kind, question.searched, text, language) for text, language in said], dtype=np.float32),
        standardise(np.array([math.log1p(len(content_words(*one) - asked)) for one in said], dtype=np.float32)),
        *_readings(pairs),
    ]
    return np.stack(columns, axis=1)


def vote_features(pairs: Sequence[tuple[Passage, int]], *, of_several: bool = False) -> NDArray[np.float32]:
    """`(len(pairs), 2)` for (passage, sentence index) pairs, in the order of `VOTE_FEATURES`; zeros without votes."""
    cast = [p.votes[i] if p.votes else None for p, i in pairs]
    votes = [(vote.share, nearness(vote, of_several=of_several)) if vote else (0.0, 0.0) for vote in cast]
    return np.array([(share * near, near) for share, near in votes], dtype=np.float32)


def _readings(pairs: Sequence[tuple[Passage, int]]) -> NDArray[np.float32]:
    """`(3, len(pairs))`: the reader's logits; an unread sentence gets the minimum of each."""
    known = {n: _logits(p.reading, i) for n, (p, i) in enumerate(pairs) if p.reading is not None}
    least = np.array(list(known.values()), dtype=np.float32).min(axis=0) if known else np.zeros(3, dtype=np.float32)
    return np.array([known.get(n, least) for n in range(len(pairs))], dtype=np.float32).T


def _logits(reading: Reading, index: int) -> tuple[float, float, float]:
    logits = reading.sentences[index], reading.spans[index], reading.answers
    first, second, third = (max(logit, _LEAST_LOGIT) for logit in logits)
    return first, second, third


def _is_sentence(passage: Passage, span: Span) -> bool:
    block = block_at(passage.article.text, span.start)
    if block is not None and block.kind == "heading":
        return False
    return len(sentence_text(passage.article, span).split()) >= _MIN_WORDS

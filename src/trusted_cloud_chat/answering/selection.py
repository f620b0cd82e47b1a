"""Which sentences of the retrieved passages answer the question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.retrieval.ranking import Weights, standardise
from trusted_cloud_chat.schema import Language, Passage, Reading, Span
from trusted_cloud_chat.text import content_words, fold
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.asked import holds_kind

SENTENCE_FEATURES = ("cosine", "context", "exact", "passage", "kind", "new", "sentence", "span", "answers")
"""Vector, words in context, words as such, the passage's place, whether it holds what is asked for, what it adds; and the
reader's logits: the sentence, a short answer in it, its passage."""
_MARGIN = 2.2
"""A further sentence is shown when it is at most this far below the best one,"""
_LEAST_SAID = -1.0
"""and when the reader's logit that it answers is no lower than this."""
_MOST = {"how_changed": 5}
_MOST_DEFAULT = 4
_SAME_WORDS = 0.6
_STATED = re.compile(r"\d[\d.,]*|\b[A-ZÉÈÀ][\w-]*")
"""Figures, and words with a capital."""
_SAME_STATED = 0.7
_LEAST_STATED = 3
_VERSION = re.compile(
    r"\bversions? (?:n° ?)?(\d+(?:\.\d+)?)|\bsecnumcloud v?(\d)(?!\w|[.,]\d| (?:ans|mois|years|months)\b)|\b(\d\.\d)\b(?!\.\d| ?%)",
    re.IGNORECASE,
)
_OPENINGS = STOPWORDS_FR | STOPWORDS_EN
_MIN_WORDS = 4
_LEAST_LOGIT = -10.0
"""Below this a logit says no more."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A sentence of a passage, in the article's own offsets, best first."""

    passage: Passage
    span: Span
    score: float

    @property
    def text(self) -> str:
        return self.passage.article.text[self.span.start : self.span.end]

    def with_paragraph(self, *, titled: bool) -> str:
        """The sentence after those before it in its paragraph, under the title of its article if `titled`."""
        article = self.passage.article
        before = article.text[: self.span.start].rpartition("\n\n")[2]
        title = f"{article.title}.\n" if titled else ""
        return f"{title}{before}{self.text}"

    @property
    def published(self) -> int:
        """The day of its article for putting sentences in order of time, the middle of a month or a year; 0 without a date."""
        day = self.passage.article.date
        return day.middle.toordinal() if day else 0


def select_sentences(understood: Understanding, ranked: Sequence[Selected]) -> list[Selected]:
    """The answering sentences of `ranked`, best first; empty without any."""
    most = _MOST.get(understood.query.kind, _MOST_DEFAULT)
    asked = content_words(understood.query.text, understood.query.language)
    newest = understood.query.kind == "who" and understood.wants_now
    return without_repeats(near_best(ranked), understood.query.language, asked, newest=newest)[:most]


def near_best(ranked: Sequence[Selected]) -> list[Selected]:
    """Those of `ranked` that are good enough to be shown, best first; the best one is."""
    near = [candidate for candidate in ranked if candidate.score >= ranked[0].score - _MARGIN]
    return [*near[:1], *(candidate for candidate in near[1:] if _may_answer(candidate))]


def _may_answer(candidate: Selected) -> bool:
    """Whether the reader does not hold it for one that says nothing on the matter; it is not asked about every passage."""
    reading = candidate.passage.reading
    return reading is None or reading.sentences[candidate.passage.chunk.sentences.index(candidate.span)] >= _LEAST_SAID


def without_repeats(
    ranked: Sequence[Selected], language: Language, asked: frozenset[str] = frozenset(), *, newest: bool = False
) -> list[Selected]:
    """Of sentences that say about the same only the first, or the `newest` in its place; of two languages the one in `language`.

    `asked`: the question's words, which make no two answers alike.
    """
    kept: list[Selected] = []
    for candidate in ranked:
        own = candidate.passage.article.language
        translated = next((n for n, other in enumerate(kept) if _translates(candidate, other)), None)
        if translated is not None:
            if own == language:
                kept[translated] = candidate
        elif (same := next((n for n, k in enumerate(kept) if _alike(candidate, k, asked)), None)) is None:
            kept.append(candidate)
        elif newest and candidate.published > kept[same].published:
            kept[same] = candidate
    return kept


def rank_sentences(understood: Understanding, passages: Sequence[Passage], weights: Weights) -> list[Selected]:
    """Every sentence of `passages`, best first. Scores compare within one question only."""
    versions = versions_in(understood.query.text)
    pairs = [(p, i) for p in passages for i in range(len(p.chunk.sentences)) if _is_sentence(p, i, versions)]
    if not pairs:
        return []
    features = sentence_features(understood, pairs)
    total = features @ np.array([weights.sentences[name] for name in SENTENCE_FEATURES], dtype=np.float32)
    order = np.argsort(-total, kind="stable")
    return [Selected(pairs[i][0], pairs[i][0].chunk.sentences[pairs[i][1]], float(total[i])) for i in order]


def sentence_features(understood: Understanding, pairs: Sequence[tuple[Passage, int]]) -> NDArray[np.float32]:
    """`(len(pairs), 9)` for (passage, sentence number) pairs, in the order of `SENTENCE_FEATURES`."""
    query = understood.query
    asked = content_words(query.text, query.language)
    texts = [p.article.text[p.chunk.sentences[i].start : p.chunk.sentences[i].end] for p, i in pairs]
    columns = [
        standardise(np.array([p.sentence_scores[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.sentence_context[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.sentence_exact[i] for p, i in pairs], dtype=np.float32)),
        standardise(np.array([p.fused for p, _ in pairs], dtype=np.float32)),
        np.array([holds_kind(query.kind, query.text, text) for text in texts], dtype=np.float32),
        standardise(np.array([_new_words(asked, text, p) for text, (p, _) in zip(texts, pairs, strict=True)])),
        *_readings(pairs),
    ]
    return np.stack(columns, axis=1)


def _readings(pairs: Sequence[tuple[Passage, int]]) -> NDArray[np.float32]:
    """`(3, len(pairs))`: the reader's logits; a sentence that was not read is as good as the worst that was."""
    known = {n: _logits(p.reading, i) for n, (p, i) in enumerate(pairs) if p.reading is not None}
    least = np.array(list(known.values()), dtype=np.float32).min(axis=0) if known else np.zeros(3, dtype=np.float32)
    return np.array([known.get(n, least) for n in range(len(pairs))], dtype=np.float32).T


def _logits(reading: Reading, index: int) -> tuple[float, float, float]:
    logits = reading.sentences[index], reading.spans[index], reading.answers
    first, second, third = (max(logit, _LEAST_LOGIT) for logit in logits)
    return first, second, third


def versions_in(text: str) -> frozenset[str]:
    """« la 3.2 », « version 4 »: the versions that a text names."""
    return frozenset("".join(found) for found in _VERSION.findall(text))


def _is_sentence(passage: Passage, index: int, versions: frozenset[str]) -> bool:
    """Whether it is one, and not about another version than those asked about."""
    span = passage.chunk.sentences[index]
    text = passage.article.text[span.start : span.end]
    if text.startswith("#") or len(text.split()) < _MIN_WORDS:
        return False
    named = versions_in(text) if versions else versions
    return not named or bool(named & versions)


def _new_words(asked: frozenset[str], text: str, passage: Passage) -> float:
    """How much a sentence adds to the question's own words: ln(1 + new content words)."""
    return math.log1p(len(content_words(text, passage.article.language) - asked))


def _alike(one: Selected, other: Selected, asked: frozenset[str]) -> bool:
    """Whether two sentences say the same beside what is asked; all of it counts where one says nothing else."""
    whole = [content_words(choice.text, choice.passage.article.language) for choice in (one, other)]
    a, b = (words - asked for words in whole)
    if not a or not b:
        a, b = whole
    return len(a & b) / max(1, min(len(a), len(b))) >= _SAME_WORDS


def _translates(one: Selected, other: Selected) -> bool:
    """Whether a French and an English sentence state the same names and figures, three of them at least."""
    if one.passage.article.language == other.passage.article.language:
        return False
    first, second = (frozenset(map(fold, _STATED.findall(choice.text))) - _OPENINGS for choice in (one, other))
    return len(first & second) >= max(_LEAST_STATED, _SAME_STATED * len(first | second))

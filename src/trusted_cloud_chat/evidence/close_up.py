"""Sentences read by themselves and between their neighbours, where it is left open whether the passages answer.

In a whole passage much else stands; the reader tells better whether a sentence answers when little does. Averaging over several
views of an input is known as test-time augmentation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.evidence.close_reading import PassageReader
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Passage

CLOSE_UP_FEATURES = (
    "close_sentence", "close_span", "close_answers",
    "mean_sentence", "mean_span", "mean_answers",
    "most_sentence", "most_span", "most_answers",
)  # fmt: skip
"""The reader's logits for a sentence, for a short answer in it and for what is read, over both views: of the best sentence, the
mean over all that are read so, and the highest of each."""
_SENTENCES = 3
_NEIGHBOURS = (0, 1)
"""Sentences on each side that a view has."""
_HELD = 0.3
"""How much nearer a sentence counts that holds what is asked for, and one that does not as much farther."""
_MOST = 10.0
"""Logits beyond this, up or down, say no more."""


def read_close_ups(reader: PassageReader, question: str, ranked: Sequence[Selected]) -> NDArray[np.float32]:
    """`(n, 2, 3)`: of the first sentences of `ranked`, three at most, in each view the three logits; `ranked` is not empty."""
    best = [(choice.passage, choice.number) for choice in ranked[:_SENTENCES]]
    views = [_view(passage, place, neighbours) for passage, place in best for neighbours in _NEIGHBOURS]
    readings = reader.read(question, [passage for passage, _ in views])
    logits = [(r.sentences[i], r.spans[i], r.answers) for r, (_, i) in zip(readings, views, strict=True)]
    return np.clip(np.array(logits, dtype=np.float32), -_MOST, _MOST).reshape(-1, len(_NEIGHBOURS), 3)


def close_up_features(logits: NDArray[np.float32]) -> tuple[float, ...]:
    """In the order of `CLOSE_UP_FEATURES`, from what `read_close_ups` gives."""
    views = logits.mean(axis=1)
    return tuple(float(value) for value in (*views[0], *views.mean(axis=0), *views.max(axis=0)))


def read_alone(reader: PassageReader, question: str, sentences: Sequence[Selected]) -> list[float]:
    """The logit that each answers, read without its neighbours."""
    views = [_view(one.passage, one.number, 0)[0] for one in sentences]
    return [reading.sentences[0] for reading in reader.read(question, views)]


def likeliest(reader: PassageReader, question: Question, passages: Sequence[Passage], most: int) -> list[Passage]:
    """At most so many of `passages`, in their order: those whose nearest sentence, read alone, seems most to answer.

    That takes a third of the time of reading them whole, and finds the same ones.
    """
    views = [_view(passage, _nearest(passage, question), 0)[0] for passage in passages]
    readings = reader.read(question.read_as, views)
    best = sorted(range(len(passages)), key=lambda n: readings[n].answers, reverse=True)[:most]
    return [passages[n] for n in sorted(best)]


def _nearest(passage: Passage, question: Question) -> int:
    """The number of the sentence that vectors and words hold nearest to the question, rather one that has what is asked for."""
    near = zip(passage.sentence_scores, passage.sentence_context, passage.sentence_exact, strict=True)
    nearness = [cosine + context + exact / 2 for cosine, context, exact in near]
    article, kind = passage.article, question.query.kind
    said = (article.text[span.start : span.end] for span in passage.chunk.sentences)
    held = (holds(kind, question.searched, sentence, article.language) for sentence in said)
    nearness = [n + _HELD * holding for n, holding in zip(nearness, held, strict=True)]
    return nearness.index(max(nearness))


def _view(passage: Passage, place: int, neighbours: int) -> tuple[ReadPassage, int]:
    """A sentence under its article's title and heading, with so many of its passage on each side; and its number among them."""
    article, sentences = passage.article, passage.chunk.sentences
    first = max(0, place - neighbours)
    shown = sentences[first : place + neighbours + 1]
    start = shown[0].start
    spans = tuple((span.start - start, span.end - start) for span in shown)
    return ReadPassage(title_over(article, start), article.text[start : shown[-1].end], spans), place - first

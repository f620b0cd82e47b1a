"""A question's evidence: passages found, the best of them read, their sentences in order, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.close_up import CLOSE_UP_FEATURES, close_up_features, likeliest, read_close_ups
from trusted_cloud_chat.answering.confidence import CONFIDENCE_FEATURES, confidence, confidence_features
from trusted_cloud_chat.answering.reading import READ_DEEPLY, PassageReader, closely, read_passages
from trusted_cloud_chat.answering.selection import Selected, rank_sentences
from trusted_cloud_chat.answering.timeline.asked_list import Overview, overview_of
from trusted_cloud_chat.answering.timeline.holders import asks_for_holders
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import Passage
from trusted_cloud_chat.timing import Clock
from trusted_cloud_chat.understanding import Understanding

_WIDE = 30
"""Passages that are looked through for what was said earlier, later or otherwise; as many as are ranked closely."""
_WIDEST = 100
"""The same where it is asked who is qualified, or for all about a name, its promises, services or customers: each article may tell
something of its own."""
_LEFT_OPEN = (0.1, 0.6)
"""Confidence between which the best sentences are read once more; beyond, that would change hardly any decision."""

Carry = Callable[[Understanding, tuple[Passage, ...]], tuple[Passage, ...]]
"""What a follow-up takes along: passages, beside those found, that the answer before it quoted."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an answer is made from."""

    understood: Understanding
    passages: tuple[Passage, ...]
    wide: tuple[Passage, ...]
    """`passages` and those after them, for what was said at other times."""
    ranked: list[Selected]
    """Every sentence of `passages`, best first."""
    confidence: float
    """That they answer the question, 0 to 1."""
    generation: int
    overview: Overview | None = None
    """Where nothing but a name, or what one kind of sentence tells of it, is asked about."""
    timings_ms: dict[str, float] = field(default_factory=dict)


class Finder:
    """Safe to use from several threads."""

    def __init__(
        self,
        retriever: Retriever,
        reader: PassageReader,
        entities: EntityBook,
        weights: Weights,
        *,
        passages: int,
        threshold: float,
    ) -> None:
        """`passages` are answered from; below `threshold` more are read."""
        self._retriever = retriever
        self._reader = reader
        self._entities = entities
        self._weights = weights
        self._passages = passages
        self._threshold = threshold

    def find(self, understood: Understanding, carry: Carry | None = None, *, thorough: bool = True) -> Findings:
        """Where the nearest passages do not answer, those after them are read too before it is said so, if it is to be `thorough`.

        Raises IndexEmptyError.
        """
        overview = overview_of(understood, self._entities)
        wide = _WIDEST if overview or asks_for_holders(understood, self._entities) else _WIDE
        retrieved = self._retriever.retrieve(understood, max(self._passages, wide))
        found = retrieved.passages[: self._passages]
        carried = carry(understood, found) if carry else ()
        clock = Clock()
        text, most = understood.read_as, closely(understood.query)
        near = read_passages(self._reader, text, found, most)
        passages = (*near, *read_passages(self._reader, text, carried, most))
        ranked, sure = self._judge(understood, passages, closely_too=thorough)
        if thorough and sure < self._threshold and len(near) > most:
            known = {passage.chunk.chunk_id for passage in carried}
            after = [p for p in retrieved.passages[most:READ_DEEPLY] if p.chunk.chunk_id not in known]
            best = likeliest(self._reader, text, understood.query.kind, after, len(near) - most)
            deep = (*near[:most], *read_passages(self._reader, text, best, len(best)), *passages[len(near) :])
            deep = tuple(replace(p, rank=n) for n, p in enumerate(deep, start=1))
            again, surer = self._judge(understood, deep)
            if surer >= self._threshold:
                passages, ranked, sure = deep, again, surer
        clock.lap("read")
        if thorough and sure < self._threshold and understood.opening:
            # One sentence seldom answers two questions, and the first of them may have its answer.
            first = self.find(replace(understood, read_as=understood.opening, opening=""), carry)
            if first.confidence >= self._threshold:
                return replace(first, understood=understood)
        known = {passage.chunk.chunk_id for passage in passages}
        return Findings(
            understood,
            passages,
            (*passages, *(p for p in retrieved.passages if p.chunk.chunk_id not in known)),
            ranked,
            sure,
            retrieved.generation,
            overview,
            {**retrieved.timings_ms, **clock.laps},
        )

    def _judge(
        self, understood: Understanding, passages: Sequence[Passage], *, closely_too: bool = True
    ) -> tuple[list[Selected], float]:
        """The sentences of `passages`, best first, and how sure it is that they answer, 0 to 1.

        The best are read `closely_too` where that is left open.
        """
        ranked = rank_sentences(understood, passages, self._weights)
        features = confidence_features(understood, passages, ranked, self._entities)
        sure = confidence(features, self._weights.confidence)
        if not closely_too or features is None or not _LEFT_OPEN[0] <= sure < _LEFT_OPEN[1]:
            return ranked, sure
        seen = close_up_features(read_close_ups(self._reader, understood.read_as, ranked))
        names = (*CONFIDENCE_FEATURES, *CLOSE_UP_FEATURES)
        return ranked, confidence((*features, *seen), self._weights.confidence_close, names)

    def rank(self, understood: Understanding, passages: Sequence[Passage]) -> list[Selected]:
        """Every sentence of `passages`, best first; those that were not read are read."""
        if not any(passage.reading for passage in passages):
            passages = read_passages(self._reader, understood.read_as, passages, closely(understood.query))
        return rank_sentences(understood, passages, self._weights)


def unbounded(understood: Understanding) -> Understanding:
    """The same question without its `as_of`."""
    return replace(understood, query=replace(understood.query, as_of=None))

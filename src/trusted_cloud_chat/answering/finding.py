"""A question's evidence: passages found, the best of them read, their sentences in order, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.confidence import confidence, confidence_features
from trusted_cloud_chat.answering.reading import PassageReader, read_passages
from trusted_cloud_chat.answering.selection import Selected, rank_sentences
from trusted_cloud_chat.answering.timeline.holders import asks_for_holders
from trusted_cloud_chat.answering.timeline.overview import Overview, overview_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.schema import Passage
from trusted_cloud_chat.timing import Clock
from trusted_cloud_chat.understanding import Understanding

_WIDE = 30
"""Passages that are looked through for what was said earlier, later or otherwise; as many as are ranked closely."""
_WIDEST = 100
"""The same where it is asked who is qualified, or for all about a name: each article may tell something of its own."""

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
    """Where nothing but a name is asked about."""
    timings_ms: dict[str, float] = field(default_factory=dict)


class Finder:
    """Safe to use from several threads."""

    def __init__(
        self, retriever: Retriever, reader: PassageReader, entities: EntityBook, weights: Weights, passages: int
    ) -> None:
        self._retriever = retriever
        self._reader = reader
        self._entities = entities
        self._weights = weights
        self._passages = passages

    def find(self, understood: Understanding, carry: Carry | None = None) -> Findings:
        """Raises IndexEmptyError."""
        overview = overview_of(understood, self._entities)
        wide = _WIDEST if overview or asks_for_holders(understood, self._entities) else _WIDE
        retrieved = self._retriever.retrieve(understood, max(self._passages, wide))
        found = retrieved.passages[: self._passages]
        carried = carry(understood, found) if carry else ()
        clock = Clock()
        text = understood.read_as
        passages = (*read_passages(self._reader, text, found), *read_passages(self._reader, text, carried))
        clock.lap("read")
        ranked = self.rank(understood, passages)
        known = {passage.chunk.chunk_id for passage in passages}
        return Findings(
            understood,
            passages,
            (*passages, *(p for p in retrieved.passages if p.chunk.chunk_id not in known)),
            ranked,
            confidence(confidence_features(understood, passages, ranked, self._entities), self._weights.confidence),
            retrieved.generation,
            overview,
            {**retrieved.timings_ms, **clock.laps},
        )

    def rank(self, understood: Understanding, passages: Sequence[Passage]) -> list[Selected]:
        """Every sentence of `passages`, best first; those that were not read are read."""
        if not any(passage.reading for passage in passages):
            passages = read_passages(self._reader, understood.read_as, passages)
        return rank_sentences(understood, passages, self._weights)


def unbounded(understood: Understanding) -> Understanding:
    """The same question without its `as_of`."""
    return replace(understood, query=replace(understood.query, as_of=None))

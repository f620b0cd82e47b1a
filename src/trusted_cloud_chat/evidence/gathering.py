"""Gathers the evidence for a question: retrieves passages, reads the best, ranks their sentences, computes the confidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.close_reading import READ_DEEPLY, PassageReader, closely, read_passages
from trusted_cloud_chat.evidence.close_up import likeliest
from trusted_cloud_chat.evidence.confidence import ASKED_FEATURES, asked_features, confidence, confidence_features
from trusted_cloud_chat.evidence.ranking import Selected, rank_sentences
from trusted_cloud_chat.progress import Clock
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.retrieval.stored_questions import NONE, Likeness
from trusted_cloud_chat.schema import Article, Passage, Vote
from trusted_cloud_chat.trace import Trace

_WIDE = 30
"""Number of passages retrieved, to include earlier, later and contradicting statements; as many as the second ranking step takes."""
_WIDEST = 100
"""The same for a question that expects several items: each article may add one."""
_UNSURE = 0.35
"""Confidence below which more passages are read."""
OF_SEVERAL = ("list", "how_changed", "comparison")
"""Question kinds that expect several items."""


class Carry(Protocol):
    """What the previous answer carries over to a follow-up."""

    def passages(self, asked: Question, found: Sequence[Passage]) -> tuple[Passage, ...]:
        """Further passages, none of which is in `found`."""
        ...

    def in_turn(self, ranked: Sequence[Selected]) -> list[Selected]:
        """`ranked`, reordered for the conversation."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence from which an answer is composed."""

    question: Question
    passages: tuple[Passage, ...]
    ranked: Sequence[Selected]
    """Every sentence of `passages`, best first."""
    confidence: float
    """Probability that the passages answer the question, 0 to 1."""
    generation: int
    likeness: Likeness = NONE
    """Similarity to stored questions."""
    pieces: Callable[[Article], Sequence[Vote]] = lambda _: ()
    """Returns an article's nearest stored question for each piece of the question; empty for a question of one piece."""
    asked_at: Callable[[Article], Mapping[int, float]] = lambda _: {}
    """Maps the offset of each sentence of an article to the cosine of the nearest stored question that the sentence answers."""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def relevance(self) -> float:
        """Relevance of the most relevant passage, 0 to 1."""
        return max((passage.score for passage in self.passages), default=0.0)


class Gatherer:
    """Gathers evidence with a retriever and a reader. Thread-safe."""

    def __init__(
        self,
        retriever: Retriever,
        reader: PassageReader,
        entities: EntityBook,
        weights: Weights,
        *,
        passages: int,
    ) -> None:
        """`passages`: maximum number of passages in the evidence, besides those carried over."""
        self._retriever = retriever
        self._reader = reader
        self._entities = entities
        self._weights = weights
        self._passages = passages

    def find(self, question: Question) -> Retrieved:
        """Retrieves the passages for `gather`. Raises IndexEmptyError."""
        wide = _WIDEST if question.query.kind in OF_SEVERAL else _WIDE
        return self._retriever.retrieve(question, max(self._passages, wide))

    def gather(
        self,
        question: Question,
        carry: Carry | None = None,
        trace: Trace | None = None,
        retrieved: Retrieved | None = None,
    ) -> Evidence:
        """Gathers evidence, from more passages if confidence is low. `retrieved`: the result of `find`. Raises IndexEmptyError."""
        trace = trace or Trace()
        retrieved = retrieved or self.find(question)
        found = retrieved.passages[: self._passages]
        carried = carry.passages(question, found) if carry else ()
        if carry and not trace.fires("carried", str(len(carried))):
            carry, carried = None, ()
        clock = Clock()
        text, most = question.read_as, closely(question.query)
        near = read_passages(self._reader, text, found, most)
        passages = (*near, *read_passages(self._reader, text, carried, most))
        likeness = retrieved.likeness
        ranked, sure = self._judge(question, passages, likeness, trace, carry)
        if sure < _UNSURE and len(near) > most:
            known = {passage.chunk.chunk_id for passage in carried}
            after = [p for p in retrieved.passages[most:READ_DEEPLY] if p.chunk.chunk_id not in known]
            deep = (*near[:most], *self._deeper(question, after, len(near) - most), *passages[len(near) :])
            deep = tuple(replace(p, rank=n) for n, p in enumerate(deep, start=1))
            again, surer = self._judge(question, deep, likeness, trace.apart(), carry)
            compared = f"{sure:.2f} → {surer:.2f}"
            if surer <= sure:
                trace.fails("deep", compared)
            elif trace.fires("deep", compared):
                passages, ranked, sure = deep, again, surer
        clock.lap("read")
        return Evidence(
            question,
            passages,
            ranked,
            sure,
            retrieved.generation,
            likeness,
            partial(self._retriever.nearest_to_pieces, question),
            partial(self._retriever.asked_at, question),
            {**retrieved.timings_ms, **clock.laps},
        )

    def _deeper(self, question: Question, after: Sequence[Passage], most: int) -> tuple[Passage, ...]:
        """Selects the `most` best passages of `after` by one sentence each, and runs the reader on them."""
        best = likeliest(self._reader, question, after, most)
        return read_passages(self._reader, question.read_as, best, len(best))

    def _judge(
        self,
        question: Question,
        passages: Sequence[Passage],
        likeness: Likeness,
        trace: Trace,
        carry: Carry | None,
    ) -> tuple[list[Selected], float]:
        """The sentences of `passages`, best first, and the confidence."""
        ranked = rank_sentences(question, passages, self._weights)
        ranked = carry.in_turn(ranked) if carry and question.goes_on else ranked
        features = confidence_features(question, passages, ranked, self._entities)
        sure = confidence(features, self._weights.confidence)
        if not likeness.votes or not ranked:
            return ranked, sure
        follows = question.goes_on and not question.is_part
        asked = confidence(
            asked_features(sure, likeness, follows=follows), self._weights.confidence_asked, ASKED_FEATURES
        )
        if not ranked[0].passage.article.is_enriched:
            asked = max(asked, sure)  # its missing stored questions are no evidence against it
        return ranked, asked if trace.fires("asked", f"{likeness.matched}: {sure:.2f} → {asked:.2f}") else sure

    def rank(self, question: Question, passages: Sequence[Passage]) -> list[Selected]:
        """All sentences of `passages`, best first; runs the reader if no passage has a reading."""
        if not any(passage.reading for passage in passages):
            passages = read_passages(self._reader, question.read_as, passages, closely(question.query))
        return rank_sentences(question, passages, self._weights)

"""Carries the articles of the previous answer's quotes over to a follow-up."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.index.snapshots import Index, Snapshot
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retriever, evidence
from trusted_cloud_chat.retrieval.ranking import Weights, rank, relevance
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage

_QUOTES = 3
"""Number of leading quotes of the previous answer whose articles are carried over."""
_AROUND = 2
"""Number of chunks carried over on each side of the quoted one, since the next answer may be further on in a long law."""
_LEADING, _QUOTED, _LED, _SAID = 2.0, 1.0, 3.0, 1.0
"""Score bonus for the article of the first quote and of any quote; penalty for repeating the first quote and any quote."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What the answer `before` carries over to the next question. Thread-safe."""

    before: Answer
    index: Index
    retriever: Retriever
    weights: Weights
    same_text: bool = False
    """Whether both questions come from one text; a quote of one may then answer the other."""

    def passages(self, asked: Question, found: Sequence[Passage]) -> tuple[Passage, ...]:
        """Passages around the previous answer's quotes that are live, in scope and not in `found`; best first."""
        known = {passage.chunk.chunk_id for passage in found}
        question = self.retriever.embed(asked)

        def read(snapshot: Snapshot) -> list[Passage]:
            there = self._around(snapshot, asked, self.retriever.within(snapshot, asked.query.within))
            chunks = {s.chunk.chunk_id: article for s, article in there if s.chunk.chunk_id not in known}
            likeness = self.retriever.likeness(snapshot, asked, question)
            ranked = rank(
                question.words, question.vector, snapshot.catalog, list(chunks), {}, len(chunks), self.weights, likeness
            )
            least = min((passage.fused for passage in found), default=0.0)
            return [
                Passage(
                    chunk=one.stored.chunk,
                    article=(article := chunks[one.stored.chunk.chunk_id]),
                    rank=len(found) + place,
                    score=relevance(evidence(asked, one, article), self.weights),
                    sentence_scores=tuple(float(x) for x in one.sentence_cosines),
                    sentence_context=tuple(float(x) for x in one.match.by_sentence),
                    sentence_exact=tuple(float(x) for x in one.match.exact_by_sentence),
                    fused=least,
                    votes=one.votes,
                )
                for place, one in enumerate(ranked, start=1)
            ]

        return tuple(self.index.read(read)) if self.before.citations else ()

    def in_turn(self, ranked: Sequence[Selected]) -> list[Selected]:
        """`ranked` with a bonus for the previous answer's articles and a penalty for its quotes, re-sorted."""
        quotes = self.before.citations[:_QUOTES]
        if not quotes:
            return list(ranked)
        scored = [replace(one, score=one.score + self._gain(one, quotes)) for one in ranked]
        return sorted(scored, key=lambda one: -one.score)

    def _gain(self, one: Selected, quotes: Sequence[Citation]) -> float:
        article = one.passage.article
        same = [quote for quote in quotes if quote.article.article_id == article.article_id]
        said = [quote for quote in same if quote.start < one.span.end and one.span.start < quote.end]
        said = [] if self.same_text else said
        gain = (_QUOTED if same else 0.0) - (_SAID if said else 0.0)
        if quotes[0] in same:
            gain += _LEADING - (_LED if quotes[0] in said else 0.0)
        return gain

    def _around(
        self, snapshot: Snapshot, asked: Question, within: Collection[tuple[str, str]] | None
    ) -> Iterator[tuple[StoredChunk, Article]]:
        """Yields the chunks around each quote whose version is live, in scope and published by `as_of`."""
        quotes, as_of = self.before.citations[:_QUOTES], asked.query.as_of
        live = snapshot.catalog.articles({quote.article.article_id for quote in quotes})
        for quote in {(quote.article.article_id, quote.start): quote for quote in quotes}.values():
            article = live.get(quote.article.article_id)
            if article is None or article.version != quote.article.version:
                continue
            if as_of is not None and (article.date is None or article.date.last_day > as_of):
                continue
            if within is not None and (article.article_id, article.version) not in within:
                continue
            chunks = snapshot.catalog.chunks_of(article.article_id, article.version)
            place = next((n for n, one in enumerate(chunks) if quote.start < one.chunk.end), 0)
            yield from ((one, article) for one in chunks[max(0, place - _AROUND) : place + _AROUND + 1])


def quoted_passages(answer: Answer) -> list[Passage]:
    """The passages that the answer's citations quote."""
    return [
        passage
        for passage in answer.passages
        if any(
            (c.article.article_id, c.article.version) == (passage.article.article_id, passage.article.version)
            and passage.chunk.start <= c.start < passage.chunk.end
            for c in answer.citations
        )
    ]

"""What a follow-up takes with it: the passages that the answer before it quoted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from trusted_cloud_chat.index import Index, Snapshot
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retriever, evidence
from trusted_cloud_chat.retrieval.ranking import Ranked, Weights, rank, relevance
from trusted_cloud_chat.schema import Answer, Passage


def carried_passages(
    asked: Question,
    found: tuple[Passage, ...],
    before: Answer,
    *,
    index: Index,
    retriever: Retriever,
    weights: Weights,
) -> tuple[Passage, ...]:
    """The passages quoted before that are not among `found`, scored for the new question.

    Left out: what is no longer live, what was published after the question's `as_of`, and what lies outside its scope.
    """
    known = {passage.chunk.chunk_id for passage in found}
    carried = {p.chunk.chunk_id: p for p in quoted_passages(before) if p.chunk.chunk_id not in known}
    as_of = asked.query.as_of
    if as_of is not None:
        carried = {i: p for i, p in carried.items() if p.article.date and p.article.date.last_day <= as_of}
    if not carried:
        return ()
    question = retriever.embed(asked)

    def read(snapshot: Snapshot) -> list[Ranked]:
        live = _live(snapshot, carried, retriever.within(snapshot, asked.query.within))
        there = snapshot.catalog.stored_chunks(live)  # a text that stayed may be cut otherwise since
        ids = [chunk_id for chunk_id in live if chunk_id in there]
        likeness = retriever.likeness(snapshot, asked, question)
        return rank(question.words, question.vector, snapshot.catalog, ids, {}, len(ids), weights, likeness)

    least = min((passage.fused for passage in found), default=0.0)
    added = []
    for place, one in enumerate(index.read(read), start=1):
        passage = carried[one.stored.chunk.chunk_id]
        added.append(
            replace(
                passage,
                rank=len(found) + place,
                score=relevance(evidence(asked, one, passage.article), weights),
                sentence_scores=tuple(float(x) for x in one.sentence_cosines),
                sentence_context=tuple(float(x) for x in one.match.by_sentence),
                sentence_exact=tuple(float(x) for x in one.match.exact_by_sentence),
                fused=least,
                votes=one.votes,
            )
        )
    return tuple(added)


def _live(snapshot: Snapshot, carried: Mapping[str, Passage], within: Collection[tuple[str, str]] | None) -> list[str]:
    """The ids of the chunks of versions that are still live, and among `within`."""
    live = snapshot.catalog.articles(passage.article.article_id for passage in carried.values())
    return [
        chunk_id
        for chunk_id, passage in carried.items()
        if (now := live.get(passage.article.article_id))
        and now.version == passage.article.version
        and (within is None or (now.article_id, now.version) in within)
    ]


def quoted_passages(answer: Answer) -> list[Passage]:
    """The passages that the answer's citations come from."""
    return [
        passage
        for passage in answer.passages
        if any(
            (c.article.article_id, c.article.version) == (passage.article.article_id, passage.article.version)
            and passage.chunk.start <= c.start < passage.chunk.end
            for c in answer.citations
        )
    ]

"""Answers without a language model: the sentences that answer, quoted word for word, dated, cited."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import select_sentences
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.wording import attribution, quoted
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.schema import Answer, Citation, Passage, Sentence
from trusted_cloud_chat.understanding import Understanding


def extract_answer(
    question: str, understood: Understanding, passages: Sequence[Passage], weights: Weights, timeline: Timeline
) -> Answer:
    """An answer of one to six quotes and those that `timeline` adds; `sentences[i]` points to `citations[i]`."""
    selected = timeline.lead(select_sentences(understood, passages, weights))
    citations = tuple(
        Citation(n, choice.passage.article, choice.span.start, choice.span.end)
        for n, choice in enumerate(selected, start=1)
    )
    answer = Answer(
        question=question,
        query=understood.query,
        answer=compose(understood, citations),
        sentences=tuple(Sentence(citation.quote, (citation.n,)) for citation in citations),
        citations=citations,
        passages=tuple(passages),
    )
    return timeline.tell(answer)


def compose(understood: Understanding, citations: Sequence[Citation]) -> str:
    """One line a quote, each with its marker, publisher and date."""
    language = understood.query.language
    lines = [
        f"{quoted(c.quote, c.article.language, language)} [{c.n}] — {attribution(c.article, language)}"
        for c in citations
    ]
    return "\n\n".join(lines)

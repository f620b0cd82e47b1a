"""Answers without a language model: the sentences that answer, quoted word for word, dated, cited."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import Selected, select_sentences
from trusted_cloud_chat.answering.wording import attribution, known_at, quoted
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.schema import Answer, Citation, Passage, Sentence
from trusted_cloud_chat.understanding import Understanding


def extract_answer(question: str, understood: Understanding, passages: Sequence[Passage], weights: Weights) -> Answer:
    """An answer of one to six quotes; `sentences[i]` points to `citations[i]`."""
    selected = select_sentences(understood, passages, weights)
    if understood.wants_now:
        selected = sorted(selected, key=_newest_first)
    citations = tuple(
        Citation(n, choice.passage.article, choice.span.start, choice.span.end)
        for n, choice in enumerate(selected, start=1)
    )
    return Answer(
        question=question,
        query=understood.query,
        answer=compose(understood, citations),
        sentences=tuple(Sentence(citation.quote, (citation.n,)) for citation in citations),
        citations=citations,
        passages=tuple(passages),
    )


def compose(understood: Understanding, citations: Sequence[Citation]) -> str:
    """One line a quote, each with its marker, publisher and date."""
    language = understood.query.language
    lines = [
        f"{quoted(c.quote, c.article.language, language)} [{c.n}] — {attribution(c.article, language)}"
        for c in citations
    ]
    if understood.wants_now and citations and citations[0].article.date:
        lines.insert(0, known_at(citations[0].article.date, language))
    return "\n\n".join(lines)


def _newest_first(selected: Selected) -> tuple[int, float]:
    published = selected.passage.article.date
    return (-published.last_day.toordinal() if published else 0, -selected.score)

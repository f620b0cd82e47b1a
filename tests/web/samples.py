"""Builds answers with known offsets."""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat.answering.wording import attribution, quoted, words_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Article, Chunk, Citation, Passage, Query, Sentence, Source, Span
from trusted_cloud_chat.web.handlers import Exchange

TODAY = date(2026, 11, 24)
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](http://evil.example/a.png) [lien](javascript:alert(3)) "
    "**gras** `code` $$x$$ ${7*7} {{7*7}} [1] et [2] </div></p>"
)


def article(
    text: str,
    *,
    article_id: str = "bleu",
    title: str = "Bleu avance",
    publisher: str | None = "Gazette du Nuage",
    day: str | None = "2026-03-12",
    url: str | None = "https://gazette.example/bleu",
    source_type: str | None = "presse",
    sources: tuple[Source, ...] = (),
) -> Article:
    published = PartialDate.parse(day) if day else None
    return Article(article_id, "0123456789abcdef", title, text, published, publisher, url, "fr", source_type, sources)


def passage(of: Article, start: int = 0, end: int | None = None, *, rank: int = 1, score: float = 0.8) -> Passage:
    stop = len(of.text) if end is None else end
    chunk = Chunk(f"{of.article_id}:{start}", of.article_id, of.version, rank, start, stop, (Span(start, stop),))
    return Passage(chunk, of, rank, score, (0.9,))


def citation(n: int, of: Article, words: str) -> Citation:
    start = of.text.index(words)
    return Citation(n, of, start, start + len(words))


def answer(
    *citations: Citation, question: str = "Où en est Bleu ?", passages: tuple[Passage, ...] | None = None
) -> Answer:
    """An answer worded like an extractive one: one paragraph per quote."""
    lines = [f"{quoted(words_of(c), 'fr', 'fr')} [{c.n}] — {attribution(c.article, 'fr')}" for c in citations]
    if passages is None:
        passages = tuple({c.article.article_id: passage(c.article) for c in citations}.values())
    return Answer(
        question=question,
        query=Query(question, "fr", TODAY),
        answer="\n\n".join(lines),
        sentences=tuple(Sentence(words_of(c), (c.n,)) for c in citations),
        citations=citations,
        passages=passages,
        generation=3,
        timings_ms={"total": 34.2},
    )


def done(of: Answer, number: int = 1) -> Exchange:
    return Exchange(number, of.question, "done", of)

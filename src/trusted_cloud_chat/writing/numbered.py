"""The sentences of passages, numbered: `[2.3]` is the third of the second passage."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Article, Passage, Span, Statement


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence of a passage."""

    article: Article
    span: Span
    before: str = ""
    """The sentence before it, which may name what this one calls « il » or « l’entreprise »."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]

    @property
    def statement(self) -> Statement | None:
        """What was written down about it."""
        return self.article.enrichment.of(self.span) if self.article.enrichment else None


def numbered(passage: Passage) -> tuple[Quote, ...]:
    """The sentences of a passage, in order; the first is number 1."""
    article = passage.article
    spans = [span for span in passage.chunk.sentences if article.text[span.start : span.end].strip()]
    before = ["", *(article.text[span.start : span.end] for span in spans)]
    return tuple(Quote(article, span, told) for span, told in zip(spans, before, strict=False))

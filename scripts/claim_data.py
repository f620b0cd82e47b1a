"""What the judge learns from: claims about stored texts, each with the passage that decides it (`training/claims.jsonl`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from known_questions import ROOT, held_out

from trusted_cloud_chat.chunking import chunk_article, title_over
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.models.judge import VERDICTS
from trusted_cloud_chat.schema import Article, Span

CLAIMS = ROOT / "training/claims.jsonl"
_FOLDERS = ("training/texts", "training/claim_texts", "corpus")
_LONGEST = 1500
"""Characters from the first to the last sentence that decides a claim; beyond, they are shown without what is between them."""

View = tuple[str, str]
"""A title and a text."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim; `verdict` is a place in `VERDICTS`."""

    claim: str
    verdict: int
    kind: str
    group: str
    """The article: what is held out is held out by it."""
    near: View
    """The sentences that decide, between their neighbours, as verification shows them."""
    elsewhere: tuple[View, ...]
    """Passages of the same article without those sentences."""


def claims(count_tokens: Callable[[str], int], chunk_tokens: int, *, taught: bool) -> Iterator[Claimed]:
    """Those that are learnt from, or with `taught=False` those whose article is held out."""
    articles: dict[str, Article] = {}
    for row in map(json.loads, CLAIMS.read_text("utf-8").splitlines()):
        name = row["article"]
        folder = next(ROOT / root for root in _FOLDERS if name.startswith(root + "/"))
        if name not in articles:
            articles[name] = read_article(ROOT / f"{name}.md", folder, allow_undated=True, today=date.max)
        article = articles[name]
        if held_out(article.article_id) == taught:
            continue
        spans = [_span(article.text, quote) for quote in row["quotes"] if quote in article.text]
        if spans:
            chunks = [Span(c.start, c.end) for c in chunk_article(article, count_tokens, chunk_tokens)]
            verdict = VERDICTS.index(row["label"])
            near = _near(article, spans)
            yield Claimed(
                row["claim"], verdict, row["kind"], article.article_id, near, _elsewhere(article, spans, chunks)
            )


def _span(text: str, quote: str) -> Span:
    start = text.index(quote)
    return Span(start, start + len(quote))


def _near(article: Article, spans: Sequence[Span]) -> View:
    text = article.text
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    title = title_over(article, first)
    if last - first > _LONGEST:
        return title, " ".join(text[s.start : s.end] for s in spans)
    sentences = article_sentences(text)
    near = [n for n, s in enumerate(sentences) if s.start < last and first < s.end]
    begin, end = sentences[max(0, near[0] - 1)].start, sentences[min(len(sentences) - 1, near[-1] + 1)].end
    return title, text[begin:end]


def _elsewhere(article: Article, spans: Sequence[Span], chunks: Sequence[Span]) -> tuple[View, ...]:
    apart = [c for c in chunks if not any(s.start < c.end and c.start < s.end for s in spans)]
    return tuple((title_over(article, chunk.start), article.text[chunk.start : chunk.end]) for chunk in apart)

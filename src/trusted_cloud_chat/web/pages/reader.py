"""`/articles/ID`: a stored article with the quotes of the address marked, in the quoted or the current version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.language.stems import lexical_tokens, word_spans
from trusted_cloud_chat.schema import Article, Citation, Span
from trusted_cloud_chat.web.article_html import Quotes, text_html
from trusted_cloud_chat.web.escaping import marked
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.reader import origin_html, original_html, read_quote, sources_html
from trusted_cloud_chat.web.strings import STRINGS


@dataclass(frozen=True, slots=True)
class Opened:
    """An article version for reading."""

    article: Article
    quotes: Quotes
    """Their places in this version."""
    lost: tuple[int, ...]
    """Numbers of the quotes missing in this version."""
    standing: str
    """`gone`, `changed` or `now`: relation of quoted and current version; empty if they are the same."""


def opened(quotes: Sequence[str], quoted: Article, shown: Article, live: Article | None) -> Opened:
    """`shown` with the quotes of `quoted`, which may be another version: then they are searched verbatim."""
    held = [read_quote(told, n, quoted) for n, told in enumerate(quotes, 1)]
    known = [(n, span) for n, span in held if span is not None]
    lost = [n for n, span in held if span is None]
    if shown.version != quoted.version:
        places = [(n, shown.text.find(quoted.text[s.start : s.end]), s.end - s.start) for n, s in known]
        known = [(n, Span(start, start + length)) for n, start, length in places if start >= 0]
        lost += [n for n, start, _ in places if start < 0]
    standing = "gone" if live is None else "changed" if shown.version != live.version else ""
    if not standing and quoted.version != shown.version:
        standing = "now"
    return Opened(shown, known, tuple(lost), standing)


def reader_router(assistant: Assistant) -> APIRouter:
    """One route: the id may have slashes."""
    router = page_router()

    @router.get("/articles/{article_id:path}")
    def article(request: Request, article_id: str) -> Response:
        asked = Asked(request)
        version, live = asked.field("version"), assistant.live(article_id)
        quoted = assistant.article(article_id, version) if version else live
        shown = live if asked.field("shown") == "now" else quoted
        if quoted is None or shown is None:
            return asked.missing(asked.texts["reader"]["unknown"])
        return _page(asked, opened(asked.fields("quote"), quoted, shown, live))

    return router


def _page(asked: Asked, read: Opened) -> Response:
    article, strings, words = read.article, STRINGS[asked.language], asked.field("words")
    quotes = read.quotes or _found(words, article.text, article)
    html = text_html(article.text, quotes)
    for n in dict.fromkeys(n for n, _ in read.quotes):
        html = html.replace(f'<span class="tcc-n" aria-hidden="true">{n}<', f'<span class="tcc-n" id="q{n}">{n}<', 1)
    day = asked.day("day", date.today()).day or date.today()
    first = Citation(1, article, read.quotes[0][1].start, read.quotes[0][1].end) if read.quotes else None
    return asked.page(
        "article.html",
        article=article,
        read=read,
        title=marked(article.title, 0, _found(words, article.title, article)),
        origin=origin_html(article, strings, day, here=True),
        original=original_html(article, strings, first),
        sources=sources_html(article.sources, strings),
        text=html,
    )  # fmt: skip


def _found(words: str, text: str, article: Article) -> Quotes:
    """The places in `text` of `words`, in any form."""
    sought = set(lexical_tokens(words, article.language))
    spans = word_spans(text, article.language) if sought else []
    return [(1, Span(word.start, word.end)) for word in spans if word.token in sought]

"""`/articles/ID`: a stored article with the quotes of the address marked, in the quoted or the current version.

`/corpus/enrichissement`: its enrichment, sentence by sentence; administrators strike wrong rows for good.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.enrichment.home import EnrichmentHome, row_key
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.language.stems import lexical_tokens, word_spans
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.output.market import quantity, status_label
from trusted_cloud_chat.schema import Article, Citation, Fact, Span
from trusted_cloud_chat.web.article_html import Quotes, text_html
from trusted_cloud_chat.web.escaping import marked
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.pages.upkeep import Runs
from trusted_cloud_chat.web.sources import origin_html, original_html, read_quote, sources_html

_ROWS = "/corpus/enrichissement"


def _read(quotes: Sequence[str], quoted: Article, shown: Article, live: Article | None) -> dict[str, Any]:
    """The places in `shown` of the `quotes` from `quoted`, which may be another version: then they are searched verbatim; the numbers
    of those that are missing; and the relation of the versions (`gone`, `changed`, `now`), empty if they are the same.
    """
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
    return {"quotes": known, "lost": lost, "standing": standing}


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
        read = _read(asked.fields("quote"), quoted, shown, live)
        strings, words, quotes = asked.strings, asked.field("words"), read["quotes"]
        html = text_html(shown.text, quotes or _found(words, shown.text, shown))
        for n in dict.fromkeys(n for n, _ in quotes):
            html = html.replace(
                f'<span class="tcc-n" aria-hidden="true">{n}<', f'<span class="tcc-n" id="q{n}">{n}<', 1
            )
        day = asked.day("day", date.today()).day or date.today()
        first = Citation(1, shown, quotes[0][1].start, quotes[0][1].end) if quotes else None
        return asked.page(
            "article.html",
            article=shown,
            read=read,
            title=marked(shown.title, 0, _found(words, shown.title, shown)),
            origin=origin_html(shown, strings, day, here=True),
            original=original_html(shown, strings, first),
            sources=sources_html(shown.sources, strings),
            text=html,
        )

    return router


def _found(words: str, text: str, article: Article) -> Quotes:
    """Where `text` has one of `words`, in any inflection."""
    sought = set(lexical_tokens(words, article.language))
    spans = word_spans(text, article.language) if sought else []
    return [(1, Span(word.start, word.end)) for word in spans if word.token in sought]


def rows_router(opened: OpenAssistant, runs: Runs) -> APIRouter:
    router, home = page_router(administrators=True), EnrichmentHome.of(opened.settings.home)

    @router.get(_ROWS)
    def rows(request: Request) -> Response:
        asked = Asked(request)
        article = opened.assistant.live(asked.field("article"))
        if article is None:
            return asked.missing(asked.texts["reader"]["unknown"])
        with closing(StoreFolder(opened.settings.home).open()) as catalog:
            found = catalog.enrichment(article.article_id, article.version)
        told = []
        for one in found.statements if found else ():
            sentence = " ".join(article.text[span.start : span.end] for span in one.spans)
            facts = [_told(fact, asked, opened.assistant.market) for fact in one.facts]
            told.append((row_key(article.article_id, sentence), sentence, one, facts))
        return asked.page("rows.html", article=article, rows=told, struck=home.struck())

    @router.post(_ROWS)
    def strike(request: Request, article: Annotated[str, Form()], row: Annotated[str, Form()]) -> Response:
        home.strike(row)
        runs.start("update", lambda tell: opened.ingest(progress=tell))
        return RedirectResponse(Asked(request).link(_ROWS, article=article), 303)

    return router


def _told(fact: Fact, asked: Asked, market: Market) -> str:
    """« Bleu – Qualification – SecNumCloud – 2026 – prévu »."""
    days = [day.spoken(asked.language) for day in (fact.date, fact.start, fact.end, fact.due) if day]
    label, status = market.vocabulary.row(fact.attribute).label, status_label(fact.status, asked.language)
    told = (fact.subject, label(asked.language), fact.object, quantity(fact), fact.service, *days, status)
    return " – ".join(filter(None, told))

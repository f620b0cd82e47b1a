"""`/corpus/enrichissement`: an article's enrichment, sentence by sentence; administrators strike wrong rows for good."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.enrichment.home import EnrichmentHome, row_key
from trusted_cloud_chat.index.store import open_catalog
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.output.market import quantity, status_label
from trusted_cloud_chat.schema import Fact, Statement
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.pages.runs import Runs

ADDRESS = "/corpus/enrichissement"


def rows_router(opened: OpenAssistant, runs: Runs) -> APIRouter:
    """For administrators alone."""
    router, settings = page_router(administrators=True), opened.settings
    home = EnrichmentHome.of(settings.home)

    @router.get(ADDRESS)
    def rows(request: Request) -> Response:
        asked = Asked(request)
        article = opened.assistant.live(asked.field("article"))
        if article is None:
            return asked.missing(asked.texts["reader"]["unknown"])
        told = []
        for one in _statements(article.article_id, article.version):
            sentence = " ".join(article.text[span.start : span.end] for span in one.spans)
            facts = [_told(fact, asked, opened.assistant.market) for fact in one.facts]
            told.append((row_key(article.article_id, sentence), sentence, one, facts))
        return asked.page("rows.html", article=article, rows=told, struck=home.struck())

    @router.post(ADDRESS)
    def strike(request: Request, article: Annotated[str, Form()], row: Annotated[str, Form()]) -> Response:
        home.strike(row)
        runs.start("update", lambda tell: opened.ingest(progress=tell))
        return RedirectResponse(Asked(request).link(ADDRESS, article=article), 303)

    def _statements(article_id: str, version: str) -> Sequence[Statement]:
        with closing(open_catalog(settings.home)) as catalog:
            found = catalog.enrichment(article_id, version)
        return found.statements if found else ()

    return router


def _told(fact: Fact, asked: Asked, market: Market) -> str:
    """« Bleu – Qualification – SecNumCloud – 2026 – prévu »."""
    days = [day.spoken(asked.language) for day in (fact.date, fact.start, fact.end, fact.due) if day]
    label, status = market.vocabulary.row(fact.attribute).label, status_label(fact.status, asked.language)
    told = (fact.subject, label(asked.language), fact.object, quantity(fact), fact.service, *days, status)
    return " – ".join(filter(None, told))

"""The tab « Marché »: which event shows what. What it shows are the facts of the articles, arranged by the room `market`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.market import Books, FactBook, changes, chronology
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.fields import session_folder
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.status import LATEST, QUIET, status_html
from trusted_cloud_chat.web.tabs import market_lists, market_table
from trusted_cloud_chat.web.tabs.market_layout import MarketParts, Updates, labels, lay_out, words_of
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings
from trusted_cloud_chat.web.tabs.market_table import Filters, Table

__all__ = ["MarketParts", "connect", "labels", "lay_out"]

_LEAST = 3
"""Facts from which an actor has a chronology to choose."""


class Given(NamedTuple):
    """What stands in the fields."""

    since: str
    as_of: str
    provider: str
    stage: str
    text: str
    subject: str
    language: str


def connect(page: gr.Blocks, parts: MarketParts, language: gr.Radio, handlers: Handlers, exports: Path) -> None:
    """Show it when the page is loaded, and anew whenever a date, a filter, a name or the language is chosen."""
    view, p = MarketView(handlers, parts, exports), parts
    fields = [p.since, p.as_of, p.provider, p.stage, p.search, p.subject, language]
    every = [p.tab, p.provider, p.stage, p.subject, p.status, p.news, p.state, p.state_csv, p.line, p.line_csv]
    changed = [page.load, *(event for day in (p.since, p.as_of) for event in (day.submit, day.blur))]
    gr.on(changed, _given(view.everything), fields, every, **LATEST)
    shown = [p.state, p.state_csv]
    gr.on([p.provider.input, p.stage.input, p.search.change], _quietly(view.state), fields, shown, **LATEST)
    p.subject.input(_quietly(view.line), fields, [p.line, p.line_csv], **LATEST)
    words = [*labels(p, "fr"), *every]
    language.change(_given(view.speak), fields, list(dict.fromkeys(words)), **QUIET)


def _given(show: Callable[[Given, gr.Request], Updates]) -> Callable[..., Updates]:
    """`show` as Gradio calls it, with a value a field."""

    def shown(
        since: str, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        since, as_of, provider, stage, text, subject = (
            field or "" for field in (since, as_of, provider, stage, text, subject)
        )
        return show(Given(since, as_of, provider, stage, text, subject, language), request)

    return shown


def _quietly(show: Callable[[Given, gr.Request], Updates]) -> Callable[..., Any]:
    """`show`, but that what is shown stays where the index cannot be read: the questions' tab says what is wrong with it."""

    @wraps(_given(show))
    def shown(*fields: Any) -> Any:
        try:
            return _given(show)(*fields)
        except TrustedCloudChatError:
            return gr.skip()

    return shown


class MarketView:
    """What each event shows."""

    def __init__(self, handlers: Handlers, parts: MarketParts, exports: Path) -> None:
        self._handlers = handlers
        self._parts = parts
        self._exports = exports

    @property
    def _books(self) -> Books:
        return self._handlers.books

    @property
    def _market(self) -> Market:
        return self._handlers.market

    def _book(self, given: Given) -> FactBook:
        return self._books.book(self._handlers.today, self._as_of(given))

    def _as_of(self, given: Given) -> date | None:
        return self._handlers.as_of(given.as_of, words_of(given.language)[0]).day

    def everything(self, given: Given, request: gr.Request) -> Updates:
        """The lists to choose from, what has changed, the table and the chronology; no tab where the index cannot be read."""
        p, (strings, said) = self._parts, words_of(given.language)
        try:
            if self._books.empty:
                return self._nothing(said)
            found, book = self._handlers.as_of(given.as_of, strings), self._book(given)
            rows = self._books.offers(book)
        except TrustedCloudChatError:
            return {p.tab: gr.update(visible=False)}
        providers = dict.fromkeys(row.provider for row in rows)
        reached = {row.stage.id for row in rows if row.stage}
        stages = [(row.label(strings.language), row.id) for row in self._market.rows.stage if row.id in reached]
        subjects = _subjects(book)
        given = given._replace(
            provider=given.provider if given.provider in providers else "",
            stage=given.stage if given.stage in reached else "",
            subject=given.subject if given.subject in subjects else _most_told(subjects, providers),
        )
        as_it_was = said.as_of_active.format(day=spoken_day(found.day, said.language)) if found.day else found.status
        return {
            p.tab: gr.update(visible=True),
            p.provider: gr.update(
                choices=[(said.every_provider, ""), *((one, one) for one in providers)], value=given.provider
            ),
            p.stage: gr.update(choices=[(said.every_stage, ""), *stages], value=given.stage),
            p.subject: gr.update(choices=list(subjects), value=given.subject or None),
            p.status: status_html(as_it_was, "active" if found.valid else "warning", name="tcc-market-says"),
            **self.news(given),
            **self.state(given, request),
            **self.line(given, request),
        }

    def news(self, given: Given) -> Updates:
        """Since the day of the field, else since the first of the month that is looked at."""
        strings, said = words_of(given.language)
        book, as_of, today = self._book(given), self._as_of(given), self._handlers.today
        try:
            since = PartialDate.parse(given.since).first_day if given.since else book.day.replace(day=1)
        except ValueError:
            text = strings.as_of_invalid.format(value=given.since)
            return {self._parts.news: f'<p class="tcc-nothing">{escape(text)}</p>'}
        found = changes(book, self._books.book(today, min(since, as_of or since)), since)
        return {self._parts.news: market_lists.changes_html(found, self._market, strings, said)}

    def state(self, given: Given, request: gr.Request) -> Updates:
        p, (strings, said) = self._parts, words_of(given.language)
        rows = self._books.offers(self._book(given))
        shown = market_table.chosen(rows, Filters(given.provider, given.stage, given.text), self._market)
        html = Table(self._market, strings, said).html(shown, len(rows)) if rows else _says(said.as_of_none)
        text = market_table.to_csv(shown, self._market, said)
        return {p.state: html, p.state_csv: self._file(text, "offres", self._as_of(given), request)}

    def line(self, given: Given, request: gr.Request) -> Updates:
        p, (strings, said) = self._parts, words_of(given.language)
        if not given.subject:
            return {p.line: "", p.line_csv: gr.update(value=None, interactive=False)}
        events = chronology(self._book(given), given.subject)
        text = market_lists.to_csv(events, self._market, said)
        return {
            p.line: market_lists.chronology_html(events, self._market, strings, said),
            p.line_csv: self._file(text, "chronologie", self._as_of(given), request),
        }

    def speak(self, given: Given, request: gr.Request) -> Updates:
        """All of it in the chosen language."""
        said = labels(self._parts, given.language)
        for part, update in self.everything(given, request).items():
            both = isinstance(said.get(part), dict) and isinstance(update, dict)
            said[part] = {**said[part], **update} if both else update
        return said

    def _nothing(self, said: MarketStrings) -> Updates:
        p = self._parts
        return {p.tab: gr.update(visible=True), p.news: _says(said.empty), p.state: "", p.line: ""}

    def _file(self, text: str, name: str, as_of: date | None, request: gr.Request) -> Any:
        """The file as it would be downloaded now."""
        file = session_folder(self._exports, request) / f"{name}-{as_of or self._handlers.today}.csv"
        file.write_text(text, encoding="utf-8", newline="")
        return gr.update(value=str(file), interactive=True)


def _subjects(book: FactBook) -> dict[str, int]:
    """Who has a chronology, by name, with the facts that are told of each."""
    told = Counter(book.subject(known) for known in book.facts)
    return {name: told[name] for name in book.subjects if told[name] >= _LEAST}


def _most_told(subjects: dict[str, int], providers: Sequence[str] | dict[str, None]) -> str:
    """Of whom most is told, of the table's providers where there are any."""
    return max(subjects, key=lambda name: (name in providers, subjects[name]), default="")


def _says(text: str) -> str:
    return f'<p class="tcc-nothing">{escape(text)}</p>'

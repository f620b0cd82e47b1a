"""The tab « Marché »: which event shows what. What it shows comes from `answering/overview/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.overview.events import Subject
from trusted_cloud_chat.answering.overview.overview import Overview
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.fields import session_folder
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.status import LATEST, QUIET, status_html
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs import market_line, market_table
from trusted_cloud_chat.web.tabs.market_layout import MarketParts, Updates, labels, lay_out, words_of
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings
from trusted_cloud_chat.web.tabs.market_table import Filters

__all__ = ["MarketParts", "connect", "labels", "lay_out"]


def connect(page: gr.Blocks, parts: MarketParts, language: gr.Radio, handlers: Handlers, exports: Path) -> None:
    """Show it when the page is loaded, and anew whenever a date, a filter, a name or the language is chosen."""
    view, p = MarketView(handlers, parts, exports), parts
    fields = [p.as_of, p.provider, p.stage, p.search, p.subject, language]
    every = [p.tab, p.provider, p.stage, p.subject, p.status, p.state, p.state_csv, p.line, p.line_csv]
    gr.on([page.load, p.as_of.submit, p.as_of.blur], view.everything, fields, every, **LATEST)
    shown = [p.status, p.state, p.state_csv]
    gr.on([p.provider.input, p.stage.input, p.search.change], _quietly(view.state), fields, shown, **LATEST)
    p.subject.input(_quietly(view.line), fields, [p.line, p.line_csv], **LATEST)
    words = [*labels(p, "fr"), *every]
    language.change(view.speak, fields, list(dict.fromkeys(words)), **QUIET)


def _quietly(show: Callable[..., Updates]) -> Callable[..., Any]:
    """`show`, but that what is shown stays where the index cannot be read: the questions' tab says what is wrong with it."""

    @wraps(show)
    def shown(*fields: Any) -> Any:
        try:
            return show(*fields)
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
    def _overview(self) -> Overview:
        return self._handlers.overview

    def everything(
        self, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        """The lists to choose from, the table and the line of time; no tab where there is nothing to show."""
        p, (strings, said) = self._parts, words_of(language)
        try:
            if self._overview.empty:
                return {p.tab: gr.update(visible=False)}
            found = self._handlers.as_of(as_of or "", strings)
            rows = self._overview.state(self._handlers.today, found.day)
            subjects = self._overview.subjects(found.day)
        except TrustedCloudChatError:
            return {p.tab: gr.update(visible=False)}
        providers = dict.fromkeys(row.provider for row in rows)
        stages = [row for row in self._overview.market.rows.stage if row.id in {one.stage for one in rows}]
        provider = provider if provider in providers else ""
        stage = stage if stage in {row.id for row in stages} else ""
        chosen = _chosen(subject, subjects, [row.provider for row in rows])
        return {
            p.tab: gr.update(visible=True),
            p.provider: gr.update(
                choices=[(said.every_provider, ""), *((one, one) for one in providers)], value=provider
            ),
            p.stage: gr.update(
                choices=[(said.every_stage, ""), *((row.label(strings.language), row.id) for row in stages)],
                value=stage,
            ),
            p.subject: gr.update(choices=_subjects(subjects, said), value=chosen),
            **self.state(as_of, provider, stage, text, chosen, language, request),
            **self.line(as_of, provider, stage, text, chosen, language, request),
        }

    def state(
        self, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        p, (strings, said), market = self._parts, words_of(language), self._overview.market
        found = self._handlers.as_of(as_of or "", strings)
        rows = self._overview.state(self._handlers.today, found.day)
        shown = market_table.chosen(rows, Filters(provider or "", stage or "", text or ""), market)
        html = market_table.table_html(shown, len(rows), market, strings, said) if rows else _nothing(said.as_of_none)
        return {
            p.status: status_html(
                said.as_of_active.format(day=_spoken(found.day, strings)) if found.day else found.status,
                "active" if found.valid else "warning",
                name="tcc-market-says",
            ),
            p.state: html,
            p.state_csv: self._file(market_table.to_csv(shown, market, said), "qualifications", found.day, request),
        }

    def line(
        self, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        p, (strings, said), market = self._parts, words_of(language), self._overview.market
        found, today = self._handlers.as_of(as_of or "", strings), self._handlers.today
        if not subject:
            return {p.line: "", p.line_csv: gr.update(value=None, interactive=False)}
        line = self._overview.timeline(subject, today, found.day, strings.language)
        return {
            p.line: market_line.line_html(line, found.day or today, market, strings, said),
            p.line_csv: self._file(market_line.to_csv(line, market, said), "chronologie", found.day, request),
        }

    def speak(
        self, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        """All of it in the chosen language."""
        shown = self.everything(as_of, provider, stage, text, subject, language, request)
        said = labels(self._parts, language)
        for part, update in shown.items():
            said[part] = (
                {**said[part], **update} if isinstance(said.get(part), dict) and isinstance(update, dict) else update
            )
        return said

    def _file(self, text: str, name: str, as_of: date | None, request: gr.Request) -> Any:
        """The file as it would be downloaded now."""
        file = session_folder(self._exports, request) / f"{name}-{as_of or self._handlers.today}.csv"
        file.write_text(text, encoding="utf-8", newline="")
        return gr.update(value=str(file), interactive=True)


def _chosen(name: str, subjects: Sequence[Subject], providers: Sequence[str]) -> str:
    """What was chosen, while it is there; else what most is told of, of the table's providers where there are any."""
    if name in {subject.name for subject in subjects}:
        return name
    told = max(subjects, key=lambda one: (one.name in providers, one.told), default=None)
    return told.name if told else ""


def _subjects(subjects: Sequence[Subject], said: MarketStrings) -> list[tuple[str, str]]:
    return [(f"{one.name} ({said.kinds.get(one.kind, said.kinds[''])})", one.name) for one in subjects]


def _nothing(text: str) -> str:
    return f'<p class="tcc-nothing">{escape(text)}</p>'


def _spoken(day: date, strings: Strings) -> str:
    return spoken_day(day, strings.language)

"""The tab « Marché »: its components, its events, its labels. What it shows comes from `answering/overview/`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.overview.events import Subject
from trusted_cloud_chat.answering.overview.overview import Overview
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.strings import STRINGS, Strings
from trusted_cloud_chat.web.tabs import market_line, market_table
from trusted_cloud_chat.web.tabs.market_quotes import panel_html
from trusted_cloud_chat.web.tabs.market_strings import MARKET_STRINGS, MarketStrings
from trusted_cloud_chat.web.tabs.market_table import Filters

Updates = dict[Any, Any]
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class MarketParts:
    """Every component that a handler of this tab reads or writes."""

    tab: gr.Tab
    as_of: gr.Textbox
    status: gr.HTML
    provider: gr.Dropdown
    stage: gr.Dropdown
    search: gr.Textbox
    state_title: gr.HTML
    state: gr.HTML
    state_csv: gr.DownloadButton
    state_png: gr.HTML
    line_title: gr.HTML
    subject: gr.Dropdown
    line: gr.HTML
    line_csv: gr.DownloadButton
    line_png: gr.HTML
    panel: gr.HTML


def lay_out() -> MarketParts:
    """The tab in French, inside the Tabs that are open; it stands there once there is something to show."""
    strings, said = STRINGS["fr"], MARKET_STRINGS["fr"]
    with (
        gr.Tab(said.tab, id="market", elem_id="tcc-market-tab", visible=False, render_children=True) as tab,
        gr.Row(elem_id="tcc-market"),
    ):
        with gr.Column(scale=3, min_width=0, elem_id="tcc-market-main"):
            state_title = gr.HTML(_title(said.state_title, said.state_says, said))
            with gr.Row(elem_classes="tcc-filters"):
                as_of = gr.Textbox(
                    label=strings.as_of_label,
                    placeholder=strings.as_of_placeholder,
                    max_lines=1,
                    min_width=130,
                    elem_id="tcc-market-as-of",
                )
                provider = _choice(said.provider, [(said.every_provider, "")], "tcc-market-provider")
                stage = _choice(said.stage, [(said.every_stage, "")], "tcc-market-stage")
                search = gr.Textbox(
                    label=said.search,
                    placeholder=said.search_placeholder,
                    max_lines=1,
                    min_width=180,
                    elem_id="tcc-market-search",
                )
                state_csv = _download(said, "tcc-market-csv")
                state_png = gr.HTML(_picture("state", said.png_state, said), elem_classes="tcc-png")
            status = gr.HTML(_status(""), elem_id="tcc-market-status")
            state = gr.HTML(elem_id="tcc-market-state")
            line_title = gr.HTML(_title(said.line_title, "", said))
            with gr.Row(elem_classes="tcc-filters"):
                subject = gr.Dropdown(
                    [], label=said.subject, elem_id="tcc-market-subject", min_width=220, interactive=True
                )
                line_csv = _download(said, "tcc-market-line-csv")
                line_png = gr.HTML(_picture("line", said.png_line, said), elem_classes="tcc-png")
            line = gr.HTML(elem_id="tcc-market-line")
        with gr.Column(scale=1, min_width=0, elem_id="tcc-market-side"):
            panel = gr.HTML(panel_html(said), elem_id="tcc-market-quote")
    return MarketParts(
        tab, as_of, status, provider, stage, search, state_title, state, state_csv, state_png, line_title, subject, line, line_csv, line_png, panel
    )  # fmt: skip


def connect(page: gr.Blocks, parts: MarketParts, language: gr.Radio, handlers: Handlers, exports: Path) -> None:
    """Show it when the page is loaded, and anew whenever a date, a filter, a name or the language is chosen."""
    view, p = MarketView(handlers, parts, exports), parts
    fields = [p.as_of, p.provider, p.stage, p.search, p.subject, language]
    every = [p.tab, p.provider, p.stage, p.subject, p.status, p.state, p.state_csv, p.line, p.line_csv]
    last: dict[str, Any] = {"trigger_mode": "always_last", **_QUIET}
    gr.on([page.load, p.as_of.submit, p.as_of.blur], view.everything, fields, every, **_QUIET)
    shown = [p.status, p.state, p.state_csv]
    gr.on([p.provider.input, p.stage.input, p.search.input], view.state, fields, shown, **last)
    p.subject.input(view.line, fields, [p.line, p.line_csv], **last)
    words = [*labels(p, "fr"), *every]
    language.change(view.speak, fields, list(dict.fromkeys(words)), **_QUIET)


class MarketView:
    """What each event shows. Never raises what reading an index raises: the questions' tab says what is wrong with it."""

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
        p, (strings, said) = self._parts, _words(language)
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
        p, (strings, said), market = self._parts, _words(language), self._overview.market
        found = self._handlers.as_of(as_of or "", strings)
        rows = self._overview.state(self._handlers.today, found.day)
        shown = market_table.chosen(rows, Filters(provider or "", stage or "", text or ""), market)
        html = market_table.table_html(shown, len(rows), market, strings, said) if rows else _nothing(said.as_of_none)
        return {
            p.status: _status(
                said.as_of_active.format(day=_spoken(found.day, strings)) if found.day else found.status,
                valid=found.valid,
            ),
            p.state: html,
            p.state_csv: self._file(market_table.to_csv(shown, market, said), "qualifications", found.day, request),
        }

    def line(
        self, as_of: str, provider: str, stage: str, text: str, subject: str, language: str, request: gr.Request
    ) -> Updates:
        p, (strings, said), market = self._parts, _words(language), self._overview.market
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
        """The file as it would be downloaded now; the browser names its session, so the name is hashed and cannot be a path."""
        folder = self._exports / hashlib.sha256((request.session_hash or "").encode()).hexdigest()
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}-{as_of or self._handlers.today}.csv"
        file.write_text(text, encoding="utf-8", newline="")
        return gr.update(value=str(file), interactive=True)


def labels(parts: MarketParts, language: str) -> Updates:
    """The updates that put every control in a language."""
    p, (strings, said) = parts, _words(language)
    return {
        p.tab: gr.update(label=said.tab),
        p.as_of: gr.update(label=strings.as_of_label, placeholder=strings.as_of_placeholder),
        p.provider: gr.update(label=said.provider),
        p.stage: gr.update(label=said.stage),
        p.search: gr.update(label=said.search, placeholder=said.search_placeholder),
        p.subject: gr.update(label=said.subject),
        p.state_title: _title(said.state_title, said.state_says, said),
        p.line_title: _title(said.line_title, "", said),
        p.state_png: _picture("state", said.png_state, said),
        p.line_png: _picture("line", said.png_line, said),
        p.panel: panel_html(said),
    }


def _words(language: str) -> tuple[Strings, MarketStrings]:
    chosen = "en" if language == "en" else "fr"
    return STRINGS[chosen], MARKET_STRINGS[chosen]


def _chosen(name: str, subjects: Sequence[Subject], providers: Sequence[str]) -> str:
    """What was chosen, while it is there; else what most is told of, of the table's providers where there are any."""
    if name in {subject.name for subject in subjects}:
        return name
    told = max(subjects, key=lambda one: (one.name in providers, one.told), default=None)
    return told.name if told else ""


def _subjects(subjects: Sequence[Subject], said: MarketStrings) -> list[tuple[str, str]]:
    return [(f"{one.name} ({said.kinds.get(one.kind, said.kinds[''])})", one.name) for one in subjects]


def _title(title: str, says: str, said: MarketStrings) -> str:
    """A heading and a line below it."""
    text = f"<p>{escape(says)}</p>" if says else ""
    return f'<div class="tcc-title" lang="{said.language}"><h2>{escape(title)}</h2>{text}</div>'


def _picture(name: str, says: str, said: MarketStrings) -> str:
    """The button that makes a picture of the table or the plot of that name."""
    return (
        f'<button type="button" class="tcc-picture" data-of="tcc-{name}" data-failed="{escape(said.png_failed)}" '
        f'aria-label="{escape(says)}" title="{escape(says)}">{escape(said.png)}</button>'
    )


def _status(text: str, *, valid: bool = True) -> str:
    return f'<p class="tcc-status tcc-{"active" if valid else "warning"}" role="status">{escape(text)}</p>'


def _nothing(text: str) -> str:
    return f'<p class="tcc-nothing">{escape(text)}</p>'


def _spoken(day: date, strings: Strings) -> str:
    return spoken_day(day, strings.language)


def _choice(label: str, choices: list[tuple[str, str]], name: str) -> gr.Dropdown:
    return gr.Dropdown(choices, value="", label=label, elem_id=name, min_width=130, interactive=True, filterable=True)


def _download(said: MarketStrings, name: str) -> gr.DownloadButton:
    return gr.DownloadButton(said.csv, size="sm", scale=0, min_width=0, interactive=False, elem_id=name)

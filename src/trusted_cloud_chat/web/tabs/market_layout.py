"""The components of the tab « Marché », where they stand, and what each is worth in a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.fields import date_field, text_field
from trusted_cloud_chat.web.status import status_html
from trusted_cloud_chat.web.strings import STRINGS, Strings
from trusted_cloud_chat.web.tabs.listing import title_html
from trusted_cloud_chat.web.tabs.market_quotes import panel_html
from trusted_cloud_chat.web.tabs.market_strings import MARKET_STRINGS, MarketStrings

Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class MarketParts:
    """Every component that a handler of this tab reads or writes."""

    tab: gr.Tab
    news_title: gr.HTML
    since: gr.Textbox
    as_of: gr.Textbox
    status: gr.HTML
    news: gr.HTML
    state_title: gr.HTML
    provider: gr.Dropdown
    stage: gr.Dropdown
    search: gr.Textbox
    state_csv: gr.DownloadButton
    state: gr.HTML
    line_title: gr.HTML
    subject: gr.Dropdown
    line_csv: gr.DownloadButton
    line: gr.HTML
    panel: gr.HTML


def lay_out() -> MarketParts:
    """The tab in French, inside the Tabs that are open; it stands there once the index can be read."""
    strings, said = STRINGS["fr"], MARKET_STRINGS["fr"]
    with (
        gr.Tab(said.tab, id="market", elem_id="tcc-market-tab", visible=False, render_children=True) as tab,
        gr.Row(elem_id="tcc-market"),
    ):
        with gr.Column(scale=3, min_width=0, elem_id="tcc-market-main"):
            news_title = gr.HTML(title_html(said.changes_title, said.changes_says, said.language))
            with gr.Row(elem_classes="tcc-fields"):
                since = date_field(said.since, said.since_hint, "tcc-market-since")
                as_of = date_field(strings.as_of_label, strings.as_of_placeholder, "tcc-market-as-of")
            status = gr.HTML(status_html("", name="tcc-market-says"), elem_id="tcc-market-status")
            news = gr.HTML(elem_id="tcc-market-news")
            state_title = gr.HTML(title_html(said.state_title, said.state_says, said.language))
            with gr.Row(elem_classes="tcc-fields"):
                provider = _choice(said.provider, [(said.every_provider, "")], "tcc-market-provider")
                stage = _choice(said.stage, [(said.every_stage, "")], "tcc-market-stage")
                search = text_field(said.search, said.search_placeholder, "tcc-market-search")
                state_csv = _download(said, "tcc-market-csv")
            state = gr.HTML(elem_id="tcc-market-state")
            line_title = gr.HTML(title_html(said.line_title, said.line_says, said.language))
            with gr.Row(elem_classes="tcc-fields"):
                subject = _choice(said.subject, [], "tcc-market-subject")
                line_csv = _download(said, "tcc-market-line-csv")
            line = gr.HTML(elem_id="tcc-market-line")
        with gr.Column(scale=1, min_width=0, elem_id="tcc-market-side"):
            panel = gr.HTML(panel_html(said), elem_id="tcc-market-quote")
    return MarketParts(
        tab, news_title, since, as_of, status, news, state_title, provider, stage, search, state_csv, state, line_title, subject, line_csv, line, panel
    )  # fmt: skip


def labels(parts: MarketParts, language: str) -> Updates:
    """The updates that put every control in a language."""
    p, (strings, said) = parts, words_of(language)
    return {
        p.tab: gr.update(label=said.tab),
        p.since: gr.update(label=said.since, placeholder=said.since_hint),
        p.as_of: gr.update(label=strings.as_of_label, placeholder=strings.as_of_placeholder),
        p.provider: gr.update(label=said.provider),
        p.stage: gr.update(label=said.stage),
        p.search: gr.update(label=said.search, placeholder=said.search_placeholder),
        p.subject: gr.update(label=said.subject),
        p.news_title: title_html(said.changes_title, said.changes_says, said.language),
        p.state_title: title_html(said.state_title, said.state_says, said.language),
        p.line_title: title_html(said.line_title, said.line_says, said.language),
        p.panel: panel_html(said),
    }


def words_of(language: str) -> tuple[Strings, MarketStrings]:
    chosen: Language = "en" if language == "en" else "fr"
    return STRINGS[chosen], MARKET_STRINGS[chosen]


def _choice(label: str, choices: list[tuple[str, str]], name: str) -> gr.Dropdown:
    return gr.Dropdown(
        choices, value="" if choices else None, label=label, elem_id=name, min_width=130, interactive=True
    )


def _download(said: MarketStrings, name: str) -> gr.DownloadButton:
    return gr.DownloadButton(said.csv, size="sm", scale=0, min_width=0, interactive=False, elem_id=name)

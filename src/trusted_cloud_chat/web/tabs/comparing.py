"""The tab « Comparer »: its components and its events. Behaviour is in `comparison.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.comparing import Compared
from trusted_cloud_chat.web.fields import choice, date_field, session_folder
from trusted_cloud_chat.web.status import QUIET, language_of
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs.comparing_strings import COMPARING_STRINGS
from trusted_cloud_chat.web.tabs.comparison import MOST, Comparing, invitation_html, searching_html, to_csv
from trusted_cloud_chat.web.tabs.corpus import TO_ARTICLE, TO_ROW
from trusted_cloud_chat.web.tabs.listing import ACTIONS, title_html


@dataclass(frozen=True, slots=True)
class ComparingParts:
    """Every component that an event reads or writes."""

    tab: gr.Tab
    intro: gr.HTML
    names: gr.Dropdown
    criteria: gr.Dropdown
    as_of: gr.Textbox
    compare: gr.Button
    csv: gr.DownloadButton
    table: gr.HTML
    side: gr.Column
    article: gr.HTML
    compared: gr.State


def lay_out_comparing(*, offered: bool) -> ComparingParts:
    """The tab in French, inside the `gr.Tabs` that is open; hidden until there is something to compare.

    It stands last: Gradio 6.31 draws a tab twice that comes after one which is shown later.
    """
    own = COMPARING_STRINGS["fr"]
    with (
        gr.Tab(own.tab, id="compare", visible=offered, elem_id="tcc-compare-tab") as tab,
        gr.Row(elem_id="tcc-compare"),
    ):
        with gr.Column(scale=3, elem_id="tcc-comparing"):
            intro = gr.HTML(title_html(own.title, own.intro, "fr"))
            with gr.Row(elem_id="tcc-picked", elem_classes="tcc-fields"):
                names = choice(own.names, "tcc-names-compared", max_choices=MOST, elem_classes=["tcc-choose"])
                criteria = choice(own.criteria, "tcc-criteria", elem_classes=["tcc-choose"])
                as_of = date_field(own.as_of, own.as_of_hint, "tcc-compare-as-of")
            with gr.Row(elem_classes="tcc-buttons"):
                compare = gr.Button(
                    own.compare, variant="primary", size="sm", scale=0, min_width=0, elem_id="tcc-compare-now"
                )
                csv = gr.DownloadButton(
                    own.csv, size="sm", scale=0, min_width=0, interactive=False, elem_id="tcc-compare-csv"
                )
            table = gr.HTML("", js_on_load=ACTIONS, apply_default_css=False, elem_id="tcc-compared")
        with gr.Column(scale=2, visible=False, elem_id="tcc-quoting") as side:
            article = gr.HTML("", js_on_load=ACTIONS, apply_default_css=False, elem_id="tcc-quoted")
    return ComparingParts(tab, intro, names, criteria, as_of, compare, csv, table, side, article, gr.State(None))


class ComparingTab:
    """Events to behaviour to components."""

    def __init__(self, parts: ComparingParts, comparing: Comparing, exports: Path) -> None:
        self._parts, self._comparing, self._exports = parts, comparing, exports

    def connect(self, shown: list[Any], language: gr.Radio) -> None:
        """`shown` are events at which somebody comes to look."""
        p = self._parts
        asked = [p.names, p.criteria, p.as_of, language]
        compare: dict[str, Any] = {"concurrency_id": "compare", **QUIET}
        made = [p.table, p.compared, p.csv, p.side, p.article]
        gr.on([*shown, p.tab.select], self._greet, [p.criteria, p.compared, language], self.labelled, **QUIET)
        p.names.input(self._usual, [p.names, p.criteria], p.criteria, **QUIET)
        gr.on([p.compare.click, p.as_of.submit], self._compare, asked, made, **compare)
        taken = p.table.submit(self._take, language, [p.names, p.criteria, p.as_of], **QUIET)
        taken.then(self._compare, asked, made, **compare)
        opened = p.table.select(self._open, [p.compared, language], [p.side, p.article], **QUIET)
        opened.then(None, js=TO_ARTICLE, **QUIET)
        closed = p.article.clear(lambda: (gr.update(visible=False), ""), None, [p.side, p.article], **QUIET)
        closed.then(None, js=TO_ROW, **QUIET)
        language.change(self._greet, [p.criteria, p.compared, language], self.labelled, **QUIET)

    @property
    def labelled(self) -> list[Any]:
        """What `_greet` updates."""
        p = self._parts
        return [p.tab, p.intro, p.names, p.criteria, p.as_of, p.compare, p.csv, p.table]

    def _greet(self, criteria: list[str] | None, compared: Compared | None, language: str) -> list[Any]:
        """What can be compared now, in a language; what has been compared stays in the language that it was asked in."""
        spoken = language_of(language)
        own, offered = COMPARING_STRINGS[spoken], self._comparing.offered
        kept = criteria or (self._comparing.usual([]) if offered else [])
        return [
            gr.update(label=own.tab, visible=offered),
            title_html(own.title, own.intro, spoken),
            gr.update(label=own.names, choices=self._comparing.names() if offered else []),
            gr.update(label=own.criteria, choices=self._comparing.criteria(spoken), value=kept),
            gr.update(label=own.as_of, placeholder=own.as_of_hint),
            gr.update(value=own.compare),
            gr.update(label=own.csv),
            gr.skip() if compared else invitation_html(self._comparing.pairs() if offered else [], spoken),
        ]

    def _take(self, language: str, event: gr.EventData) -> list[Any]:
        """A pair that was offered, to be compared by what is usual for it."""
        pairs = {str(place): list(pair) for place, pair in enumerate(self._comparing.pairs())}
        names = pairs.get(str(event._data.get("place")), [])
        return [names, self._comparing.usual(names), ""]

    def _usual(self, names: list[str] | None, criteria: list[str] | None) -> Any:
        """The criteria of what is chosen, where nothing of them fits it."""
        usual = self._comparing.usual(names or [])
        return gr.skip() if set(usual) & set(criteria or ()) else usual

    def _compare(
        self, names: list[str], criteria: list[str], as_of: str, language: str, request: gr.Request
    ) -> Iterator[list[Any]]:
        spoken = language_of(language)
        searching = searching_html(len(names or ()), len(criteria or ()), spoken)
        yield [searching, None, gr.update(interactive=False), gr.update(visible=False), ""]
        made = self._comparing.compare(names or [], criteria or [], as_of or "", spoken)
        file = None
        if made.compared is not None and made.compared.citations:
            file = (
                session_folder(self._exports, request) / f"{COMPARING_STRINGS[spoken].file}-{date.today():%Y-%m-%d}.csv"
            )
            file.write_text(to_csv(made.compared, spoken), encoding="utf-8", newline="")
        download = gr.update(value=str(file) if file else None, interactive=file is not None)
        yield [made.html, made.compared, download, gr.update(visible=False), ""]

    def _open(self, compared: Compared | None, language: str, event: gr.EventData) -> tuple[Any, str]:
        html = self._comparing.quote(compared, str(event._data.get("n")), STRINGS[language_of(language)])
        return gr.update(visible=bool(html)), html

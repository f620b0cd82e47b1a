"""The tab « Comparer »: its components and its events. Behaviour is in `comparison.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.fields import choice, date_field, session_folder
from trusted_cloud_chat.web.status import LATEST, QUIET, language_of
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs.comparing_strings import COMPARING_STRINGS
from trusted_cloud_chat.web.tabs.comparison import MOST, Comparing, Comparison, invitation_html, searching_html, to_csv
from trusted_cloud_chat.web.tabs.corpus import TO_ARTICLE, TO_ROW
from trusted_cloud_chat.web.tabs.listing import ACTIONS, title_html

_UNWARN = "() => document.querySelector('#tcc-compared .tcc-warning')?.remove()"


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
    made: gr.State
    """The `Comparison` that is shown; None where nothing is compared."""
    opened: gr.State
    """The number of the quote whose article is open."""


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
    return ComparingParts(
        tab, intro, names, criteria, as_of, compare, csv, table, side, article, gr.State(None), gr.State("")
    )


class ComparingTab:
    """Events to behaviour to components."""

    def __init__(self, parts: ComparingParts, comparing: Comparing, exports: Path) -> None:
        self._parts, self._comparing, self._exports = parts, comparing, exports

    def connect(self, shown: list[Any], language: gr.Radio) -> None:
        """`shown` are events at which somebody comes to look."""
        p = self._parts
        asked = [p.names, p.criteria, p.as_of, language]
        compare: dict[str, Any] = {"concurrency_id": "compare", **QUIET}
        beside = [p.side, p.article, p.opened]
        made = [p.table, p.made, p.csv, *beside]
        gr.on([*shown, p.tab.select], self._greet, [p.criteria, p.made, language], self.labelled, **QUIET)
        p.names.input(self._usual, [p.names, p.criteria], p.criteria, **LATEST)
        # What was wrong with it may not be any more.
        gr.on([p.names.input, p.criteria.input, p.as_of.input], js=_UNWARN, **QUIET)
        gr.on([p.compare.click, p.as_of.submit], self._compare, asked, made, **compare)
        taken = p.table.submit(self._take, language, [p.names, p.criteria, p.as_of], **QUIET)
        taken.then(self._compare, asked, made, **compare)
        opened = p.table.select(self._open, [p.made, language], beside, **QUIET)
        opened.then(None, js=TO_ARTICLE, **QUIET)
        closed = p.article.clear(lambda: (gr.update(visible=False), "", ""), None, beside, **QUIET)
        closed.then(None, js=TO_ROW, **QUIET)
        spoken = [*self.labelled, p.made, p.article]
        language.change(self._speak, [p.criteria, p.made, p.opened, language], spoken, **QUIET)

    @property
    def labelled(self) -> list[Any]:
        """What `_greet` updates."""
        p = self._parts
        return [p.tab, p.intro, p.names, p.criteria, p.as_of, p.compare, p.csv, p.table]

    def _greet(self, criteria: list[str] | None, made: Comparison | None, language: str) -> list[Any]:
        """What can be compared now, in a language."""
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
            gr.skip() if made else invitation_html(self._comparing.pairs() if offered else [], spoken),
        ]

    def _speak(
        self, criteria: list[str] | None, made: Comparison | None, opened: str, language: str, request: gr.Request
    ) -> list[Any]:
        """The tab in a language, with what was compared and the article that is open."""
        spoken, greeted = language_of(language), self._greet(criteria, made, language)
        if made is None:
            return [*greeted, gr.skip(), gr.skip()]
        made = self._comparing.spoken(made, spoken)
        csv = {**greeted[-2], **self._file(made, spoken, request)}
        article = self._comparing.quote(made.compared, opened, STRINGS[spoken]) if opened else gr.skip()
        return [*greeted[:-2], csv, made.html, made, article]

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
        spoken, closed = language_of(language), [gr.update(visible=False), "", ""]
        searching = searching_html(len(names or ()), len(criteria or ()), spoken)
        yield [searching, None, gr.update(interactive=False), *closed]
        made = self._comparing.compare(names or [], criteria or [], as_of or "", spoken)
        yield [made.html, made if made.compared else None, self._file(made, spoken, request), *closed]

    def _file(self, made: Comparison, spoken: Language, request: gr.Request) -> Any:
        """What was compared, as it would be downloaded now."""
        if made.compared is None or not made.compared.citations:
            return gr.update(value=None, interactive=False)
        name = f"{COMPARING_STRINGS[spoken].file}-{date.today():%Y-%m-%d}.csv"
        file = session_folder(self._exports, request) / name
        file.write_text(to_csv(made.compared, spoken), encoding="utf-8", newline="")
        return gr.update(value=str(file), interactive=True)

    def _open(self, made: Comparison | None, language: str, event: gr.EventData) -> tuple[Any, str, str]:
        number, strings = str(event._data.get("n")), STRINGS[language_of(language)]
        html = self._comparing.quote(made.compared if made else None, number, strings)
        return gr.update(visible=bool(html)), html, number

"""The tab « Corpus »: its components and its events. Behaviour is in `looking.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.fields import choice, date_field, text_field
from trusted_cloud_chat.web.status import LATEST, QUIET, language_of
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs.corpus_strings import CORPUS_STRINGS
from trusted_cloud_chat.web.tabs.listing import ACTIONS, title_html
from trusted_cloud_chat.web.tabs.looking import Fields, Looking, View, since_label

Opened = tuple[str, str]
TO_ARTICLE = """() => requestAnimationFrame(() => {
  const panel = [...document.querySelectorAll('.tcc-open')].find(one => one.checkVisibility());
  panel?.querySelector('[data-heading]')?.focus({preventScroll: true});
  (panel?.querySelector('mark') ?? panel)?.scrollIntoView({block: panel.querySelector('mark') ? 'center' : 'nearest'});
})"""
"""The keyboard goes to what was opened, and the page to the quote in it."""
TO_ROW = "() => requestAnimationFrame(() => document.getElementById(window.tccOpenedBy)?.focus())"


@dataclass(frozen=True, slots=True)
class CorpusParts:
    """Every component that an event reads or writes."""

    tab: gr.Tab
    heading: gr.HTML
    view: gr.State
    words: gr.Textbox
    first: gr.Textbox
    last: gr.Textbox
    types: gr.Dropdown
    names: gr.Dropdown
    since: gr.Checkbox
    clear: gr.Button
    listing: gr.HTML
    side: gr.Column
    article: gr.HTML
    opened: gr.State
    """The id of the article that is open, and the words that were searched; None where none is."""

    @property
    def fields(self) -> list[Any]:
        """In the order of `Fields`."""
        return [self.words, self.first, self.last, self.types, self.names, self.since]


def lay_out_corpus(above: Callable[[], None] = lambda: None) -> CorpusParts:
    """The tab in French, inside the `gr.Tabs` that is open; `above` lays out what stands over the list."""
    own = CORPUS_STRINGS["fr"]
    with gr.Tab(own.tab, id="corpus", elem_id="tcc-corpus-tab") as tab, gr.Row(elem_id="tcc-corpus"):
        view, shown = gr.State(View()), gr.State(None)
        with gr.Column(scale=3, elem_id="tcc-held"):
            heading = gr.HTML(title_html(own.heading, own.quotable_means, "fr"))
            above()
            with gr.Row(elem_id="tcc-held-filters", elem_classes="tcc-fields"):
                words = text_field(own.search, own.search_hint, "tcc-search")
                first = date_field(own.first, own.period_hint, "tcc-held-first")
                last = date_field(own.last, own.period_hint, "tcc-held-last")
                types = choice(own.types, "tcc-types")
                names = choice(own.names, "tcc-names")
            with gr.Row(elem_id="tcc-filtered"):
                since = gr.Checkbox(label="", visible=False, container=False, elem_id="tcc-since", min_width=0)
                clear = gr.Button(own.clear, size="sm", scale=0, min_width=0, visible=False, elem_id="tcc-clear")
            listing = gr.HTML("", js_on_load=ACTIONS, apply_default_css=False, elem_id="tcc-listing")
        with gr.Column(scale=2, visible=False, elem_id="tcc-held-open") as side:
            article = gr.HTML("", js_on_load=ACTIONS, apply_default_css=False, elem_id="tcc-reader")
    return CorpusParts(
        tab, heading, view, words, first, last, types, names, since, clear, listing, side, article, shown
    )


class CorpusTab:
    """Events to behaviour to components."""

    def __init__(self, parts: CorpusParts, looking: Looking) -> None:
        self._parts, self._looking = parts, looking

    def connect(self, language: gr.Radio, visit: gr.BrowserState) -> None:
        """`language` is the page's, `visit` what the browser remembers."""
        p = self._parts
        looked = [*p.fields, p.view, visit, language]
        p.tab.select(self.refreshed, looked, self.shown, **QUIET)
        gr.on([p.words.change, p.first.submit, p.first.blur, p.last.submit, p.last.blur, p.types.input, p.names.input,
               p.since.input], self._filter, looked, [p.view, p.listing, p.clear], **LATEST)  # fmt: skip
        p.listing.apply(self._sort, looked, [p.view, p.listing], **QUIET).then(None, js=TO_ROW, **QUIET)
        p.listing.expand(self._more, looked, [p.view, p.listing], **QUIET).then(None, js=TO_ROW, **QUIET)
        p.clear.click(self._clear, [visit, language], [*p.fields, p.view, p.listing, p.clear], **QUIET)
        beside = [p.side, p.article, p.opened]
        opened = p.listing.select(self._open, [p.words, language], beside, **QUIET)
        opened.then(None, js=TO_ARTICLE, **QUIET)
        closed = p.article.clear(lambda: (gr.update(visible=False), "", None), None, beside, **QUIET)
        closed.then(None, js=TO_ROW, **QUIET)
        language.change(self._speak, [p.opened, *looked], [*self.labelled, *self.shown, p.article], **QUIET)

    @property
    def shown(self) -> list[Any]:
        """What `refreshed` updates."""
        p = self._parts
        return [p.types, p.names, p.since, p.listing]

    @property
    def labelled(self) -> list[Any]:
        p = self._parts
        return [p.tab, p.heading, p.words, p.first, p.last, p.clear]

    def refreshed(self, *given: Any) -> list[Any]:
        """What is held now; it may have grown since the tab was last looked at."""
        fields, view, remembered, language = _read(given)
        own, label = CORPUS_STRINGS[language], since_label(remembered, language)
        types, names = self._looking.choices(language)
        return [
            gr.update(choices=types, label=own.types),
            gr.update(choices=names, label=own.names),
            gr.update(label=label, visible=bool(label)),
            self._looking.listing(fields, view, remembered, language),
        ]

    def _filter(self, *given: Any) -> tuple[View, str, Any]:
        fields, view, remembered, language = _read(given)
        view = View(view.sort, view.descending)
        html = self._looking.listing(fields, view, remembered, language)
        return view, html, gr.update(visible=fields != Fields())

    def _sort(self, event: gr.EventData, *given: Any) -> tuple[View, str]:
        fields, view, remembered, language = _read(given)
        view = view.by(event._data.get("key"))
        return view, self._looking.listing(fields, view, remembered, language)

    def _more(self, *given: Any) -> tuple[View, str]:
        fields, view, remembered, language = _read(given)
        view = view.wider()
        return view, self._looking.listing(fields, view, remembered, language)

    def _clear(self, remembered: Any, language: str) -> list[Any]:
        html = self._looking.listing(Fields(), View(), remembered, language_of(language))
        return ["", "", "", [], [], False, View(), html, gr.update(visible=False)]

    def _open(self, words: str, language: str, event: gr.EventData) -> tuple[Any, str, Opened]:
        opened = (str(event._data.get("article")), words or "")
        return gr.update(visible=True), self._article(opened, language_of(language)), opened

    def _article(self, opened: Opened, language: Language) -> str:
        return self._looking.article(opened[0], STRINGS[language], words=opened[1])

    def _speak(self, opened: Opened | None, *given: Any) -> list[Any]:
        """The tab in the chosen language, and what is open in it."""
        spoken = language_of(str(given[-1]))
        own = CORPUS_STRINGS[spoken]
        fields = [(own.search, own.search_hint), (own.first, own.period_hint), (own.last, own.period_hint)]
        labels = [gr.update(label=label, placeholder=hint) for label, hint in fields]
        named = [
            gr.update(label=own.tab),
            title_html(own.heading, own.quotable_means, spoken),
            *labels,
            gr.update(value=own.clear),
        ]
        return [*named, *self.refreshed(*given), self._article(opened, spoken) if opened else gr.skip()]


def _read(given: tuple[Any, ...]) -> tuple[Fields, View, Any, Language]:
    *fields, view, remembered, language = given
    words, first, last, types, names, since = fields
    filled = Fields(words or "", first or "", last or "", tuple(types or ()), tuple(names or ()), bool(since))
    return filled, view if isinstance(view, View) else View(), remembered, language_of(str(language))

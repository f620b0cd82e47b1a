"""The filters of a question: their fields, and the line that always says what is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.fields import date_field
from trusted_cloud_chat.web.filters import NO_FILTERS, Choices, Filters, said
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.status import LATEST, QUIET, language_of, status_html
from trusted_cloud_chat.web.strings import STRINGS, Strings

_NONE = ("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Filtering:
    """Components."""

    box: gr.Accordion
    first: gr.Textbox
    last: gr.Textbox
    kind: gr.Dropdown
    about: gr.Dropdown
    line: gr.HTML
    clear: gr.Button

    @property
    def chosen(self) -> list[Any]:
        """In the order of `Filters`, after its day."""
        return [self.first, self.last, self.kind, self.about]


def lay_out_set(strings: Strings) -> tuple[gr.HTML, gr.Button]:
    """The line that says what is set, and the button that clears it."""
    with gr.Row(elem_id="tcc-set"):
        line = gr.HTML(line_html(Filters(), strings.language), elem_id="tcc-set-line")
        clear = gr.Button(strings.filter_clear, size="sm", scale=0, min_width=0, visible=False, elem_id="tcc-set-clear")
    return line, clear


def lay_out_filters(strings: Strings, line: gr.HTML, clear: gr.Button) -> tuple[Filtering, gr.Textbox]:
    """The fields in the Blocks that is open, and the one of the day. `line` and `clear` stand beside the question."""
    with gr.Accordion(strings.filters, open=False, elem_id="tcc-filters") as box, gr.Row():
        as_of = date_field(strings.as_of_label, strings.as_of_placeholder, "tcc-as-of")
        first = date_field(strings.filter_first_label, strings.as_of_placeholder, "tcc-first")
        last = date_field(strings.filter_last_label, strings.as_of_placeholder, "tcc-last")
        kind = gr.Dropdown(
            [(strings.filter_any, "")],
            value="",
            label=strings.filter_kind_label,
            filterable=False,
            elem_id="tcc-kind",
            min_width=120,
        )
        about = gr.Dropdown(
            [(strings.filter_any, "")], value="", label=strings.filter_about_label, elem_id="tcc-about", min_width=120
        )
    return Filtering(box, first, last, kind, about, line, clear), as_of


def filter_labels(parts: Filtering, strings: Strings) -> dict[Any, Any]:
    hint = strings.as_of_placeholder
    return {
        parts.box: gr.update(label=strings.filters),
        parts.first: gr.update(label=strings.filter_first_label, placeholder=hint),
        parts.last: gr.update(label=strings.filter_last_label, placeholder=hint),
        parts.clear: gr.update(value=strings.filter_clear),
    }


def choices_shown(parts: Filtering, choices: Choices, strings: Strings) -> dict[Any, Any]:
    """What can be chosen in the index that is there now; a kind of source only where there are several."""
    kinds, names = choices
    anything = [(strings.filter_any, "")]
    spoken = [(strings.source_types.get(kind, kind), kind) for kind in kinds]
    return {
        parts.kind: gr.update(choices=anything + spoken, label=strings.filter_kind_label, visible=len(kinds) > 1),
        parts.about: gr.update(
            choices=anything + [(name, name) for name in names], label=strings.filter_about_label, visible=bool(names)
        ),
    }


def line_html(filters: Filters, language: Language) -> str:
    """What is set beside the day, in one line that screen readers announce; empty where nothing is."""
    strings = STRINGS[language]
    try:
        told = said(filters.scope(), strings)
    except ValueError:
        return status_html(strings.filter_wrong, "warning", name="tcc-set-says")
    return status_html(f"{strings.filter_set} {' · '.join(told)}" if told else "", "active", name="tcc-set-says")


class FilterEvents:
    """What is set is said, and cleared at once."""

    def __init__(
        self, handlers: Handlers, as_of: gr.Textbox, parts: Filtering, language: gr.Radio, status: gr.HTML
    ) -> None:
        self._handlers = handlers
        told = [parts.line, parts.clear, status]
        typed = [event for field in (as_of, parts.first, parts.last) for event in (field.submit, field.blur)]
        chosen = [as_of, *parts.chosen]
        gr.on(
            [*typed, parts.kind.input, parts.about.input], self._told, [*chosen, language], told, queue=False, **LATEST
        )
        parts.clear.click(self._cleared, language, [*chosen, *told], queue=False, **QUIET)

    def as_of(self, text: str, language: Language) -> str:
        """What the field of the day says, below it."""
        found = self._handlers.as_of(text or "", STRINGS[language])
        return status_html(found.status, "active" if found.valid else "warning", name="tcc-as-of-says")

    def _told(
        self, as_of: str, first: str, last: str, kind: str | None, about: str | None, language: str
    ) -> tuple[str, Any, str]:
        filters, spoken = Filters.of(as_of, first, last, kind, about), language_of(language)
        shown = gr.update(visible=filters != NO_FILTERS)
        return line_html(filters, spoken), shown, self.as_of(as_of, spoken)

    def _cleared(self, language: str) -> tuple[Any, ...]:
        return (*_NONE, *self._told(*_NONE, language))

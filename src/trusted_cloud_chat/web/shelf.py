"""The list of conversations on the page, and the components that carry what its scripts ask for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.strings import Strings


@dataclass(frozen=True, slots=True)
class Talks:
    """Components. Those without a place on the page carry what scripts ask for and get."""

    name: gr.State
    """Of the conversation that is open; empty before its first answer."""
    editing: gr.State
    """Whether the next question takes the place of the last."""
    shelf: gr.HTML
    toggle: gr.Button
    """Shows the list where it has no place of its own."""
    skip: gr.HTML
    theme: gr.Button
    words: gr.HTML
    """The texts of the scripts, in the language of the page."""
    kept: gr.Textbox
    wanted: gr.Textbox
    given: gr.Textbox
    put_back: gr.Textbox
    """The question that failed or was stopped, on its way back to the field."""
    reopen: gr.Button
    again: gr.Button
    edit: gr.Button
    copy: gr.Button
    rate: gr.Button


def lay_out_talks(strings: Strings, shelf: gr.HTML, toggle: gr.Button, skip: gr.HTML, theme: gr.Button) -> Talks:
    """What is on the page and not seen, inside the Blocks that is open; `shelf` is the list."""
    words = gr.HTML(words_html(strings), elem_id="tcc-words")
    kept, wanted, given, put_back = (gr.Textbox(visible="hidden", show_label=False) for _ in range(4))
    reopen, again, edit, copy, rate = (
        gr.Button(visible="hidden", elem_id=f"tcc-do-{name}") for name in ("reopen", "again", "edit", "copy", "rate")
    )
    return Talks(
        gr.State(""), gr.State(False), shelf, toggle, skip, theme, words, kept, wanted, given, put_back, reopen, again, edit,
        copy, rate,
    )  # fmt: skip


def talk_labels(talks: Talks, strings: Strings) -> dict[Any, Any]:
    return {
        talks.shelf: shelf_html(strings),
        talks.toggle: gr.update(value=strings.talks),
        talks.words: words_html(strings),
        talks.skip: skip_html(strings),
        talks.theme: gr.update(value=strings.theme),
    }


def words_html(strings: Strings) -> str:
    """The texts of the scripts as data."""
    said = {**strings.scripts, "right": strings.choices["right"]}
    return f'<div id="tcc-said" hidden data-said="{escape(json.dumps(said, ensure_ascii=False))}"></div>'


def skip_html(strings: Strings) -> str:
    """The first thing that a keyboard reaches."""
    return f'<a class="tcc-skip" href="#tcc-question">{escape(strings.skip)}</a>'


def shelf_html(strings: Strings) -> str:
    """The list of conversations, to be filled by the page: only the browser knows whose they are."""
    return (
        f'<nav class="tcc-shelf" aria-labelledby="tcc-shelf-title">'
        f'<button type="button" class="tcc-shelf-close">{escape(strings.close)}</button><h2 id="tcc-shelf-title">{escape(strings.talks)}</h2>'
        f'<input type="search" class="tcc-shelf-search" aria-label="{escape(strings.search)}" placeholder="{escape(strings.search_short)}">'
        f'<ul class="tcc-shelf-list"></ul><p class="tcc-shelf-none">{escape(strings.none_yet)}</p>'
        f'<p class="tcc-shelf-foot">{escape(strings.kept_here)}</p></nav>'
    )

"""The page's components, where they stand, and what each is worth in a language. Behaviour is in `page.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import gradio as gr

from trusted_cloud_chat.schema import Coverage, Language
from trusted_cloud_chat.web.conversation import Exchange, Problem
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.handlers import coverage_text
from trusted_cloud_chat.web.rendering import problem_html
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.strings import FRENCH, Strings
from trusted_cloud_chat.web.switch import Switch, lay_out_switch, small_choice
from trusted_cloud_chat.web.voices import Voices

TITLE = "Trusted Cloud Chat"
WHOLE = 0
"""The scope of an export that is the whole conversation; any other is the number of an answer."""
_MOST_OF_A_QUESTION = 60
"""Characters of a question in a list of answers."""
_LANGUAGES: list[tuple[str, str]] = [("Français", "fr"), ("English", "en")]


@dataclass(frozen=True, slots=True)
class Parts:
    """Every component that a handler reads or writes."""

    exchanges: gr.State
    header: gr.HTML
    language: gr.Radio
    privacy: gr.HTML
    heading: gr.HTML
    welcome: gr.Column
    welcome_text: gr.HTML
    examples: list[gr.Button]
    visit: gr.BrowserState
    news: gr.HTML
    chatbot: gr.Chatbot
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    switch: Switch
    hint: gr.HTML
    as_of: gr.Textbox
    as_of_status: gr.HTML
    new: gr.Button
    scope: gr.Dropdown
    markdown: gr.DownloadButton
    json: gr.DownloadButton
    panel: gr.HTML
    questions: gr.Tab


def lay_out(
    coverage: Coverage | Problem, notice: str | None, voices: Voices, beside: Callable[[], None] = lambda: None
) -> Parts:
    """The components in French, inside the Blocks that is open; `beside` lays out further tabs."""
    strings = FRENCH
    exchanges = gr.State(())
    # Fixed, so that it outlives the server: nothing in it is to be kept from whoever uses this browser.
    visit = gr.BrowserState(storage_key="tcc-visit", secret="tcc-visit")  # noqa: S106
    with gr.Row(elem_id="tcc-top"):
        header = gr.HTML(header_html(coverage, strings, local=notice is None), elem_id="tcc-header")
        language = gr.Radio(
            _LANGUAGES, value="fr", label=strings.interface_language, elem_id="tcc-language", container=False
        )
    privacy = gr.HTML(notice_html(notice), visible=notice is not None, elem_id="tcc-privacy")
    with gr.Tabs(elem_id="tcc-tabs"):
        with (
            gr.Tab(strings.questions_tab, id="questions", elem_id="tcc-questions-tab") as questions,
            gr.Row(elem_id="tcc-columns"),
        ):
            with gr.Column(scale=3, elem_id="tcc-talk"):
                heading = gr.HTML(heading_html(strings), elem_id="tcc-heading")
                with gr.Column(elem_id="tcc-welcome") as welcome:
                    welcome_text = gr.HTML(welcome_html(coverage, strings, written=voices.usual == "written"))
                    examples, news = _invitation(strings)
                chatbot = _chatbot(strings)
                question, send, stop = _composer(strings)
                switch = lay_out_switch(voices, strings)
                hint = gr.HTML(status_html(""), elem_id="tcc-hint")
                as_of, as_of_status, new, scope, markdown, json = _tools(strings)
            with gr.Column(scale=2, elem_id="tcc-side"):
                panel = gr.HTML(panel_html((), strings), elem_id="tcc-panel")
        beside()
    return Parts(
        exchanges, header, language, privacy, heading, welcome, welcome_text, examples, visit, news, chatbot, question, send, stop, switch, hint,
        as_of, as_of_status, new, scope, markdown, json, panel, questions,
    )  # fmt: skip


def _chatbot(strings: Strings) -> gr.Chatbot:
    return gr.Chatbot(
        visible=False,
        label=strings.conversation,
        show_label=False,
        elem_id="tcc-chat",
        height="100%",
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        layout="panel",
        group_consecutive_messages=False,
        autoscroll=False,  # to the end of an answer; `page.js` goes to its beginning
    )


def _invitation(strings: Strings) -> tuple[list[gr.Button], gr.HTML]:
    """What can be asked, and what is new."""
    with gr.Row(elem_id="tcc-examples"):
        examples = [gr.Button(text, size="sm", min_width=0) for text in strings.examples]
    return examples, gr.HTML(visible=False, elem_id="tcc-news")


def _composer(strings: Strings) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="tcc-composer"):
        question = gr.Textbox(
            label=strings.question_label,
            placeholder=strings.question_placeholder,
            elem_id="tcc-question",
            lines=1,
            max_lines=6,
            autofocus=True,
            scale=1,
            html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
        )
        send = gr.Button(strings.send, variant="primary", scale=0, min_width=0, elem_id="tcc-send")
        stop = gr.Button(strings.stop, variant="stop", scale=0, min_width=0, visible=False, elem_id="tcc-stop")
    return question, send, stop


def _tools(
    strings: Strings,
) -> tuple[gr.Textbox, gr.HTML, gr.Button, gr.Dropdown, gr.DownloadButton, gr.DownloadButton]:
    as_of_status = gr.HTML(status_html("", name="tcc-as-of-says"), elem_id="tcc-as-of-status")
    with gr.Row(elem_id="tcc-tools"):
        as_of = gr.Textbox(
            label=strings.as_of_label,
            placeholder=strings.as_of_placeholder,
            elem_id="tcc-as-of",
            max_lines=1,
            scale=0,
            min_width=0,
            html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="done"),
        )
        new = gr.Button(strings.new_conversation, size="sm", scale=0, min_width=0, elem_id="tcc-new")
        scope = small_choice(scopes((), strings), strings.export_scope, "tcc-scope", WHOLE)
        markdown = gr.DownloadButton(
            strings.export_markdown, size="sm", scale=0, min_width=0, interactive=False, elem_id="tcc-markdown"
        )
        json = gr.DownloadButton(
            strings.export_json, size="sm", scale=0, min_width=0, interactive=False, elem_id="tcc-json"
        )
    return as_of, as_of_status, new, scope, markdown, json


def scopes(exchanges: Sequence[Exchange], strings: Strings) -> list[tuple[str, int]]:
    """What can be exported: the whole conversation, or one answer by its number."""
    answers = [
        (
            strings.export_one.format(n=e.number, question=shorten(e.question, _MOST_OF_A_QUESTION, placeholder="…")),
            e.number,
        )
        for e in exchanges
    ]
    return [(strings.export_all, WHOLE), *answers]


def header_html(coverage: Coverage | Problem, strings: Strings, *, local: bool = True) -> str:
    """The banner; `page.js` reads the page's language from it. `local`: nothing leaves this machine."""
    facts = [strings.local_only] if local else []
    if isinstance(coverage, Coverage):
        facts = [coverage_text(coverage, strings), strings.generation.format(n=coverage.generation), *facts]
    return (
        f'<header class="tcc-header" data-lang="{strings.language}" lang="{strings.language}"><h1>{TITLE}</h1>'
        f'<p class="tcc-tagline">{escape(strings.tagline)}</p>'
        f'<p class="tcc-coverage">{" · ".join(map(escape, facts))}</p></header>'
    )


def notice_html(notice: str | None) -> str:
    return f'<p role="note">{escape(notice)}</p>' if notice else ""


def heading_html(strings: Strings) -> str:
    return f'<h2 class="tcc-sr">{escape(strings.conversation)}</h2>'


def welcome_html(coverage: Coverage | Problem, strings: Strings, *, written: bool) -> str:
    """The empty state: what can be asked, of how many articles, up to when; or what must be done first.

    `written`: a language model writes the answers.
    """
    if isinstance(coverage, Problem):
        state = problem_html(coverage, strings)
    else:
        state = f'<p class="tcc-covers">{escape(coverage_text(coverage, strings))}</p>'
    return (
        f'<div class="tcc-hello" lang="{strings.language}"><h3>{escape(strings.welcome_title)}</h3>'
        f'<p>{escape(strings.welcome_written if written else strings.welcome_text)}</p>{state}<p class="tcc-start">{escape(strings.examples_title)}</p></div>'
    )


def status_html(text: str, kind: str = "calm", *, name: str = "tcc-says") -> str:
    """A line that screen readers announce when it changes; `kind` is calm, warning or active."""
    return f'<p class="tcc-status tcc-{kind}" role="status" id="{name}">{escape(text)}</p>'


def labels(parts: Parts, strings: Strings) -> dict[Any, Any]:
    """The updates that put every control in a language."""
    return {
        parts.language: gr.update(label=strings.interface_language),
        parts.heading: heading_html(strings),
        parts.chatbot: gr.update(label=strings.conversation),
        parts.question: gr.update(label=strings.question_label, placeholder=strings.question_placeholder),
        parts.send: gr.update(value=strings.send),
        parts.stop: gr.update(value=strings.stop),
        parts.as_of: gr.update(label=strings.as_of_label, placeholder=strings.as_of_placeholder),
        parts.new: gr.update(value=strings.new_conversation),
        parts.scope: gr.update(label=strings.export_scope),
        parts.markdown: gr.update(label=strings.export_markdown),
        parts.json: gr.update(label=strings.export_json),
        parts.questions: gr.update(label=strings.questions_tab),
        **dict(zip(parts.examples, strings.examples, strict=True)),
    }


def language_of(value: str) -> Language:
    return "en" if value == "en" else "fr"

"""The page's components, where they stand, and what each is worth in a language. Behaviour is in `page.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.quoted_from import corpus_quoted
from trusted_cloud_chat.answering.wording import grouped
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Coverage
from trusted_cloud_chat.web.conversation import Problem
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.filtering import Filtering, filter_labels, lay_out_filters, lay_out_set
from trusted_cloud_chat.web.handlers import coverage_text
from trusted_cloud_chat.web.rendering import problem_html
from trusted_cloud_chat.web.shelf import Talks, lay_out_talks, shelf_html, skip_html, talk_labels
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.status import status_html
from trusted_cloud_chat.web.strings import FRENCH, Strings
from trusted_cloud_chat.web.switch import Switch, lay_out_switch
from trusted_cloud_chat.web.voices import Voices

TITLE = "Trusted Cloud Chat"
"""In French and English."""
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
    queue: gr.HTML
    """Where Gradio says the place in its queue, and `waiting.js` says it to people."""
    as_of: gr.Textbox
    as_of_status: gr.HTML
    new: gr.Button
    panel: gr.HTML
    count: gr.HTML
    person: gr.HTML
    talks: Talks
    filtering: Filtering


def lay_out(coverage: Coverage | Problem, notice: str | None, voices: Voices) -> Parts:
    """The components in French, inside the Blocks that is open."""
    strings = FRENCH
    exchanges = gr.State(())
    # Fixed, so that it outlives the server: nothing in it is to be kept from whoever uses this browser.
    visit = gr.BrowserState(storage_key="tcc-visit", secret="tcc-visit")  # noqa: S106
    skip = gr.HTML(skip_html(strings), elem_id="tcc-skip")
    toggle, header, person, language, theme = _top(strings)
    privacy = gr.HTML(notice_html(notice), visible=notice is not None, elem_id="tcc-privacy")
    with gr.Row(elem_id="tcc-columns"):
        with gr.Column(scale=0, min_width=0, elem_id="tcc-shelf"):
            new = gr.Button(strings.new_conversation, size="sm", min_width=0, elem_id="tcc-new")
            shelf = gr.HTML(shelf_html(strings))
        with gr.Column(scale=3, elem_id="tcc-talk"):
            heading = gr.HTML(heading_html(strings), elem_id="tcc-heading")
            with gr.Column(elem_id="tcc-welcome") as welcome:
                written = voices.usual == "written"
                welcome_text = gr.HTML(welcome_html(coverage, strings, written=written, local=notice is None))
                examples, news = _invitation(strings)
            chatbot = _chatbot(strings)
            hint, queue, line, clear, question, send, stop, count, switch = _dock(voices, strings)
            as_of_status = gr.HTML(status_html("", name="tcc-as-of-says"), elem_id="tcc-as-of-status")
            filtering, as_of = lay_out_filters(strings, line, clear)
        with gr.Column(scale=2, elem_id="tcc-side"):
            panel = gr.HTML(panel_html((), strings), elem_id="tcc-panel")
    talks = lay_out_talks(strings, shelf, toggle, skip, theme)
    return Parts(
        exchanges, header, language, privacy, heading, welcome, welcome_text, examples, visit, news, chatbot, question, send, stop, switch, hint,
        queue, as_of, as_of_status, new, panel, count, person, talks, filtering,
    )  # fmt: skip


def _top(strings: Strings) -> tuple[gr.Button, gr.HTML, gr.HTML, gr.Radio, gr.Button]:
    with gr.Row(elem_id="tcc-top"):
        toggle = gr.Button(strings.talks, size="sm", scale=0, min_width=0, elem_id="tcc-toggle")
        header = gr.HTML(header_html(strings), elem_id="tcc-header")
        person = gr.HTML(visible=False, elem_id="tcc-person")
        language = gr.Radio(
            _LANGUAGES, value="fr", label=strings.interface_language, elem_id="tcc-language", container=False
        )
        theme = gr.Button(strings.theme, size="sm", scale=0, min_width=0, elem_id="tcc-theme")
    return toggle, header, person, language, theme


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


def _dock(voices: Voices, strings: Strings) -> tuple[Any, ...]:
    """What stays in sight on a phone: hint, place in the queue, what filters are set, what clears them, the field with its buttons and count, the switch."""
    with gr.Column(elem_id="tcc-dock"):
        hint = gr.HTML(status_html(""), elem_id="tcc-hint")
        queue = gr.HTML(status_html("", name="tcc-queue"), elem_id="tcc-queue-place")
        return hint, queue, *lay_out_set(strings), *_composer(strings), lay_out_switch(voices, strings)


def _composer(strings: Strings) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.HTML]:
    with gr.Row(elem_id="tcc-composer"):
        question = gr.Textbox(
            label=strings.your_question,
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
    return question, send, stop, gr.HTML(count_html(strings), elem_id="tcc-count")


def header_html(strings: Strings) -> str:
    """The banner; `page.js` reads the page's language from it."""
    lang = strings.language
    return f'<header class="tcc-header" data-lang="{lang}" lang="{lang}"><h1>{TITLE}</h1>{_pages(strings)}</header>'


def _pages(strings: Strings) -> str:
    """The way to the pages beside the chat."""
    lang = "?lang=en" if strings.language == "en" else ""
    links = "".join(f'<a href="{path}{lang}">{escape(text)}</a>' for path, text in strings.pages.items())
    return f'<nav class="tcc-pages">{links}</nav>'


def notice_html(notice: str | None) -> str:
    return f'<p role="note">{escape(notice)}</p>' if notice else ""


def heading_html(strings: Strings) -> str:
    return f'<h2 class="tcc-sr">{escape(strings.conversation)}</h2>'


def welcome_html(coverage: Coverage | Problem, strings: Strings, *, written: bool, local: bool = True) -> str:
    """The empty state: what can be asked, of how many articles, up to when; or what must be done first.

    `written`: a language model writes the answers. `local`: nothing leaves this machine.
    """
    if isinstance(coverage, Problem):
        state = problem_html(coverage, strings)
    else:
        facts = [coverage_text(coverage, strings), *([strings.local_only] if local else [])]
        state = f'<p class="tcc-covers">{escape(" · ".join(facts))}</p>'
    text = (strings.welcome_written if written else strings.welcome_text).format(origin=origin_of(coverage, strings))
    return (
        f'<div class="tcc-hello" lang="{strings.language}"><h3>{escape(strings.welcome_title)}</h3>'
        f'<p>{escape(text)}</p>{state}<p class="tcc-start">{escape(strings.examples_title)}</p></div>'
    )


def count_html(strings: Strings) -> str:
    """Where `page.js` counts the characters of a question that comes near the limit."""
    most = grouped(MAX_QUESTION, strings.language)
    told = {"near": strings.count, "over": strings.count_over}
    data = " ".join(f'data-{name}="{escape(text.replace("{most}", most))}"' for name, text in told.items())
    return f'<p class="tcc-status" id="tcc-counts" role="status" lang="{strings.language}" data-most="{MAX_QUESTION}" {data}></p>'


def origin_of(coverage: Coverage | Problem, strings: Strings) -> str:
    """« de nos synthèses »: what is quoted word for word."""
    return corpus_quoted(coverage if isinstance(coverage, Coverage) else None, strings.language)


def labels(parts: Parts, strings: Strings) -> dict[Any, Any]:
    """The updates that put every control in a language."""
    return {
        parts.language: gr.update(label=strings.interface_language),
        parts.header: header_html(strings),
        parts.heading: heading_html(strings),
        parts.chatbot: gr.update(label=strings.conversation),
        parts.question: gr.update(label=strings.your_question, placeholder=strings.question_placeholder),
        parts.send: gr.update(value=strings.send),
        parts.stop: gr.update(value=strings.stop),
        parts.as_of: gr.update(label=strings.as_of_label, placeholder=strings.as_of_placeholder),
        parts.new: gr.update(value=strings.new_conversation),
        parts.count: count_html(strings),
        **talk_labels(parts.talks, strings),
        **filter_labels(parts.filtering, strings),
        **dict(zip(parts.examples, strings.examples, strict=True)),
    }

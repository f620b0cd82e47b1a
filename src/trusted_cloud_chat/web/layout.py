"""The page's components, their places and texts. Behaviour is in `page.py`."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.quoted_from import corpus_quoted
from trusted_cloud_chat.answering.wording import extent_of, grouped
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Coverage
from trusted_cloud_chat.web.escaping import FRENCH, Strings, escape, part, status_html
from trusted_cloud_chat.web.handlers import NO_FILTERS, Problem, Voices, line_html
from trusted_cloud_chat.web.sources import panel_html

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
"""For events that show the current state: an event during a run is handled after it, where Gradio would drop it by default. Use it
for one handler per event at most, since Gradio runs all of an event's handlers again.
"""
TITLE = "Trusted Cloud Chat"


class Parts(SimpleNamespace):
    """The components that handlers use, by name; `as_of` has the element id `tcc-as-of`.

    Invisible ones carry requests of scripts (`do_…`, `wanted`) and their results (`kept`, `given`).
    """

    def put(self, kind: Callable[..., Any], name: str, **given: Any) -> Any:
        """Creates a component in the open Blocks, with its French texts."""
        made = kind(**{**said(FRENCH).get(name, {}), **given}, elem_id=f"tcc-{name.replace('_', '-')}")
        setattr(self, name, made)
        return made


def lay_out(coverage: Coverage | Problem, notice: str | None, voices: Voices) -> Parts:
    """Creates all components in the open Blocks, with French texts."""
    p = Parts()
    p.exchanges, p.name, p.editing = gr.State(()), gr.State(""), gr.State(False)
    # The secret is fixed, so that the value survives a restart of the server; the user of this browser may read it.
    p.visit = gr.BrowserState(storage_key="tcc-visit", secret="tcc-visit")  # noqa: S106
    p.put(gr.HTML, "skip")
    with p.put(gr.Row, "top"):
        p.put(gr.Button, "toggle", size="sm")
        p.put(gr.HTML, "header")
        p.put(gr.HTML, "person", visible=False)
        languages = [("Français", "fr"), ("English", "en")]
        p.put(gr.Radio, "language", choices=languages, value="fr", container=False, min_width=0)
        p.put(gr.Button, "theme", size="sm")
    p.put(gr.HTML, "privacy", value=notice_html(notice), visible=notice is not None)
    with p.put(gr.Row, "columns"):
        with p.put(gr.Column, "shelf", scale=0, min_width=0):
            p.put(gr.Button, "new", size="sm", min_width=0)
            p.put(gr.HTML, "talks")
        with p.put(gr.Column, "talk", scale=3, min_width=0):
            p.put(gr.HTML, "heading")
            with p.put(gr.Column, "welcome"):
                p.put(gr.HTML, "hello", value=welcome_html(coverage, FRENCH, local=notice is None))
                p.put(gr.HTML, "news", visible=False)
            p.put(
                gr.Chatbot,
                "chat",
                visible=False,
                show_label=False,
                height="100%",
                latex_delimiters=[],
                buttons=[],
                feedback_options=None,
                layout="panel",
                group_consecutive_messages=False,
                autoscroll=False,  # Gradio would scroll to the end of an answer; `page.js` scrolls to its beginning
            )
            with p.put(gr.Column, "dock", scale=0, min_width=0):
                _dock(p, voices)
            p.put(gr.HTML, "as_of_status", value=status_html("", name="tcc-as-of-says"))
            with p.put(gr.Accordion, "filters", open=False), gr.Row():
                # A year, a month or a day, typed or taken from the calendar that `fields.js` puts beside it.
                typed = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="done")
                day: dict[str, Any] = {"max_lines": 1, "html_attributes": typed, "elem_classes": ["tcc-date"]}
                for name in ("as_of", "first", "last"):
                    p.put(gr.Textbox, name, min_width=120, **day)
                p.put(gr.Dropdown, "kind", value="", filterable=False, min_width=120)
                p.put(gr.Dropdown, "about", value="", min_width=120)
        with p.put(gr.Column, "side", scale=2, min_width=0):
            p.put(gr.HTML, "panel", value=panel_html((), FRENCH))
    p.put(gr.HTML, "words")
    for name in ("kept", "wanted", "given"):
        p.put(gr.Textbox, name, visible="hidden", show_label=False)
    for name in ("do_reopen", "do_again", "do_edit", "do_act"):
        p.put(gr.Button, name, visible="hidden")
    return p


def _dock(p: Parts, voices: Voices) -> None:
    """The parts that stay visible on a phone: hint, place in the queue, filters, the field with its buttons, the switch."""
    p.put(gr.HTML, "hint", value=status_html(""))
    # Gradio shows the place in its queue here; `waiting.js` words it.
    p.put(gr.HTML, "queue_place", value=status_html("", name="tcc-queue"))
    with p.put(gr.Row, "set"):
        p.put(gr.HTML, "set_line", value=line_html(NO_FILTERS, FRENCH))
        p.put(gr.Button, "set_clear", visible=False, size="sm")
    with p.put(gr.Row, "composer"):
        typed = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send")
        p.put(gr.Textbox, "question", lines=1, max_lines=6, autofocus=True, scale=1, html_attributes=typed)
        p.put(gr.Button, "send", variant="primary")
        p.put(gr.Button, "stop", variant="stop", visible=False)
    p.put(gr.HTML, "count")
    with p.put(gr.Row, "switch", visible=voices.configured is not None):
        p.put(gr.Radio, "mode", value=voices.usual, container=False, min_width=0)
        p.put(gr.HTML, "model_says")
        chosen = {"choices": [], "filterable": False, "interactive": True, "container": False, "min_width": 0}
        p.put(gr.Dropdown, "model", visible=False, **chosen)


def said(strings: Strings) -> dict[str, dict[str, Any]]:
    """The texts of each component in a language, by its name."""
    day, anything = strings.as_of_placeholder, [(strings.filter_any, "")]
    most = grouped(MAX_QUESTION, strings.language)
    scripts = escape(json.dumps({**strings.scripts, "right": strings.choices["right"]}, ensure_ascii=False))
    return {
        # The first element in keyboard order.
        "skip": {"value": f'<a class="tcc-skip" href="#tcc-question">{escape(strings.skip)}</a>'},
        "toggle": {"value": strings.talks},
        "header": {"value": part("header", title=TITLE, strings=strings)},
        "language": {"label": strings.interface_language},
        "theme": {"value": strings.theme},
        "new": {"value": strings.new_conversation},
        "talks": {"value": part("shelf", strings=strings)},
        "heading": {"value": f'<h2 class="tcc-sr">{escape(strings.conversation)}</h2>'},
        "chat": {"label": strings.conversation},
        "set_clear": {"value": strings.filter_clear},
        "question": {"label": strings.your_question, "placeholder": strings.question_placeholder},
        "send": {"value": strings.send},
        "stop": {"value": strings.stop},
        "count": {"value": part("count", limit=MAX_QUESTION, most=most, strings=strings)},
        "mode": {"choices": modes(strings), "label": strings.mode_label},
        "model": {"label": strings.model_label},
        "filters": {"label": strings.filters},
        "as_of": {"label": strings.as_of_label, "placeholder": day},
        "first": {"label": strings.filter_first_label, "placeholder": day},
        "last": {"label": strings.filter_last_label, "placeholder": day},
        "kind": {"choices": anything, "label": strings.filter_kind_label},
        "about": {"choices": anything, "label": strings.filter_about_label},
        "words": {"value": f'<div id="tcc-said" hidden data-said="{scripts}"></div>'},
    }


def modes(strings: Strings) -> list[tuple[str, str]]:
    """The choices of who writes the answers."""
    return [(strings.mode_quotes, "quotes"), (strings.mode_chosen, "chosen"), (strings.mode_written, "written")]


def notice_html(notice: str | None) -> str:
    return f'<p role="note">{escape(notice)}</p>' if notice else ""


def welcome_html(
    coverage: Coverage | Problem, strings: Strings, *, local: bool = True, administers: bool = False
) -> str:
    """The empty state; the style sheet shows the text of the chosen mode. `local`: nothing leaves this machine."""
    trouble, told = (coverage, None) if isinstance(coverage, Problem) else (None, coverage)
    covered = (
        [extent_of(told, strings.language, published=False), *([strings.local_only] if local else [])] if told else []
    )
    origin = corpus_quoted(told, strings.language)
    quotes, written = (text.format(origin=origin) for text in (strings.welcome_text, strings.welcome_written))
    texts = {"quotes": quotes, "written": written, "covered": covered}
    return part("welcome", **texts, trouble=trouble, administers=administers, strings=strings)

"""« Lire l’article » on the page: one reader for all that opens one. A button of `reader.read_button` anywhere opens it."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.web.evidence_strings import EVIDENCE
from trusted_cloud_chat.web.handlers import problem_of
from trusted_cloud_chat.web.reader import Wanted, message_html, opened, reader_html
from trusted_cloud_chat.web.status import language_of
from trusted_cloud_chat.web.strings import STRINGS, Strings

# `reader.js` sends what a button says; the event bears it.
_LISTEN = "document.addEventListener('tcc-read', (wanted) => trigger('click', wanted.detail));"


def offer_reader(assistant: Assistant, language: gr.Radio) -> gr.HTML:
    """The component that the dialog stands in, to be called once within the page's `gr.Blocks`, outside every tab.

    Another event may open an article too: with this component as its output and `article_html` as what it gives.
    """
    host = gr.HTML("", elem_id="tcc-reading", js_on_load=_LISTEN)

    def open_it(spoken: str, event: gr.EventData) -> str:
        return article_html(assistant, event._data, STRINGS[language_of(spoken)])

    host.click(open_it, language, host, queue=False, show_progress="hidden", api_visibility="private")
    return host


def article_html(assistant: Assistant, data: Wanted | Any, strings: Strings) -> str:
    """The reader open at what is wanted, or at why it cannot be shown; `data` as the browser sent it, or a `Wanted`."""
    nonce = f"{time.time_ns()}"
    try:
        what = data if isinstance(data, Wanted) else Wanted.read(data)
        live = assistant.live(what.article)
        quoted = assistant.article(what.article, what.version) if what.version else live
        shown = assistant.article(what.article, what.shown) if what.shown else quoted
    except TrustedCloudChatError as error:
        problem = problem_of(error, "", strings)
        return message_html(f"{problem.text} {problem.detail}".strip(), strings, nonce=nonce)
    except (ValueError, AttributeError):
        quoted = shown = None
    if quoted is None or shown is None:
        return message_html(EVIDENCE[strings.language].reader_unknown, strings, nonce=nonce)
    return reader_html(opened(what, quoted, shown, live), strings, nonce=nonce)

"""Events that keep, open, edit or copy a conversation; `talks.js` is the browser's side."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.feedback import CHOICES, Choice, FeedbackStore, feedback_of, key_of
from trusted_cloud_chat.web.conversation import Exchange, turns_of
from trusted_cloud_chat.web.escaping import status_html
from trusted_cloud_chat.web.export import copied, to_markdown
from trusted_cloud_chat.web.handlers import Handlers, View
from trusted_cloud_chat.web.kept import packed, unpacked
from trusted_cloud_chat.web.layout import LATEST, QUIET, Parts
from trusted_cloud_chat.web.people import name_of
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.strings import Strings, spoken

Updates = dict[Any, Any]
Show = Callable[[View, Strings], Updates]
_LOG = logging.getLogger(__name__)
_NEW = "new"
"""Opens an empty conversation."""


class Talking:
    """Connects these events to handlers and components."""

    def __init__(self, handlers: Handlers, parts: Parts, show: Show, feedback: FeedbackStore) -> None:
        self._handlers = handlers
        self._parts = parts
        self._show = show
        self._feedback = feedback

    def connect(self, page: gr.Blocks, leave: Callable[..., Any], running: Sequence[Any], shown: Sequence[Any]) -> None:
        """`leave` stops the question of `running`; `shown`: the outputs of a conversation."""
        p = self._parts
        opening: dict[str, Any] = {
            "inputs": [p.kept, p.language],
            "outputs": [*shown, p.name],
            "js": "async (kept, language) => [await window.tccOpening(kept), language]",
        }
        loaded = page.load(self._open, **opening, **QUIET)
        fields = [p.as_of, p.first, p.last, p.kind, p.about]
        loaded.then(None, fields, fields, js="(...now) => window.tccLinked(...now)", **QUIET)
        # Stop the question first: its last step would overwrite the new conversation. Gradio drops a queued question.
        left = gr.on([p.new.click, p.do_reopen.click], leave, queue=False, cancels=list(running), **QUIET)
        kept = left.then(self._keep_stopped, [p.name, p.exchanges], [p.name, p.kept], queue=False, **LATEST)
        kept.then(self._open, **opening, **QUIET)
        editing = [p.editing, p.question, p.hint]
        p.do_edit.click(self._edit, [p.editing, p.exchanges, p.language], editing, queue=False, **QUIET)
        act: dict[str, Any] = {"js": "(exchanges, language) => [exchanges, language, window.tccWanted()]"}
        acted = p.do_act.click(self._act, [p.exchanges, p.language, p.wanted], p.given, queue=False, **act, **LATEST)
        acted.then(None, [p.given], js="(text) => window.tccActed(text)", **QUIET)

    def keep(self, name: str, exchanges: Sequence[Exchange]) -> Updates:
        """The current conversation, packed for the page to keep."""
        name = name or secrets.token_hex(8)
        told = (name, packed(name, exchanges)) if exchanges else ("", "")
        return dict(zip((self._parts.name, self._parts.kept), told, strict=True))

    def _keep_stopped(self, name: str, exchanges: Sequence[Exchange]) -> Updates:
        """Keeps an unfinished answer as stopped."""
        return self.keep(name, self._handlers.stop(exchanges).exchanges)

    def _open(self, kept: str, language: str) -> Any:
        """A stored conversation, or an empty one; nothing without a choice."""
        p, strings = self._parts, spoken(language)
        if not kept:
            return gr.skip()
        if kept == _NEW:
            return {**self._show(View((), ""), strings), p.name: ""}
        try:
            talk = unpacked(kept, self._handlers.assistant.article, strings)
        except TrustedCloudChatError:
            talk = None  # the page already reports the fault of the index
        if talk is None:
            return {**self._show(View((), hint=strings.not_opened), strings), p.name: ""}
        shown = self._show(View(talk.exchanges), strings)
        return {**shown, p.panel: panel_html(talk.exchanges, strings), p.name: talk.name}

    def _edit(self, editing: bool, exchanges: Sequence[Exchange], language: str) -> tuple[bool, Any, str]:
        """Put the last question into the field for editing; a second call ends editing."""
        if editing or not exchanges:
            return False, "", status_html("")
        return True, exchanges[-1].question, status_html(spoken(language).editing, "active")

    def _act(self, exchanges: Sequence[Exchange], language: str, wanted: str, request: gr.Request) -> str:
        """`wanted`: the number of an answer and an action (`2 markdown`), with a comment.

        Returns the stored answer's address for `link`, the conversation for `export`, and an acknowledgement for
        feedback, which replaces earlier feedback.
        """
        number, what, comment = [*(wanted or "").split(" ", 2), "", ""][:3]
        place = next((place for place, one in enumerate(exchanges) if str(one.number) == number), None)
        strings = spoken(language)
        if what == "export":
            return to_markdown(exchanges, strings=strings, at=datetime.now(UTC).astimezone())
        if place is None:
            return ""
        if choice := next((one for one in CHOICES if one == what), None):
            if not self._keep_feedback(exchanges[: place + 1], choice, comment, request):
                return strings.not_kept
            return strings.thanks_again if comment else strings.thanks
        if what == "link":
            return self._handlers.kept(exchanges[place]) if exchanges[place].answer else ""
        return copied(exchanges[place], "text" if what == "text" else "markdown", strings)

    def _keep_feedback(self, exchanges: Sequence[Exchange], choice: Choice, comment: str, request: gr.Request) -> bool:
        """Whether feedback on the last answer was stored; it replaces earlier feedback."""
        *before, rated = exchanges
        if rated.answer is None:
            return False
        turns = [{"question": turn.question, "answer": turn.answer} for turn in turns_of(before)]
        given = feedback_of(answer_to_dict(rated.answer), choice, comment=comment, person=name_of(request), turns=turns)
        try:
            self._feedback.keep(given, key_of(request.session_hash, rated.number, rated.question, rated.answer.answer))
        except TrustedCloudChatError:
            _LOG.exception("what a reader says of an answer could not be kept")
            return False
        return True

"""Conversations that last: which event keeps, opens, edits or copies one. The page's other half of it is `talks.js`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr
from gradio.events import Dependency

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.copying import copied
from trusted_cloud_chat.web.export import to_markdown
from trusted_cloud_chat.web.handlers import Handlers, View
from trusted_cloud_chat.web.kept import packed
from trusted_cloud_chat.web.layout import Parts
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.status import LATEST, QUIET, language_of, status_html
from trusted_cloud_chat.web.strings import STRINGS, Strings

Show = Callable[[View, Strings], dict[Any, Any]]


class Talking:
    """Events to handlers to components, for what is kept of a conversation."""

    def __init__(self, handlers: Handlers, parts: Parts, show: Show, settings: Mapping[str, str | int | float]) -> None:
        self._handlers = handlers
        self._parts = parts
        self._show = show
        self._settings = settings
        """What an export names."""

    def keep(self, event: Dependency) -> Dependency:
        """After `event` the page keeps the conversation as it stands."""
        return self._kept(event, self._keep)

    def left(self, event: Dependency) -> Dependency:
        """The same where the conversation is left: an answer that was growing is kept as far as it came."""
        return self._kept(event, self._keep_stopped)

    def put_back(self, event: Dependency) -> None:
        """After `event` a question that failed or was stopped is in the field again, unless something is typed there."""
        t = self._parts.talks
        found = event.then(self._handlers.again, self._parts.exchanges, t.put_back, queue=False, **LATEST)
        # By the page itself: a value that the server sends takes the place of what is typed while it is on its way.
        found.then(None, [t.put_back], js="(question) => window.tccPutBack(question)", **QUIET)

    def connect(self, page: gr.Blocks, left: Dependency, shown: Sequence[Any]) -> None:
        """`left`: the conversation that was open is left for another."""
        p, t = self._parts, self._parts.talks
        opened = {"js": "async (kept, language) => [await window.tccOpening(), language]", **QUIET}
        outputs = [*shown, t.name]
        loaded = page.load(self._open, [t.kept, p.language], outputs, **opened)
        fields = [p.as_of, *p.filtering.chosen]
        linked = loaded.then(None, fields, fields, js="(...now) => window.tccLinked(...now)", **QUIET)
        linked.then(None, js="() => window.tccLoaded()", **QUIET)
        remembered = 'localStorage.getItem("tcc-language") ?? "fr"'
        page.load(None, None, p.language, js=f"() => {remembered}", **QUIET)
        p.language.change(None, p.language, None, js='(l) => localStorage.setItem("tcc-language", l)', **QUIET)
        t.edit.click(
            self._edit, [t.editing, p.exchanges, p.language], [t.editing, p.question, p.hint], queue=False, **QUIET
        ).then(None, js="() => window.tccFocusQuestion(true)", **QUIET)
        t.copy.click(
            self._copy,
            [p.exchanges, p.language, t.wanted],
            t.given,
            js="(exchanges, language) => [exchanges, language, window.tccWanted()]",
            queue=False,
            **QUIET,
        ).then(None, [t.given], js="(text) => window.tccCopy(text)", **QUIET)
        self.left(left).then(self._open, [t.kept, p.language], outputs, **opened)

    def _kept(self, event: Dependency, keep: Callable[..., Any]) -> Dependency:
        t = self._parts.talks
        made = event.then(keep, [t.name, self._parts.exchanges], [t.name, t.kept], queue=False, **LATEST)
        kept: Dependency = made.then(None, [t.kept], js="(kept) => window.tccKeep(kept)", **QUIET)
        return kept

    def _keep(self, name: str, exchanges: Sequence[Exchange]) -> tuple[str, str]:
        name = name or secrets.token_hex(8)
        return (name, packed(name, exchanges)) if exchanges else ("", "")

    def _keep_stopped(self, name: str, exchanges: Sequence[Exchange]) -> tuple[str, str]:
        return self._keep(name, self._handlers.stop(exchanges).exchanges)

    def _open(self, kept: str, language: str) -> Any:
        """A conversation that was kept, as it was; nothing happens without one."""
        if not kept:
            return gr.skip()
        strings = STRINGS[language_of(language)]
        try:
            talk = self._handlers.reopened(kept, strings)
        except TrustedCloudChatError:
            talk = None  # what is wrong with the index is said already
        if talk is None:
            lost = View((), hint=strings.not_opened)
            return {**self._show(lost, strings), self._parts.talks.name: ""}
        shown = self._show(View(talk.exchanges), strings)
        return {**shown, self._parts.panel: panel_html(talk.exchanges, strings), self._parts.talks.name: talk.name}

    def _edit(self, editing: bool, exchanges: Sequence[Exchange], language: str) -> tuple[bool, Any, str]:
        """The last question in the field, to be put otherwise; the second time, as it was."""
        if editing or not exchanges:
            return False, "", status_html("")
        said = STRINGS[language_of(language)].editing
        return True, exchanges[-1].question, status_html(said, "active")

    def _copy(self, exchanges: Sequence[Exchange], language: str, wanted: str) -> str:
        """`wanted` is a number and a form: `2 markdown`; of `2 link` the address of the answer, which is kept for it.

        `2 export` is the whole conversation.
        """
        number, _, form = (wanted or "").partition(" ")
        one = next((e for e in exchanges if str(e.number) == number), None)
        strings = STRINGS[language_of(language)]
        if form == "export":
            return to_markdown(exchanges, strings=strings, settings=self._settings, at=datetime.now(UTC).astimezone())
        if form == "link":
            return self._handlers.kept(one) if one and one.answer else ""
        return copied(one, "text" if form == "text" else "markdown", strings) if one else ""

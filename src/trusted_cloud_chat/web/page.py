"""Connects the page's events to handlers and components; `talks.js` is the browser's side of conversations."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from trusted_cloud_chat.api.answering import Left, aside
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.feedback import CHOICES, FeedbackStore, feedback_of
from trusted_cloud_chat.people.feedback import key_of as feedback_key
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import FRENCH, Strings, escape, spoken, status_html
from trusted_cloud_chat.web.export import copied, to_markdown
from trusted_cloud_chat.web.handlers import (
    NO_FILTERS,
    Exchange,
    Filters,
    Handlers,
    View,
    Voices,
    key_of,
    line_html,
    read_day,
    turns_of,
)
from trusted_cloud_chat.web.kept import packed, unpacked
from trusted_cloud_chat.web.layout import LATEST, QUIET, TITLE, Parts, lay_out, modes, notice_html, said, welcome_html
from trusted_cloud_chat.web.limits import MOST_SESSIONS, MOST_WAITING, Limits, at_once, forget_sessions
from trusted_cloud_chat.web.rendering import messages
from trusted_cloud_chat.web.signing_in import name_of, person_html, role_of
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.visits import Visit, arrive, news_html

Exchanges = tuple[Exchange, ...]
Updates = dict[Any, Any]
Notice = Callable[[Language], str | None]
"""The permanent notice in a language, or None."""
_LEAVES_WITHIN_S = 5
_LOG = logging.getLogger(__name__)


def build_page(
    handlers: Handlers, *, feedback: FeedbackStore, notice: Notice = lambda _: None, limits: Limits | None = None
) -> gr.Blocks:
    """The whole page. `notice` is always shown."""
    page: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        parts = lay_out(handlers.coverage(FRENCH), notice("fr"), handlers.voices)
        events = _Events(page, handlers, parts, feedback, notice, limits or Limits())
        running = events.asking()
        events.talking(running)
        events.speaking()
    page.state_session_capacity = MOST_SESSIONS
    page.queue(api_open=False, default_concurrency_limit=at_once(handlers.voices), max_size=MOST_WAITING)
    return page


class _Events:
    """Connects events. Each handler returns component updates."""

    def __init__(
        self, page: gr.Blocks, handlers: Handlers, parts: Parts, feedback: FeedbackStore, notice: Notice, limits: Limits
    ) -> None:
        self._page = page
        self._handlers, self._feedback, self._notice, self._limits = handlers, feedback, notice, limits
        self._parts = p = parts
        self._filters = [p.as_of, p.first, p.last, p.kind, p.about]
        self._shown = [p.exchanges, p.chat, p.panel, p.welcome, p.question, p.send, p.stop, p.hint, p.editing]
        """The outputs of a conversation."""
        self._stamped = {"inputs": [p.name, p.exchanges, p.wanted], "queue": False, **LATEST}
        self._stamped |= {"js": "(name, exchanges) => [name, exchanges, window.tccStamp()]"}
        """For `_keep`."""
        self._asked: dict[str | None, Left] = {}
        """Session with a running question → the event that stops it."""

    # --- a question: asking, the growing answer, leaving

    def asking(self) -> list[Any]:
        p = self._parts
        ask: dict[str, Any] = {"outputs": self._shown, "trigger_mode": "once", "concurrency_id": "ask", **QUIET}
        ask |= {"show_progress": "minimal", "show_progress_on": p.queue_place}
        given = [p.as_of, p.exchanges, p.language, p.mode, p.model, p.first, p.last, p.kind, p.about]
        running = [
            gr.on([p.question.submit, p.send.click], self._ask, [p.question, *given, p.editing], **ask),
            p.do_again.click(self._ask_again, given, **ask),
        ]

        def settled(name: str, exchanges: Exchanges, stamp: str, request: gr.Request) -> Updates:
            """The conversation to store; shows « Envoyer » unless the next question already runs."""
            ready = {p.send: gr.update(visible=True), p.stop: gr.update(visible=False)}
            return {**self._keep(name, exchanges, stamp), **({} if request.session_hash in self._asked else ready)}

        for event in running:
            after = event.then(settled, outputs=[p.name, p.kept, p.send, p.stop], **self._stamped)
            after.then(None, [p.kept], js="(kept) => window.tccSettled(kept)", **QUIET)
        p.stop.click(self._leave, queue=False, **QUIET)
        return running

    async def _ask(
        self, request: gr.Request, question: str, as_of: str, exchanges: Exchanges, language: str, *given: Any
    ) -> AsyncIterator[Updates]:
        """`given`: mode and filters of the question, and whether it replaces the last one."""
        mode, model, *within, editing = given
        strings, hint = spoken(language), None
        if request.session_hash not in self._asked:
            hint = await self._limits.refusal(request, strings)
        if hint is not None:
            yield {self._parts.hint: status_html(hint, "warning")}
            return
        # Gradio blocks a second question from the field, but not one started by « Reposer ».
        if request.session_hash in self._asked:
            yield gr.skip()
            return
        left = self._asked[request.session_hash] = Left()
        filters = Filters.of("", *within)
        asked = (question or "", as_of or "", exchanges, strings, left)
        views = self._handlers.ask(*asked, mode=mode, model=model, replacing=editing, filters=filters)
        # Keep no other reference to the views, so that they are closed in the thread that makes them.
        steps = aside(self._steps(views, strings), left)
        del views
        shown = View(())
        try:
            async for view, updates in steps:
                if self._limits.listened(request) is False:
                    return  # Gradio may miss that a tab was closed
                shown = view
                yield updates
            if shown.busy:  # stopped: Gradio's `cancels` would also lose the next question on a slow network
                yield await asyncio.to_thread(self._show, self._handlers.stop(shown.exchanges), strings)
        finally:
            await steps.aclose()
            if self._asked.get(request.session_hash) is left:
                del self._asked[request.session_hash]

    async def _ask_again(
        self, request: gr.Request, as_of: str, exchanges: Exchanges, *given: Any
    ) -> AsyncIterator[Updates]:
        """The last question again, in place of its answer."""
        question = exchanges[-1].question if exchanges else ""
        async for updates in self._ask(request, question, as_of, exchanges, *given, bool(exchanges)):
            yield updates

    def _steps(self, views: Iterator[View], strings: Strings) -> Generator[tuple[View, Updates]]:
        shown: View | None = None
        for view in views:
            # An unchanged view is a step too: an abandoned question ends between two steps.
            yield view, gr.skip() if view == shown else self._show(view, strings)
            shown = view

    async def _leave(self, request: gr.Request) -> None:
        """Stop the question of the session, and wait until its last step is on the page."""
        left = self._asked.get(request.session_hash)
        if left is None:
            return
        left.set()
        deadline = time.monotonic() + _LEAVES_WITHIN_S
        while self._asked.get(request.session_hash) is left and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def _show(self, view: View, strings: Strings) -> Updates:
        p, talked = self._parts, bool(view.exchanges)
        updates: Updates = {
            p.exchanges: view.exchanges,
            p.chat: gr.update(value=messages(view.exchanges, strings), visible=talked),
            p.welcome: gr.update(visible=not talked),
            p.send: gr.update(visible=not view.busy),
            p.stop: gr.update(visible=view.busy),
            p.hint: status_html(view.hint, "warning"),
        }
        if view.draft is not None:
            updates[p.question] = view.draft
        if not view.hint:
            updates[p.editing] = False
        if not talked or view.exchanges[-1].answer is not None:
            # Until there is an answer, the sources of the previous one stay.
            updates[p.panel] = panel_html(view.exchanges, strings)
        return updates

    # --- a conversation: keeping, opening, editing, copying

    def talking(self, running: Sequence[Any]) -> None:
        p = self._parts
        opening: dict[str, Any] = {
            "inputs": [p.kept, p.language],
            "outputs": [*self._shown, p.name],
            "js": "async (kept, language) => [await window.tccOpening(kept), language]",
        }
        loaded = self._page.load(self._open, **opening, **QUIET)
        loaded.then(None, None, self._filters, js="() => window.tccLinked()", **QUIET)
        # Stop the question first: its last step would overwrite the new conversation. Gradio drops a queued question.
        left = gr.on([p.new.click, p.do_reopen.click], self._leave, queue=False, cancels=list(running), **QUIET)
        kept = left.then(self._keep, outputs=[p.name, p.kept], **self._stamped)
        kept.then(self._open, **opening, **QUIET)
        editing = [p.editing, p.question, p.hint]
        p.do_edit.click(self._edit, [p.editing, p.exchanges, p.language], editing, queue=False, **QUIET)
        act: dict[str, Any] = {"js": "(exchanges, language) => [exchanges, language, window.tccWanted()]"}
        acted = p.do_act.click(self._act, [p.exchanges, p.language, p.wanted], p.given, queue=False, **act, **LATEST)
        acted.then(None, [p.given], js="(given) => window.tccActed(given)", **QUIET)

    def _keep(self, name: str, exchanges: Sequence[Exchange], stamp: str) -> Updates:
        """The current conversation, packed for the page to keep, after the page's stamp and a line break."""
        p, name = self._parts, (name or secrets.token_hex(8)) if exchanges else ""
        return {p.name: name, p.kept: f"{stamp}\n{packed(name, exchanges)}"}

    def _open(self, kept: str, language: str) -> Any:
        """A stored conversation, or an empty one; nothing without a choice."""
        p, strings = self._parts, spoken(language)
        if not kept:
            return gr.skip()
        if kept == "new":
            return {**self._show(View((), ""), strings), p.name: ""}
        talk = None
        with suppress(TrustedCloudChatError):  # the page already reports the fault of the index
            talk = unpacked(kept, self._handlers.assistant.article, strings)
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
        """`wanted` (the number of an answer, an action, and a comment or a stamp: `2 markdown 17`), and after a line break its result."""
        return f"{wanted}\n{self._brought(exchanges, language, wanted, request)}"

    def _brought(self, exchanges: Sequence[Exchange], language: str, wanted: str, request: gr.Request) -> str:
        """The address of the stored answer for `link`, the conversation for `export`, thanks for feedback, which replaces earlier feedback."""
        number, what, comment = [*(wanted or "").split(" ", 2), "", ""][:3]
        place = next((place for place, one in enumerate(exchanges) if str(one.number) == number), None)
        strings = spoken(language)
        if what == "export":
            return to_markdown(exchanges, strings=strings, at=datetime.now(UTC).astimezone())
        if place is None:
            return ""
        if choice := next((one for one in CHOICES if one == what), None):
            rated = exchanges[place]
            if rated.answer is None:
                return strings.not_kept
            turns = [{"question": turn.question, "answer": turn.answer} for turn in turns_of(exchanges[:place])]
            told = answer_to_dict(rated.answer)
            given = feedback_of(told, choice, comment=comment, person=name_of(request), turns=turns)
            key = feedback_key(request.session_hash, rated.number, rated.question, rated.answer.answer)
            try:
                self._feedback.keep(given, key)
            except TrustedCloudChatError:
                _LOG.exception("a reader's feedback could not be stored")
                return strings.not_kept
            return strings.thanks_again if comment else strings.thanks
        if what == "link":
            return self._handlers.kept(exchanges[place]) if exchanges[place].answer else ""
        return copied(exchanges[place], "text" if what == "text" else "markdown", strings)

    # --- the page's own texts: on load, in the chosen language, and for the active filters

    def speaking(self) -> None:
        p = self._parts
        told = [p.set_line, p.set_clear, p.as_of_status]
        arrived = [p.hello, p.kind, p.about, p.person, p.news]
        switch = [p.switch, p.mode, p.model_says, p.model]
        remembered = (
            "(visit, language, ...given) => [visit, localStorage.getItem('tcc-language') ?? language, ...given]"
        )
        self._page.load(self._arrived, [p.visit, p.language], [*arrived, p.visit, p.language], js=remembered, **QUIET)
        # A model may have been started since the page was last loaded.
        self._page.load(self._offer, [p.language, p.model], switch, **QUIET)
        p.new.click(self._greet, p.language, p.hello, **QUIET)
        labels = [getattr(p, name) for name in said(FRENCH)]
        given = [p.visit, p.language, p.model, p.exchanges, *self._filters]
        shown = dict.fromkeys([*labels, *arrived, *told, *switch, p.panel, p.privacy, p.hint])
        p.language.change(self._speak, given, list(shown), **QUIET)
        typed = [event for field in (p.as_of, p.first, p.last) for event in (field.submit, field.blur)]
        filtered = [*typed, p.kind.input, p.about.input]
        gr.on(filtered, self._told, [p.language, *self._filters], told, queue=False, **LATEST)
        cleared = dict.fromkeys(self._filters, "")
        p.set_clear.click(
            lambda spoken: {**cleared, **self._told(spoken)}, p.language, [*self._filters, *told], queue=False, **QUIET
        )

    def _greet(self, language: str, request: gr.Request) -> Updates:
        """The current content of the index, which may have grown since the page was built."""
        strings = spoken(language)
        coverage, local = self._handlers.coverage(strings), self._notice(strings.language) is None
        administers = role_of(request) == "admin"
        return {self._parts.hello: welcome_html(coverage, strings, local=local, administers=administers)}

    def _arrived(self, remembered: Any, language: str, request: gr.Request) -> Updates:
        """The content of the index, the news since the previous visit, and the visit for the browser to remember."""
        forget_sessions(self._page, datetime.now())
        visit = arrive(Visit.read(remembered))
        news = self._handlers.news(visit.since)
        known = visit if news is None else replace(visit, until=news.until)
        p = self._parts
        return {p.visit: asdict(known), p.language: language, **self._now(known, news, language, request)}

    def _now(self, visit: Visit | None, news: News | None, language: str, request: gr.Request) -> Updates:
        """The current state in a language: greeting, news, person, and choices; kinds of source only if there are several."""
        p, strings = self._parts, spoken(language)
        person, told = person_html(request, strings), news_html(visit, news, strings)
        kinds, names = self._handlers.choices()
        anything = (strings.filter_any, "")
        sources = [anything, *((strings.source_types.get(kind, kind), kind) for kind in kinds)]
        subjects = [anything, *((name, name) for name in names)]
        return {
            **self._greet(language, request),
            p.person: gr.update(value=person, visible=bool(person)),
            p.news: gr.update(value=told, visible=bool(told)),
            p.kind: gr.update(choices=sources, label=strings.filter_kind_label, visible=len(kinds) > 1),
            p.about: gr.update(choices=subjects, label=strings.filter_about_label, visible=bool(names)),
        }

    def _offer(self, language: str, model: str | None) -> Updates:
        self._handlers.voices.look()
        return switch_shown(self._parts, self._handlers.voices, spoken(language), model)

    def _speak(self, request: gr.Request, remembered: Any, language: str, model: str | None, *given: Any) -> Updates:
        """Everything in the chosen language; answers stay in the language of their question."""
        p, strings, visit, (exchanges, *chosen) = self._parts, spoken(language), Visit.read(remembered), given
        news = self._handlers.news(visit.since if visit else None)
        return {
            **{getattr(p, name): gr.update(**told) for name, told in said(strings).items()},
            p.chat: gr.update(label=strings.conversation, value=messages(exchanges, strings)),
            p.panel: panel_html(exchanges, strings),
            p.hint: status_html(""),
            p.privacy: notice_html(self._notice(strings.language)),
            **self._now(visit, news, language, request),
            **switch_shown(p, self._handlers.voices, strings, model),
            **self._told(language, *chosen),
        }

    def _told(self, language: str, *chosen: str | None) -> Updates:
        """The active filters, and the message of the field for a day."""
        p, strings, filters = self._parts, spoken(language), Filters.of(*chosen)
        day = read_day(filters.as_of, strings, self._handlers.clock())
        active = strings.as_of_active.format(day=spoken_day(day.day, strings.language)) if day.day else ""
        kind = "warning" if day.wrong else "active"
        return {
            p.set_line: line_html(filters, strings),
            p.set_clear: gr.update(visible=filters != NO_FILTERS),
            p.as_of_status: status_html(day.wrong or active, kind, name="tcc-as-of-says"),
        }


def switch_shown(parts: Any, voices: Voices, strings: Strings, model: str | None) -> Updates:
    """The switch between quotes and written answers, hidden without a language model. `model`: the current choice, kept if possible."""
    choices = [(f"{one.name} ({one.server})", key_of(one)) for one in voices.ready]
    keys = [key for _, key in choices]
    kept = model if model in keys else next(iter(keys), None)
    text = ""
    if voices.configured is not None:
        text = strings.model_named.format(name=shown_name(voices.configured))
    elif len(voices.ready) > 1:
        text = strings.models_found
    elif voices.ready:
        text = strings.model_found.format(name=voices.ready[0].name, server=voices.ready[0].server)
    return {
        parts.switch: gr.update(visible=bool(text)),
        parts.mode: gr.update(choices=modes(strings), label=strings.mode_label),
        parts.model_says: f'<p lang="{strings.language}">{escape(text)}</p>' if text else "",
        parts.model: gr.update(choices=choices, value=kept, label=strings.model_label, visible=len(choices) > 1),
    }

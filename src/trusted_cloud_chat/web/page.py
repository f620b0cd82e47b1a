"""Connects the page's events to handlers and components."""

import asyncio
import time
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import gradio as gr

from trusted_cloud_chat.operation.aside import Left, aside
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.conversations import Talking
from trusted_cloud_chat.web.escaping import status_html
from trusted_cloud_chat.web.filters import Filters
from trusted_cloud_chat.web.handlers import Handlers, View
from trusted_cloud_chat.web.layout import LATEST, QUIET, TITLE, Parts, lay_out
from trusted_cloud_chat.web.limits import MOST_WAITING, Limits, at_once
from trusted_cloud_chat.web.rendering import messages
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.speaking import Notice, Speaking
from trusted_cloud_chat.web.strings import STRINGS, Strings, spoken

Exchanges = tuple[Exchange, ...]
Updates = dict[Any, Any]
_LEAVES_WITHIN_S = 5


def build_page(
    handlers: Handlers, *, feedback: FeedbackStore, notice: Notice = lambda _: None, limits: Limits | None = None
) -> gr.Blocks:
    """The whole page. `notice` is always shown."""
    limits = limits or Limits()
    page: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        parts = lay_out(handlers.coverage(STRINGS["fr"]), notice("fr"), handlers.voices)
        asking = Asking(handlers, parts, limits)
        talking = Talking(handlers, parts, asking.show, feedback)
        asking.connect(page, talking)
        Speaking(handlers, parts, notice).connect(page)
    page.queue(api_open=False, default_concurrency_limit=at_once(handlers.voices), max_size=MOST_WAITING)
    return page


class Asking:
    """A question's events: asking, the growing answer, leaving."""

    def __init__(self, handlers: Handlers, parts: Parts, limits: Limits) -> None:
        self._handlers = handlers
        self._parts = parts
        self._limits = limits
        self._asked: dict[str | None, Left] = {}
        """By session: set when its running question is stopped."""

    def connect(self, page: gr.Blocks, talking: Talking) -> None:
        p = self._parts
        shown = [p.exchanges, p.chat, p.panel, p.welcome, p.question, p.send, p.stop, p.hint, p.editing]
        ask: dict[str, Any] = {"outputs": shown, "trigger_mode": "once", "concurrency_id": "ask", **QUIET}
        ask |= {"show_progress": "minimal", "show_progress_on": p.queue_place}
        given = [p.as_of, p.exchanges, p.language, p.mode, p.model, p.first, p.last, p.kind, p.about]
        running = [
            gr.on([p.question.submit, p.send.click], self._ask, [p.question, *given, p.editing], **ask),
            p.do_again.click(self._ask_again, given, **ask),
        ]

        def settled(name: str, exchanges: Exchanges, request: gr.Request) -> Updates:
            """The conversation to store; shows « Envoyer » unless the next question already runs."""
            ready = {p.send: gr.update(visible=True), p.stop: gr.update(visible=False)}
            return {**talking.keep(name, exchanges), **({} if self._answering(request) else ready)}

        for event in running:
            after = event.then(settled, [p.name, p.exchanges], [p.name, p.kept, p.send, p.stop], queue=False, **LATEST)
            after.then(None, [p.kept], js="(kept) => window.tccSettled(kept)", **QUIET)
        p.stop.click(self._leave, queue=False, **QUIET)
        talking.connect(page, self._leave, running, shown)

    async def _ask(
        self, request: gr.Request, question: str, as_of: str, exchanges: Exchanges, language: str, *given: Any
    ) -> AsyncIterator[Updates]:
        """`given`: mode and filters of the question, and whether it replaces the last one."""
        mode, model, *within, editing = given
        if self._answering(request):
            # Gradio blocks a second question from the field, but not one started by « Reposer ».
            yield gr.skip()
            return
        strings = spoken(language)
        if (hint := await self._limits.refusal(request, strings)) is not None:
            yield {self._parts.hint: status_html(hint, "warning")}
            return
        if self._answering(request):  # meanwhile
            yield gr.skip()
            return
        left = self._asked[request.session_hash] = Left()
        filters = Filters.of("", *within)
        asked = (question or "", as_of or "", exchanges, strings, left)
        views = self._handlers.ask(*asked, mode=mode, model=model, replacing=editing, filters=filters)
        # No other reference to the views, so that they are closed in the thread that makes them.
        steps = aside(self._steps(views, strings), left)
        del views
        try:
            async for updates in self._to_its_end(steps, strings, request):
                yield updates
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

    async def _to_its_end(
        self, steps: AsyncIterator[tuple[View, Updates]], strings: Strings, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """The views of `steps`; if they were left, the stopped answer."""
        shown = View(())
        async for view, updates in steps:
            if self._limits.listened(request) is False:
                return  # Gradio may miss that a tab was closed
            shown = view
            yield updates
        if shown.busy:
            # Gradio's `cancels` would also lose the next question on a slow network.
            yield await asyncio.to_thread(self.show, self._handlers.stop(shown.exchanges), strings)

    def _steps(self, views: Iterator[View], strings: Strings) -> Generator[tuple[View, Updates]]:
        shown: View | None = None
        for view in views:
            # An unchanged view is a step too: an abandoned question ends between two steps.
            yield view, gr.skip() if view == shown else self.show(view, strings)
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

    def _answering(self, request: gr.Request) -> bool:
        """Whether a question of the session is being answered."""
        return request.session_hash in self._asked

    def show(self, view: View, strings: Strings) -> Updates:
        """The conversation, and the possible actions."""
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
        last = view.exchanges[-1] if talked else None
        if last is None or last.answer is not None:
            # While a question is searched, the sources of the previous answer stay.
            updates[p.panel] = panel_html(view.exchanges, strings)
        return updates

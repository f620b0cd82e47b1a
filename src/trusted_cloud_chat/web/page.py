"""The page: which event runs which handler, and which component shows what comes back."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from trusted_cloud_chat.aside import aside
from trusted_cloud_chat.index.arrivals import News
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.export import to_json, to_markdown
from trusted_cloud_chat.web.handlers import Handlers, View
from trusted_cloud_chat.web.layout import (
    TITLE,
    WHOLE,
    Parts,
    header_html,
    labels,
    language_of,
    lay_out,
    notice_html,
    scopes,
    status_html,
    welcome_html,
)
from trusted_cloud_chat.web.programs import offer_to_programs
from trusted_cloud_chat.web.rendering import messages
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.strings import STRINGS, Strings
from trusted_cloud_chat.web.switch import switch_shown
from trusted_cloud_chat.web.tabs.desk import Desk
from trusted_cloud_chat.web.visits import Visit, arrive, news_html, seen

Exchanges = tuple[Exchange, ...]
Updates = dict[Any, Any]
Notice = Callable[[Language], str | None]
"""What stands on the page for good, in a language; None: nothing does."""
_AT_ONCE = 4
"""Questions answered side by side; one uses about one core."""
_LEAVES_WITHIN_S = 5
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(
    handlers: Handlers,
    *,
    exports: Path,
    settings: Mapping[str, str | int | float],
    notice: Notice = lambda _: None,
    desk: Desk | None = None,
) -> gr.Blocks:
    """The whole page. `exports` is a private folder, `settings` is what exports name, `notice` is shown for good, and `desk` has the tabs
    beside the questions.
    """
    page: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        parts = lay_out(
            handlers.coverage(STRINGS["fr"]), notice("fr"), handlers.voices, desk.lay_out if desk else lambda: None
        )
        wiring = Wiring(handlers, parts, exports, settings, notice)
        wiring.connect(page)
        if desk:
            wiring.greet_at([desk.connect(page, parts.language, parts.visit)])
        offer_to_programs(handlers.voices)
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE)
    return page


class Wiring:
    """Events to handlers to components."""

    def __init__(
        self,
        handlers: Handlers,
        parts: Parts,
        exports: Path,
        settings: Mapping[str, str | int | float],
        notice: Notice,
    ) -> None:
        self._handlers = handlers
        self._parts = parts
        self._exports = exports
        self._settings = settings
        self._notice = notice
        self._asked: dict[str | None, threading.Event] = {}
        """Of each session whose question is being answered: what is set once it is left."""

    def connect(self, page: gr.Blocks) -> None:
        p = self._parts
        session = [p.exchanges, p.language]
        shown = [p.exchanges, p.chatbot, p.panel, p.welcome, p.question, p.send, p.stop, p.hint]
        scoped, files = [*session, p.scope], [p.scope, p.markdown, p.json]
        ask: dict[str, Any] = {"outputs": shown, "trigger_mode": "once", "concurrency_id": "ask", **_QUIET}
        given = [p.as_of, *session, *p.switch.chosen]
        asked = gr.on([p.question.submit, p.send.click], self._ask, [p.question, *given], **ask)
        running = [asked]
        for button in p.examples:
            running.append(button.click(self._ask, [button, *given], **ask))
        for event in running:
            event.then(self._ready, None, [p.send, p.stop], queue=False, **_QUIET)
            event.then(self._again, [p.question, p.exchanges], p.question, queue=False, **_QUIET)
            event.then(self._export, scoped, files, **_QUIET)
            # An example's button is hidden once pressed, and takes the keyboard's place with it.
            event.then(None, js="() => window.tccFocusQuestion()", **_QUIET)
        stopped = self._leaving(p.stop, running).then(self._stop, session, shown, **_QUIET)
        stopped.then(self._export, scoped, files, **_QUIET)
        afresh = [*shown, p.header, p.welcome_text]
        renewed = self._leaving(p.new, running).then(self._new, [p.language, p.switch.mode], afresh, **_QUIET)
        renewed.then(self._export, scoped, files, **_QUIET)
        renewed.then(None, js="() => window.tccFocusQuestion(true)", **_QUIET)
        p.scope.input(self._export, scoped, files, **_QUIET)
        gr.on([p.as_of.submit, p.as_of.blur], self._as_of, [p.as_of, p.language], p.as_of_status, queue=False, **_QUIET)
        greeted = [p.header, p.welcome_text]
        every = [
            *labels(p, STRINGS["fr"]),
            *greeted,
            p.news,
            p.panel,
            p.as_of_status,
            p.hint,
            p.privacy,
            *p.switch.shown,
        ]
        spoken = [p.exchanges, p.language, p.as_of, p.visit, *p.switch.chosen]
        chosen = p.language.change(self._speak, spoken, every, **_QUIET)
        chosen.then(self._export, scoped, files, **_QUIET)
        self._loaded(page)

    def greet_at(self, events: Sequence[Any]) -> None:
        """Says anew what the index holds when one of `events` happens."""
        p = self._parts
        gr.on(list(events), self._greet, [p.language, p.switch.mode], [p.header, p.welcome_text], **_QUIET)

    def _loaded(self, page: gr.Blocks) -> None:
        p = self._parts
        self.greet_at([page.load, p.switch.mode.input])
        page.load(self._visit, [p.visit, p.language], [p.visit, p.news], **_QUIET)
        page.load(self._offer, [p.language, p.switch.model], p.switch.shown, **_QUIET)

    def _leaving(self, button: gr.Button, running: Sequence[Dependency]) -> Dependency:
        """The event after which the question is left: its last step would bring back what is shown meanwhile.

        Gradio leaves it only after what the click itself runs.
        """
        clicked: Dependency = button.click(None, cancels=list(running), **_QUIET)
        left: Dependency = clicked.then(self._leave, queue=False, **_QUIET)
        return left

    async def _ask(
        self,
        question: str,
        as_of: str,
        exchanges: Exchanges,
        language: str,
        mode: str | None,
        model: str | None,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        if self._answering(request):
            # Gradio holds back a second question from the field, but not one beside an example's: two would grow side by side.
            yield gr.skip()
            return
        # Gradio takes no next question before it has left this one, and it can leave only what does not compute.
        left = self._asked[request.session_hash] = threading.Event()
        strings = STRINGS[language_of(language)]
        # Held by nothing else, so that they end with the steps, in the thread that makes them.
        steps = aside(
            self._steps(
                self._handlers.ask(question or "", as_of or "", exchanges, strings, left, mode=mode, model=model),
                strings,
            ),
            left,
        )
        try:
            async for updates in steps:
                yield updates
        finally:
            await steps.aclose()
            if self._asked.get(request.session_hash) is left:
                del self._asked[request.session_hash]

    def _steps(self, views: Iterator[View], strings: Strings) -> Generator[Updates]:
        shown: View | None = None
        for view in views:
            # Nothing new is a step too: between two of them a question that was left is given up.
            yield gr.skip() if view == shown else self._show(view, strings)
            shown = view

    async def _leave(self, request: gr.Request) -> None:
        """Waits until Gradio has left the question of the session."""
        deadline = time.monotonic() + _LEAVES_WITHIN_S
        while self._answering(request) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def _ready(self, request: gr.Request) -> Updates:
        """« Envoyer » in place of « Arrêter », once Gradio takes the next question."""
        running = self._answering(request)
        return {self._parts.send: gr.update(visible=not running), self._parts.stop: gr.update(visible=running)}

    def _again(self, draft: str, exchanges: Exchanges) -> Any:
        # A value sent back would take the place of what is typed while it is on its way.
        question = self._handlers.again(draft or "", exchanges)
        return gr.skip() if question is None else question

    def _answering(self, request: gr.Request) -> bool:
        """Whether a question of the session is being answered, and somebody waits for it."""
        left = self._asked.get(request.session_hash)
        return left is not None and not left.is_set()

    def _stop(self, exchanges: Exchanges, language: str) -> Updates:
        updates = self._show(self._handlers.stop(exchanges), STRINGS[language_of(language)])
        return {part: update for part, update in updates.items() if part not in (self._parts.send, self._parts.stop)}

    def _new(self, language: str, mode: str | None) -> Updates:
        return {**self._show(View((), ""), STRINGS[language_of(language)]), **self._greet(language, mode)}

    def _offer(self, language: str, model: str | None) -> Updates:
        """The switch, if a language model is there: one may have been started since the page was last loaded."""
        self._handlers.voices.look()
        return switch_shown(self._parts.switch, self._handlers.voices, STRINGS[language_of(language)], model)

    def _greet(self, language: str, mode: str | None) -> Updates:
        """What the index holds now: it may have grown since the page was built."""
        strings = STRINGS[language_of(language)]
        coverage = self._handlers.coverage(strings)
        return {
            self._parts.header: header_html(coverage, strings, local=self._notice(strings.language) is None),
            self._parts.welcome_text: welcome_html(coverage, strings, written=mode == "written"),
        }

    def _as_of(self, text: str, language: str) -> str:
        found = self._handlers.as_of(text or "", STRINGS[language_of(language)])
        return status_html(found.status, "active" if found.valid else "warning", name="tcc-as-of-says")

    def _visit(self, remembered: Any, language: str) -> Updates:
        """What came since the visit before this one, and the visit as the browser is to remember it."""
        visit = arrive(Visit.read(remembered))
        news = self._handlers.news(visit.since)
        known = visit if news is None else seen(visit, news)
        return {self._parts.visit: known.to_dict(), self._parts.news: _folded(known, news, language)}

    def _speak(
        self, exchanges: Exchanges, language: str, as_of: str, remembered: Any, mode: str | None, model: str | None
    ) -> Updates:
        """Everything in the chosen language; answers stay in the language of their question."""
        p, strings = self._parts, STRINGS[language_of(language)]
        updates, visit = labels(p, strings), Visit.read(remembered)
        updates[p.chatbot] = gr.update(label=strings.conversation, value=messages(exchanges, strings))
        return {
            **updates,
            **self._greet(language, mode),
            **switch_shown(p.switch, self._handlers.voices, strings, model),
            p.news: _folded(visit, self._handlers.news(visit.since if visit else None), language),
            p.panel: panel_html(exchanges, strings),
            p.as_of_status: self._as_of(as_of, language),
            p.hint: status_html(""),
            p.privacy: notice_html(self._notice(strings.language)),
        }

    def _show(self, view: View, strings: Strings) -> Updates:
        p, talked = self._parts, bool(view.exchanges)
        updates: Updates = {
            p.exchanges: view.exchanges,
            p.chatbot: gr.update(value=messages(view.exchanges, strings), visible=talked),
            p.welcome: gr.update(visible=not talked),
            p.send: gr.update(visible=not view.busy),
            p.stop: gr.update(visible=view.busy),
            p.hint: status_html(view.hint, "warning"),
        }
        if view.draft is not None:
            updates[p.question] = view.draft
        last = view.exchanges[-1] if talked else None
        if last is None or last.answer is not None:
            # A question that is still being searched leaves the sources of the answer before it in place.
            updates[p.panel] = panel_html(view.exchanges, strings)
        return updates

    def _export(self, exchanges: Exchanges, language: str, scope: int, request: gr.Request) -> tuple[Any, Any, Any]:
        """What can be exported, and both files as they would be downloaded now, written over those before.

        None without a conversation.
        """
        strings = STRINGS[language_of(language)]
        choices = scopes(exchanges, strings)
        scope = scope if scope in [number for _, number in choices] else WHOLE
        offered = gr.update(choices=choices, value=scope, visible=bool(exchanges))
        if not exchanges:
            return offered, gr.update(value=None, interactive=False), gr.update(value=None, interactive=False)
        chosen = [exchange for exchange in exchanges if scope in (WHOLE, exchange.number)]
        at = datetime.now(UTC).astimezone()
        # The browser names its session: the name is hashed, so that it cannot be a path.
        folder = self._exports / hashlib.sha256((request.session_hash or "").encode()).hexdigest()
        folder.mkdir(exist_ok=True)
        name = f"conversation-{at:%Y-%m-%d}" + (f"-{scope}" if scope != WHOLE else "")
        markdown, json = folder / f"{name}.md", folder / f"{name}.json"
        title = strings.export_title if scope == WHOLE else strings.export_title_one
        text = to_markdown(chosen, strings=strings, settings=self._settings, at=at, title=title)
        markdown.write_text(text, encoding="utf-8")
        json.write_text(to_json(chosen, settings=self._settings, at=at), encoding="utf-8")
        return offered, gr.update(value=str(markdown), interactive=True), gr.update(value=str(json), interactive=True)


def _folded(visit: Visit | None, news: News | None, language: str) -> Any:
    html = news_html(visit, news, STRINGS[language_of(language)])
    return gr.update(value=html, visible=bool(html))

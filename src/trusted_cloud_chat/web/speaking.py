"""What the page says by itself: when it is loaded, and in the language that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.filtering import FilterEvents, choices_shown, line_html
from trusted_cloud_chat.web.filters import Filters
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.layout import Parts, labels, notice_html, welcome_html
from trusted_cloud_chat.web.rendering import messages
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.status import language_of, status_html
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.switch import switch_shown
from trusted_cloud_chat.web.visits import Visit, arrive, news_html, seen

Exchanges = Sequence[Exchange]
Updates = dict[Any, Any]
Notice = Callable[[Language], str | None]
"""What stands on the page for good, in a language; None: nothing does."""


class Speaking:
    """Each gives the updates of the components that say it."""

    def __init__(self, handlers: Handlers, parts: Parts, notice: Notice, filtering: FilterEvents) -> None:
        self._handlers = handlers
        self._parts = parts
        self._notice = notice
        self._filtering = filtering

    @property
    def spoken(self) -> list[Any]:
        """What `speak` updates."""
        p = self._parts
        others = [p.welcome_text, p.news, p.panel, p.as_of_status, p.hint, p.privacy, *p.switch.shown]
        return [*labels(p, STRINGS["fr"]), *others, p.filtering.kind, p.filtering.about, p.filtering.line]

    def greet(self, language: str, mode: str | None) -> Updates:
        """What the index holds now: it may have grown since the page was built."""
        strings = STRINGS[language_of(language)]
        coverage, local = self._handlers.coverage(strings), self._notice(strings.language) is None
        return {self._parts.welcome_text: welcome_html(coverage, strings, written=mode == "written", local=local)}

    def visit(self, remembered: Any, language: str) -> Updates:
        """What came since the visit before this one, and the visit as the browser is to remember it."""
        visit = arrive(Visit.read(remembered))
        news = self._handlers.news(visit.since)
        known = visit if news is None else seen(visit, news)
        return {self._parts.visit: known.to_dict(), self._parts.news: _folded(known, news, language)}

    def offer(self, language: str, model: str | None) -> Updates:
        """The switch, if a language model is there: one may have been started since the page was last loaded."""
        self._handlers.voices.look()
        return switch_shown(self._parts.switch, self._handlers.voices, STRINGS[language_of(language)], model)

    def choices(self, language: str) -> Updates:
        strings = STRINGS[language_of(language)]
        return choices_shown(self._parts.filtering, self._handlers.choices(), strings)

    def speak(
        self,
        exchanges: Exchanges,
        language: str,
        as_of: str,
        remembered: Any,
        mode: str | None,
        model: str | None,
        *filters: str | None,
    ) -> Updates:
        """Everything in the chosen language; answers stay in the language of their question."""
        p, strings = self._parts, STRINGS[language_of(language)]
        updates, visit = labels(p, strings), Visit.read(remembered)
        updates[p.chatbot] = gr.update(label=strings.conversation, value=messages(exchanges, strings))
        return {
            **updates,
            **self.greet(language, mode),
            **switch_shown(p.switch, self._handlers.voices, strings, model),
            p.news: _folded(visit, self._handlers.news(visit.since if visit else None), language),
            p.panel: panel_html(exchanges, strings),
            p.as_of_status: self._filtering.as_of(as_of, strings.language),
            **self.choices(language),
            p.filtering.line: line_html(Filters.of("", *filters), strings.language),
            p.hint: status_html(""),
            p.privacy: notice_html(self._notice(strings.language)),
        }


def _folded(visit: Visit | None, news: News | None, language: str) -> Any:
    html = news_html(visit, news, STRINGS[language_of(language)])
    return gr.update(value=html, visible=bool(html))

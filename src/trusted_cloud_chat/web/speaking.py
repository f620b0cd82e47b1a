"""The page's own texts: on load, in the chosen language, and for the active filters."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import gradio as gr

from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape, status_html
from trusted_cloud_chat.web.filters import NO_FILTERS, Filters, line_html, read_day
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.layout import LATEST, QUIET, Parts, modes, notice_html, said, welcome_html
from trusted_cloud_chat.web.people import person_html, role_of
from trusted_cloud_chat.web.rendering import messages
from trusted_cloud_chat.web.sources import panel_html
from trusted_cloud_chat.web.strings import Strings, spoken
from trusted_cloud_chat.web.visits import Visit, arrive, news_html, seen
from trusted_cloud_chat.web.voices import Voices, key_of

Updates = dict[Any, Any]
Notice = Callable[[Language], str | None]
"""The permanent notice in a language, or None."""
_REMEMBERED = "(visit, language, ...given) => [visit, localStorage.getItem('tcc-language') ?? language, ...given]"


class Speaking:
    """Each handler returns component updates."""

    def __init__(self, handlers: Handlers, parts: Parts, notice: Notice) -> None:
        self._handlers = handlers
        self._parts = parts
        self._notice = notice

    def connect(self, page: gr.Blocks) -> None:
        p = self._parts
        chosen = [p.as_of, p.first, p.last, p.kind, p.about]
        told = [p.set_line, p.set_clear, p.as_of_status]
        arrived = [p.hello, p.kind, p.about, p.person, p.news]
        switch = [p.switch, p.mode, p.model_says, p.model]
        page.load(self._arrived, [p.visit, p.language], [*arrived, p.visit, p.language], js=_REMEMBERED, **QUIET)
        # A model may have been started since the page was last loaded.
        page.load(self._offer, [p.language, p.model], switch, **QUIET)
        p.new.click(self._greet, p.language, p.hello, **QUIET)
        labels = [getattr(p, name) for name in said(spoken("fr"))]
        given = [p.visit, p.language, p.model, p.exchanges, *chosen]
        shown = dict.fromkeys([*labels, *arrived, *told, *switch, p.panel, p.privacy, p.hint])
        p.language.change(self._speak, given, list(shown), **QUIET)
        typed = [event for field in (p.as_of, p.first, p.last) for event in (field.submit, field.blur)]
        gr.on([*typed, p.kind.input, p.about.input], self._told, [p.language, *chosen], told, queue=False, **LATEST)
        p.set_clear.click(self._cleared, p.language, [*chosen, *told], queue=False, **QUIET)

    def _greet(self, language: str, request: gr.Request) -> Updates:
        """The current content of the index, which may have grown since the page was built."""
        strings = spoken(language)
        coverage, local = self._handlers.coverage(strings), self._notice(strings.language) is None
        administers = role_of(request) == "admin"
        return {self._parts.hello: welcome_html(coverage, strings, local=local, administers=administers)}

    def _arrived(self, remembered: Any, language: str, request: gr.Request) -> Updates:
        """The content, what is new since the previous visit, and the visit for the browser to remember."""
        visit = arrive(Visit.read(remembered))
        news = self._handlers.news(visit.since)
        known = visit if news is None else seen(visit, news)
        p = self._parts
        return {p.visit: asdict(known), p.language: language, **self._now(known, news, language, request)}

    def _now(self, visit: Visit | None, news: News | None, language: str, request: gr.Request) -> Updates:
        """The current state in a language: greeting, news, person, choices."""
        p, strings = self._parts, spoken(language)
        person, told = person_html(request, strings), news_html(visit, news, strings)
        return {
            **self._greet(language, request),
            p.person: gr.update(value=person, visible=bool(person)),
            p.news: gr.update(value=told, visible=bool(told)),
            **self._choices(strings),
        }

    def _choices(self, strings: Strings) -> Updates:
        """The choices in the current index; kinds of source only if there are several."""
        kinds, names = self._handlers.choices()
        shown = [(strings.source_types.get(kind, kind), kind) for kind in kinds]
        anything, p = [(strings.filter_any, "")], self._parts
        return {
            p.kind: gr.update(choices=anything + shown, label=strings.filter_kind_label, visible=len(kinds) > 1),
            p.about: gr.update(
                choices=anything + [(name, name) for name in names],
                label=strings.filter_about_label,
                visible=bool(names),
            ),
        }

    def _offer(self, language: str, model: str | None) -> Updates:
        """The switch, if a language model is there."""
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
        return {
            p.set_line: line_html(filters, strings),
            p.set_clear: gr.update(visible=filters != NO_FILTERS),
            p.as_of_status: status_html(
                day.wrong or active, "warning" if day.wrong else "active", name="tcc-as-of-says"
            ),
        }

    def _cleared(self, language: str) -> Updates:
        p = self._parts
        return {**dict.fromkeys([p.as_of, p.first, p.last, p.kind, p.about], ""), **self._told(language)}


def switch_shown(parts: Any, voices: Voices, strings: Strings, model: str | None) -> Updates:
    """The switch between quotes and written answers, hidden without a language model. `model`: the current choice, kept if possible."""
    choices = [(f"{one.name} ({one.server})", key_of(one)) for one in voices.ready]
    keys = [key for _, key in choices]
    able = voices.configured is not None or bool(choices)
    kept = model if model in keys else next(iter(keys), None)
    return {
        parts.switch: gr.update(visible=able),
        parts.mode: gr.update(choices=modes(strings), label=strings.mode_label),
        parts.model_says: _writer(voices, strings),
        parts.model: gr.update(choices=choices, value=kept, label=strings.model_label, visible=len(choices) > 1),
    }


def _writer(voices: Voices, strings: Strings) -> str:
    """One line that names the model, or says that there are several."""
    text = ""
    if voices.configured is not None:
        text = strings.model_named.format(name=shown_name(voices.configured))
    elif len(voices.ready) > 1:
        text = strings.models_found
    elif voices.ready:
        text = strings.model_found.format(name=voices.ready[0].name, server=voices.ready[0].server)
    return f'<p lang="{strings.language}">{escape(text)}</p>' if text else ""

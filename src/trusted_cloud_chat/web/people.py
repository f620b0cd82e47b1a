"""Who is behind an event of the page: their role and name, and the line that shows it."""

from __future__ import annotations

from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.types import Scope

from trusted_cloud_chat.api.tokens import person_of
from trusted_cloud_chat.people.accounts import Role
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.status import QUIET
from trusted_cloud_chat.web.strings import STRINGS

LOGIN, LOGOUT = "/login", "/logout"
ROLE = "trusted_cloud_chat.role"
"""In the scope of a request: what whoever asks may do."""
GUEST = "trusted_cloud_chat.guest"
"""In the scope of a request: whoever asks may read without signing in, and may sign in."""


def role_of(request: gr.Request | Request) -> Role:
    """Of whoever is behind an event of the page; a reader where nothing is known.

    Where no users are written down, the user of a page that only this machine reaches is its administrator.
    """
    return "admin" if _scope(request).get(ROLE) == "admin" else "reader"


def name_of(request: gr.Request | Request) -> str | None:
    """Of who has signed in; None for anybody else."""
    person = person_of(_scope(request))
    return person.name if person else None


def guest(request: gr.Request | Request) -> bool:
    """Whether whoever asks may read without signing in, and may sign in."""
    return bool(_scope(request).get(GUEST))


def connect_person(page: gr.Blocks, person: gr.HTML, language: gr.Radio) -> None:
    """Show who has signed in, once a page is loaded and in its language."""

    def shown(spoken: str, request: gr.Request) -> Any:
        html = person_html(request, "en" if spoken == "en" else "fr")
        return gr.update(value=html, visible=bool(html))

    gr.on([page.load, language.change], shown, [language], person, **QUIET)


def person_html(request: gr.Request, language: Language) -> str:
    """Who has signed in, and the way out; the way in where there is one; empty where nobody signs in."""
    name, strings = name_of(request), STRINGS[language]
    if name is not None:
        return (
            f'<form method="post" action="{LOGOUT}" lang="{language}"><span>{escape(strings.signed_in.format(name=name))}</span> '
            f"<button>{escape(strings.leave)}</button></form>"
        )
    return f'<a href="{LOGIN}" lang="{language}">{escape(strings.enter)}</a>' if guest(request) else ""


def _scope(request: gr.Request | Request) -> Scope:
    return getattr(request.request if isinstance(request, gr.Request) else request, "scope", None) or {}

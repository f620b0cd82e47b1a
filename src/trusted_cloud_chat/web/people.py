"""The role and name behind a request, and the line that shows them."""

import gradio as gr
from starlette.requests import Request
from starlette.types import Scope

from trusted_cloud_chat.api.tokens import person_of
from trusted_cloud_chat.people.accounts import Role
from trusted_cloud_chat.web.escaping import part
from trusted_cloud_chat.web.strings import Strings

LOGIN, LOGOUT = "/login", "/logout"
ROLE = "trusted_cloud_chat.role"
"""In the scope of a request: what whoever asks may do."""
GUEST = "trusted_cloud_chat.guest"
"""In the scope of a request: whoever asks may read without signing in, and may sign in."""


def role_of(request: gr.Request | Request) -> Role:
    """Of whoever is behind an event of the page; a reader where nothing is known.

    Where no users are written down, the user of a page that only this machine reaches is its administrator.
    """
    return "admin" if scope_of_event(request).get(ROLE) == "admin" else "reader"


def name_of(request: gr.Request | Request) -> str | None:
    """Of who has signed in; None for anybody else."""
    person = person_of(scope_of_event(request))
    return person.name if person else None


def guest(request: gr.Request | Request) -> bool:
    """Whether whoever asks may read without signing in, and may sign in."""
    return bool(scope_of_event(request).get(GUEST))


def person_html(request: gr.Request, strings: Strings) -> str:
    """Who has signed in, and the way out; the way in where there is one; empty where nobody signs in."""
    name = name_of(request)
    return part("person", name=name, strings=strings) if name is not None or guest(request) else ""


def scope_of_event(request: gr.Request | Request) -> Scope:
    """What the server knows of a request, or of the one behind an event of the page."""
    return getattr(request.request if isinstance(request, gr.Request) else request, "scope", None) or {}

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
"""Key in a request's scope: the role of the client."""
GUEST = "trusted_cloud_chat.guest"
"""Key in a request's scope: the client may read without signing in, and may sign in."""


def role_of(request: gr.Request | Request) -> Role:
    """The client's role; a reader if unknown. Without accounts the user of a local page is its administrator."""
    return "admin" if scope_of_event(request).get(ROLE) == "admin" else "reader"


def name_of(request: gr.Request | Request) -> str | None:
    """The name of a signed-in person; else None."""
    person = person_of(scope_of_event(request))
    return person.name if person else None


def guest(request: gr.Request | Request) -> bool:
    """Whether the client may read without signing in, and may sign in."""
    return bool(scope_of_event(request).get(GUEST))


def person_html(request: gr.Request, strings: Strings) -> str:
    """The signed-in person with a sign-out link; a sign-in link if possible; else empty."""
    name = name_of(request)
    return part("person", name=name, strings=strings) if name is not None or guest(request) else ""


def scope_of_event(request: gr.Request | Request) -> Scope:
    """What the server knows of a request, or of the one behind an event of the page."""
    return getattr(getattr(request, "request", request), "scope", None) or {}

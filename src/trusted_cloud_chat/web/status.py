"""Shared options of event handlers, and the status line."""

from typing import Any

from trusted_cloud_chat.web.escaping import escape

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
"""Of what shows how things stand: what happens while it is under way is shown after it. Gradio would let it go. Of one event
one handler at most, since Gradio runs all of an event's handlers again.
"""


def status_html(text: str, kind: str = "calm", *, name: str = "tcc-says") -> str:
    """A line that screen readers announce when it changes; `kind` is calm, warning or active."""
    return f'<p class="tcc-status tcc-{kind}" role="status" id="{name}">{escape(text)}</p>'

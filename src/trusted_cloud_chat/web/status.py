"""Shared options of event handlers, and the status line."""

from typing import Any

from trusted_cloud_chat.web.escaping import escape

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
"""For events that show a state: the last one during a run follows it. Gradio then runs all handlers of an event again,
so at most one such handler per event.
"""


def status_html(text: str, kind: str = "calm", *, name: str = "tcc-says") -> str:
    """A line that screen readers announce when it changes; `kind` is calm, warning or active."""
    return f'<p class="tcc-status tcc-{kind}" role="status" id="{name}">{escape(text)}</p>'

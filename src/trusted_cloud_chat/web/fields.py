"""The field for a day, and the folder of what a session can download."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import gradio as gr


def date_field(label: str, hint: str, name: str) -> gr.Textbox:
    """A year, a month or a day, typed or taken from the calendar that `fields.js` puts beside it."""
    typed = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="done")
    given: dict[str, Any] = {"max_lines": 1, "min_width": 120, "html_attributes": typed, "elem_classes": ["tcc-date"]}
    return gr.Textbox(label=label, placeholder=hint, elem_id=name, **given)


def session_folder(exports: Path, request: gr.Request) -> Path:
    """Made where it is not there. The browser names its session: the name is hashed, so that it cannot be a path."""
    folder = exports / hashlib.sha256((request.session_hash or "").encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""Fields that several tabs have, and the folder of what a session can download."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import gradio as gr


def text_field(label: str, hint: str, name: str, **options: Any) -> gr.Textbox:
    """One line; what was typed elsewhere is not offered."""
    typed = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="done")
    given: dict[str, Any] = {"max_lines": 1, "min_width": 120, "html_attributes": typed, **options}
    return gr.Textbox(label=label, placeholder=hint, elem_id=name, **given)


def date_field(label: str, hint: str, name: str) -> gr.Textbox:
    """A year, a month or a day, typed or taken from the calendar that `fields.js` puts beside it."""
    return text_field(label, hint, name, elem_classes=["tcc-date"])


def choice(label: str, name: str, **options: Any) -> gr.Dropdown:
    """Several of what a list has; `fields.js` says in it that nothing chosen is everything, or that something is to be chosen."""
    given: dict[str, Any] = {"value": [], "elem_classes": ["tcc-any"], "min_width": 150, **options}
    return gr.Dropdown([], multiselect=True, label=label, elem_id=name, interactive=True, **given)


def session_folder(exports: Path, request: gr.Request) -> Path:
    """Made where it is not there. The browser names its session: the name is hashed, so that it cannot be a path."""
    folder = exports / hashlib.sha256((request.session_hash or "").encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    return folder

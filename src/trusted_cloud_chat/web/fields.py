"""The field for a day."""

from __future__ import annotations

from typing import Any

import gradio as gr


def date_field(label: str, hint: str, name: str) -> gr.Textbox:
    """A year, a month or a day, typed or taken from the calendar that `fields.js` puts beside it."""
    typed = gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="done")
    given: dict[str, Any] = {"max_lines": 1, "min_width": 120, "html_attributes": typed, "elem_classes": ["tcc-date"]}
    return gr.Textbox(label=label, placeholder=hint, elem_id=name, **given)

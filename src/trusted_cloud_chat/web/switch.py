"""The switch between quotes and a written answer, and the model that writes; hidden where there is none."""

from typing import Any

import gradio as gr

from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.voices import Voices, key_of


def switch_shown(parts: Any, voices: Voices, strings: Strings, model: str | None) -> dict[Any, Any]:
    """The updates that show what can be chosen now, in a language. `model`: what is chosen, kept where it still can be."""
    choices = [(f"{one.name} ({one.server})", key_of(one)) for one in voices.ready]
    keys = [key for _, key in choices]
    able = voices.configured is not None or bool(choices)
    kept = model if model in keys else next(iter(keys), None)
    return {
        parts.switch: gr.update(visible=able or voices.lacking is not None),
        parts.mode: gr.update(choices=modes(strings), label=strings.mode_label, visible=able),
        parts.model_says: _said(voices, strings),
        parts.model: gr.update(choices=choices, value=kept, label=strings.model_label, visible=len(choices) > 1),
    }


def modes(strings: Strings) -> list[tuple[str, str]]:
    return [(strings.mode_quotes, "quotes"), (strings.mode_chosen, "chosen"), (strings.mode_written, "written")]


def _said(voices: Voices, strings: Strings) -> str:
    """Which model it is, in one line; where several can be chosen they stand beside it."""
    text, command, lacking = "", "", voices.lacking
    if voices.configured is not None:
        text = strings.model_named.format(name=shown_name(voices.configured))
    elif len(voices.ready) > 1:
        text = strings.models_found
    elif voices.ready:
        text = strings.model_found.format(name=voices.ready[0].name, server=voices.ready[0].server)
    elif lacking is not None:
        text, command = (
            strings.model_lacks.format(name=lacking.name, server=lacking.server),
            f" <code>{escape(lacking.missing)}</code>",
        )
    return f'<p lang="{strings.language}">{escape(text)}{command}</p>' if text else ""

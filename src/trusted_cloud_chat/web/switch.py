"""The switch between quotes and a written answer, and the model that writes; hidden where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.voices import Voices, key_of


@dataclass(frozen=True, slots=True)
class Switch:
    """Its components."""

    row: gr.Row
    mode: gr.Radio
    said: gr.HTML
    model: gr.Dropdown

    @property
    def chosen(self) -> list[Any]:
        """What a question is asked with."""
        return [self.mode, self.model]

    @property
    def shown(self) -> list[Any]:
        """What `shown` updates."""
        return [self.row, self.mode, self.said, self.model]


def lay_out_switch(voices: Voices, strings: Strings) -> Switch:
    """The components, inside the Blocks that is open; what runs on this machine is looked for when a page is loaded."""
    configured = voices.configured is not None
    with gr.Row(visible=configured, elem_id="tcc-switch") as row:
        mode = gr.Radio(
            _modes(strings), value=voices.usual, label=strings.mode_label, elem_id="tcc-mode", container=False
        )
        said = gr.HTML(_said(voices, strings), elem_id="tcc-model-says")
        model = gr.Dropdown(
            [],
            label=strings.model_label,
            elem_id="tcc-model",
            filterable=False,
            interactive=True,
            visible=False,
            container=False,
            scale=0,
            min_width=0,
        )
    return Switch(row, mode, said, model)


def switch_shown(switch: Switch, voices: Voices, strings: Strings, model: str | None) -> dict[Any, Any]:
    """The updates that show what can be chosen now, in a language. `model`: what is chosen, kept where it still can be."""
    choices = [(f"{one.name} ({one.server})", key_of(one)) for one in voices.ready]
    keys = [key for _, key in choices]
    able = voices.configured is not None or bool(choices)
    kept = model if model in keys else next(iter(keys), None)
    return {
        switch.row: gr.update(visible=able or voices.lacking is not None),
        switch.mode: gr.update(choices=_modes(strings), label=strings.mode_label, visible=able),
        switch.said: _said(voices, strings),
        switch.model: gr.update(choices=choices, value=kept, label=strings.model_label, visible=len(choices) > 1),
    }


def _modes(strings: Strings) -> list[tuple[str, str]]:
    return [(strings.mode_quotes, "quotes"), (strings.mode_chosen, "chosen"), (strings.mode_written, "written")]


def _said(voices: Voices, strings: Strings) -> str:
    """Which model it is, in one line; where several can be chosen they stand beside it."""
    if voices.configured is not None:
        text = strings.model_named.format(name=shown_name(voices.configured))
    elif len(voices.ready) > 1:
        text = strings.models_found
    elif voices.ready:
        text = strings.model_found.format(name=voices.ready[0].name, server=voices.ready[0].server)
    elif (lacking := voices.lacking) is not None:
        text, command = strings.model_lacks.format(name=lacking.name, server=lacking.server), escape(lacking.missing)
        return f'<p lang="{strings.language}">{escape(text)} <code>{command}</code></p>'
    else:
        return ""
    return f'<p lang="{strings.language}">{escape(text)}</p>'

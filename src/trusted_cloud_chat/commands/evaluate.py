"""`trusted-cloud-chat evaluate …`, which needs the separate evaluation package."""

from importlib import import_module
from importlib.util import find_spec

import typer

from trusted_cloud_chat.errors import SettingsError

_PACKAGE = "trusted_cloud_chat_evaluation"
MISSING = (
    "`evaluate` needs the package trusted-cloud-chat-evaluation: `pip install trusted-cloud-chat-evaluation`, "
    "in a checkout `pip install -e packages/evaluation`"
)


def add_evaluate(app: typer.Typer) -> None:
    """Add the commands, or without their package a command that says what to install."""
    if find_spec(_PACKAGE):
        app.add_typer(import_module(f"{_PACKAGE}.commands").evaluate_app, name="evaluate")
    else:
        anything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
        app.command("evaluate", context_settings=anything)(_missing)


def _missing() -> None:
    """Measure retrieval, answers, reading and refusal (not installed)."""
    raise SettingsError(MISSING)

"""`trusted-cloud-chat evaluate …`, which a package of its own brings: nobody who chats needs it."""

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
    """Add the commands; without their package, one that says what to install, whatever follows it."""
    if find_spec(_PACKAGE):
        app.add_typer(import_module(f"{_PACKAGE}.commands").evaluate_app, name="evaluate")
    else:
        anything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
        app.command("evaluate", context_settings=anything)(_missing)


def _missing() -> None:
    """Measure retrieval, answers, reading and refusal (not installed)."""
    raise SettingsError(MISSING)

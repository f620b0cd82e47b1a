"""What the command line does: a file for each group of commands, put together by `cli.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trusted_cloud_chat.settings import Settings


def load_settings(**given: Any) -> Settings:
    """As `settings.load_settings`, which takes a moment to import: no command does before it runs."""
    from trusted_cloud_chat.settings import load_settings

    return load_settings(**given)

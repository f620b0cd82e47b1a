"""The commands, one file per group; `cli.py` assembles them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trusted_cloud_chat.settings import Settings


def load_settings(**given: Any) -> "Settings":
    """Like `settings.load_settings`, which is slow to import: only a command that runs imports it."""
    from trusted_cloud_chat.settings import load_settings

    return load_settings(**given)

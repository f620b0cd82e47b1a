"""Trusted Cloud Chat: dated, verbatim answers about the trusted-cloud market.

`from trusted_cloud_chat import open_assistant` is all that a program needs (docs/python.md).
"""

from trusted_cloud_chat.isolation import silence

# Libraries read these variables when they are imported, which our modules do after this line.
silence()

__version__ = "1.1.0"

_WHERE = {
    "OpenAssistant": "library",
    "open_assistant": "library",
    "Turn": "schema",
    "answer_to_dict": "output.serialise",
}


def __getattr__(name: str) -> object:
    """Load names at first use, so that importing the package is fast."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})

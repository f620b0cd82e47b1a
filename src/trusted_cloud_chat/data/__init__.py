"""Data files of the product."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def read(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML file, read once."""
    return tomllib.loads(read(name))

"""Tables of regular expressions in `data/`: lists of alternatives, with fragments that stand in them as `<name>`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

_FRAGMENT = re.compile(r"<([a-z]+)>")


class PatternTable:
    """`data/<name>.toml`; `groups` is what it holds beside its fragments."""

    def __init__(self, name: str) -> None:
        text = resources.files("trusted_cloud_chat.data").joinpath(f"{name}.toml").read_text("utf-8")
        self.groups: dict[str, Any] = tomllib.loads(text)
        self.fragments: dict[str, str] = self.groups.pop("fragments")

    def pattern(self, alternatives: Sequence[str], begins: str = "") -> re.Pattern[str]:
        """Any of the alternatives, each after what matches `begins`."""
        whole = _FRAGMENT.sub(lambda match: f"(?:{self.fragments[match[1]]})", "|".join(alternatives))
        return re.compile(f"{begins}(?:{whole})")

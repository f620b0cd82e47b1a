"""The part of a year that a sum is made in: a quarter's turnover is no newer state of a year's."""

from __future__ import annotations

import re
from typing import Literal

from trusted_cloud_chat.text import fold

Part = Literal["quarter", "half"]

_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("quarter", re.compile(r"\btrimestr|\bquarter(?:s|ly)?\b|\b[tq][1-4]\b")),
    ("half", re.compile(r"\bsemestr|\bhalf[- ]year|\b(?:first|second|1st|2nd) half\b|\b[sh][12]\b")),
)


def part_of_year(text: str) -> Part | None:
    """« Pour le premier trimestre de son exercice 2025-2026 »; None of a whole year, or where nothing tells."""
    folded = fold(text)
    return next((part for part, words in _PARTS if words.search(folded)), None)

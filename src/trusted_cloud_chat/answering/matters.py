"""The matters that a question may ask about by name: how it names each, and what a text that speaks of it has.

They stand in `data/matters.toml`. Patterns are of folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trusted_cloud_chat.answering.patterns import PatternTable

_BEGINS = r"(?:(?<![a-z])(?:co-?|auto)?|(?=[%€]))"
"""No letter stands before it, but for « cofondateur »; « m€ » and « 44 % » have theirs after what they count."""


@dataclass(frozen=True, slots=True)
class Matter:
    name: str
    told: re.Pattern[str]
    """What a text that speaks of it has, also of one that did not happen."""
    happened: re.Pattern[str]
    """What a text has that says that it happened,"""
    otherwise: re.Pattern[str] | None
    """or that it did not: it was asked for and refused."""
    _asked: re.Pattern[str]
    _with: re.Pattern[str]
    _unless: re.Pattern[str] | None

    def is_asked(self, question: str) -> bool:
        """Whether a folded question names it."""
        if not (self._asked.search(question) and self._with.search(question)):
            return False
        return self._unless is None or not self._unless.search(question)


Matters = tuple[Matter, ...]


def _read() -> tuple[dict[str, str], dict[str, Matters]]:
    """The fragments, and the matters of each group."""
    table = PatternTable("matters")
    pattern = table.pattern
    return table.fragments, {
        group: tuple(
            Matter(
                matter["name"],
                pattern([*matter["told"], *matter.get("otherwise", ())], _BEGINS),
                pattern(matter["told"], _BEGINS),
                pattern(otherwise, _BEGINS) if (otherwise := matter.get("otherwise")) else None,
                pattern(matter["asked"]),
                pattern([matter.get("with", "")]),
                pattern(unless) if (unless := matter.get("unless")) else None,
            )
            for matter in matters
        )
        for group, matters in table.groups.items()
    }


_FRAGMENTS, _GROUPS = _read()
OWNED = re.compile(_FRAGMENTS["owned"])
"""Says whose somebody is, or with whom they were set up."""
PRICE = _GROUPS["price"]
VALUES = _GROUPS["values"]
"""What has a value of its own: a sum, a number, a name of a kind."""
TOLD_FIRST = _GROUPS["told_first"]
"""What the sentences chosen come first for having."""
LED_BY = _GROUPS["led_by"]
"""The same, of questions that what lacks it may answer all the same: « Qu’est devenu SBG2 ? » – « Le feu l’a détruit »."""
SLIPPED = _GROUPS["slipped"]
WHO = _GROUPS["who"]
"""Asked by « qui »: owners, heads, leaders of a market. Whom a sentence about a head names first is looked at where quotes are chosen."""
ACTS = _GROUPS["acts"]
"""What somebody did about something, which the quote itself must tell: a title often says only that it was asked for."""
STEPS = _GROUPS["steps"]
"""Steps of a dispute or of a bill: one taken tells nothing of the next."""
SAYS = _GROUPS["says"]
EVENTS = SAYS + _GROUPS["events"]
"""What is said to have happened, or somebody to have said. Whether it did, a yes or no may tell in other words."""
NAME_OF = re.compile(r"(?<!au )\bnoms? d(?:u|e|es)\b(?! domaine)|(?<!au )\bnoms? d'|\bnames? of\b")
SAID_BY = re.compile(
    r"\b(?:selon|d'apres|according to)\b|^pour (?!(?:l[ae]s?|une?|ce\w*|cela) )(?:[\w'-]+ ){1,3}?[\w'-]+,"
)
"""« Pour Vincent Strubel, SecNumCloud relève de… »."""

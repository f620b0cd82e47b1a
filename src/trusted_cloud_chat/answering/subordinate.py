"""Names that a clause is not about: « avant S3NS, … », « S3NS, qui est qualifié », « dont le concurrent S3NS »."""

from __future__ import annotations

import re
from collections.abc import Set

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold_in_place

NOT_ABOUT = re.compile(
    r"\b(?:avant|apres|hors|hormis|sauf|excepte|a part|outre|autre \w+ qu[e']|before|after|except|besides|(?:other|apart) (?:than|from))\s*$"
)
"""What stands, folded, before a name that its clause is not about."""
_RELATIVE = re.compile(r"^\s*,?\s*(?:qui|laquelle|lequel|which|who|that)\b")
_WHOSE = re.compile(r"\b(?:dont|whose)\b[^,;]*$")


def in_relative_clause(text: str, word: re.Pattern[str], asked: Set[str], entities: EntityBook) -> bool:
    """Whether the first `word` (of folded text) is said of an actor, none of `asked`, that has a clause of its own before it.

    « Bleu félicite S3NS, qui est qualifié » tells nothing of Bleu. `asked`: folded names.
    """
    folded = fold_in_place(text)
    found = word.search(folded)
    if found is None:
        return False
    for mention in entities.actors(text):
        if mention.end > found.start() or fold_in_place(mention.entity.name) in asked:
            continue
        relative = _RELATIVE.match(folded[mention.end :])
        begins = mention.end + (relative.end() if relative else 0)
        if "," in folded[begins : found.start()]:
            continue  # the clause is closed again: « S3NS, dont Google Cloud fournit la technologie, est qualifié »
        if relative or _WHOSE.search(folded[: mention.start]):
            return True
    return False

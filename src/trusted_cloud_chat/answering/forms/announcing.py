"""Sentences that only announce what comes next: « Le Data Act fixe plusieurs délais au client qui s’en va. »"""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.definition import announces_definition
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.text import fold

_THINGS = (
    r"(?:delais?|criteres?|niveaux|motifs|raisons|conditions|axes|piliers|etapes|cercles|obligations|exigences|mesures|objectifs|questions|critiques|risques|fournisseurs|prestataires|hebergeurs|candidats|"
    r"deadlines|criteria|levels|reasons|pillars|steps|requirements|measures|goals|risks|providers|vendors|bidders)"
)
_SEVERAL = re.compile(
    rf"(?<!\bles )(?<!\bces )(?<!\bthe )\b(?:plusieurs|differente?s|diverse?s|several|various|deux|trois|quatre|cinq|six|sept|huit|two|three|four|five|seven|eight) (?:\w+ )?{_THINGS}\b"
)
_TOLD = re.compile(r":|(?<![a-z\d])\d|,[^,]+(?:,| et | and )")
_SHORT = 16
"""Words: a longer sentence tells something of them."""


def only_announces(choice: Selected) -> bool:
    """Whether it says that there are several of something, or a definition, and not which."""
    said = fold(choice.text)
    several = _SEVERAL.search(said) and not _TOLD.search(said) and len(said.split()) <= _SHORT
    return bool(several) or announces_definition(choice)


def right_after(choice: Selected, found: Sequence[Selected]) -> Selected | None:
    """Of `found` the sentence that comes next in the same paragraph of the same article."""
    article, end = choice.passage.article, choice.span.end
    of_it = (c for c in found if c.passage.article.article_id == article.article_id and c.span.start > end)
    following = min(of_it, key=lambda c: c.span.start, default=None)
    if following is None:
        return None
    between = article.text[end : following.span.start]
    return following if not between.strip() and "\n\n" not in between else None


def with_what_is_announced(quotes: Sequence[Selected], found: Sequence[Selected]) -> tuple[Selected, ...]:
    """`quotes`; where the first only announces, what it announces comes right after it."""
    if not quotes or not only_announces(quotes[0]):
        return tuple(quotes)
    following = right_after(quotes[0], found)
    if following is None:
        return tuple(quotes)
    return (quotes[0], following, *(c for c in quotes[1:] if c is not following))

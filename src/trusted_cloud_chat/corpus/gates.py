"""What a site shows in the place of a page: a wall of consent or subscription, a check for robots, « page introuvable »."""

from __future__ import annotations

from collections.abc import Iterable

from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language.senses import Phrases, Place
from trusted_cloud_chat.language.tables import table
from trusted_cloud_chat.language.words import words

_SHORT = 600
"""Characters; a longer text may speak of cookies as of anything else."""
_FEWEST, _FEW = 12, 30
"""Words of an article, and of one that has none of what a wall says: a longer brief may have one such phrase, walls have several."""
_SHOWN = 80
_SAID = Phrases([*table("fr")["gate"], *table("en")["gate"]])


def check_page(text: str) -> None:
    """Raise ArticleError where a page that was fetched says nothing but that it is not shown to us."""
    if len(text) > _SHORT:
        return
    said = words(text)
    most = 0 if len(said) < _FEW else 1
    if said and (len(said) < _FEWEST or _apart(_SAID.spans(said)) > most):
        raise ArticleError(
            f"no article, but what stands before it or in its place (« {shortened(' '.join(text.split()), _SHOWN)} »): open it in a "
            "browser, save what you then read as a file and give that"
        )


def _apart(places: Iterable[Place]) -> int:
    """How many of these places, in order, share no word with the one before."""
    count = end = 0
    for start, stop in places:
        if start >= end:
            count, end = count + 1, stop
    return count

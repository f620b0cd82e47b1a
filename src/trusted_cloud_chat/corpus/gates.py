"""What a site shows in the place of a page: a wall of consent or subscription, a check for robots, « page introuvable »."""

from __future__ import annotations

from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language.senses import Phrases
from trusted_cloud_chat.language.tables import table
from trusted_cloud_chat.language.words import words

_SHORT = 600
"""Characters; a longer text may speak of cookies as of anything else."""
_FEWEST = 12
"""Words of an article."""
_SHOWN = 80
_SAID = Phrases([*table("fr")["gate"], *table("en")["gate"]])


def check_page(text: str) -> None:
    """Raise ArticleError where a page that was fetched says nothing but that it is not shown to us."""
    if len(text) > _SHORT:
        return
    said = words(text)
    if said and (len(said) < _FEWEST or _SAID.found_in(said)):
        raise ArticleError(
            f"no article, but what stands before it or in its place (« {shortened(' '.join(text.split()), _SHOWN)} »): open it in a "
            "browser, save what you then read as a file and give that"
        )

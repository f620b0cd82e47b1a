"""A list: one quote an item. A sentence that enumerates several counts for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.names import read_names
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

MOST_ITEMS = 8
_REPORTERS = re.compile(
    r"\b(?:d[’']après|selon|according to|relève|rapporte|précise|indique|rappelle|souligne)\b[^,;.]*", re.IGNORECASE
)
_AN_ENUMERATION = 3
"""Items from which one sentence alone is a list."""
_CLOSE = 1.0
"""How far below the best sentence one that enumerates more may come and still open the list."""


def choose_items(understood: Understanding, near: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of `near`, best first, those that add an item each; the sentence that enumerates most comes first.

    Empty where nothing is enumerated: one sentence with hardly a name in it is no list.
    """
    if not near:
        return []
    asked = read_names(understood.query.text, entities, understood.query.language).keys
    items = {id(choice): named_items(choice, entities) - asked for choice in near}
    close = [choice for choice in near if choice.score >= near[0].score - _CLOSE]
    first = max(close, key=lambda choice: len(items[id(choice)]))
    chosen, seen = [first], set(items[id(first)])
    for choice in near:
        if len(chosen) < MOST_ITEMS and items[id(choice)] - seen:
            chosen.append(choice)
            seen |= items[id(choice)]
    return chosen if len(chosen) > 1 or len(seen) >= _AN_ENUMERATION else []


def named_items(choice: Selected, entities: EntityBook) -> frozenset[str]:
    """Keys of the names that a sentence states, without those of who reports it."""
    article = choice.passage.article
    names = read_names(_REPORTERS.sub(" ", choice.text), entities, article.language)
    reporters = _publishers(article)
    return frozenset(key for key in names.keys if key.lstrip("=").removeprefix("word:") not in reporters)


def _publishers(article: Article) -> set[str]:
    """The folded names of publishers, and each of their words."""
    names = [fold(name) for name in (article.publisher, *(source.publisher for source in article.sources)) if name]
    return {*names, *(word for name in names for word in re.findall(r"\w+", name))}

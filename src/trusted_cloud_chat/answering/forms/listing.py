"""A list: one quote an item. A sentence that enumerates several counts for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.evidence import Reading
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
_SORTS = re.compile(
    r"\b(?:fournisseurs?|prestataires?|hébergeurs?|acteurs?|entreprises?|sociétés?|groupes?|clients?|offres?|services?|pays|lois?|"
    r"textes?|critères?|étapes?|providers?|companies|vendors?|groups?|services?|countries|laws?|criteria|steps?)\b",
    re.IGNORECASE,
)
"""What sort of thing is listed: the items themselves need not say it."""
_AN_ENUMERATION = 3
"""Items from which one sentence alone is a list, and from which it may open one."""
_CLOSE = 1.0
"""How far below the best sentence one that enumerates may come and still open the list."""
_ON_THE_MATTER = 0.5
"""Share of the question's words, by rarity, that a further item's sentence has."""


@dataclass(frozen=True, slots=True)
class _Item:
    choice: Selected
    names: frozenset[str]
    to_the_point: bool


def choose_items(understood: Understanding, near: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of `near`, best first, those that add an item each; a sentence that enumerates comes before the best.

    Empty where nothing is enumerated: one sentence with hardly a name in it is no list.
    """
    if not near:
        return []
    query = understood.query
    asked = Reading(_SORTS.sub(" ", query.text), query.language, query.today, entities)
    items = [_item(choice, asked, entities) for choice in near]
    enumerating = [i for i in items if len(i.names) >= _AN_ENUMERATION and i.to_the_point]
    close = [i for i in enumerating if i.choice.score >= near[0].score - _CLOSE]
    first = max(close, key=lambda item: len(item.names), default=items[0])
    chosen, seen = [first.choice], set(first.names)
    for item in items:
        if len(chosen) < MOST_ITEMS and item.to_the_point and item.names - seen:
            chosen.append(item.choice)
            seen |= item.names
    return chosen if len(chosen) > 1 or len(seen) >= _AN_ENUMERATION else []


def _item(choice: Selected, asked: Reading, entities: EntityBook) -> _Item:
    """What a sentence adds, and whether it says what is asked: « n’est pas qualifié » is no item of those that are."""
    article = choice.passage.article
    said = Reading(choice.text, article.language, asked.day, entities)
    denied = bool(said.polarity.strong) and not asked.polarity.strong
    on_it = article.language != asked.language or asked.share_in(said.stems) >= _ON_THE_MATTER
    return _Item(choice, named_items(choice, entities) - asked.names.keys, on_it and not denied)


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

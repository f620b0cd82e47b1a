"""A list: one quote an item. A sentence that enumerates several counts for all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.enumerations import (
    announces,
    coordinated_parts,
    is_partial,
    names_in_a_row,
    numbered_parts,
)
from trusted_cloud_chat.answering.forms.subjects import quote_of
from trusted_cloud_chat.answering.names import read_names
from trusted_cloud_chat.answering.partial import names_others
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
_PARTS = re.compile(
    r"\b(?:jalons?|etapes?|niveaux?|criteres?|conditions?|exigences?|obligations?|objectifs?|phases?|piliers?|principes?|axes|"
    r"milestones?|stages?|steps?|levels?|criteria|requirements?|objectives?|pillars?|principles?)\b"
)
"""Asks for parts that have no name of their own, so that names enumerate none of them."""
_AN_ENUMERATION = 3
"""Items from which one sentence alone is a list, and from which it may open one."""
_CLOSE = 1.0
"""How far below the best sentence one that enumerates may come and still open the list; where the best enumerates nothing, any
that is good enough to be shown may."""
_SURE = 0.5
"""The reader's logit from which a sentence that enumerates is on the matter, whatever words it has,"""
_MAY_FOLLOW = -1.0
"""and from which one may that follows a sentence which says how many there are."""
_ON_THE_MATTER = 0.5
"""Share of the question's words, by rarity, that a further item's sentence has."""


@dataclass(frozen=True, slots=True)
class _Item:
    choice: Selected
    names: frozenset[str]
    to_the_point: bool
    listed: int = 0
    """How many things of the sort asked for it enumerates, names or parts."""
    parts: frozenset[str] = frozenset()
    """The numbered parts among them."""
    sure: bool = False
    """Whether the reader holds it for an answer, or what stands before says that one follows."""
    partial: bool = False

    @property
    def answers(self) -> bool:
        return self.to_the_point or self.sure

    @property
    def enumerates(self) -> bool:
        return self.listed >= _AN_ENUMERATION and self.answers and not self.partial


def choose_items(understood: Understanding, near: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of `near`, best first, those that add an item each; a sentence that enumerates comes before the best.

    Empty where nothing is enumerated: one sentence with hardly a name in it is no list.
    """
    if not near:
        return []
    query = understood.query
    asked = Reading(_SORTS.sub(" ", query.text), query.language, query.today, entities)
    parts = query.text if _PARTS.search(fold(query.text)) else ""
    items = [_item(choice, asked, entities, parts) for choice in near]
    if parts:
        after = (_item(choice, asked, entities, parts) for choice in _following(near))
        items += [replace(item, sure=True) for item in after if item.listed >= _AN_ENUMERATION]
        if any(item.parts for item in items) or any(item.enumerates for item in items):
            return _parts_told(items)
    enumerating = [i for i in items if len(i.names) >= _AN_ENUMERATION and i.to_the_point]
    close = [i for i in enumerating if i.choice.score >= near[0].score - _CLOSE]
    first = max(close, key=lambda item: len(item.names), default=items[0])
    whole = max((i for i in items if i.enumerates), key=lambda item: item.listed, default=first)
    if whole.listed > max(first.listed, _AN_ENUMERATION - 1) and not (whole.names <= first.names):
        first = whole
    chosen, seen = [first.choice], set(first.names)
    actors = {mention.entity.name for mention in entities.actors(query.text)}
    for item in items:
        if _of_others(item.choice, actors, entities):
            continue
        if len(chosen) < MOST_ITEMS and item.to_the_point and item.names - seen:
            chosen.append(item.choice)
            seen |= item.names
    return chosen if len(chosen) > 1 or len(seen) >= _AN_ENUMERATION else []


def _of_others(choice: Selected, asked: Collection[str], entities: EntityBook) -> bool:
    """Whether the sentence names others than the actors asked about, alone, and its article is not about those."""
    titled = {mention.entity.name for mention in entities.actors(choice.passage.article.title)}
    ours = bool(titled) and titled <= set(asked)
    return bool(asked) and not ours and names_others(choice.text, asked, entities)


def _parts_told(items: Sequence[_Item]) -> list[Selected]:
    """The sentence that enumerates most, else the best; then those that tell parts which none before them tells."""
    told = frozenset[str]().union(*(item.parts for item in items if item.answers))
    close = items[0].choice.score - _CLOSE
    own = items[0].choice.passage.article.language  # the best is not left for two parts in the other language
    covers = [i for i in items if i.answers and i.parts == told and i.choice.passage.article.language == own]
    whole = [i for i in items if i.enumerates or (i in covers and i.choice.score >= close)]
    first = max(whole, key=lambda item: (len(item.parts), item.listed), default=items[0])
    chosen, seen = [first.choice], set(first.parts)
    for item in items:
        if len(chosen) < MOST_ITEMS and item.answers and not item.partial and item.parts - seen:
            chosen.append(item.choice)
            seen |= item.parts
    return chosen if first.enumerates or max(len(chosen), len(first.parts)) > 1 else []


def _following(near: Sequence[Selected]) -> list[Selected]:
    """The sentence after each of `near` that says how many there are: « … franchit quatre jalons. J0 établit… »."""
    known = {(choice.passage.chunk.chunk_id, choice.span) for choice in near}
    found: list[Selected] = []
    for choice in near:
        spans, article = choice.passage.chunk.sentences, choice.passage.article
        place = spans.index(choice.span) + 1
        if place == len(spans) or not announces(choice.text):
            continue
        same_paragraph = "\n\n" not in article.text[choice.span.end : spans[place].start]
        after = replace(choice, span=spans[place])
        reads = _answers(after)
        if (
            same_paragraph
            and (choice.passage.chunk.chunk_id, after.span) not in known
            and (reads is None or reads >= _MAY_FOLLOW)
        ):
            found.append(after)
    return found


def _answers(choice: Selected) -> float | None:
    """The reader's logit that the sentence answers; None where it did not read it."""
    reading = choice.passage.reading
    return reading.sentences[choice.passage.chunk.sentences.index(choice.span)] if reading else None


def _item(choice: Selected, asked: Reading, entities: EntityBook, parts: str) -> _Item:
    """What a sentence adds, and whether it says what is asked: « n’est pas qualifié » is no item of those that are.

    `parts`: the question, where it asks for parts.
    """
    article = choice.passage.article
    said = Reading(choice.text, article.language, asked.day, entities)
    denied = bool(said.polarity.strong) and not asked.polarity.strong
    on_it = article.language != asked.language or asked.share_in(said.stems) >= _ON_THE_MATTER
    shown = quote_of(choice, entities)
    whole = article.text[shown.span.start : shown.span.end]
    numbered = numbered_parts(whole, parts) if parts else frozenset[str]()
    listed = max(len(numbered), len(coordinated_parts(whole)) + 1) if parts else names_in_a_row(whole)
    reads = _answers(choice)
    return _Item(
        choice,
        named_items(choice.text, article, entities) - asked.names.keys,
        on_it and not denied,
        listed,
        numbered,
        reads is not None and reads >= _SURE and not denied,
        is_partial(whole),
    )


def named_items(text: str, article: Article, entities: EntityBook) -> frozenset[str]:
    """Keys of the names that a sentence states, without those of who reports it."""
    names = read_names(_REPORTERS.sub(" ", text), entities, article.language)
    reporters = _publishers(article)
    return frozenset(key for key in names.keys if key.lstrip("=").removeprefix("word:") not in reporters)


def _publishers(article: Article) -> set[str]:
    """The folded names of publishers, and each of their words."""
    names = [fold(name) for name in (article.publisher, *(source.publisher for source in article.sources)) if name]
    return {*names, *(word for name in names for word in re.findall(r"\w+", name))}

"""Whose stage or promise a sentence tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.statements import opens_with_pronoun, sentence_before
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Span

_JOINS = frozenset("et ou and or l le la les d de du des".split())
"""What stands between the names of an enumeration beside commas."""


def owners(selected: Selected, entities: EntityBook, market: Market) -> tuple[tuple[str, ...], Span]:
    """(the actors, the sentence with what they are named in): one, or an enumeration of several.

    None where a sentence names several that are not enumerated: which of them is meant only grammar could tell.
    """
    text, span = selected.text, selected.span
    mentions = entities.actors(text)
    if not mentions and opens_with_pronoun(text, selected.passage.article):
        before = sentence_before(selected)
        if before is not None:
            text = selected.passage.article.text[before.start : before.end]
            mentions, span = entities.actors(text), Span(before.start, span.end)
    meant = _meant(text, mentions, market)
    names = tuple(dict.fromkeys(mention.entity.name for mention in meant))
    return (names, span) if len(names) == 1 or _enumerated(text, meant) else ((), selected.span)


def _meant(text: str, mentions: Sequence[Mention], market: Market) -> list[Mention]:
    """Without those that belong to another one named, and those after « chez », « selon »…; all where the first is one of these."""
    related = {fold(name) for mention in mentions for name in mention.entity.related}
    own = [one for one in mentions if fold(one.entity.name) not in related] or list(mentions)
    said = words(text)
    ends = {said[after - 1].end for _, after in market.places(market.rows.overview.beside, text)}
    starts = {word.start: said[place - 1].end for place, word in enumerate(said) if place}
    left = [one for one in own if starts.get(one.start) not in ends]
    # « Chez X, qui s'appuie sur Y, la qualification… » is about X.
    return left if left and left[0] is own[0] else own


def _enumerated(text: str, mentions: Sequence[Mention]) -> bool:
    """« Free Pro, Whaller et Bleu », whatever is no name of ours between them: « Orange »."""
    for one, other in pairwise(mentions):
        if one.entity.name == other.entity.name:
            continue
        between = words(text[one.end : other.start])
        if any(word.folded not in _JOINS and not word.has_capital for word in between):
            return False
    return bool(mentions)

"""Recognises the names in a question, including those that are not known entities."""

from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Passage

_OPENERS = '.!?…:;«"“([|*#\n-–—•'
"""A capital after one of these does not indicate a name."""


def lacking_names(question: Question, passages: Sequence[Passage], around: str, entities: EntityBook) -> float:
    """Share of the question's names that `around` lacks, 0 to 1; 0 without names.

    Names are known entities and words capitalised inside a sentence of the question or of `passages`, so that « combien
    de réacteurs à penly » asks about Penly.
    """
    known = question.query.entities
    missed = len(known) - len(entities.named(around, known))
    others = unlisted(question, passages)
    said = {fold(word) for word in patterns.LETTERS.findall(around)}
    total = len(known) + len(others)
    return (missed + sum(name not in said for name in others)) / total if total else 0.0


def unlisted(question: Question, passages: Sequence[Passage]) -> set[str]:
    """Folded words of the question that are names but not known entities."""
    text = question.searched
    for mention in sorted(question.mentions, key=lambda one: -one.start):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    telling = content_words(text, question.query.language)
    asked = {
        fold(word) for word in patterns.LETTERS.findall(text) if content_words(word, question.query.language) & telling
    }
    capitals, small = _written(text, asked)
    if text.isupper() or not small:  # all capitals or title case: capitals do not indicate names
        capitals = set()
    for passage in passages:
        large, lower = _written(passage.text, asked)
        capitals, small = capitals | large, small | lower
    return {word for word in capitals if word not in small}


def _written(text: str, words: set[str]) -> tuple[set[str], set[str]]:
    """Returns (those of `words` that are capitalised inside a sentence of `text`, those in lower case)."""
    capitals: set[str] = set()
    small: set[str] = set()
    for match in patterns.LETTERS.finditer(text):
        word = fold(match[0])
        if word not in words:
            continue
        if match[0][0].islower():
            small.add(word)
        elif text[: match.start()].rstrip(" \u00a0\u202f")[-1:] not in ("", *_OPENERS):
            capitals.add(word)
    return capitals, small

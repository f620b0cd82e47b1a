"""A question as it was typed → as articles write: abbreviations, accents, names."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.language.accents import with_accents
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.senses import abbreviations
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.trace import Trace


def written_out(text: str, language: Language, trace: Trace) -> str:
    """« pk ovh a quitté » → « pourquoi ovh a quitté »; short forms in small letters only, since « CB » may be a name."""
    short = abbreviations(language)
    for word in reversed(words(text)):
        full = short.get(word.text)
        if full and trace.fires("abbreviation", f"{word.text} → {full}"):
            text = text[: word.start] + full + text[word.end :]
    return text


def with_names(text: str, entities: EntityBook, language: Language, trace: Trace) -> str:
    """Names in their own letters, misspelt ones put right, French accents restored."""
    for mention in reversed(entities.find(text)):
        if mention.corrected:
            if not trace.fires("spelling", f"{mention.text} → {mention.entity.name}"):
                continue
            said = mention.entity.name
        else:
            said = _in_its_letters(mention)
        text = text[: mention.start] + said + text[mention.end :]
    restored = with_accents(text) if language == "fr" else text
    return restored if restored != text and trace.fires("accents", restored) else text


def _in_its_letters(mention: Mention) -> str:
    """« secnumcloud » → « SecNumCloud »: embedder and reader tell capitals from small letters."""
    names = (mention.entity.name, *mention.entity.names)
    return next((name for name in names if fold(name) == fold(mention.text)), mention.text)


def read_as(text: str, mentions: Sequence[Mention], trace: Trace) -> str:
    """« le HDH » → « le HDH (Health Data Hub) »: the name that articles use beside one that shares no word with it."""
    said: set[str] = set()
    for mention in reversed(mentions):
        name = mention.entity.name
        if name in said or _shares_a_word(mention.text, name):
            continue
        if trace.fires("alias", f"{mention.text} = {name}"):
            text = f"{text[: mention.end]} ({name}){text[mention.end :]}"
            said.add(name)
    return text


def expansions(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a reader is shown (« SNC = SecNumCloud »), and the names to search for beside those of the question."""
    shown, searched = [], []
    for mention in mentions:
        entity = mention.entity
        if fold(mention.text) != fold(entity.name):
            shown.append(f"{mention.text} = {entity.name}")
        if entity.related:
            shown.append(f"{entity.name} → {', '.join(entity.related)}")
        searched += [
            *(name for name in (entity.name, *entity.names) if fold(name) != fold(mention.text)),
            *entity.related,
        ]
    return tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(searched))


def _shares_a_word(one: str, other: str) -> bool:
    """« OVH » and « OVHcloud » do, so that nothing need be said."""
    first, second = fold(one), fold(other)
    return first in second or second in first or bool(set(first.split()) & set(second.split()))

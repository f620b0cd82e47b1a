"""Corrects a typed question to the names as articles write them."""

from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.trace import Trace


def with_names(text: str, entities: EntityBook, trace: Trace) -> str:
    """Names in their usual spelling, misspellings corrected."""
    for mention in reversed(entities.find(text)):
        if mention.corrected:
            if not trace.fires("spelling", f"{mention.text} → {mention.entity.name}"):
                continue
            said = mention.entity.name
        else:
            said = _in_its_letters(mention)
        text = text[: mention.start] + said + text[mention.end :]
    return text


def _in_its_letters(mention: Mention) -> str:
    """« secnumcloud » → « SecNumCloud »: embedder and reader distinguish capitals."""
    names = (mention.entity.name, *mention.entity.names)
    return next((name for name in names if fold(name) == fold(mention.text)), mention.text)


def expansions(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The displayed aliases (« SNC = SecNumCloud »), and further names to search for."""
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

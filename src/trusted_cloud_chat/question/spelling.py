"""Rewrites the entity names in a question as articles spell them."""

from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.trace import Trace


def with_names(text: str, entities: EntityBook, trace: Trace) -> str:
    """`text` with entity names in their usual capitals and misspelt names corrected."""
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
    """Restores capitals (« secnumcloud » → « SecNumCloud »), which embedder and reader distinguish."""
    names = (mention.entity.name, *mention.entity.names)
    return next((name for name in names if fold(name) == fold(mention.text)), mention.text)


def expansions(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns (aliases to display, further names to search for); an alias: « SNC = SecNumCloud »."""
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

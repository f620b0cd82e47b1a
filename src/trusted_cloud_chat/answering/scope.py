"""What a yes must not leave out: every actor, each « tous », « seul » and figure of the question, and which of one vendor’s clouds."""

from __future__ import annotations

import re

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.names import missing_names
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Language, Query
from trusted_cloud_chat.text import fold

SCOPE = re.compile(
    r"\b(?:tout|tous|toutes?|chaque|seule?s?|seulement|uniquement|exclusivement|entierement|totalement|toujours|encore|"
    r"premiere?s?|derniere?s?|memes?|plus|moins|majorit\w+|obligatoires?|all|every|only|entirely|fully|always|still|"
    r"first|last|same|more|less|mandatory|avant|apres|before|after|plusieurs|several|many|"
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille|moitie|tiers|quart|"
    r"two|three|four|five|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|hundred|half|third|quarter)\b"
)
"""« Toutes », « seul », « premier », « cinq »; of folded text."""
_CLOUD = re.compile(r"\bcloud (?:public|prive)\b|\b(?:public|private) cloud\b")
_FIGURE = re.compile(r"\b\d+(?:[.,]\d+)?\b")


def clouds_in(folded: str) -> set[str]:
    """« cloud public », « cloud privé »: which of one vendor's clouds a folded text names."""
    return set(_CLOUD.findall(folded))


def leaves_out(query: Query, quote: Selected, entities: EntityBook) -> bool:
    """Whether a quote has not all that a yes must be about: « pour son PaaS », « tous ses services », « cloud public », « 3.2 ».

    An actor may be named by the article's title, where the quote says « l’entreprise »; « qualifié » goes without its scheme.
    """
    article = quote.passage.article
    day = article.date.last_day if article.date else query.today
    asked = reading_of(query, entities)
    said = Reading(quote.text, article.language, day, entities)
    titled = Reading(f"{article.title}.\n{quote.text}", article.language, day, entities)
    actors = {f"={fold(name)}" for name in actors_in(query.text, entities)}
    schemes = {f"={fold(m.entity.name)}" for m in entities.find(query.text) if m.entity.kind == "scheme"}
    lacking = set(missing_names(asked.names, said.names, article.language)) - schemes
    if lacking - actors or set(missing_names(asked.names, titled.names, article.language)) - schemes:
        return True
    words = set(re.findall(r"\w+", fold(quote.text)))
    if not clouds_in(fold(query.text)) <= clouds_in(fold(quote.text)):
        return True
    figures = set(_FIGURE.findall(query.text))
    return not (
        figures <= set(_FIGURE.findall(quote.text)) and {m.group() for m in SCOPE.finditer(fold(query.text))} <= words
    )


def reading_of(query: Query, entities: EntityBook) -> Reading:
    """What the question names and says, its first word no name for its capital alone."""
    return Reading(with_small_opening(query.text, query.language, entities), query.language, query.today, entities)


def with_small_opening(question: str, language: Language, entities: EntityBook) -> str:
    """An English question whose first word is no name without its capital: “Is Bleu qualified?” names nobody called Is."""
    named = any(mention.start == 0 for mention in entities.find(question))
    return question if language != "en" or named else question[:1].lower() + question[1:]


def actors_in(text: str, entities: EntityBook) -> list[str]:
    return [mention.entity.name for mention in entities.actors(text)]

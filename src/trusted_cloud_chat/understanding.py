"""Question and turns → `Query`: what is asked, in which language, about whom, as of when.

Rules over words, no language model: every decision can be shown to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.asked import kind_of
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.periods import find_periods
from trusted_cloud_chat.schema import Language, Query, Turn
from trusted_cloud_chat.text import detect_language, fold, lexical_tokens

MAX_QUESTION = 4000
"""Characters; a longer text is a document, not a question."""

_NOW = re.compile(
    r"\baujourd'hui\b|\bactuel|\bmaintenant\b|\ba ce jour\b|\ben ce moment\b|\bou en est\b|\bou en sont\b|"
    r"\bdernier(e|es|s)? (etat|nouvelle|information)|\bcurrent|\btoday\b|\bnow\b|\blatest\b|\bso far\b|\bstatus\b|"
    r"\bstatut\b|\bdesormais\b|\bsera(it)?\b|\bseront\b|\bwill\b"
)
_ELLIPTIC = re.compile(
    r"^\W*(et|mais|oui|non|ok|d'accord|alors|sinon|pourquoi|comment|quand|combien|lesquels|laquelle|lequel|and|but|"
    r"yes|no|why|when|how|what about|since when|depuis quand|par qui|a quel prix)\b"
)
_PRONOUN = re.compile(
    r"\b(il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|cela|ca|ce projet|cette (offre|societe|loi|qualification|"
    r"entreprise|decision|date|plateforme)|cet (acteur|accord)|son|sa|ses|leur|leurs|it|its|they|their|them|this|that)\b"
)


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query, and what retrieval searches for beside its words."""

    query: Query
    related: tuple[str, ...]
    """Names that lead to the entities asked about; searched with a lower weight."""
    wants_now: bool


def understand(
    question: str,
    *,
    turns: Sequence[Turn] = (),
    today: date,
    as_of: date | None = None,
    entities: EntityBook,
) -> Understanding:
    """The query behind `question`. Raises QuestionError for an empty or endless one."""
    asked = " ".join(question.split())
    if not re.search(r"\w", asked):
        raise QuestionError("the question is empty: expected a sentence such as « Qui a obtenu SecNumCloud ? »")
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked)} characters, at most {MAX_QUESTION} are read: ask it in a few sentences"
        )
    language = detect_language(asked, default=_language_before(turns))
    folded = fold(asked)
    kind = kind_of(folded)
    mentions = entities.find(asked)
    whole = asked if kind == "help" else _make_whole(asked, folded, mentions, turns, entities)
    if whole != asked:
        mentions = entities.find(whole)
        kind = kind_of(folded) if kind_of(folded) != "fact" else kind_of(fold(turns[-1].question))
    names = tuple(dict.fromkeys(mention.entity.name for mention in mentions))
    shown, related = _expansions(mentions)
    query = Query(
        text=whole,
        language=language,
        today=as_of or today,
        kind=kind,
        entities=names,
        dates=tuple(period.label for period in find_periods(whole, as_of or today)),
        aliases=shown,
        as_of=as_of,
    )
    return Understanding(query, related, bool(_NOW.search(folded)))


def _language_before(turns: Sequence[Turn]) -> Language:
    return detect_language(turns[-1].question) if turns else "fr"


def _make_whole(asked: str, folded: str, mentions: list[Mention], turns: Sequence[Turn], entities: EntityBook) -> str:
    """A follow-up with what it leaves unsaid taken from the last question that was whole."""
    if not turns:
        return asked
    words = lexical_tokens(asked)
    elliptic = bool(_ELLIPTIC.match(folded)) and len(words) <= 5
    dangling = bool(_PRONOUN.search(folded)) and not mentions
    if not elliptic and not dangling and len(words) > 1:
        return asked
    previous = _previous_whole(turns, entities)
    if not previous:
        return asked
    before = entities.find(previous)
    named = {token for mention in mentions for token in lexical_tokens(mention.text)}
    same_kind = {m.entity.kind for m in mentions} & {m.entity.kind for m in before}
    if same_kind and len(set(words) - named) <= 1:
        return _swap(previous, before, mentions)
    if len(words) <= 1 and not mentions:
        return f"{previous} {asked}".strip()
    subject = " ".join(dict.fromkeys(previous[m.start : m.end] for m in before)) or previous
    return f"{asked} {subject}" if len(words) > 1 or mentions else f"{previous} {asked}"


def _previous_whole(turns: Sequence[Turn], entities: EntityBook) -> str:
    """The last question, itself made whole from those before it."""
    whole = ""
    for turn in turns:
        asked = " ".join(turn.question.split())
        if not asked:
            continue
        earlier = [Turn(whole)] if whole else []
        whole = _make_whole(asked, fold(asked), entities.find(asked), earlier, entities)
    return whole


def _swap(previous: str, before: list[Mention], mentions: list[Mention]) -> str:
    """« et S3NS ? » after a question about Bleu: the same question about S3NS."""
    kinds = {mention.entity.kind for mention in mentions}
    replaced = [mention for mention in before if mention.entity.kind in kinds] or before[:1]
    names = " ".join(dict.fromkeys(mention.entity.name for mention in mentions))
    text = previous
    for position, mention in enumerate(sorted(replaced, key=lambda m: -m.start)):
        last = position == len(replaced) - 1
        text = text[: mention.start] + (names if last else "") + text[mention.end :]
    return " ".join(text.split())


def _expansions(mentions: list[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the reader is shown (« SNC = SecNumCloud »), and the names to search for."""
    shown, searched = [], []
    for mention in mentions:
        entity = mention.entity
        others = [name for name in (entity.name, *entity.names) if fold(name) != fold(mention.text)]
        if mention.corrected or fold(mention.text) != fold(entity.name):
            shown.append(f"{mention.text} = {entity.name}")
        if entity.related:
            shown.append(f"{entity.name} → {', '.join(entity.related)}")
        searched += [*others, *entity.related]
    return tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(searched))

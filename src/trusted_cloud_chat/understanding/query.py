"""A question made whole, its names, its periods, its language and its kind: the `Query`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trusted_cloud_chat.entities import Entity, EntityBook, Mention
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.periods import Period, find_periods
from trusted_cloud_chat.schema import Language, Query, Turn
from trusted_cloud_chat.text import detect_language, fold
from trusted_cloud_chat.text.accents import with_accents
from trusted_cloud_chat.text.normalise import elides
from trusted_cloud_chat.understanding.abbreviations import written_out
from trusted_cloud_chat.understanding.announced import as_announced
from trusted_cloud_chat.understanding.antecedents import AskAgain, first_citation
from trusted_cloud_chat.understanding.asked import hyphenated, kind_of
from trusted_cloud_chat.understanding.follow_ups import make_whole
from trusted_cloud_chat.understanding.parts import split_question
from trusted_cloud_chat.understanding.plain_questions import plainly, without_lead_in
from trusted_cloud_chat.understanding.plain_words import in_plain_words
from trusted_cloud_chat.understanding.rejoinders import (
    asks_what_was_before,
    in_language,
    is_rejoinder,
    says_nothing_alone,
)
from trusted_cloud_chat.understanding.statements import asks_by_statement, confirming, with_inversion

_DIGITS = {"i": "1", "ii": "2", "iii": "3"}
_IN_ROMAN = re.compile(r"\bi{1,3}$")
_PARAPHRASE = 3
"""Words from which another name is no acronym or short form: « Plateforme des données de santé »."""
_DETERMINER = r"(?P<determiner>(?i:(?:du|au|the|(?:de |à )?l[ae]) |(?:de |à )?l[’']))?"
MAX_QUESTION = 4000
"""Characters; a longer text is a document, not a question."""

_NOW = re.compile(
    r"\baujourd'hui\b|\bactuel|\bmaintenant\b|\ba ce jour\b|\ben ce moment\b|\bou en est\b|\bou en sont\b|"
    r"\b(?:que |qu')(?:devien\w+|(?:est|sont)[- ](?:ils? |elles? )?devenue?s?)\b|\bwhat (?:has )?bec[ao]mes? of\b|\bde neuf\b|\bdu nouveau\b|\bpoint sur\b|\bactualites?\b|\bnouvelles d|"
    r"\bdernier(e|es|s)? (etat|nouvelle|information)|\bcurrent|\btoday\b|\bnow\b|\blatest\b|\bso far\b|\bstatus\b|"
    r"\bstatut\b|\bdesormais\b|\bfinalement\b|\bau final\b|\ben fin de compte\b|\bfinally\b|\bin the end\b|\bsera(it)?\b|\bseront\b|\w(ra|ront)-(t-)?(il|elle|on)s?\b|\bwill\b|\btoujours\b|\benfin\b|\boui ou non\b|c'est fait\b|"
    r"\bstill\b|\byet\b|\byes or no\b|^((?!\bquand\b|\bquelle (date|annee)\b).)*\ba-t-(il|elle) (\w+ )?(obtenu|franchi|recu|decroche)\b|"
    r"\bqui (dirige|preside|pilote)\b|\bwho (heads|leads|runs|chairs)\b(?! on\b)|\b(qui est|who is) (le |la |l'|the )?(actuel\w* |nouve\w+ |new )?"
    r"(pdg|patron\w*|direct\w+ general\w*|dg|president\w*|ceo|head|chair\w*)\b|"
    r"\b(est|sont)-(il|elle)s? (\w+ )?(qualifi|certifi)|\bhas (?:[\w-]+ ){1,4}(obtained|got|passed)\b|\bis (?:[\w-]+ ){1,4}(qualified|certified)\b"
)
_STATE = re.compile(
    r"^(?!\W*(?:si|s'ils?|if)\b).*(?:\b(?:est|sont) (?:\w+ )?(?:qualifi|certifi)|\ba (?:\w+ )?(?:obtenu|franchi|recu|decroche)\b)"
)
"""The same without an inversion, where it is asked whether something is so: « Bleu est qualifié ? »; a case that is put is no state."""

_WORDS = r"(?:quel(?:le)?s?|quand|combien|comment|pourquoi|qui|when|how|why|who|what|which|where)\b"
_ASKS = re.compile(rf"^\W*(?:\w+ )?{_WORDS}")
_AND_ASKS = re.compile(rf",? (?:et|and) (?=(?:(?:pour|à|par|de|en|sur|for|by|at|in|on|with) )?{_WORDS})", re.IGNORECASE)
_LEAST_WORDS = 4
_A_QUESTION_OF_ITS_OWN = 8
"""Words of a question about where something comes from that nothing was said before."""
_HOW_IT_WORKS = re.compile(r"\W*comment ca marche\W*$")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query, and what retrieval searches for beside its words."""

    query: Query
    read_as: str
    """The question as embedder and reader see it: names put right, an acronym or another name with the one that articles use."""
    related: tuple[str, ...]
    """Names that lead to the entities asked about; searched with a lower weight."""
    opening: str
    """Of two questions in one the first, as it is read: « Quand… » of « Quand…, et pour quelle version ? »; else empty."""
    wants_now: bool
    """Whether the present is asked for: newer evidence is preferred, older is not hidden."""
    periods: tuple[Period, ...] = ()
    about: Entity | None = None
    """Of a part: the entity that it asks about."""
    parts: tuple[Understanding, ...] = ()
    """A comparison or a list of named entities, one question an entity; empty for other questions."""


def understand(
    question: str,
    *,
    turns: Sequence[Turn] = (),
    today: date,
    as_of: date | None = None,
    entities: EntityBook,
    ask_again: AskAgain | None = None,
) -> Understanding:
    """The query behind `question`; `ask_again` is for follow-ups (`make_whole`). Raises QuestionError for an empty or endless one."""
    asked = " ".join(question.split())
    if not re.search(r"\w", asked):
        raise QuestionError("the question is empty: expected a sentence such as « Qui a obtenu SecNumCloud ? »")
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked)} characters, at most {MAX_QUESTION} are read: ask it in a few sentences"
        )
    said, wanted = in_language(asked)
    asked = entities.with_capitals(said or asked)
    language = wanted or detect_language(asked, default=_language_before(turns))
    asked = without_lead_in(asked)
    if language == "fr":
        asked = with_inversion(hyphenated(written_out(asked)), entities)
    day = min(as_of, today) if as_of else today
    folded = fold(asked)
    kind = kind_of(folded)
    if kind == "help" and entities.find(asked):
        kind = "fact"  # « Que sais-tu de Bleu ? »
    if kind == "evidence" and not turns and len(asked.split()) > _A_QUESTION_OF_ITS_OWN:
        kind = "fact"  # « 30 % plus cher : d’où sort ce chiffre ? »
    if kind == "help" and turns and _HOW_IT_WORKS.match(folded):
        kind = "how"  # what was just spoken of, and not the assistant
    whole = asked if kind == "help" else make_whole(asked, turns, entities, day, ask_again)
    if asks_what_was_before(asked):
        as_of = _evidence_before(whole, turns, ask_again)
        whole, day = (whole, as_of) if as_of else (asked, day)
    mentions = entities.find(whole)
    if not mentions and says_nothing_alone(whole):
        kind = "help"
    if whole != asked and (kind == "fact" or is_rejoinder(asked)):
        kind = kind_of(fold(whole))
    stated = kind == "fact" and asks_by_statement(whole, mentions)
    understood = _read(whole, language, "yes_no" if stated else kind, day, as_of, mentions, stated=stated)
    return replace(understood, wants_now=understood.wants_now or bool(_NOW.search(folded)))


def _evidence_before(whole: str, turns: Sequence[Turn], ask_again: AskAgain | None) -> date | None:
    """The day before that of the evidence which the last answer began with; `whole` is what it answered."""
    citation = first_citation(turns[-1], whole, ask_again) if turns else None
    day = citation.article.date if citation else None
    return day.first_day - timedelta(days=1) if day else None


def _read(
    whole: str,
    language: Language,
    kind: str,
    day: date,
    as_of: date | None,
    mentions: Sequence[Mention],
    *,
    stated: bool,
) -> Understanding:
    """A question that says all it means, with its parts; `stated`: worded as a statement."""
    shown, related = _expansions(mentions)
    plain = plainly(whole, mentions)
    reworded = plain != whole
    if stated and not reworded:
        plain = confirming(plain, language)
    if reworded and kind_of(fold(plain)) == "definition":
        kind = "definition"  # « À quoi sert l’UGAP ? »
    periods = tuple(find_periods(whole, day, spoken=True))
    parts = split_question(whole, kind, mentions)
    query = Query(
        text=whole,
        language=language,
        today=day,
        kind=kind,
        entities=tuple(dict.fromkeys(mention.entity.name for mention in mentions)),
        dates=tuple(period.label for period in periods),
        aliases=shown,
        parts=tuple(text for _, text in parts),
        as_of=as_of,
    )
    read_as = _as_read(plain, mentions, language)
    folded = fold(whole)
    now = any(_NOW.search(text) for text in (folded, fold(read_as))) or (kind == "yes_no" and _STATE.search(folded))
    read = Understanding(query, read_as, related, _opening(read_as), bool(now), periods)
    return replace(read, parts=tuple(_part(read, entity, text, mentions) for entity, text in parts))


def _part(whole: Understanding, entity: Entity, text: str, mentions: Sequence[Mention]) -> Understanding:
    """The question about `entity` alone; the other entities of its run are left out."""
    left_out = {m.entity.name for m in mentions if m.entity.kind == entity.kind and m.entity != entity}
    own = [m for m in mentions if m.entity.name not in left_out]
    kind = kind_of(fold(text))
    query = replace(
        whole.query,
        text=text,
        kind="fact" if kind == "comparison" else kind,
        entities=tuple(dict.fromkeys([entity.name, *(m.entity.name for m in own)])),
        parts=(),
    )
    read_as = _as_read(text, own, query.language)
    return replace(whole, query=query, read_as=read_as, related=_expansions(own)[1], about=entity)


def _opening(read_as: str) -> str:
    """The first of two questions that are joined by « et »; empty where there is one."""
    joined = _AND_ASKS.search(read_as)
    first = read_as[: joined.start()] if joined else ""
    return f"{first} ?" if len(first.split()) >= _LEAST_WORDS and _ASKS.search(fold(first)) else ""


def _as_read(text: str, mentions: Sequence[Mention], language: Language) -> str:
    """A question, or a part of one, in the words and spelling that embedder and reader know."""
    read_as = _spelt_out(text, mentions)
    if language == "en":
        return in_plain_words(read_as, language)
    return as_announced(in_plain_words(with_accents(read_as)))


def _spelt_out(text: str, mentions: Sequence[Mention]) -> str:
    """« le HDH » → « le HDH (Health Data Hub) », « SecNumClood » → « SecNumCloud », « le cloud interne de Bercy » → « Nubo ».

    A paraphrase gives way to the name, which the embedder and the reader know better; beside the name it is left out: « STACKIT,
    le cloud de Lidl ». Other names stay as they are.
    """
    plain = {m.entity.name for m in mentions if not m.described and _shares_a_word(m.text, m.entity.name)}
    for mention in mentions:
        name = mention.entity.name
        paraphrase = mention.described or len(mention.text.split()) >= _PARAPHRASE
        if not mention.corrected and not mention.described and _shares_a_word(mention.text, name):
            text = re.sub(rf"(?<!\w){re.escape(mention.text)}(?!\w)", _in_its_letters(mention), text, count=1)
            continue
        determiner = _DETERMINER if paraphrase else ""
        place = rf"(?<!\w){determiner}{re.escape(mention.text)}(?!\w)(?! \()"
        if name in plain and not mention.corrected:
            text = re.sub(rf",\s*{place},?", "", text, count=1) if paraphrase else text
        elif found := re.search(place, text):
            said = name if mention.corrected or paraphrase else f"{mention.text} ({name})"
            before = _preposition((found["determiner"] or "").lower(), said) if paraphrase else ""
            text = f"{text[: found.start()]}{before}{said}{text[found.end() :]}"
    return text


def _preposition(determiner: str, name: str) -> str:
    """What stays of « du », « à l’ » before a name: « d’ », « à »."""
    if determiner.startswith("d"):
        return "d’" if elides(name) else "de "
    return "à " if determiner.startswith(("à", "au")) else ""


def _in_its_letters(mention: Mention) -> str:
    """« Cloud Act » → « CLOUD Act », « secnumcloud » → « SecNumCloud »: embedder and reader tell capitals from small letters, and
    « Schrems 2 » from « Schrems II ».
    """
    roman = fold(mention.entity.name)
    if _IN_ROMAN.search(roman) and fold(mention.text) == _IN_ROMAN.sub(lambda found: _DIGITS[found.group()], roman):
        return mention.entity.name
    names = (name for name in (mention.entity.name, *mention.entity.names) if not name.islower())
    return next((name for name in names if fold(name) == fold(mention.text)), mention.text)


def _shares_a_word(one: str, other: str) -> bool:
    """« OVH » and « OVHcloud » do, so that nothing need be said."""
    first, second = fold(one), fold(other)
    return first in second or second in first or bool(set(first.split()) & set(second.split()))


def _language_before(turns: Sequence[Turn]) -> Language:
    return detect_language(turns[-1].question) if turns else "fr"


def _expansions(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
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

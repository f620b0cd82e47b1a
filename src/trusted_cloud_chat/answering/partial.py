"""What of a question an answer leaves open: a name nobody speaks of, a date or an amount that no quote gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from trusted_cloud_chat.answering.courts import of_another_court
from trusted_cloud_chat.answering.matters import OWNED
from trusted_cloud_chat.answering.names import missing_names, other_countries, read_names
from trusted_cloud_chat.answering.selection import versions_in
from trusted_cloud_chat.answering.timeline.stages import MILESTONE, QUALIFICATION
from trusted_cloud_chat.answering.wording import NBSP, in_marks
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Answer, Citation, Language, Query
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.asked import asks_who_somebody_is, holds_kind, kinds_of

_PARTS: dict[str, dict[Language, str]] = {
    "date": {"fr": "la date", "en": "the date"},
    "number": {"fr": "le chiffre demandé", "en": "the figure asked for"},
    "who": {"fr": "le nom demandé", "en": "the name asked for"},
}
"""What a quote holds or does not; a reason may be told without any word that says so. « Pourquoi une hausse des prix ? » asks for
no figure."""


_OF_ONE = ("who", "date", "list", "number")
"""Kinds of question that a quote answers by what it tells of the one who is asked about."""
_ASKED_FOR = re.compile(
    r"^\W*(?:[Qq]uel(?:le)?s? (?:(?:est|sont|était|étaient) (?:les? |la |l['’])?)?|[Ww]hat(?:['’]s| is| are| was)? (?:the )?|[Ww]hich )"
    r"(?P<acronym>(?!(?:LLM|GPU|ESN|PME|ETI|OIV|OSE|PDG|CEO|CTO|CIO|CISO|MEP|DSI|RSSI|CHU|CHRU)\b)[A-Z]{3,8})\b"
)
"""« Quel est le PUE de SBG5 ? »; kinds of things, « quel LLM », have names of their own."""
_ACTS = re.compile(r" (?:a|ont|va|vont|avait|avaient)-(?:t-)?(?:il|elle)s?\b")
_DID = re.compile(r"\b(?:did|has|have|had|will) (?:the )?$")
_FURTHER = re.compile(
    r",? (?:et|and) (?:how|when|who|what|why|where|comment|quand|qui|qu[e']|quel(?:le)?s?|pourquoi|combien)\b"
)
_A_QUESTION = 4
"""Words that the first of two questions has at least."""
_QUALIFIER = "ANSSI"
_SURE = 0.7
"""Of the questions refused for such a name alone from here on, 12 had an answer and one had none; of those below, four and seven."""
_OWNING = re.compile(
    r"\b(?:majoritaires?|minoritaires?|actionnaires?|capital|detien\w*|detenu\w*|possed\w+|appartien\w+|filiale|owns?|owned|stake|shareholders?|subsidiary)\b"
)
"""Of two all depends on who is whose."""
_MAJORITY = re.compile(r"majorit|appart|\d ?%|totalite|unique|filiale|subsidiary|wholly")
_COMPARED = 2
"""Of those compared an answer without a table names so many."""
_BEFORE = 300
"""Characters before a quote in which its subject may be named, a sentence or two."""


def missing_parts(understood: Understanding, citations: Sequence[Citation], entities: EntityBook) -> tuple[str, ...]:
    """In the question's language, in the question's order: names first, then what a quote should hold and none does."""
    query = understood.query
    shown = "\n".join(f"{citation.article.title}\n{citation.quote}" for citation in citations)
    laws = {m.entity.name for m in entities.find(query.text) if m.entity.kind == "law"}
    # « Cette circulaire » is known by what stands before it.
    named = entities.named(shown, query.entities) | entities.named("\n".join(map(just_before, citations)), laws)
    names = [in_marks(name, query.language) for name in query.entities if name not in named]
    kinds = [
        kind for kind in kinds_of(fold(query.text)) if kind in _PARTS and (kind != "number" or query.kind in _PARTS)
    ]
    quotes = [citation.quote for citation in citations]
    absent = [kind for kind in kinds if all(holds_kind(kind, query.text, quote) < 0 for quote in quotes)]
    another = {m.entity.name for quote in quotes for m in entities.actors(quote)} - {*query.entities}
    if another or asks_who_somebody_is(query.text):
        absent = [kind for kind in absent if kind != "who"]  # also a name that opens its sentence
    return (*names, *(_PARTS[kind][query.language] for kind in absent))


def about_others(question: str, query: Query, answer: Answer, entities: EntityBook, confidence: float = 0.0) -> bool:
    """Whether no quote, its title or what stands just before names whom the question names, or no cited article its version or
    the acronym asked for, or they speak of other countries.

    To a yes or no every name matters, what is asked of somebody as well, unless `confidence` in the quotes is high (“SAP runs on
    Bleu” answers whether it runs on S3NS); otherwise the actor named first, whom most questions
    are about, or any where several are listed or compared. Who does something, when, and what there is of it are not told by
    quotes that each name others alone, whatever stands around them: « Clever Cloud a des actionnaires européens » tells nothing
    of NumSpot. Names that only the conversation before gave are not counted: `question` is what was typed.
    """
    asked = {mention.entity.name: mention.entity.kind for mention in entities.written(question)}
    shown = [f"{citation.article.title}\n{citation.quote}" for citation in answer.citations]
    said = "\n".join([*shown, *(sentence.text for sentence in answer.sentences)])
    around = " ".join(f"{citation.article.title} {citation.article.text}" for citation in answer.citations)
    if not versions_in(question) <= versions_in(around) or _has_no_such(question, around, query.language, entities):
        return True
    if of_another_court(question, [citation.quote for citation in answer.citations]):
        return True
    if query.kind != "why":  # a cause stands with what it is the cause of
        said = "\n".join([said, *map(just_before, answer.citations)])
    if other_countries(question, "\n".join(citation.quote for citation in answer.citations), said):
        return True
    of_an_act = query.kind == "yes_no" or (query.kind == "fact" and _asks_an_act(question, entities))
    if of_an_act and answer.citations and tells_of_another(question, answer.citations[0].quote, entities):
        return True
    if query.kind == "yes_no":
        # Who grants a qualification need not be named with it.
        granted = QUALIFICATION.search(fold(question)) or MILESTONE.search(fold(question))
        needed = asked.keys() - {_QUALIFIER} if granted else asked.keys()
        if sum(asked[name] == "actor" for name in needed) > 1 and _OWNING.search(fold(question)):
            quotes = [*(c.quote for c in answer.citations), *(sentence.text for sentence in answer.sentences)]
            told = _MAJORITY if "majorit" in fold(question) else OWNED
            return not any(needed <= entities.named(text, asked) and told.search(fold(text)) for text in quotes)
        if confidence >= _SURE:
            needed = set(list(asked)[:1])
        return not needed <= entities.named(said, asked)
    actors = [name for name, kind in asked.items() if kind == "actor"]
    laws = [name for name, kind in asked.items() if kind == "law"]
    if query.kind in _OF_ONE and actors and all(names_others(c.quote, actors, entities) for c in answer.citations):
        return True
    if query.kind in _OF_ONE and laws and all(names_other_laws(c.quote, laws, entities) for c in answer.citations):
        return True
    if query.kind == "comparison" and answer.table is None and len(actors) > 1:
        return len(entities.named("\n".join(shown), actors)) < _COMPARED
    wanted = (
        actors
        if query.kind in ("comparison", "list")
        else [name for name in actors[:1] if _in_first_part(question, name, entities)]
    )
    if not wanted or entities.named(said, wanted):
        return False
    return not any(_names_its_thing(question, query, c, entities) for c in answer.citations)


def _names_its_thing(question: str, query: Query, citation: Citation, entities: EntityBook) -> bool:
    """Whether a reason or a manner is asked, and the quote names no actor and a thing that the question names beside one.

    « … à aligner les tarifs d’Azure » tells why Microsoft raised those of Azure.
    """
    if query.kind not in ("why", "how") or entities.actors(citation.quote):
        return False
    asked = read_names(question, entities, query.language).keys
    said = read_names(citation.quote, entities, citation.article.language).keys
    return any(key.startswith(("word:", "code:")) for key in asked & said)


def _in_first_part(question: str, name: str, entities: EntityBook) -> bool:
    """Whether the name stands before a second question: Google does not in “With whom did Proximus bid, and how does Google come in?”."""
    further = _FURTHER.search(fold_in_place(question))
    first = question[: further.start()] if further else question
    # « Quand et comment Outscale a-t-il été racheté ? » is one question.
    return bool(entities.named(first if len(first.split()) >= _A_QUESTION else question, {name}))


def _asks_an_act(question: str, entities: EntityBook) -> bool:
    """Whether it is asked what the one named first does or did: « Quel fournisseur Airbus a-t-il retenu ? »."""
    first = next(iter(entities.find(question)), None)
    folded = fold_in_place(question)
    return first is not None and bool(_ACTS.match(folded, first.end) or _DID.search(folded[: first.start]))


def tells_of_another(question: str, quote: str, entities: EntityBook) -> bool:
    """Whether the quote tells of others what is asked of the one that the question names first, whatever its title says.

    « Airbus a-t-il choisi S3NS ? »: « EDF a retenu ces deux fournisseurs… » Of laws as well: what is said of the Privacy Shield
    tells nothing of the Data Privacy Framework.
    """
    asked = entities.find(question)
    if not asked:
        return False
    names = {mention.entity.name for mention in asked}
    if fold(asked[0].entity.name).split()[-1] in re.findall(r"[\w-]+", fold(quote)):
        return False  # « Pi » for « le cloud Pi »
    same = [m for m in entities.find(quote) if m.entity.kind == asked[0].entity.kind]
    return bool(same) and same[0].entity.name not in names and asked[0].entity.name not in entities.named(quote, names)


def _has_no_such(question: str, around: str, language: Language, entities: EntityBook) -> bool:
    """Whether what is asked for is an acronym that `around` has in no form."""
    asked = _ASKED_FOR.match(question)
    if asked is None or question.isupper():
        return False
    missing = missing_names(read_names(question, entities, language), read_names(around, entities), language)
    return f"word:{fold(asked['acronym'])}" in missing


def names_others(quote: str, actors: Collection[str], entities: EntityBook) -> bool:
    """Whether the quote names actors, and none of `actors`."""
    return bool(entities.actors(quote)) and not entities.named(quote, actors)


def names_other_laws(quote: str, laws: Collection[str], entities: EntityBook) -> bool:
    """Whether the quote names laws, and none of `laws`."""
    named = {mention.entity.name for mention in entities.find(quote) if mention.entity.kind == "law"}
    return bool(named) and not named & {*laws}


def just_before(citation: Citation) -> str:
    """What stands before the quote in its article, where its subject may be named."""
    return citation.article.text[max(0, citation.start - _BEFORE) : citation.start]


def missing_note(missing: Sequence[str], quotes: int, language: Language) -> str:
    """The line that says so below an answer of so many quotes; empty where nothing is missing."""
    if not missing:
        return ""
    if language == "en":
        return f"Not said by {'this quote' if quotes == 1 else 'these quotes'}: {', '.join(missing)}."
    said = "Cette citation ne dit pas" if quotes == 1 else "Ces citations ne disent pas"
    return f"{said}{NBSP}: {', '.join(missing)}."

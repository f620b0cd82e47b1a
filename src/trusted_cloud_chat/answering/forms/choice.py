"""The form of an answer: which quotes, in which order, under which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.forms.cells import LookUp
from trusted_cloud_chat.answering.forms.definition import definition_first, spelt_out, sure_definition
from trusted_cloud_chat.answering.forms.leads import lead, verdict_lead
from trusted_cloud_chat.answering.forms.listing import choose_items
from trusted_cloud_chat.answering.forms.table import Comparison, compare
from trusted_cloud_chat.answering.forms.yes_no import decide, disputed
from trusted_cloud_chat.answering.matter import telling
from trusted_cloud_chat.answering.partial import names_others, tells_of_another
from trusted_cloud_chat.answering.selection import Selected, near_best, select_sentences
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION
from trusted_cloud_chat.antecedents import LEADS, PERSON
from trusted_cloud_chat.asked import holds_kind
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

_SAYS_WHY = re.compile(
    r"\b(?:parce qu|car\b|en raison d|a cause d|faute d|grace a|afin d|s'expliqu|expliqu|serv\w+ a |vis\w+ a |motif|raison|"
    r"pour (?:ne pas |n'|mieux |s')?\w+(?:er|ir|re|oir)\b|because|due to|owing to|in order to|so that|explain|reason)"
)
"""A sentence under « Raison avancée » says one: « pour le marché » does not."""
_HEAD_OF = re.compile(
    r"\b(?:pdg|president\w*|direct\w+ general\w*|patron\w*|ceo|chief executive) (?:(?:de la|de l'|de|du|des|d'|of the|of) ?)"
)
_LEADS_WHOLE = re.compile(rf"{LEADS.pattern}\w*")
_ASIDE = re.compile(r", [^,]{3,60},(?= (?:est|etait|a ete|is|was)\b)")
"""« Delos, projet qui associe SAP et Microsoft, est dirigé par… »: who is headed is named before it."""
_COMMA = 30
"""Characters that a comma counts for: « Bernd Wagner, ancien de Google Cloud, dirige STACKIT »."""
_OWNS = re.compile(
    r"\b(?:detien|deten|possed|appart|actionn|capital|propriet|filial|coentreprise|rachet|acqui|control|"
    r"(?<!\bpris )(?<!\bprend )(?<!\bprendre )(?<!\bsa )parts?\b|own|sharehold|stake|subsidiar|joint venture|buy|bought)|"
    r"\bcompos\w+ (?:\w+ )?consortium|\bconsortium (?:[\w']+ ){0,4}(?:compos|form|reuni|alliance|entre|avec)"
)
_OWNER_OF = re.compile(
    r"\b(?:groupe|societe|entreprise|celui|group|company|one)\b(?: \w+)? (?:qui|that|which|who) (?:possed|detien|own)"
)
"""« Le groupe qui possède Lidl » only says who is meant."""
_SHARE_OF = re.compile(
    r"\b(?:posse|possed|detien|deten|owns?|holds?)\w* (?:\w+ ){0,4}\d[\d,.]* ?%|\d ?% du capital|\d ?% of the (?:capital|shares)"
)
"""« Thales posséderait plus de 92 % de S3NS »"""
_HEADS_ONE = re.compile(
    r"\bdirige|\bpreside|\bpatron|\bpdg\b|\bdg\b|\bdirecteur general|\ba la tete\b|\baux commandes\b|\bceo\b|\bheads?\b|\bleads\b|\bchairs?\b|\bruns\b"
)
"""Asks who is at the head of somebody; « qui pilote la migration ? » asks of a thing."""
_HEADED = re.compile(
    r"\b(?:alors dirig|que dirigeait|dirigeait|presidait|ancien(?:ne)? (?:direct|patron|president|pdg|dg)|ex-(?:direct|patron|president|pdg|dg)|"
    r"then (?:headed|led|run)|former (?:head|chief|director|ceo|president|chair))"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
"""Of several figures that of the year asked about comes first."""
_REACH = 3.0
"""How far below the best a sentence about the one asked about may score to stand in the place of one about others."""
_TERM_DAYS = 365
"""How much older than the newest a report on a head may be, if it names somebody else."""
_BESIDE_A_PROOF = 2
"""Quotes after the one that proves a yes or a no."""


@dataclass(frozen=True, slots=True)
class Form:
    """Quotes in the order in which they are shown."""

    quotes: tuple[Selected, ...]
    lead: str = ""
    """Words of ours above the quotes; empty: none."""
    listed: bool = False
    """A list: one item a quote."""
    comparison: Comparison | None = None
    """The table below the quotes."""
    certain: bool = False
    """Whether it proves that there is an answer: a quote says yes or no, or the table tells something of everybody."""
    fixed: bool = False
    """Whether the order is part of the form: the first quote proves the opening, or stands apart from a table."""
    proved: bool = False
    """Whether the opening is a yes or a no."""


def choose_form(
    understood: Understanding,
    ranked: Sequence[Selected],
    entities: EntityBook,
    holders: Sequence[Selected] = (),
    look_up: LookUp | None = None,
    overview: tuple[Overview, Callable[[], Sequence[Selected]]] | None = None,
    every: Callable[[], Sequence[Selected]] = tuple,
) -> Form:
    """`ranked` is every sentence of the passages, best first; no quote without any.

    `holders`: the list of those who are qualified, where that is asked for; `overview`: which one is asked for, and what tells
    it. `look_up` finds what a table's cell asks for, `every` sentence of the passages around is there to undo a yes.
    """
    if holders:
        words = lead("list", understood.query.language)
        return Form(tuple(holders), words, listed=True, certain=True, fixed=True)
    asked, tell = overview or (None, tuple)
    if asked not in (None, "definition") and (told := tell()):
        return _overview(understood, told, asked)
    ranked = _current(understood, ranked)
    if understood.query.kind == "yes_no":
        ranked = _told_of_the_first(understood, ranked, entities)
    if not understood.wants_now or understood.query.kind == "yes_no":  # elsewhere the timeline sorts them
        ranked = telling(understood.query, ranked, entities)
    chosen = _of_those_asked(understood, select_sentences(understood, ranked), entities)
    if _asks_owner(understood):
        chosen = _with_newest_share(understood, chosen, every(), entities)
    comparison = compare(understood, ranked, entities, look_up)
    if comparison is not None:
        return _comparison(chosen, comparison, entities)
    near = near_best(ranked)
    if (contested := disputed(understood, every, entities)) is not None:
        return Form(_first_of(contested, chosen), lead("disputed", understood.query.language), certain=True, fixed=True)
    decided = decide(understood, near, entities, every)
    if decided is not None:
        words = verdict_lead(decided, dated=decided.dated, language=understood.query.language)
        return Form(_first_of(decided.proof, chosen), words, certain=True, fixed=True, proved=True)
    if understood.query.kind == "definition":
        for found, words in ((sure_definition, "definition"), (spelt_out, "spelt_out")):
            if (sure := found(understood, ranked, entities)) is not None:
                return Form(_first_of(sure, chosen), lead(words, understood.query.language), certain=True, fixed=True)
    if asked == "definition" and definition_first(understood, near, entities) is None and (told := tell()):
        return _overview(understood, told, asked)
    return _by_kind(understood, chosen, near, entities)


def _first_of(proof: Selected, chosen: Sequence[Selected]) -> tuple[Selected, ...]:
    """What proves the words above the quotes, and the best of the others."""
    return (proof, *[choice for choice in chosen if choice is not proof][:_BESIDE_A_PROOF])


def _overview(understood: Understanding, quotes: Sequence[Selected], asked: Overview) -> Form:
    """Certain but where a definition was asked for, which it is not."""
    words = lead("portrait" if asked == "definition" else asked, understood.query.language)
    return Form(tuple(quotes), words, listed=True, certain=asked != "definition", fixed=True)


def _of_those_asked(understood: Understanding, chosen: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """The best sentence, and those of the others that are about the actors asked about, where any is; without the best where it
    names others alone, and one of them is asked who, when or which.

    « L’ANSSI, que dirigeait Guillaume Poupard, a salué Bleu » does not tell who leads Bleu: there the first name decides.
    A title counts that names nobody else, or somebody that the sentence names too. Who leads or supplies is not who owns. France
    Bleu, a radio, is not Bleu.
    """
    text = understood.query.text
    asked = {mention.entity.name for mention in entities.find(text) if mention.entity.kind == "actor"}
    plain = fold(understood.read_as)
    leads = bool(LEADS.search(plain))
    if _asks_head(understood):
        chosen = [choice for choice in chosen if not _heads_another(choice.text, text, entities)]
        chosen = [choice for choice in chosen if LEADS.search(fold(choice.text))] or chosen
        chosen = _newest_head(chosen) if understood.wants_now else chosen
    asks_owner = _asks_owner(understood)
    told_of_one = understood.query.kind in ("who", "date", "list")

    def about_them(choice: Selected) -> bool:
        said = fold(choice.text)
        if asks_owner and not _OWNS.search(said):
            return False
        mentions = entities.written(choice.text)
        if leads and mentions:
            return mentions[0].entity.name in asked
        named = {m.entity.name for m in mentions if m.entity.kind in ("actor", "media")}
        titled = {m.entity.name for m in entities.actors(choice.passage.article.title)}
        in_title = bool(titled & asked) and (titled <= asked or (bool(named & titled) and not told_of_one))
        return not named or bool(named & asked) or in_title

    def namesake(choice: Selected) -> bool:
        return any(m.entity.kind == "media" for m in entities.find(choice.text))

    if not asked:
        return list(chosen)
    ours = [c for c in chosen if about_them(c)]
    if asks_owner and not ours:
        return []
    if ours and told_of_one and chosen[0] not in ours and names_others(chosen[0].text, asked, entities):
        return ours
    kept = [c for place, c in enumerate(chosen) if c in ours or (place == 0 and not namesake(c))]
    return kept or list(chosen[:1])


def _told_of_the_first(
    understood: Understanding, ranked: Sequence[Selected], entities: EntityBook
) -> Sequence[Selected]:
    """`ranked` without what tells of others instead, where the best does and one that names the one asked about comes near."""
    text = understood.query.text
    if not ranked or not tells_of_another(text, ranked[0].text, entities):
        return ranked
    first = entities.find(text)[0].entity.name
    kept = [choice for choice in ranked if not tells_of_another(text, choice.text, entities)]
    near = (choice for choice in kept if choice.score >= ranked[0].score - _REACH)
    return kept if any(entities.named(choice.text, {first}) for choice in near) else ranked


def _newest_head(chosen: Sequence[Selected]) -> list[Selected]:
    """Without those that were published well before the newest and name nobody whom it names: heads of an earlier time."""
    newest = max(chosen, key=lambda choice: choice.published, default=None)
    if newest is None:
        return []
    now = set(PERSON.findall(newest.text))
    return [c for c in chosen if c.published > newest.published - _TERM_DAYS or now & set(PERSON.findall(c.text))]


def _asks_owner(understood: Understanding) -> bool:
    plain = fold(understood.read_as)
    return understood.query.kind == "who" and bool(_OWNS.search(_OWNER_OF.sub("", plain))) and not LEADS.search(plain)


def _with_newest_share(
    understood: Understanding, chosen: list[Selected], every: Sequence[Selected], entities: EntityBook
) -> list[Selected]:
    """`chosen` after the newest sentence that gives somebody's share of the one asked about, where that is newer than all of them."""
    asked = {mention.entity.name for mention in entities.actors(understood.query.text)}
    shares = [c for c in every if asked and asked <= entities.named(c.text, asked) and _SHARE_OF.search(fold(c.text))]
    newest = max(shares, key=lambda choice: choice.published, default=None)
    if newest is None or not chosen or newest.published <= max(choice.published for choice in chosen):
        return chosen
    return [newest, *chosen]


def _asks_head(understood: Understanding) -> bool:
    return understood.query.kind == "who" and bool(_HEADS_ONE.search(fold(understood.read_as)))


def _current(understood: Understanding, ranked: Sequence[Selected]) -> Sequence[Selected]:
    """Where it is asked who heads somebody now, without sentences about those who did."""
    if not (understood.wants_now and _asks_head(understood)):
        return ranked
    return [choice for choice in ranked if not _HEADED.search(fold(choice.text))] or ranked


def _heads_another(said: str, question: str, entities: EntityBook) -> bool:
    """Whether each « dirigé par » of a sentence stands nearest to a name that is not asked about, or is of one that no list of ours has.

    « Philippe Wahl, PDG de La Poste » for NumSpot.
    """
    asked = [mention.entity for mention in _somebody(question, entities)]
    theirs = {fold(entity.name) for entity in asked}
    aside = _ASIDE.search(fold_in_place(said))
    said = f"{said[: aside.start()]}{said[aside.end() :]}" if aside else said
    named, folded = _somebody(said, entities), fold_in_place(said)
    heads = [head.span() for head in _LEADS_WHOLE.finditer(folded)]
    if not named:
        return bool(asked) and any(said[head.end() : head.end() + 1].isupper() for head in _HEAD_OF.finditer(folded))
    if not asked or not heads:
        return False

    def distance(head: tuple[int, int], mention: Mention) -> int:
        between = folded[mention.end : head[0]] or folded[head[1] : mention.start]
        return len(between) + _COMMA * between.count(",")

    def nearest(head: tuple[int, int]) -> str:
        return fold(min(named, key=lambda mention: distance(head, mention)).entity.name)

    return not any(nearest(head) in theirs for head in heads)


def _somebody(text: str, entities: EntityBook) -> list[Mention]:
    """The mentions of those whom somebody may head: no law, no scheme."""
    return [m for m in entities.written(text) if m.entity.kind not in ("law", "scheme")]


def _comparison(chosen: Sequence[Selected], comparison: Comparison, entities: EntityBook) -> Form:
    """Above the table stands only what speaks of two of the compared together, and what no cell quotes."""
    cells = {(c.passage.article.article_id, c.span) for row in comparison.rows for c in row.cells if c}
    others = tuple(
        choice
        for choice in chosen
        if (choice.passage.article.article_id, choice.span) not in cells
        and len(entities.named(choice.text, comparison.entities)) > 1
        and not (comparison.staged and QUALIFICATION.search(fold(choice.text)))
    )
    whole = all(any(row.cells[column] for row in comparison.rows) for column in range(len(comparison.entities)))
    return Form(others, comparison=comparison, certain=whole, fixed=True)


def _by_kind(understood: Understanding, chosen: list[Selected], near: Sequence[Selected], entities: EntityBook) -> Form:
    query, words = understood.query, ""
    items = choose_items(understood, near, entities) if query.kind == "list" else []
    quotes = tuple(items or chosen)
    if query.kind in ("number", "date"):  # « n’a pas été révélée » answers less than « moins de 8 % »
        years = set(_YEAR.findall(query.text)) if query.kind == "number" else set()
        quotes = tuple(
            sorted(
                quotes,
                key=lambda c: (holds_kind(query.kind, query.text, c.text) < 0, not years <= set(_YEAR.findall(c.text))),
            )
        )
    if query.kind == "definition" and (first := definition_first(understood, near, entities)) is not None:
        quotes = (first, *[choice for choice in quotes if choice is not first][: max(1, len(chosen) - 1)])
        words = lead("definition", query.language)
    elif len(items) > 1:
        words = lead("list", query.language)
    elif query.kind == "why" and quotes and _says_why(quotes[0]):
        words = lead("whys" if sum(map(_says_why, quotes)) > 1 else "why", query.language)
    elif query.kind == "how" and quotes and holds_kind("how", query.text, quotes[0].text) > 0:
        words = lead("how", query.language)
    return Form(quotes, words, listed=len(items) > 1, fixed=bool(words))


def _says_why(choice: Selected) -> bool:
    return bool(_SAYS_WHY.search(fold(choice.text)))

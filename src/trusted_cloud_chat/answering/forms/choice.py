"""The form of an answer: which quotes, in which order, under which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.courts import of_another_court
from trusted_cloud_chat.answering.creation import tellers_first
from trusted_cloud_chat.answering.defined_term import name_to_define, quoted_terms
from trusted_cloud_chat.answering.definition import announces_definition, definition_first, sure_finders
from trusted_cloud_chat.answering.forms.announcing import with_what_is_announced
from trusted_cloud_chat.answering.forms.awards import granted_by, winners_of
from trusted_cloud_chat.answering.forms.cells import LookUp
from trusted_cloud_chat.answering.forms.heads import asks_head, heads_another, newest_head, of_now, with_newest_head
from trusted_cloud_chat.answering.forms.leads import lead, verdict_lead
from trusted_cloud_chat.answering.forms.listing import choose_items
from trusted_cloud_chat.answering.forms.owners import asks_owner, tells_owner, with_newest_share
from trusted_cloud_chat.answering.forms.polar_question import read_polar_question
from trusted_cloud_chat.answering.forms.reasons import causes_first, motive_after, only_restates, says_why, tells_reason
from trusted_cloud_chat.answering.forms.rulings import ruling
from trusted_cloud_chat.answering.forms.situation import tells_situation
from trusted_cloud_chat.answering.forms.table import Comparison, compare
from trusted_cloud_chat.answering.forms.yes_no import Decision, decide, disputed
from trusted_cloud_chat.answering.matter import telling
from trusted_cloud_chat.answering.names import nations_in
from trusted_cloud_chat.answering.partial import names_others, tells_of_another
from trusted_cloud_chat.answering.selection import Selected, near_best, select_sentences, versions_in
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.clauses import OF_SOURCE
from trusted_cloud_chat.answering.timeline.customers import without_members
from trusted_cloud_chat.answering.timeline.present import told_too_late
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.antecedents import LEADS
from trusted_cloud_chat.understanding.asked import holds_kind

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
"""Of several figures that of the year asked about comes first."""
_REACH_OF_A_DEFINITION = 2.0
"""How far below the best a sentence that defines may score."""
_REACH, _REACH_OF_A_LAW = 3.0, 4.0
"""How far below the best a sentence about the one asked about may score to stand in the place of one about others."""
_BEFORE_WHOM = re.compile(r"\b(?:avant|before) (?:\w+ )?(?P<name>(?!l[ae]s?\b|l'|the\b)[a-z]\w{3,})\W*$")
"""« Qui dirigeait NumSpot avant Éric Haddad ? » is not told by what names him."""
_FIRST_OF_ALL = re.compile(r"\bpremiere?s?\b|\bfirst\b")
"""Who was the first was so in the version asked about: « le premier en SecNumCloud 3.2 »."""
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
    likely: bool = False
    """Whether rules find an answer in it that the reader leaves open."""
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
    confidence: float = 1.0,
) -> Form:
    """`ranked` is every sentence of the passages, best first; no quote without any. `confidence`, 0 to 1: that they answer.

    `holders`: the list of those who are qualified, where that is asked for; `overview`: which one is asked for, and what tells
    it. `look_up` finds what a table's cell asks for, `every` sentence of the passages around is there to undo a yes.
    """
    if holders:
        words = lead("list", understood.query.language)
        return Form(tuple(holders), words, listed=True, certain=True, fixed=True)
    asked, tell = overview or (None, tuple)
    if asked not in (None, "definition") and (told := tell()):
        return _overview(understood, told, asked)
    if asked == "criticisms":  # what is near it tells what it criticises, or says on another matter
        return Form(())
    found = ranked
    ranked = of_now(understood, without_members(ranked) if asked == "customers" else ranked)
    if understood.query.kind == "yes_no":
        ranked = _told_of_the_first(understood, ranked, entities)
    if not understood.wants_now or understood.query.kind == "yes_no":  # elsewhere the timeline sorts them
        ranked = telling(understood.query, ranked, entities)
    chosen = select_sentences(understood, ranked)
    chosen = [choice for choice in chosen if not OF_SOURCE.search(fold(choice.text))] or chosen
    if _FIRST_OF_ALL.search(fold(understood.query.text)):
        chosen = _of_version_first(understood, chosen)
    if asks_head(understood) and understood.wants_now:
        chosen = with_newest_head(understood, chosen, ranked, entities)
    chosen = _of_those_asked(understood, chosen, ranked, entities)
    chosen = tellers_first(understood.query, chosen, ranked, entities)
    if asks_owner(understood):
        chosen = with_newest_share(understood, chosen, every(), entities)
    if won := winners_of(understood, every, entities):
        return Form(tuple(won), certain=True, fixed=True)
    if (granted := granted_by(understood, every, entities)) is not None:
        return Form((granted,), certain=True, fixed=True)
    comparison = compare(understood, ranked, entities, look_up)
    if comparison is not None:
        return _comparison(chosen, comparison, entities)
    near = near_best(ranked)
    polar = read_polar_question(understood.query, entities)
    if (contested := disputed(polar, every, entities)) is not None:
        return Form(_first_of(contested, chosen), lead("disputed", understood.query.language), certain=True, fixed=True)
    decided = decide(polar, near, entities, every)
    if decided is not None and not (decided.verdict.startswith("yes") and told_too_late(understood, decided.proof)):
        words = verdict_lead(decided, dated=decided.dated, language=understood.query.language)
        return Form(_first_of(decided.proof, chosen), words, certain=True, fixed=True, proved=True)
    if chosen and (ruled := ruling(understood.query, chosen[0], entities, confidence)) is not None:
        words = verdict_lead(Decision(ruled, chosen[0], dated=False), dated=False, language=understood.query.language)
        return Form(tuple(chosen), words, fixed=True, proved=True)
    if understood.query.kind == "definition":
        for find, words in sure_finders(understood):
            if (sure := find(understood, ranked, entities) or find(understood, every(), entities)) is not None:
                return Form(_first_of(sure, chosen), lead(words, understood.query.language), certain=True, fixed=True)
    if asked == "definition" and definition_first(understood, near, entities) is None and (told := tell()):
        return _overview(understood, told, asked)
    form = _by_kind(understood, chosen, ranked, entities)
    return _with_motive(form, understood, found, entities) if understood.query.kind == "why" else form


def _naming_the_one(
    understood: Understanding, quotes: Sequence[Selected], entities: EntityBook
) -> tuple[Selected, ...]:
    """Of `quotes` those that name the one known name whose definition is asked for; empty where none is, or none does."""
    asked = name_to_define(understood, entities)
    return tuple(choice for choice in quotes if asked and entities.named(choice.text, {asked.entity.name}))


def _with_motive(form: Form, understood: Understanding, found: Sequence[Selected], entities: EntityBook) -> Form:
    """`form` with what stands right after its best quote and tells the motive of that, where no quote says why.

    It comes first where the best quote only restates what happened.
    """
    if not form.quotes or any(map(says_why, form.quotes)):
        return form
    first, *others = form.quotes
    motive = motive_after(first, found)
    if motive is None:
        return form
    led = (motive, first) if only_restates(understood, first, entities) else (first, motive)
    return replace(form, quotes=(*led, *(c for c in others if c is not motive)))


def _first_of(proof: Selected, chosen: Sequence[Selected]) -> tuple[Selected, ...]:
    """What proves the words above the quotes, and the best of the others."""
    return (proof, *[choice for choice in chosen if choice is not proof][:_BESIDE_A_PROOF])


def _overview(understood: Understanding, quotes: Sequence[Selected], asked: Overview) -> Form:
    """Certain but where a definition was asked for, which it is not."""
    words = lead("undefined" if asked == "definition" else asked, understood.query.language)
    return Form(tuple(quotes), words, listed=True, certain=asked != "definition", fixed=True)


def _of_those_asked(
    understood: Understanding, chosen: Sequence[Selected], ranked: Sequence[Selected], entities: EntityBook
) -> list[Selected]:
    """The best sentence, and those of the others that are about the actors asked about, where any is; without the best where it
    names others alone, and one of them is asked who, when or which. Of owners all must tell; where none does, the best of `ranked`
    that names the one.

    « L’ANSSI, que dirigeait Guillaume Poupard, a salué Bleu » does not tell who leads Bleu: there the first name decides.
    A title counts that names nobody else, or somebody that the sentence names too. Who leads or supplies is not who owns. France
    Bleu, a radio, is not Bleu.
    """
    text = understood.query.text
    asked = {mention.entity.name for mention in entities.find(text) if mention.entity.kind == "actor"}
    plain = fold(understood.read_as)
    leads = bool(LEADS.search(plain))
    if asks_head(understood):
        chosen = [choice for choice in chosen if not heads_another(choice.text, text, entities)]
        chosen = [choice for choice in chosen if LEADS.search(fold(choice.text))] or chosen
        chosen = newest_head(chosen) if understood.wants_now else chosen
    owner_asked = asks_owner(understood)
    told_of_one = understood.query.kind in ("who", "date", "list")

    def about_them(choice: Selected) -> bool:
        said = fold(choice.text)
        if owner_asked and not tells_owner(said):
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
    if owner_asked:
        return ours or [c for c in ranked if about_them(c) and entities.named(c.text, asked)][:1]
    if ours and told_of_one and chosen[0] not in ours and names_others(chosen[0].text, asked, entities):
        return ours
    kept = [c for place, c in enumerate(chosen) if c in ours or (place == 0 and not namesake(c))]
    if understood.query.kind in ("how", "why"):  # what one did and why is not told by what another did
        kept = sorted(kept, key=lambda c: c not in ours and names_others(c.text, asked, entities))
    return kept or list(chosen[:1])


def _of_nation_first(understood: Understanding, quotes: Sequence[Selected]) -> tuple[Selected, ...]:
    """« Quelles entreprises françaises… ? »: those that name their country stand before those that name none."""
    asked = nations_in(understood.query.text, adjectives_only=True)
    return tuple(sorted(quotes, key=lambda choice: not asked <= nations_in(choice.text)))


def _of_version_first(understood: Understanding, chosen: Sequence[Selected]) -> list[Selected]:
    """« Qui a été le premier à passer en 3.2 ? »: those that name the version asked about stand before those that name none."""
    versions = versions_in(understood.query.text)
    return sorted(chosen, key=lambda choice: not versions <= versions_in(choice.text))


def _told_of_the_first(
    understood: Understanding, ranked: Sequence[Selected], entities: EntityBook
) -> Sequence[Selected]:
    """`ranked` without what tells of others instead, where the best does and one that names the one asked about comes near."""
    text = understood.query.text
    if not ranked or not tells_of_another(text, ranked[0].text, entities):
        return ranked
    first = entities.find(text)[0].entity.name
    kept = [choice for choice in ranked if not tells_of_another(text, choice.text, entities)]
    reach = _REACH_OF_A_LAW if entities.find(text)[0].entity.kind == "law" else _REACH
    near = (choice for choice in kept if choice.score >= ranked[0].score - reach)
    return kept if any(entities.named(choice.text, {first}) for choice in near) else ranked


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


def _by_kind(
    understood: Understanding, chosen: list[Selected], ranked: Sequence[Selected], entities: EntityBook
) -> Form:
    near = near_best(ranked)
    query, words = understood.query, ""
    items = choose_items(understood, near, entities) if query.kind == "list" else []
    quotes = tuple(items or chosen)
    if query.kind in ("number", "date"):  # « n’a pas été révélée » answers less than « moins de 8 % »
        years = set(_YEAR.findall(query.text)) if query.kind == "number" else set()
        of_a_law = [mention.entity.kind for mention in entities.find(query.text)][:1] == ["law"]
        quotes = tuple(
            sorted(
                quotes,
                key=lambda c: (
                    holds_kind(query.kind, query.text, c.text) < 0,
                    of_another_court(query.text, [c.text]),
                    of_a_law and tells_of_another(query.text, c.text, entities),  # « Avec NIS1… » for NIS2
                    not years <= set(_YEAR.findall(c.text)),
                ),
            )
        )
    defined = None
    if query.kind == "definition":
        within = [choice for choice in ranked if choice.score >= ranked[0].score - _REACH_OF_A_DEFINITION]
        defined = definition_first(understood, near, entities) or definition_first(understood, within, entities)
    if defined is not None:
        first, told = defined
        quotes = (first, *[choice for choice in quotes if choice is not first][: max(1, len(chosen) - 1)])
        words = lead(told, query.language)
    elif query.kind in ("definition", "how_changed"):
        terms = quoted_terms(query.text)
        quotes = tuple(
            sorted(
                quotes,
                key=lambda c: (bool(terms) and not any(t in fold(c.text) for t in terms), announces_definition(c)),
            )
        )
        if query.kind == "definition" and (naming := _naming_the_one(understood, quotes, entities)):
            quotes, words = naming, lead("undefined", query.language)
    elif len(items) > 1:
        words = lead("list", query.language)
    elif query.kind == "why" and (quotes := causes_first(understood, quotes, entities)) and says_why(quotes[0]):
        words = lead("whys" if sum(map(says_why, quotes)) > 1 else "why", query.language)
    elif query.kind == "how" and quotes and holds_kind("how", query.text, quotes[0].text) > 0:
        words = lead("how", query.language)
    if query.kind in ("list", "who"):
        quotes = _of_nation_first(understood, quotes)
    if query.kind == "who" and (later := _BEFORE_WHOM.search(fold(query.text))):
        quotes = tuple(sorted(quotes, key=lambda c: later["name"] in fold(c.text)))
    if len(items) <= 1:
        quotes = with_what_is_announced(quotes, ranked)
    likely = tells_reason(understood, near, entities) or tells_situation(understood, near, entities)
    return Form(quotes, words, listed=len(items) > 1, fixed=bool(words), likely=likely)

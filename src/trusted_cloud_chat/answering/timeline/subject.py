"""Who and what a question asks about, and whether a sentence is about the same.

Conservative: a sentence that may be about somebody or something else is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.subordinate import NOT_ABOUT, in_relative_clause
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.attribute import (
    Attribute,
    asks_for_count,
    figure_asked,
    takes_qualification_for_granted,
)
from trusted_cloud_chat.answering.timeline.clauses import NOT_HOLDER, clauses
from trusted_cloud_chat.answering.timeline.parts import part_of_year
from trusted_cloud_chat.answering.timeline.stages import MILESTONE, QUALIFICATION, Stage, read_stage
from trusted_cloud_chat.answering.timeline.topic import (
    FRAME,
    MOVE,
    OWNING,
    STATE_WORDS,
    STEP_WORDS,
    share_of,
    told_in,
    topic_of,
)
from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import content_words, fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding import Understanding

_ENOUGH = {"qualification": 0.0, "due": 0.6, "figure": 0.75}
"""Share of the question's topic, by rarity, that a sentence about the attribute has."""
_UNDER_WAY = re.compile(
    r"\ben cours\b|\bcandidat|\baccompagn|\bin the process\b|\bunder way\b|\bpending\b|\bvers (?:la|une) qualif"
)
"""Who is so is not counted among the qualified."""
_REVISED = re.compile(
    r"\b(?:abaiss|ramen|redui|relev)\w* (?:\w+ )?(?:a|de) \d.{0,60}\b(?:indemnit|amende|condamnation|dommages|somme|sanction)|"
    r"\b(?:reduced|cut|lowered|raised) .{0,60}\b(?:damages|compensation|fine|penalty|award)\b.{0,40}\bto\b"
)
"""A later judgment: « la cour d’appel a abaissé à 1 800 euros l’indemnité » is about « combien… dû payer »."""
_CAPITALISED = re.compile(r"\b[A-ZÉÈÀÎ][\w.-]*")
NOT_MOVED = re.compile(
    r"\b(?:migration|depart|sortie|transfert|bascule|demenagement)\b.*\bn'(?:est|a)\b(?: \w+){0,3} pas\b(?: \w+){0,3} (?:effecti|achev|termin|commenc|fait|eu lieu|realis)|"
    r"\b(?:migration|move|departure|transfer)\b.*\b(?:is|has) (?:still )?not\b(?: \w+){0,3} (?:complet|finish|done|taken place|started|begun)"
)
"""Whoever it says so of has not left one for another, whichever names it has."""
_ELSEWHERE = re.compile(r"^chez ")
_MILESTONES = re.compile(
    r"^(?!.*\b(?:prochain|restant|reste|attendu|next|coming|remain|left|expect)).*\b(?:jalons?|milestones?)\b"
)
"""« Quels jalons Bleu a-t-il franchis ? »: those of a qualification."""
_SOURCE = re.compile(
    r"\b(?:(?:selon|d'apres|according to) (?:l[ae]s? |l')?|(?:page|billet|blog|site|article|guide|fiche|communique|post)\b[^,;.]{0,25}\b(?:d'|de |du |of |from |by ))$"
)
"""Before the name of whoever is quoted: « selon une page non datée d’Oodrive » tells nothing of Oodrive."""


class Subject:
    """Who and what a question is about, and which attribute of it."""

    def __init__(self, understood: Understanding, entities: EntityBook, overview: Overview | None = None) -> None:
        """`overview`: the list that is asked for, where one is."""
        query = understood.query
        self._entities = entities
        self.today = query.today
        self._kind = query.kind
        self.language = query.language
        mentions = entities.find(query.text)
        asked = list({m.entity.name: m.entity for m in mentions}.values())
        self.actors: tuple[Entity, ...] = tuple(entity for entity in asked if entity.kind == "actor")
        self._others = tuple(entity for entity in asked if entity.kind != "actor")
        self._wanted = {entity.name for entity in self.actors or self._others}
        self._allowed = {fold(name) for e in asked for name in (e.name, *e.names, *e.related)}
        self._named = {t for m in mentions for t in lexical_tokens(m.text, query.language)}
        self._qualification = bool(QUALIFICATION.search(fold(query.text)))
        self._under_way = bool(_UNDER_WAY.search(fold(query.text)))
        supposed = takes_qualification_for_granted(fold(query.text))
        self._supposed = self._qualification and supposed and len(self.actors) == 1
        self._capitalised = set(lexical_tokens(" ".join(_CAPITALISED.findall(query.text)), query.language))
        self._topic = topic_of(query.text, query.language, self._named, self._capitalised)
        self.figure = figure_asked(fold(query.text))
        numbered = bool(MILESTONE.search(fold(query.text)))
        self.which_milestones = bool(_MILESTONES.search(fold(query.text))) and not numbered
        """Whether it is asked which milestones are passed: « Quels jalons Bleu a-t-il franchis ? »."""
        self.milestone = numbered or self.which_milestones
        """Whether one of J0 to J3 is asked about, or which of them."""
        self.part = part_of_year(query.text)
        """The part of a year whose sum is asked for, where one is."""
        self.promises = overview if overview in ("promises", "slipped", "coming") else None
        """Which promises are asked for, where nothing else is; None where none are."""
        self.services = overview == "services"
        """Whether it is asked for what one actor is qualified."""
        self.events = overview == "events"
        """Whether it is asked what happened in a period."""
        timeless = self.events or overview in ("criticisms", "provisions")
        self.attribute = None if timeless else self._attribute(query.kind, fold(query.text))

    @property
    def asks_state_alone(self) -> bool:
        """Whether the question is how far a qualification is and nothing else: « Où en est la qualification de Bleu ? »."""
        return self.attribute == "qualification" and not self._beside_the_state

    @property
    def asks_share(self) -> bool:
        """Whether it is asked who owns how much of whom, and nothing else: « Google détient-il une part de S3NS ? »."""
        return bool(self.actors and self._topic) and self._topic.keys() <= OWNING[self.language]

    @property
    def listed(self) -> bool:
        """Whether the answer is a list of promises, of services or of events, none of which leads."""
        return bool(self.promises or self.services or self.events)

    @property
    def supposed_qualified(self) -> bool:
        """Whether the question takes for granted that the one whom it names is qualified.

        « La qualification obtenue par Bleu », « quels services de Bleu sont qualifiés ? ».
        """
        return self.attribute == "qualification" and (self._supposed or self.services)

    def of_the_rest(self, selected: Selected) -> float:
        """How much a sentence has of what is asked beside the state of a qualification, 0 to 1; 1 where nothing is."""
        rest = {stem: self._topic[stem] for stem in self._beside_the_state}
        return self._share(rest, selected) if rest else 1.0

    def _share(self, topic: dict[str, float], selected: Selected) -> float:
        return share_of(topic, selected.text, selected.passage.article.language, self.language)

    @property
    def _beside_the_state(self) -> set[str]:
        # « Certifié SecNumCloud » is what many say of the qualification; of HDS it is another thing.
        same = ("qualif", "certif") if {e.name for e in self._others} == {"SecNumCloud"} else ("qualif",)
        words = STATE_WORDS[self.language] | (STEP_WORDS[self.language] if self.which_milestones else frozenset())
        return {s for s in self._topic if not s.startswith(same) and s not in words}

    def state_untold(self, quotes: Iterable[str]) -> bool:
        """Whether the question is somebody's state alone, and no quote has both the name and a qualification.

        The name may be one that no list of ours has: a word with a capital.
        """
        unknown = self._beside_the_state & self._capitalised
        if not self._qualification or self._beside_the_state - unknown or not (self.actors or unknown):
            return False
        names = {actor.name for actor in self.actors}
        about = [
            quote
            for quote in quotes
            if self._entities.named(quote, names) or (unknown and unknown <= content_words(quote, self.language))
        ]
        return not any(QUALIFICATION.search(fold(quote)) for quote in about)

    @property
    def names(self) -> frozenset[str]:
        """Folded names of those asked about: vendors, not services."""
        return frozenset(self._allowed)

    def concerns(self, selected: Selected) -> bool:
        """Whether the sentence is about those asked about, first of all, and about the topic."""
        text, language = selected.text, selected.passage.article.language
        if self.stays(text):
            return True
        if not self.names_asked(selected):
            return False
        if self.attribute == "qualification":
            return bool(QUALIFICATION.search(fold(text))) and self._leads(text)
        enough = 0.0 if self._revises(text) else _ENOUGH[self.attribute or "due"]
        if not self._topic or self._share(self._topic, selected) < enough:
            return False
        plain = self._topic.keys() - self._capitalised
        if self.attribute == "due" and plain and not told_in(plain, text, language, self.language):
            return False  # « Thales contrôle-t-il S3NS ? »: what Thales promises of S3NS is another topic
        if self._qualification and _UNDER_WAY.search(fold(text)) and not self._under_way:
            return False
        return self._leads(text)

    def stays(self, text: str) -> bool:
        """Whether the sentence says that the one whose move is asked about has not made it, from wherever and to wherever."""
        if self._kind in ("date", "how_changed") or self.attribute != "due" or MOVE not in self._topic:
            return False
        named = self._entities.actors(text)
        mover = self.actors[:1] and named[:1] and named[0].entity.name == self.actors[0].name
        return bool(mover) and bool(NOT_MOVED.search(fold(text)))

    def _revises(self, text: str) -> bool:
        """Whether a sum asked about is said to have been changed, between all whom the question names."""
        if self.attribute != "figure" or not self.figure.money or not _REVISED.search(fold(text)):
            return False
        parties = self._capitalised - FRAME - self._named
        return bool(parties) and parties <= content_words(text, self.language)

    def holder(self, text: str) -> str | None:
        """Whose qualification the sentence tells of: the one asked about that it names, if it names nobody before."""
        if not self._leads(text):
            return None
        named = self._entities.named(text, {actor.name for actor in self.actors})
        return next((actor.name for actor in self.actors if actor.name in named), None)

    def qualification_told(self, text: str) -> bool:
        """Whether the sentence names one of those asked about and speaks of a qualification."""
        return bool(self._entities.named(text, {a.name for a in self.actors}) and QUALIFICATION.search(fold(text)))

    def about_others(self, text: str) -> bool:
        """Whether the sentence names actors, and none that the question asks about."""
        return self.holder(text) is None and self._names_others(text)

    def clause(self, text: str) -> str:
        """The part of a sentence that is about those asked about: « … disposent déjà, alors que Bleu espère … » has two."""
        wanted = {actor.name for actor in self.actors}
        parts = [part for part in clauses(text) if self._entities.named(part, wanted)]
        return parts[0] if len(parts) == 1 else text

    def stage(self, text: str, article: Article) -> Stage | None:
        """The stage that a sentence tells of those asked about; its dates are read of the clause where others are named."""
        clause, holder = self.clause(text), self.holder(text)
        if in_relative_clause(clause, QUALIFICATION, self._allowed, self._entities):
            return None
        stage = read_stage(clause, article, self.names, holder)
        if stage is None or clause == text or self._names_others(text):
            return stage
        whole = read_stage(text, article, self.names, holder)
        return whole if whole and whole.name == stage.name else stage

    def names_asked(self, selected: Selected) -> bool:
        """Whether the sentence names all that the question names."""
        return self._wanted <= self._entities.named(selected.text, self._wanted)

    def is_spoken_of(self, selected: Selected) -> bool:
        """Whether the sentence names all that the question names, and not only as its source."""
        text = selected.text
        if not self.names_asked(selected):
            return False
        named = [m for m in self._entities.find(text) if m.entity.name in self._wanted]
        return not named or not all(_SOURCE.search(fold_in_place(text[: m.start])) for m in named)

    def _attribute(self, kind: str, folded: str) -> Attribute | None:
        if self.actors and (self._supposed or self.listed):
            return "qualification"  # most promises are of one, and what became of it is told
        if kind in ("list", "comparison", "definition", "why", "help", "evidence"):
            return None
        if kind == "number" or (kind == "how_changed" and asks_for_count(folded)):
            return "figure" if self._topic else None
        if QUALIFICATION.search(folded) or (self.which_milestones and self.actors):
            return "qualification" if self.actors else None
        return "due" if kind != "who" and self._topic and (self.actors or self._others) else None

    def _leads(self, text: str) -> bool:
        """Whether the first of the actors named is one asked about: the one that the sentence is about."""
        if not self.actors:
            return True
        actors = self._entities.actors(text)
        if not actors:
            return True
        first, before = actors[0], fold_in_place(text[: actors[0].start])
        if NOT_HOLDER.search(before) or NOT_ABOUT.search(before) or (_ELSEWHERE.match(before) and before != "chez "):
            return False
        return fold(first.entity.name) in self._allowed

    def _names_others(self, text: str) -> bool:
        return any(fold(mention.entity.name) not in self._allowed for mention in self._entities.actors(text))

"""Sentences that give a value to what the question asks about: the same subject, the same attribute, maybe another value.

Conservative: a sentence that may be about somebody or something else is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from trusted_cloud_chat.answering.figures import TIME_UNITS, Figure, read_figures
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.subordinate import NOT_ABOUT, in_relative_clause
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.promises import Due, promises, read_due
from trusted_cloud_chat.answering.timeline.stages import GOAL, MILESTONE, QUALIFICATION, Stage, read_stage
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.rarity import rarity
from trusted_cloud_chat.schema import Article, Language
from trusted_cloud_chat.text import content_words, fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding import Understanding

Attribute = Literal["qualification", "due", "figure"]
Key = tuple[str, str | float]

_ENOUGH = {"qualification": 0.0, "due": 0.6, "figure": 0.75}
"""Share of the question's topic, by rarity, that a sentence about the attribute has."""
_FRAME = frozenset(
    lexical_tokens(
        "aujourd'hui actuellement désormais maintenant date échéance calendrier annonce annoncer annoncé fil évoluer évolué évolution "
        "changer changé glisser glissé bouger bougé historique quand depuis état statut situation combien nombre oui non déjà encore toujours prévu "
        "prévue attendu attendue partir pourra donner dernier dernière montant part pourcentage"
    )
    + lexical_tokens("today currently now date schedule status when since how many much latest expected due figure number share", "en")
)  # fmt: skip
"""Stems that ask rather than tell what is asked about."""
_STATE_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens(
            "obtenu obtenue obtenir décroché décrocher reçu eu avoir détient possède dispose avancement stade fini finir attend attendre "
            "expire expirer expiration arrive arriver échéance terme valable valide validité jusque renouveler renouvelée"
        )
    ),
    "en": frozenset(
        lexical_tokens(
            "stand obtained obtain received got get hold have stage progress finally wait waiting expire expires expiry valid "
            "until run runs lapse renewal renewed end",
            "en",
        )
    ),
}
"""Stems with which the state of a qualification is asked for, or until when it holds."""
_HOLDERS: dict[Language, frozenset[str]] = {
    "fr": frozenset(lexical_tokens("fournisseurs prestataires hébergeurs acteurs entreprises sociétés opérateurs")),
    "en": frozenset(lexical_tokens("providers vendors companies hosts operators", "en")),
}
"""Stems of those who are counted under any of these words: « cinq prestataires », « neuf entreprises »."""
_HOLDER = "holder"
SAME_TIME_DAYS = 60
"""Sources that give another value within these days disagree; farther apart, the later one supersedes."""
_MOVING: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens(
            "quitter quittera sortir sortie migrer migration basculer bascule transférer transfert passage rejoindre départ déménager déménagement"
        )
    ),
    "en": frozenset(
        lexical_tokens("leave leaving migrate migration move moved moving transfer switch departure", "en")
    ),
}
"""Stems of going from one to another, which a date may be told of with either of them."""
_MOVE = "move"
_PASSES_TO = re.compile(
    r"\bpass(?:e|ee|es|ees|er|era|eront|ait)(?:-t)?(?:-(?:il|elle|ils|elles))? (?:a |chez |vers |sur |au |aux )"
)
"""« Passée à Microsoft 365 » moved; « en passant par l’UGAP » did not."""
_PASS = lexical_tokens("passer")[0]
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
_DONE = re.compile(
    r"\b(?:a|ont|est|sont|has|have|is|are|was|were)(?: \w+){0,2} (?:ouver\w*|lance\w*|livre\w*|disponibles?|demarre\w*|acheve\w*|termine\w*|adopte\w*|"
    r"cree\w*|effecti\w+|opened|launched|available|delivered|adopted|completed)\b"
)
_NOT_DONE = re.compile(
    r"\bn'(?:est|a|ont|etait|avait)\b[^.;,]{0,12}\b(?:pas|toujours pas|pas encore)\b|\bnot yet\b|\bstill not\b|\bse fait encore attendre\b"
)
NOT_MOVED = re.compile(
    r"\b(?:migration|depart|sortie|transfert|bascule|demenagement)\b.*\bn'(?:est|a)\b(?: \w+){0,3} pas\b(?: \w+){0,3} (?:effecti|achev|termin|commenc|fait|eu lieu|realis)|"
    r"\b(?:migration|move|departure|transfer)\b.*\b(?:is|has) (?:still )?not\b(?: \w+){0,3} (?:complet|finish|done|taken place|started|begun)"
)
"""Whoever it says so of has not left one for another, whichever names it has."""
_GIVEN_UP = re.compile(
    r"\b(?:suspend(?:ent|u\w*)?|abandonn\w+|renonc\w+|annul(?:e\w*|ent)|gele\w*|suspend(?:s|ed)|abandoned|cancelled|dropped)\b"
)
"""« L’École polytechnique suspend son passage »: the last that is known, where nothing newer is planned."""
CONTRAST = r";|,?\s+(?:alors que|tandis que|mais|while|whereas|but)\b"
_CLAUSE = re.compile(rf"\s*(?:{CONTRAST}|,\s+(?=[A-ZÉÈ])|\s+(?:et|and)\s+(?=[A-Z]\w+\s+n(?:e\b|[’'])))\s*")
"""Where another subject may begin."""
_SUPPOSED = re.compile(
    r"\bqualification (?:\w+ |\d\.\d |qu'(?:il|elle) a |(?:that )?it ){0,2}(?:obtenue|decrochee|recue|accordee|delivree|octroyee|obtained|granted|awarded|received)\b|"
    r"\b(?:depuis|since) (?:la|sa|son|leur|its|their|the)\b(?: \w+){0,2} qualification\b|"
    r"\b(?:depuis|maintenant) qu(?:e |')(?!.{0,40}\b(?:pas|ni|vouloir|annonce)\b).{1,40}\b(?:qualifie\w*(?! d[e'])|(?:obtenu|decroche|recu) (?:sa |la |son )?(?:qualifi|secnumcloud))|\bsince\b(?!.{0,40}\bnot\b).{1,40}\bqualified|"
    r"\b(?:pourquoi|comment)\b(?!.*\b(?:pas|jamais)\b).*\b(?:est|a|ete)(?:-t)?-(?:il|elle)\b (?:deja |enfin )?(?:ete )?(?:qualifie\w*(?! d[e'])|(?:obtenu|decroche)\w* (?:sa |la |son )?(?:qualif|secnumcloud))|"
    r"\b(?:why|how)\b(?!.*\bnot\b).*\b(?:get|got|obtain\w*|been|become) (?:its |the |\w+ )?(?:qualifi)"
)
"""That somebody is qualified, taken for granted;"""
_WISHED = re.compile(
    r"\b\w+(?:ra|ront|rait|raient)(?:-t-| )?-?(?:il|elle|ils|elles)?\b|\b(?:compte|veut|veulent|vise|souhaite)\b|\b(?:will|can|want|wants|would|could)\b|\bhow (?:long|much)\b"
)
"""but not where what is to come is asked about."""
NOT_HOLDER = re.compile(
    r"\b(?:hebergement|infrastructure|client|heberge|s'appuie|repose)\w*\s(?:\w+\s)?(?:d'|de |chez |sur )$"
)
_ELSEWHERE = re.compile(r"^chez ")
_SOURCE = re.compile(
    r"\b(?:(?:selon|d'apres|according to) (?:l[ae]s? |l')?|(?:page|billet|blog|site|article|guide|fiche|communique|post)\b[^,;.]{0,25}\b(?:d'|de |du |of |from |by ))$"
)
"""Before the name of whoever is quoted: « selon une page non datée d’Oodrive » tells nothing of Oodrive."""
_MONEY = re.compile(
    r"cout|prix|montant|budget|euros|chiffre d'affaires|price|cost|amount|commande|investi|amende|pese|\bpa(?:y|id|ye|yer|yee|yes)\b|indemnit|\bverse|\bdamages\b|\bdoi(?:t|vent)\b|\bowe[sd]?\b|\bsommes?\b|\bsums?\b"
)
_COUNTED = re.compile(r"\bnombre\b|\bpart\b|\bmontant|\bprix\b|\bcombien\b|\bnumber\b|\bshare\b|\bamount\b")
_DURATION = re.compile(
    r"\bduree\b|combien de temps|combien d'(?:annees|heures)|combien de (?:mois|jours)|\bdelai|how long|how many (?:years|months|days)"
)
_PLACE = re.compile(
    r"\b(?:à|en|au|aux|in) (?:la |l[’'])?(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"([A-ZÉÎ][\w-]+)"
)
_SHARE = re.compile(r"\bpart\b|pourcentage|proportion|\bshare\b|percent|\btaux\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence and the value that it gives."""

    selected: Selected
    said: PartialDate | None
    """None where it retells a day that it does not name."""
    key: Key
    """Equal where two sentences give the same value."""
    due: Due | None = None
    stage: Stage | None = None
    year: int | None = None
    """The year that a figure is about."""
    places: frozenset[str] = frozenset()
    """Where a figure holds, folded: « à Brest » counts other people than « en France »."""

    @property
    def service(self) -> str | None:
        """The service that a stage is for; None where none is named."""
        return self.stage.service if self.stage else None

    @property
    def order(self) -> tuple[int, float]:
        return (self.said.middle.toordinal() if self.said else 0, self.selected.score)


class Subject:
    """Who and what a question is about, and which attribute of it."""

    def __init__(self, understood: Understanding, entities: EntityBook, overview: Overview | None = None) -> None:
        """`overview`: the list that is asked for, where one is."""
        query = understood.query
        self._entities = entities
        self._today = query.today
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
        supposed = _SUPPOSED.search(fold(query.text)) and not _WISHED.search(fold(query.text))
        self._supposed = bool(self._qualification and supposed and len(self.actors) == 1)
        self._capitalised = set(lexical_tokens(" ".join(_CAPITALISED.findall(query.text)), query.language))
        self._topic = _topic(query.text, query.language, self._named, self._capitalised)
        self._money = bool(_MONEY.search(fold(query.text)))
        self._share = bool(_SHARE.search(fold(query.text)))
        self._duration = bool(_DURATION.search(fold(query.text)))
        self.milestone = bool(MILESTONE.search(fold(query.text)))
        """Whether one of J0 to J3 is asked about."""
        self.promises = overview if overview in ("promises", "slipped", "coming") else None
        """Which promises are asked for, where nothing else is; None where none are."""
        self.services = overview == "services"
        """Whether it is asked for what one actor is qualified."""
        self.events = overview == "events"
        """Whether it is asked what happened in a period."""
        self.attribute = None if self.events else self._attribute(query.kind, fold(query.text))

    @property
    def asks_state_alone(self) -> bool:
        """Whether the question is how far a qualification is and nothing else: « Où en est la qualification de Bleu ? »."""
        return self.attribute == "qualification" and not self._beside_the_state

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

    def of_the_rest(self, text: str) -> float:
        """How much a sentence has of what is asked beside the state of a qualification, 0 to 1; 1 where nothing is."""
        rest = {stem: self._topic[stem] for stem in self._beside_the_state}
        return _share(rest, text, self.language) if rest else 1.0

    @property
    def _beside_the_state(self) -> set[str]:
        # « Certifié SecNumCloud » is what many say of the qualification; of HDS it is another thing.
        same = ("qualif", "certif") if {e.name for e in self._others} == {"SecNumCloud"} else ("qualif",)
        return {s for s in self._topic if not s.startswith(same) and s not in _STATE_WORDS[self.language]}

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

    def statements(self, ranked: Iterable[Selected]) -> list[Statement]:
        """What `ranked` says of the attribute, in the same order; empty where the question asks for none."""
        if self.attribute is None:
            return []
        return [s for selected in ranked if self.concerns(selected) and (s := self._read(selected)) is not None]

    def concerns(self, selected: Selected) -> bool:
        """Whether the sentence is about those asked about, first of all, and about the topic."""
        text, language = selected.text, selected.passage.article.language
        if self._stays(text):
            return True
        if not self.names_asked(selected):
            return False
        if self.attribute == "qualification":
            return bool(QUALIFICATION.search(fold(text))) and self._leads(text)
        enough = 0.0 if self._revises(text) else _ENOUGH[self.attribute or "due"]
        if not self._topic or _share(self._topic, text, language) < enough:
            return False
        plain = self._topic.keys() - self._capitalised
        if self.attribute == "due" and plain and not plain & _kinds(text, language):
            return False  # « Thales contrôle-t-il S3NS ? »: what Thales promises of S3NS is another topic
        if self._qualification and _UNDER_WAY.search(fold(text)) and not self._under_way:
            return False
        return self._leads(text)

    def _stays(self, text: str) -> bool:
        """Whether the sentence says that the one whose move is asked about has not made it, from wherever and to wherever."""
        if self._kind in ("date", "how_changed") or self.attribute != "due" or _MOVE not in self._topic:
            return False
        named = self._entities.actors(text)
        mover = self.actors[:1] and named[:1] and named[0].entity.name == self.actors[0].name
        return bool(mover) and bool(NOT_MOVED.search(fold(text)))

    def _revises(self, text: str) -> bool:
        """Whether a sum asked about is said to have been changed, between all whom the question names."""
        if self.attribute != "figure" or not self._money or not _REVISED.search(fold(text)):
            return False
        parties = self._capitalised - _FRAME - self._named
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
        parts = [part for part in _CLAUSE.split(text) if self._entities.named(part, wanted)]
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
        if kind == "number" or (kind == "how_changed" and _COUNTED.search(folded)):
            return "figure" if self._topic else None
        if QUALIFICATION.search(folded):
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

    def _read(self, selected: Selected) -> Statement | None:
        text, article = selected.text, selected.passage.article
        said = said_on(text, article.date, plans=promises(text))
        if self.attribute == "figure":
            return self._figure(selected, said)
        if self.attribute == "due":
            due = read_due(text, article.date)
            if due is not None:
                return Statement(selected, said, ("due", due.last.isoformat()), due)
            if _GIVEN_UP.search(fold(text)):
                return Statement(selected, said, ("due", "given up"))
            if self._stays(text):
                return Statement(selected, said, ("due", "not moved"))
            told = "not_done" if _NOT_DONE.search(fold(text)) else "done" if _DONE.search(fold(text)) else None
            return Statement(selected, said, ("told", told)) if told else None
        stage = self.stage(text, article)
        due = stage.due if stage else read_due(self.clause(text), article.date, GOAL)
        if due is not None:
            return Statement(selected, said, ("due", due.last.isoformat()), due, stage)
        if stage is None:
            return None
        if stage.name.startswith("J"):  # told in August, reached the autumn before: what is known is that of autumn
            said = stage.since or said
        elif stage.name == "qualified" and stage.since == said:  # « avait fait qualifier en 2023 » holds to this day
            said = article.date
        return Statement(selected, said, ("stage", _settled(stage)), None, stage)

    def _figure(self, selected: Selected, said: PartialDate | None) -> Statement | None:
        """The one figure of the unit asked for; none where there are several."""
        text, article = selected.text, selected.passage.article
        stated = read_figures(text, article.date.last_day if article.date else self._today)
        figures = [figure for figure in stated.figures if self._fits(figure)]
        if len({(f.value, f.unit) for f in figures}) != 1:
            return None
        years = {m.last.year for m in stated.moments if m.year}
        year = years.pop() if len(years) == 1 else None
        places = frozenset(fold(found) for found in _PLACE.findall(text))
        return Statement(selected, said, (figures[0].unit, figures[0].value), year=year, places=places)

    def _fits(self, figure: Figure) -> bool:
        """Whether it is of the unit asked for; « 3.2 » of a version counts nothing."""
        if self._share:
            return figure.unit == "%"
        if self._duration:
            return figure.unit in TIME_UNITS
        if self._money:
            return figure.unit in ("euro", "dollar")
        return not figure.unit and figure.value > 1 and figure.value == int(figure.value)


def agree(first: Statement, second: Statement) -> bool:
    return first.key == second.key and first.service == second.service


def newest_of(statements: Sequence[Statement], language: Language) -> Statement | None:
    """Of those that tell the same of about the same time, one in `language`."""
    newest = max(statements, key=lambda s: s.order, default=None)
    if newest is None or newest.said is None:
        return newest
    since = newest.said.first_day - timedelta(days=SAME_TIME_DAYS)
    same = [s for s in statements if s.said and agree(s, newest) and s.said.last_day >= since]
    spoken = [s for s in same if s.selected.passage.article.language == language]
    return max(spoken or same, key=lambda s: s.order)


def clauses(text: str) -> list[str]:
    """The parts of a sentence that may each be about another subject."""
    return [part for part in _CLAUSE.split(text) if part]


def _settled(stage: Stage) -> str:
    """Stages before the qualification agree with each other, but for the milestones."""
    return "pending" if stage.pending else stage.name


def _topic(text: str, language: Language, named: set[str], capitalised: set[str]) -> dict[str, float]:
    """Rarity of each stem of the question that is neither a name nor asks; of a move not where from or where to."""
    stems = [t for t in lexical_tokens(text, language) if t not in named and t not in _FRAME and not t.isdigit()]
    if _MOVING[language] & set(stems):
        stems = [stem for stem in stems if stem not in capitalised]
    topic = {_kind(stem, language): rarity(stem) for stem in stems}
    if _PASS in topic and _PASSES_TO.search(fold(text)):
        topic = {stem: weight for stem, weight in topic.items() if stem not in capitalised | {_PASS}} | {
            _MOVE: topic[_PASS]
        }
    return topic


def _kind(stem: str, language: Language) -> str:
    """The stem, or what stands for all of its kind."""
    return _HOLDER if stem in _HOLDERS[language] else _MOVE if stem in _MOVING[language] else stem


def _kinds(text: str, language: Language) -> frozenset[str]:
    kinds = frozenset(_kind(stem, language) for stem in content_words(text, language))
    return kinds | {_MOVE} if _PASSES_TO.search(fold(text)) else kinds


def _share(topic: dict[str, float], text: str, language: Language) -> float:
    stems = content_words(text, language) | _kinds(text, language)
    return sum(weight for stem, weight in topic.items() if stem in stems) / sum(topic.values())

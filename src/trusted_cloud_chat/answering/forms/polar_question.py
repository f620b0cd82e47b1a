"""A question that yes or no can answer, taken apart: its subject, its predicate, and what an answer must not leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.predicate import (
    ADOPTED,
    AUXILIARY,
    CERTIFIED,
    MODAL,
    MOVED,
    QUALIFIED,
    predicate_of,
    stems_of,
)
from trusted_cloud_chat.answering.forms.subjects import opens_with_a_name
from trusted_cloud_chat.answering.names import missing_names, read_names
from trusted_cloud_chat.answering.scope import SCOPE, actors_in, with_small_opening
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.subordinate import in_relative_clause
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Article, Language, Query
from trusted_cloud_chat.text import cognates, fold, fold_verbs, lexical_tokens
from trusted_cloud_chat.understanding.statements import DOES, asks_by_statement

_POLITE = re.compile(
    r"\b(?:bonjour|bonsoir|svp|s'il (?:te|vous) plait|merci|please|hello|hi|oui ou non|yes or no|ou non|ou pas|or not|ou c'est (?:fini|termine|fait)|ou plus|or no longer)\b[ ,!.]*",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\best[- ]ce qu(?:e |['’])|\best-il (?:vrai|exact) qu(?:e |['’])|\bis it true that ", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:que|qui|quoi|quels?|quelles?|quand(?! meme)|combien|comment|pourquoi|lequel|laquelle|lesquels|lesquelles|auquel|ou|"
    r"who|whom|whose|what|when|where|which|why|how|or)\b|\bqu'"
)
"""Open questions, and alternatives: « adopté ou bloqué ? » has no yes."""
_THEN = re.compile(
    r"(?:, (?:et )?|,? et |,? and )(?:(?:a|de|depuis|par|pour|sur|en|avec|since|by|for) )?(?:quel(?:le)?s?|quand|combien|comment|pourquoi|qui|when|how|why|where|who|what|which)\b.*$"
)
"""« …, et depuis quand ? » asks for more than a yes; what stands before is answered by one."""
_INVERSION = re.compile(r"\b(?P<verb>\w+)-(?:t-)?(?:ils?|elles?|on|ce)\b(?P<after>.*)")
_ENGLISH = re.compile(
    r"(?:^|[,:] )(?P<verb>is|are|was|were|has|have|had|does|do|did|can|may|must|should) (?P<after>.*)"
)
_DIRECT = re.compile(
    r"\b(?P<verb>a|ont|est|sont|peut|peuvent|doit|doivent|faut|is|are|was|were|has|have|had|can|may|must|should)\b(?P<after>.*)"
)
_DOES = re.compile(rf"\b(?P<verb>{DOES})(?P<after>.*)")
_MANAGED = re.compile(
    r"\b(?:fini(?:e?s?)? par|(?:réussi|reussi|parvenue?s?|arrivée?s?|arrivee?s?) (?:à|a)|ended up|end up|managed? to) "
    r"(?=être\b|avoir\b|\w+(?:er|ir|re|oir|ing)\b|(?<=to )\w)",
    re.IGNORECASE,
)
"""« A-t-il fini par être adopté ? » asks whether it was."""
_APPOSITION = re.compile(r"(?P<name>[A-Z][\w’'-]*), (?:the |an? |le |la |les |l[’']|une? )[a-zà-ÿ][^,?]*$")
"""“Was Kyndryl allowed to buy Solvinity, the company behind DigiD?” asks nothing of DigiD."""
_CAME_TO_BE = re.compile(r"\b(?:vu|voir) le jour\b", re.IGNORECASE)
_LAW = re.compile(r"^(?P<is>(?:is|has|was) .+? )(?:already |now )?(?:a )?law(?: yet| already| now)?$", re.IGNORECASE)
"""Of a law, “is it law already?”."""
_FUTURE = re.compile(r"^(?:va|vont|will)$|\w(?:ra|ront)$")
REMAINS = "reste restent demeure demeurent remain remains"
"""What stays as it was is so."""
_SAYS = frozenset(f"a ont est sont fut avoir etre has have is are was were having been {REMAINS}".split())
"""What makes a verb of a participle; « était » and « avait », which tell of another time than the quote's own, where that is asked about."""
_SAID_THEN = frozenset("avait avaient etait etaient had".split())
_IS = frozenset(f"est sont ete etre fut is are was were been being {REMAINS}".split())
_TO_BE = frozenset({"etre", "avoir"})
_NOUN = re.compile(r"(?:tions?|ments?|ances?|ages?|ures?|ption)$")
_HOLDS = re.compile(
    r"\b(?:(?:detien(?:t|nent)|possede(?:nt)?|dispose(?:nt)? d[e']|holds?) ?(?:[\w'-]+ ){0,2}|"
    r"(?:a|ont|has|have) (?:la |une |the |an? )?(?:(?:secnumcloud|hds|iso [\d/-]+) )?)$"
)
"""« … détient la certification HDS », “holds HDS certification”: there the noun says it; of a text in which « à » is told from « a »."""
_HELD_WHOLE = re.compile(r"(?: (?:secnumcloud|hds|iso [\d/-]+|\d\.\d))*(?:\W*$| ?[,;]| (?:et|and|depuis|since)\b)")
"""« … a la qualification SecNumCloud en ligne de mire » holds none."""
_PARTICIPLE = re.compile(r"(?:é|u|i|ert|is|ed)e?s?$")
_REPORTED = re.compile(r"^(?:selon|d[’']après|according to) [^,]+, ", re.IGNORECASE)
_MOVE_DONE = re.compile(
    r"\b(?:migration|bascule|transfert|demenagement|depart|move|transfer|departure)\b.*"
    r"\b(?:termin|achev|effecti|effectu|realis|abouti|complet|finish|(?:faite?|finie?|done|over)\b)"
)
_FOR_SERVICE = re.compile(r"\b(?:pour|for) (?!\d|la premiere|trois|une duree|three|the first)")
_SERVICE_ASKED = re.compile(r"\b(?:offres?|services?|plateformes?|cloud|pour|for)\b")
_ITS_SERVICE = re.compile(
    r"^[\w'-]+(?: [\w'-]+){0,2}, (?:l'|la |le |the )(?:offre|service|plateforme|solution|cloud|gamme|offer|offering|platform)\b[^,]*(?:,|$)"
)
"""« PREMI3NS, l’offre de S3NS, est qualifiée »: what stands before the vendor is its own."""
_ANOTHER_VERB = re.compile(r"\b(?:et|and) (?!(?:à|au|aux|de|du|des|la|le|les|the|of|by)\b)[a-zé]|,")
"""« appartient à Thales et utilise… », no list: « appartient à Orange et à Capgemini »."""


@dataclass(frozen=True)
class PolarQuestion:
    reading: Reading
    folded: str
    predicate: frozenset[str]
    """Stems, any of which says what is asked; empty where it could not be told."""
    suffered: frozenset[str]
    """Those of a passive, which the active voice would turn round; empty in an active question."""
    dated: bool
    """Asks about a state or an event, which a later day may change; a rule is not dated."""
    scope: frozenset[str]
    """« Toutes », « seul », « premier », « cinq »: what an answer must say too."""
    figures: frozenset[str]

    @property
    def of_qualification(self) -> bool:
        return bool(self.predicate & (QUALIFIED | CERTIFIED))

    @property
    def of_adoption(self) -> bool:
        return bool(self.predicate & ADOPTED)

    @property
    def of_move(self) -> bool:
        return self.dated and bool(self.predicate & MOVED or _MOVE_DONE.search(self.folded))

    def is_of_service(self, folded: str) -> bool:
        """Whether the folded sentence gives a qualification to a service, and the question asks it of a vendor."""
        if not self.of_qualification or _SERVICE_ASKED.search(self.folded):
            return False
        return bool(_FOR_SERVICE.search(folded) or _ITS_SERVICE.search(folded))

    def share_in(self, stems: frozenset[str], language: Language) -> float:
        """Share of the question's words, by rarity, that stand among `stems`; names and dates apart."""
        if self.predicate & stems:
            stems = stems | self.predicate
        if language == self.reading.language:
            return self.reading.share_in(stems)
        return self.reading.share_in(stems | cognates(self.reading.weights, stems))

    def has_predicate(self, words: str, language: Language) -> bool:
        return bool(self.predicate & set(lexical_tokens(words, language, keep_stopwords=True)))

    def is_about(self, clause: str, entities: EntityBook) -> bool:
        """Whether the clause names no actor but those asked about, or the asked one first."""
        named, asked = actors_in(clause, entities), actors_in(self.reading.text, entities)
        return not asked or not named or named[0] in asked

    def names_all(self, text: str, article: Article) -> bool:
        """Whether the sentence of that article has every name of the question."""
        day = article.date.last_day if article.date else self.reading.day
        said = Reading(text, article.language, day, self.reading.entities)
        return not missing_names(self.reading.names, said.names, article.language)

    def names_all_around(self, choice: Selected, *, titled: bool = False) -> bool:
        """Whether the sentence, with those before it in its paragraph, has every name of the question; with its title if `titled`."""
        return self.names_all(choice.with_paragraph(titled=titled), choice.passage.article)

    def is_first(self, text: str, entities: EntityBook) -> bool:
        """Whether the first actor that the text names is the first that the question names."""
        return actors_in(text, entities)[:1] == actors_in(self.reading.text, entities)[:1] != []

    def is_said_in(self, clause: str, language: Language, entities: EntityBook) -> bool:
        """Whether a verb of the clause, after the first actor asked about, is the predicate: no noun, no epithet."""
        asked = actors_in(self.reading.text, entities)
        subject = next((m for m in entities.find(clause) if asked and m.entity.name == asked[0]), None)
        if asked and subject is None:
            return False
        opening = clause[: subject.start] if subject else ""
        its_service = self.of_qualification and _ITS_SERVICE.search(fold(opening))
        if _names_before(opening, entities) and not its_service:
            return False
        start = subject.end if subject else 0
        words = list(re.finditer(r"[\w’'-]+", clause[start:]))
        for place, found in enumerate(words):
            word = found.group()
            if not self.has_predicate(word, language):
                continue
            held = (
                self.of_qualification
                and _HOLDS.search(fold_verbs(clause[: start + found.start()]))
                and _HELD_WHOLE.match(fold(clause[start + found.end() :]))
            )
            if _NOUN.search(word) and not held:
                continue
            before = {
                part for other in words[max(0, place - 3) : place] for part in re.split(r"[’']", fold(other.group()))
            }
            if before & _TO_BE:
                continue  # « loin d’être qualifié », « tarde à être adopté »
            if not held and self.suffered & stems_of(word, language) and not before & _IS:
                acting = read_names(clause[: start + found.start()], entities, language)
                if asked or acting.keys & self.reading.names.keys:
                    continue  # « Bleu a racheté … » does not say that Bleu was bought
            if (not _PARTICIPLE.search(word) and not self._past) or before & (_SAYS | self._past):
                return not self._is_of_others(clause, start + found.start(), start + found.end(), language, entities)
        return False

    def _is_of_others(self, clause: str, start: int, end: int, language: Language, entities: EntityBook) -> bool:
        """Whether the predicate at `clause[start:end]` has another subject, or another name before an asked one.

        « … appartient à Thales et utilise la technologie de Google » says nothing of Google.
        """
        word = re.compile(re.escape(fold(clause[start:end])))
        if in_relative_clause(clause, word, {fold(name) for name in actors_in(self.reading.text, entities)}, entities):
            return True
        rest, plain = clause[end:], fold(clause[end:])
        for name in self._surfaces:
            place = re.search(rf"\b{re.escape(name)}\b", plain)
            if place and len(plain) == len(rest):
                between = rest[: place.start()]
                others = read_names(between, entities, language).keys - self.reading.names.keys
                if others and _ANOTHER_VERB.search(between):
                    return True
        return False

    @cached_property
    def _past(self) -> frozenset[str]:
        """The verbs of another time than the quote's own, where the question is of such a time itself."""
        return _SAID_THEN if _SAID_THEN & set(re.findall(r"\w+", self.folded)) else frozenset()

    @cached_property
    def _surfaces(self) -> tuple[str, ...]:
        """The names of the question as it writes them, folded."""
        mentions = (fold(mention.text) for mention in self.reading.entities.find(self.reading.text))
        words = (key.removeprefix("word:") for key in self.reading.names.keys if key.startswith("word:"))
        return (*mentions, *words)


def read_polar_question(query: Query, entities: EntityBook) -> PolarQuestion | None:
    """None for an open question, a negative one, one about the future, or one whose predicate cannot be told."""
    language = query.language
    text, direct = _WHETHER.subn("", _POLITE.sub("", " ".join(query.text.split())).strip(" ?!.,"))
    text = _MANAGED.sub("", text)
    text = _APPOSITION.sub(r"\g<name>", text)
    kinds = {mention.entity.kind for mention in entities.find(text)}
    if kinds & {"law", "scheme"}:
        text = _CAME_TO_BE.sub("été adopté", text)
    if "law" in kinds:
        text = _LAW.sub(r"\g<is>adopted", text)
    direct = direct or asks_by_statement(query.text, entities.find(query.text))
    plain = fold(text)
    if (then := _THEN.search(plain)) and len(plain) == len(text):
        text, plain = text[: then.start()], plain[: then.start()]
    if _OPEN.search(plain):
        return None
    pattern = _DIRECT if direct else _INVERSION if language == "fr" else _ENGLISH
    match = pattern.search(fold_verbs(text) if direct and len(plain) == len(text) else plain)
    if match is None and direct:
        match = _DOES.search(plain)
    if match is None or _FUTURE.search(match["verb"]):
        return None
    reading = Reading(with_small_opening(text, language, entities), language, query.today, entities)
    # As it is written, where folding moved nothing: « votée » and « voté » have one stem, « votee » another.
    after = text[match.start("after") :].lower() if len(plain) == len(text) else match["after"]
    predicate = predicate_of(match["verb"], after, language)
    if reading.polarity.strong or not predicate:
        return None
    figures = frozenset(stem for stem in lexical_tokens(text, language) if any(c.isdigit() for c in stem))
    scope = frozenset(found.group() for found in SCOPE.finditer(plain))
    passive = match["verb"] in _IS or re.search(r"\b(?:ete|been)\b", plain)
    suffered = stems_of(after, language) & predicate if passive else frozenset()
    of_a_state = match["verb"] not in MODAL - {"do", "does"} and bool(QUALIFICATION.search(plain))
    dated = match["verb"] in AUXILIARY | {"did"} or of_a_state
    return PolarQuestion(reading, plain, predicate, suffered, dated, scope, figures)


def asks_openly(query: Query) -> bool:
    """Whether the question asks for more than yes or no: « qui peut… ? », « faut-il X ou Y ? »; « un fournisseur qui… peut-il ? » does not."""
    text = _WHETHER.sub("", _POLITE.sub("", " ".join(query.text.split())))
    if query.kind != "yes_no" and (query.kind != "fact" or not text.rstrip().endswith("?")):
        return True
    return query.kind == "fact" and _OPEN.search(fold(text)) is not None


def another_opens(text: str) -> bool:
    """Whether what stands before a subject opens with another name, reporters apart: « Thales, maison mère de S3NS, … »."""
    return opens_with_a_name(_REPORTED.sub("", text))


def _names_before(text: str, entities: EntityBook) -> bool:
    """Whether another name stands anywhere before the subject."""
    return another_opens(text) or bool(read_names(_REPORTED.sub("", text), entities).keys)

"""Whom or what a question is about, for the follow-up that does not say it: « la solution intercalaire du Health Data Hub », "the Assistant"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.entities import Mention
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import elides, fold_in_place
from trusted_cloud_chat.understanding.antecedents import NOT_OF_A_PERSON, PERSON

_NOUN_PHRASE = re.compile(
    r"\b(?:l[ea]s?|l'|une?|cette|cet|ce|the|this)\s*(?:[\w-]+ ){1,3}?(?:du|de la|de l'|des|de|d'|of|of the)\s*$"
)
_CAPITALISED = re.compile(
    r"(?<=[\w,;’'»] )[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+(?: [A-ZÀÂÉÈÊÎÔÛÇ][\w-]+)*|(?<=[’'])[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+"
)
"""A name that no alias has: not the first word of the question."""
_BODY = re.compile(
    r"(?:École|Ecole|Cour|Conseil|Assemblée|Caisse|Banque|Agence|Direction|Ministère|Université|Imprimerie|Autorité|Chambre|Région|Police)$"
)
_OF_ITS_NAME = re.compile(
    r" (?:(?!\w*-)\w+(?:ique|ale?|aire|enne|éen|aise|aux)\b|(?:des |de la |de l[’']|du |de |d[’'])(?!\w+-)\w+)"
)
"""What belongs to the name of a school or a court: « l’École polytechnique », « la Cour des comptes »."""
_OPENING = re.compile(
    r"(?!(?:Quand|Pourquoi|Comment|Où|Combien|Que|Qui|Est|Le|La|Les)\b)[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+(?: [A-ZÀÂÉÈÊÎÔÛÇ][\w-]+)*(?= (?:n['’])?\w+-(?:t-)?(?:il|elle)s?\b|,? c['’]est qu)"
)
"""The first word, where it is the subject of a verb: « Orange a-t-il vendu Cloudwatt ? »."""
_ARTICLE = re.compile(r"\b(?:the|[lL]e|[lL]a|[lL]es) $|\b[lL][’']$")
_THE_BEFORE = re.compile(r"\b(?:(?P<la>la |l['’])|du |le |au )$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|et|and|ou|or)\s*")
OF_A_PERSON = re.compile(r"(?<![-'\w])(?:he|she|his|him|her)(?![-'\w])")
"""Stands for nobody but a person; of folded text."""
_OF_A_THING = re.compile(r"(?<![-'\w])(?:it|its)(?![-'\w])")
_POSSESSIVE = re.compile(
    r"\b(?P<whose>son|sa|ses|leurs?|its|their|his|her)\b ?(?P<noun>(?:[\w-]+(?: d(?:e |')[\w-]+)?)?)"
)
_THE = {"sa": "la ", "ses": "les ", "leurs": "les "}
_VOWEL = re.compile(r"[aeiou]|h(?!ub\b|aut|ard)")
_HE, _SHE = (re.compile(rf"(?<![\w'])(?:{word}s?)(?![-'\w])") for word in ("il", "elle"))
_HERS = re.compile(r"(?:la|une|cette) ")
_GENITIVE = re.compile(
    r"['’]s(?: [a-z][\w-]*){1,4}?(?<!s)(?=\W*$| (?:\w+ed|won|bought|built|in|for|of|with|to|on|by)\b)"
)
_FEMININE = re.compile(r"\b(?:[Ll]a|[Ll]es) $")
_ASKED_FIRST = re.compile(r"(?:^|\b)(?i:is|are|was|were|has|have|had|does|do|did|will|can)(?: the)? $")
_INVERSION = re.compile(r" (?:n[’'])?\w+-(?:t-)?il\b")
_THE_NAMED = re.compile(r"\b[Tt]he $")
_SPOKEN_OF = re.compile(
    r"\b(?:l[ea]s? |l'|the )(?!(?:plus|meme|same|most)\b)\w{4,}(?: (?:cloud|europeenne?|francaise?))?(?: (?:de|du|d'|des|of|on|sur) ?(?:la |le |l'|the )?[\w-]+)*"
)
"""« la circulaire de 2023 », where a question names nothing."""
_THING = re.compile(
    r" (?:contract|deal|agreement|tender|offer|service|project|migration|budget|price|fine|complaint|case|decision|plan|law|report|"
    r"investment|stake|site|platform|cloud|group)\b"
)
"""What a name stands before: "the EDF contract", and not "the … Cloud open"."""
_OWNED = re.compile(
    r"\b(?:(?:the )(?P<thing>contract|deal|agreement|price|budget|fine|migration|project)|"
    r"(?:l[ea]s? |l')(?P<chose>contrat|accord|budget|amende|migration|projet|pdg|patron|directeur general|directrice generale|actionnaires|clients))"
    r"\b(?! (?:of|with|de|du|des|d'|avec)\b)"
)
"""What somebody has, and is not said whose: "the contract" after a question about Airbus."""


@dataclass(frozen=True, slots=True)
class Topic:
    """The names of a question, in order; `question[start:end]` is one of them, with its article where no alias has it."""

    question: str
    spans: tuple[tuple[int, int, Mention | None], ...]

    named: bool = True
    """Whether they are names, and not « la circulaire de 2023 »."""

    @property
    def names(self) -> str:
        """All of them, once each."""
        return " ".join(dict.fromkeys(_within(self.question[start:end]) for start, end, _ in self.spans))

    @property
    def owner(self) -> str:
        """The first that may have clients or a site; else all."""
        return next((m.entity.name for *_, m in self.spans if m and m.entity.kind == "actor"), self.names)

    @property
    def owns(self) -> bool:
        """Whether `owner` is surely who the question is about: its one name, or the subject of its verb, by a known name."""
        place = next((i for i, (*_, m) in enumerate(self.spans) if m and m.entity.kind == "actor"), None)
        if place is None or _FEMININE.search(self.question[: self.spans[place][0]]):
            return False
        start, end, _ = self.spans[place]
        if len(self.spans) == 1:
            return True
        return bool(_INVERSION.match(self.question, end) or _ASKED_FIRST.search(self.question[:start]))

    def subject(self, asked: str) -> str:
        """Whom a pronoun of `asked` stands for, with the words that it belongs to; the first that it can stand for."""
        folded = fold_in_place(asked)
        things = [
            i for i, (start, end, m) in enumerate(self.spans) if m or not PERSON.fullmatch(self.question[start:end])
        ]
        people = [i for i in range(len(self.spans)) if i not in things]
        if OF_A_PERSON.search(folded):
            wanted = people
        else:
            wanted = (
                things if _OF_A_THING.search(folded) or NOT_OF_A_PERSON.search(folded) else [*range(len(self.spans))]
            )
        agreeing = [i for i in wanted if self._agrees(i, folded)]
        place = next(iter(agreeing or wanted), 0)
        start, end, mention = self.spans[place]
        phrase = self._phrase(start) if mention else None
        if phrase and _of_other_gender(phrase, folded):
            phrase = None
        article = _THE_BEFORE.search(self.question[:start]) if mention and not phrase else None
        for begins, ends, other in self.spans[place + 1 :]:
            kinds = {m.entity.kind if m else "" for m in (mention, other)}
            if len(kinds) > 1 or not _JOINED.fullmatch(self.question[end:begins]):
                break
            end = ends
        if genitive := _GENITIVE.match(self.question, end):  # "the Commission's contract"
            end = genitive.end()
        the = _THE_NAMED.search(self.question[:start])
        if the and mention and mention.entity.kind == "actor" and (noun := _THING.match(self.question, end)):
            end = noun.end()  # "the EDF contract"
        named = _within(self.question[phrase.start() if phrase else the.start() if the else start : end])
        return f"{(article['la'] or 'le ').lower()}{named}" if article else named

    def affair(self, asked: str) -> str:
        """« Cette histoire d’OVHcloud », where « il » of `asked` stands for the name in it and not for the story; else empty."""
        if not self.spans or self.spans[0][2] is None:
            return ""
        start, end, _ = self.spans[0]
        phrase = self._phrase(start)
        story = phrase is not None and phrase.group().startswith(("cette ", "cet ", "ce "))
        return (
            self.question[phrase.start() : end]
            if phrase and story and _of_other_gender(phrase, fold_in_place(asked))
            else ""
        )

    def _phrase(self, start: int) -> re.Match[str] | None:
        """« la solution intercalaire du », « cette histoire d’ », before the name that starts there."""
        return _NOUN_PHRASE.search(fold_in_place(self.question)[:start])

    def _agrees(self, place: int, folded: str) -> bool:
        """Whether « il » or « elle » of the folded text may stand for a name after « la » or « le »."""
        start = self.spans[place][0]
        article = re.search(r"\b(la|le) ?$", fold_in_place(self.question[:start])) or re.match(
            r"(la|le) ", fold_in_place(self.question[start:])
        )
        other = {"la": _HE, "le": _SHE}.get(article[1]) if article else None
        return other is None or not other.search(folded)


def _of_other_gender(phrase: re.Match[str], folded: str) -> bool:
    """Whether the folded text has « il » where the phrase begins with « la », « une », « cette », or « elle » where it does not."""
    return bool((_HE if _HERS.match(phrase.group()) else _SHE).search(folded))


def _within(name: str) -> str:
    """« La Cour des comptes », which opened its question: « la Cour des comptes »."""
    return name[0].lower() + name[1:] if re.match(r"L(?:[ae]s? |[’'])", name) else name


def topic_of(question: str, mentions: Sequence[Mention]) -> Topic | None:
    """None where it names nothing, known or with a capital."""
    spans: list[tuple[int, int, Mention | None]] = [(m.start, m.end, m) for m in mentions]
    opening = _OPENING.match(question)
    for match in (*([opening] if opening else []), *_CAPITALISED.finditer(question)):
        if not any(match.start() < end and start < match.end() for start, end, _ in spans):
            article = _ARTICLE.search(question[: match.start()])
            longer = _OF_ITS_NAME.match(question, match.end()) if _BODY.search(match.group()) else None
            end = longer.end() if longer and not any(m.start < longer.end() <= m.end for m in mentions) else match.end()
            spans.append((article.start() if article else match.start(), end, None))
    if not spans and (found := _SPOKEN_OF.search(fold_in_place(question))):
        return Topic(question, ((*found.span(), None),), named=False)
    return Topic(question, tuple(sorted(spans, key=lambda span: span[:2]))) if spans else None


def with_owner(asked: str, topic: Topic, language: Language) -> str | None:
    """« Qui sont ses clients ? » → « Qui sont les clients de Whaller ? », "How much is the contract worth?" → "… Airbus’s contract …"."""
    folded, owner = fold_in_place(asked), topic.owner
    found = _POSSESSIVE.search(folded)
    owned = _OWNED.search(folded) if found is None else None
    match = found or owned
    if match is None:
        return None
    if language == "en":
        start = owned.start("thing") if owned and owned["thing"] else found.end("whose") + 1 if found else None
        return None if start is None else f"{asked[: match.start()]}{owner}’s {asked[start:]}"
    if owned:
        return f"{asked[: match.end()]} {of(owner)}{asked[match.end() :]}" if owned["chose"] else None
    assert found is not None
    if found["whose"] in ("its", "their", "his", "her", "leur") or not found["noun"]:
        return None
    the = _THE.get(found["whose"]) or ("l’" if _VOWEL.match(found["noun"]) else "le ")
    return f"{asked[: found.start()]}{the}{asked[found.start('noun') : found.end('noun')]} {of(owner)}{asked[found.end() :]}"


def of(name: str, ahead: str = "") -> str:
    """« d’Airbus », « de Bleu », « du CNLL »; « du CADA », « de la CNIL » where `ahead`, before the name, ends with an article."""
    if article := re.match(r"(?i)(?:le |les )", name):
        return f"{'du' if article.group().lower() == 'le ' else 'des'} {name[article.end() :]}"
    if article := _THE_BEFORE.search(ahead):
        return f"de {article.group().lower()}{name}" if article["la"] else f"du {name}"
    return f"d’{name}" if elides(name) else f"de {name}"


def to(name: str, ahead: str = "") -> str:
    """« à Bleu »; « au CADA », « à la CNIL » where `ahead`, before the name, ends with an article."""
    article = _THE_BEFORE.search(ahead)
    if article is None:
        return f"à {name}"
    return f"à {article.group().lower()}{name}" if article["la"] else f"au {name}"

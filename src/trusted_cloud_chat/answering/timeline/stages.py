"""How far a qualification has come, read from a quote by rules: its stage, the service that it is for, its dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from trusted_cloud_chat.answering.polarity import DENYING
from trusted_cloud_chat.answering.timeline.moments import partial, said_on, years_after
from trusted_cloud_chat.answering.timeline.promises import Due, read_due
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.periods import find_periods
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold_in_place, split_sentences

StageName = Literal["announced", "in_progress", "J0", "J1", "J2", "J3", "not_qualified", "qualified", "expired"]

QUALIFICATION = re.compile(r"\bqualifi\w+|\bsecnumcloud\b|\bjalons? j ?[0-3]\b")
"""What a sentence about a qualification says, in folded text of either language."""
GOAL = re.compile(r"\bqualifi\w+|\bsecnumcloud\b")
"""What an announced date of such a sentence is the date of."""
VALID_YEARS = 3
"""A SecNumCloud qualification holds for three years."""
_GRANTED = re.compile(
    r"\b(?:obten\w+|recu\w*|decroch\w+|delivre\w*|accorde\w*|attribue\w*|fait qualifier|remont\w+|obtained|received|granted)\b"
)
MILESTONE = re.compile(r"\bj ?(?P<n>[0-3])\b")
_MILESTONE_REACHED = re.compile(
    r"\b(?:franchi(?:t|e?s?|ssement)|(?:a|ont|avait|avoir)(?: ensuite)? passe|atteinte?s?|validee?s?|reached|passed|cleared|"
    r"obt(?:en\w+|ained)(?= (?:(?!qualif)\w+ ){0,3}(?:jalons?|milestones?|j ?[0-3])\b))\b"
)
_TO_COME = re.compile(
    r"\b(?:dev(?:ait|aient|r\w+)|doi(?:t|vent)|sera|seront|(?<!comme )(?<!que )(?:attendu|prevu)e?s?|esper\w+|vis(?:e|ent|ait|aient)|compt(?:e|ent|ait|aient)|une fois|"
    r"should|must|will|would|expect\w*|hop(?:es?|ed|ing)|aims?|once)\b"
)
"""Before the verb in its clause: the milestone is not passed."""
_IS_TO_COME = re.compile(
    r"^[^,;.]{0,40}\b(?:est|sont|etait|is|are|was) (?:\w+ )?(?:attendu|prevu|espere|vise|expected|due|planned)"
)
_NOT_YET = re.compile(r"\b(?:pas|jamais|not)\b(?: \w+){0,2} $")
"""Before a verb: « n’a pas encore » franchi."""
_OBTAINED = r"(?:obten\w+|obtient|recu\w*|recoit|decroch\w+|obtained|received|won|granted|gained)"
_GAP = r"(?:[^.;]|\.(?=\d))"
"""A character within the sentence; the point of « 3.2 » is one. Written § below."""
_GAP_TO_IT = (
    r"(?:(?!\b(?:en vue d|processus|parcours|candidature|dossier|jalon|milestone|etape|prerequis|feu vert|avis\b|obtenir|pour (?:entrer|etre|deposer|(?:sa|la|leur|une) (?:\w+ )?qualif)))"
    rf"{_GAP})"
)
"""The same, where what is had or obtained is the qualification and not something on the way to it. Written ¤; ¬ is `DENYING`."""
_SUPPOSED = re.compile(
    r"(?:^|(?<!meme) )(?:si|s'ils?|if|unless|faute d\w*|a condition d\w*|il (?:est|serait) faux d\w*|il (?:est|serait) faux|"
    r"des (?:lors )?qu\w*|une fois qu\w*|sans (?:avoir|etre|que)|avant (?:d'|de |que )\w+|dement\w*|failli|bientot|once|until|before(?! \d)|soon|nearly|almost)\b[^,;]*$"
)
"""What stands before « Bleu obtient la qualification » where nobody says that it does."""
_DENIED = re.compile(
    rf"(?:\bn(?:e |')(?:[\w'-]+ ){{0,6}}?(?:pas|jamais|guere|point)\b{DENYING}|\bnot\b{DENYING}|n't\b)"
    r"(?:(?!(?<!qu'il)(?<!qu'elle) (?:est|sont|a|ont|is|are|has|have) |\bremont).)*$|\b(?:never|neither|none)\b|\bnon qualifi"
)
"""Up to the words of the qualification: a second finite verb between ends the denial (« ne dépend pas de… car il est qualifié »)."""
_BORDER = re.compile(
    r"[,;:]| (?:et|mais|quand|apres|depuis|and|but|when|after|having) | (?:lorsqu|puisqu|alors qu)\w*[ ']"
)
_GOAL = r"(?:qualification|etre (?:\w+ )?qualifie|obtenir secnumcloud|be (?:\w+ )?qualified)"
_RULES: tuple[tuple[StageName, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern.replace("§", _GAP).replace("¤", _GAP_TO_IT).replace("¬", DENYING)))  # type: ignore[misc]
    for name, pattern in (
        ("expired", r"\bn'est plus (?!seule?\b)(?:\w+ )?qualifi|\bqualification\b§{0,40}\b(?:a expire|est expiree|expiree|a pris fin|n'a pas ete renouvelee)\b|"
                    r"\b(?:a perdu|s'est vu retirer) (?:sa|la) qualification|\bno longer (?:\w+ )?qualified|\bqualification (?:has )?expired|\blost its (?:\w+ )?qualification"),
        ("in_progress", r"\ben cours de qualification|\bcandidats? a (?:la|sa) qualification|\bchemin de la qualification|"
                        r"\bn'a pas (?:encore )?(?:termine|acheve) son parcours|\bjalon d'entree en qualification|\bin the process of qualification|\bway to the (?:\w+ )?qualification"),
        ("not_qualified", r"\b(?:n'est|n'etait|ne sont|n'a|n'avait|n'ont|ne dispos\w+|ne detien\w+|ne detenait|ne possed\w+)\b[^,;.]{0,20}\b(?:pas|jamais)\b¬(?:(?! et (?:est|a|sont|ont)\b)[^,;.]){0,30}(?:qualifi|secnumcloud)|"
                          r"\b(?:aucune?|ni)\b [^.;,]{0,60}\bn(?:e |')(?:est|sont|a|ont|etait|etaient|avait|dispos\w+|detien\w+)\b[^.;,]{0,30}(?:qualifi|secnumcloud)|\b(?:doi(?:t|vent) encore|reste a) (?:decrocher|obtenir)\b|"
                          r"\b(?:is|are|was|were|does|do|has|have) not¬ (?:yet )?[^,;.]{0,30}(?:qualifi|secnumcloud)"),
        ("announced", r"\b(?:vis(?:e|ent|ait|aient)|esper\w+|attend(?:ait)?|compt(?:e|ait)|objectif|prom(?:et|ettait)|tabl(?:e|ait)|brigu\w+|souhait\w+|fix(?:e|ait)|"
                      rf"aim(?:s|ed|ing)|expect(?:s|ed)|hope[sd]?|target)\b§{{0,60}}\b{_GOAL}|\bqualification\b§{{0,40}}\b(?:esperee|attendue|visee|prevue)\b|"
                      r"\b(?:sera|seront|serait) (?:\w+ )?qualifiee?s?\b|\bwill be (?:\w+ )?qualified"),
        ("qualified", r"\b(?:est|sont|etait|etaient|ete) (?:\w+ )?qualifiee?s?\b(?! (?:par [\w ]{1,30} )?d(?:'|e ))|(?:»|\") qualifie|\bqualifiee?s? secnumcloud\b§{0,20}\bdepuis\b|(?:^|[,;:] )(?:la|sa) qualification\b§{0,60}(?<!ne )\bremont(?:e|ait)\b|"
                      rf"\b(?:a|ont|avait|avoir|has|have|had)(?: \w+)? {_OBTAINED}\b¤{{0,80}}(?:qualification|secnumcloud)|"
                      r"\b(?:obtien(?:t|nent)|recoi(?:t|vent)|decroche|detien(?:t|nent)|dispose(?:nt)?|conserve)\b¤{0,60}(?:qualification|secnumcloud)|"
                      r"\bpresent\w+ §{0,30}\bcomme qualifie|\b(?:a|avait) (?:delivre|accorde|attribue)\b§{0,50}\bqualification|\b(?:a|avait) fait qualifier|"
                      r"\b(?:obtained|received|won|holds)\b¤{0,60}(?:qualification|secnumcloud)|\b(?:is|are|was) (?:\w+ )?qualified\b|\bqualified under secnumcloud"),
    )
)  # fmt: skip
"""In this order: what denies or delays comes before what affirms."""
OF_A_THING = re.compile(
    r"\b(?:d'une? |d'|aucune? |any |an? (?!(?:\w+ )?ete\b))(?!qualif|service|offre|cloud)[\w-]+ (?:\w+ )?qualifiee?s? (?:par|secnumcloud)\b"
)
"""« Ne dispose pas d’une visioconférence qualifiée SecNumCloud » tells of that thing alone, not of who has none."""
_NAME = r"[A-ZÉÈ0-9][\w+.-]*(?: (?:[A-Z0-9][\w+.-]*))*"
_SPACE = r"[\s\u00a0\u202f]"
_SERVICES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:offres?|services?|solutions?|plateformes?){_SPACE}+(?:«{_SPACE}?)?(?P<name>{_NAME})(?!{_SPACE}*(?:de|d’|d'){_SPACE}*la)",
        rf"(?:accordé|délivré|attribué)[^.;,]{{0,20}} à (?P<name>{_NAME})",
        rf"(?P<name>{_NAME}), (?:l[’']|une |son |its |the )(?:offre|service|solution|offering)",
        rf"pour (?:son|sa|le|la|l[’'])\s?(?P<name>{_NAME})",
        rf"(?P<name>(?:services?|infrastructures?){_SPACE}d[’'](?:infrastructures?|hébergement)(?:{_SPACE}de{_SPACE}cloud{_SPACE}(?:public|privé))?)",
        rf"(?:son|sa|l[’']|un|une|a|its){_SPACE}?(?:«{_SPACE}?|“)?(?P<name>{_NAME})(?:{_SPACE}?»|”)?{_SPACE}+(?:qualifi|comme\b|de\b|of\b)",
        rf"for its (?P<name>{_NAME})",
        rf"(?:its|the) (?P<name>{_NAME}) (?:offering|service|cloud)",
        rf"(?:[Ss]on|[Ll]e) (?P<name>cloud{_SPACE}(?:public|privé))",
    )
)
_CLOUDS = ("cloud public", "cloud prive")
_NO_SERVICE = frozenset("secnumcloud anssi snc cloud etat ue union france google microsoft aws".split())


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as one quote tells it. `since` is the day it was reached, `due` what the qualification is announced for."""

    name: StageName
    service: str | None
    since: PartialDate | None = None
    due: Due | None = None

    @property
    def pending(self) -> bool:
        """Whether it comes before the qualification, and is no milestone."""
        return self.name in ("announced", "in_progress", "not_qualified")

    @property
    def expires(self) -> PartialDate | None:
        """Three years after the qualification: calculated, no article says it."""
        return years_after(self.since, VALID_YEARS) if self.name == "qualified" and self.since else None


def read_stage(text: str, article: Article, vendors: frozenset[str], holder: str | None) -> Stage | None:
    """The stage that `text`, a sentence of `article` or a clause of one, tells; None where it tells none.

    `vendors`: folded names that are not services. `holder`: whose qualification it is. A service that the sentence
    leaves out is taken from the article's other sentences about the holder's qualification, if they name exactly one.
    """
    folded = fold_in_place(text)
    if not QUALIFICATION.search(folded):
        return None
    name = _name(folded)
    if name is None:
        return None
    due = read_due(text, article.date, GOAL) if name not in ("qualified", "expired") else None
    since = _reached_on(text, folded, article.date) if name == "qualified" or name.startswith("J") else None
    return Stage(name, service_of(text, vendors) or _service_nearby(article, vendors, holder), since, due)


def service_of(text: str, vendors: frozenset[str]) -> str | None:
    """The service that a sentence names; None where it names none or only a vendor."""
    for pattern in _SERVICES:
        for match in pattern.finditer(text):
            name = " ".join(match["name"].split()).rstrip(".")
            words = fold_in_place(name)
            if words not in vendors and (words.split()[0] not in _NO_SERVICE or words in _CLOUDS):
                return name
    return None


def _name(folded: str) -> StageName | None:
    milestone = _milestone_reached(folded)
    if milestone is not None:
        return milestone
    if OF_A_THING.search(folded):
        return None
    for name, pattern in _RULES:
        match = pattern.search(folded)
        if match is None or (name == "qualified" and _SUPPOSED.search(folded[: match.end()])):
            continue
        if name in ("qualified", "expired") and _DENIED.search(_clause(folded, match)):
            return "not_qualified" if name == "qualified" else None
        return name
    return None


def _clause(folded: str, match: re.Match[str]) -> str:
    """From the beginning of the clause to the end of `match`."""
    start = max((border.end() for border in _BORDER.finditer(folded, 0, match.start())), default=0)
    return folded[start : match.end()]


def _milestone_reached(folded: str) -> StageName | None:
    """The milestone nearest to a verb that says it was passed: « vise le J1, après avoir franchi le J0 »."""
    verbs = [m for m in _MILESTONE_REACHED.finditer(folded) if not _is_to_come(folded, m)]
    pairs = [(abs(verb.start() - m.start()), m["n"]) for verb in verbs for m in MILESTONE.finditer(folded)]
    return f"J{min(pairs)[1]}" if pairs else None  # type: ignore[return-value]


def _is_to_come(folded: str, verb: re.Match[str]) -> bool:
    """« n’a pas encore » franchi, « devrait être » franchi, « le franchissement est attendu »."""
    before = _clause(folded, verb)[: -len(verb.group())]
    return bool(_NOT_YET.search(before) or _TO_COME.search(before) or _IS_TO_COME.search(folded[verb.end() :]))


def _reached_on(text: str, folded: str, published: PartialDate | None) -> PartialDate | None:
    """The one past date that goes with « a obtenu », « a franchi » or « depuis »; none where it is not clear which."""
    if published is None:
        return None
    said = said_on(text, published, plans=False)
    past = [p for p in find_periods(text, published.last_day) if p.first <= published.last_day]
    past = [p for p in past if re.search(r"\d{4}", folded[p.start : p.end])]
    if len(past) > 1:  # « écrivait en 2024 que… avait obtenu en 2022 »
        past = [p for p in past if partial(p) != said]
    since = [p for p in past if p.direction == "since"]
    if len(since) == 1:
        return partial(since[0])
    granted = _GRANTED.search(folded) or _MILESTONE_REACHED.search(folded)
    return partial(past[0]) if len(past) == 1 and granted else None


@lru_cache(maxsize=256)
def _service_nearby(article: Article, vendors: frozenset[str], holder: str | None) -> str | None:
    named = set()
    for span in split_sentences(article.text) if holder else ():
        sentence = article.text[span.start : span.end]
        folded = fold_in_place(sentence)
        if "qualifi" in folded and fold_in_place(holder or "") in folded and (name := service_of(sentence, vendors)):
            named.add(name)
    return named.pop() if len(named) == 1 else None

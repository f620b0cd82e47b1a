"""« Quels fournisseurs sont qualifiés ? »: one sentence a holder, read from its stage and not from its words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.clauses import CONTRAST, clauses
from trusted_cloud_chat.answering.timeline.services import WITHOUT
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION, Stage, read_stage
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.periods import Period
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

MOST = 8
_SCHEME = "SecNumCloud"
_OTHER_SCHEMES = frozenset({"EUCS", "hébergement de données de santé"})
"""« Qui est qualifié HDS ? » asks for no holder of SecNumCloud."""
_ASKS = re.compile(
    r"\b(?:quels?|quelles?|liste\w*|citez?|qui|which|who|what)\b.*\b(?:qualifie|qualification|qualified|secnumcloud)"
)
_OPENS = re.compile(r"\W*(?:et )?(?:quels?|quelles?|liste\w*|citez?|qui|which|who|what)\b")
_HOLDER = (
    r"(?:fournisseurs?|prestataires?|hebergeurs?|acteurs?|entreprises?|societes?|offres?|services?|clouds?|providers?|companies|"
    r"vendors?|offerings?)"
)
_WHICH_OF_THEM = r"(?:grand|gros|petit|autre|princip|premi|nouve|franc|europ|cloud|other|big|major|french|new|deux|trois|quatre|cinq|two|three|four|five)\w*"
_SOMETHING_ELSE = re.compile(
    r"^\W*(?:et |and )?(?:qui|who) (?:a|ont|est|sont|avait|avaient|has|have|had|is|are)? ?(?:(?!was\b|been\b|were\b|is\b|est\b|ete\b)\w+ )?(?:affirm|dit\b|declar|souten|promis|annonc|estim|jug|pens|critiqu|contest|denonc|delivr|"
    r"accord|attribu|retir|sign|cree|concu|invent|elabor|redig|oblig|contrain|concern|tenue?s? d|soumis|utilis|besoin|created|designed|obliged|required|needs?\b|uses?\b|said|claim|told|announc|critici|grant|award|withdr)\w*|"
    rf"\b(?:quel(?:le)?s? (?:est|sont|serait|etait)|what (?:is|are|was)) (?:donc )?(?:l[ae]s? |l'|the )(?!(?:\w+ )?{_HOLDER}\b)|"
    rf"^\W*(?:et )?(?:(?:dans|en|sur|avec|pour|sous|de|a|par|selon|in|on|for|with|under|by) )?(?:quels?|quelles?|which|what) (?!est\b|sont\b|is\b|are\b|serai|etai|was\b|were\b)(?!(?:{_WHICH_OF_THEM} )*{_HOLDER}\b)\w+"
)
"""« Qui a affirmé que la qualification… ? », « Quel est le surcoût d’un cloud qualifié ? », « Quelles exigences respecter pour être qualifié ? »"""
_HELPED = re.compile(
    r"\b(?:accompagn|epaul|subvention|aidee?s?\b|supported\b|helped\b)\w*|\b(?:ont|a|avaient|have|has) (?:\w+ )?(?:migre|migrated|moved)\b"
)
"""« Les 48 entreprises que l’État accompagne vers SecNumCloud » are on their way; « quels CHU ont migré… » have no qualification."""
_OF_WHOM = re.compile(
    rf"\b(?:{_HOLDER}|qui (?:est|sont|etai(?:t|ent)|a|ont|avai(?:t|ent)|detien\w+)|who (?:is|was|were|has|had|holds))\b"
)
_ONE_OF_THEM = re.compile(
    r"\b(?:premiere?|toute? premiere?|derniere?|very first|first|latest|last)\b(?! (?:semestre|trimestre|half|quarter|year|month))|\bavant (?:tout le monde|(?:tous )?les autres)\b|\bbefore (?:anyone|everyone|the others)\b"
)
"""« Qui a obtenu SecNumCloud le premier ? » asks for no list."""
_OBTAINED = re.compile(
    r"\b(?:obt(?:enu|ienn)\w*|recue?s?|recoi\w+|decroch\w*|(?:a|ont) ete qualifie\w*|nouve(?:aux|lles)|obtained|received|earned|gained|got|became qualified)\b"
)
"""« Qui a obtenu SecNumCloud en 2025 ? »: who had it before is none; who has it since is none for « Qui était qualifié en 2023 ? »"""
_LISTED = re.compile(
    r"\b(?:noms?|prestataires?|fournisseurs?|hebergeurs?|entreprises?|acteurs?|providers?|companies|names)\b(?!.*\b(?:pas|aucun\w*|candidat\w*|en cours|en voie|process|attend\w*|vis(?:e|ent)|not|none)\b).*"
    r"\b(?:secnumcloud|qualifi\w+)\b[^:]*: "
)
"""What introduces an enumeration of holders: « Cinq noms apparaissent chez Clubic pour SecNumCloud : … »."""
_LEAST_LISTED = 3
_AND = re.compile(r"\s*(?:,|,?\s*et|,?\s*and)\s+")
_VERSION = re.compile(r"\b3\.[0-9]\b")


def asks_for_holders(understood: Understanding, entities: EntityBook) -> bool:
    """Whether the question is who is qualified, and names nobody."""
    text = understood.query.text
    folded = fold(text)
    dated = understood.query.kind == "date" and bool(_OPENS.match(folded))  # « quels fournisseurs…, et depuis quand ? »
    if any(other.search(folded) for other in (WITHOUT, _SOMETHING_ELSE, _ONE_OF_THEM, _HELPED)):
        return False
    if not (dated or understood.query.kind in ("list", "who", "fact")) or not (
        _ASKS.search(folded) and _OF_WHOM.search(folded)
    ):
        return False
    named = {mention.entity.name: mention.entity.kind for mention in entities.find(text)}
    if _OTHER_SCHEMES & named.keys() and _SCHEME not in named:
        return False
    return "actor" not in named.values()


def qualified_holders(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of `ranked`, best first: for each holder of a qualification the sentence that tells most of it.

    The newest day first, then what has none, first of it what names several. Empty for any other question, and where fewer than two
    are told, one where a period is asked about.
    """
    if not asks_for_holders(understood, entities):
        return []
    periods = [period for period in understood.periods if period.closes or period.direction == "since"]
    obtained = bool(_OBTAINED.search(fold(understood.query.text)))
    versions = set(_VERSION.findall(fold(understood.query.text)))
    told = [
        (frozenset(name for actors, _ in found for name in actors), _newest([stage for _, stage in found]), choice)
        for choice in ranked
        if versions <= set(_VERSION.findall(choice.text))
        for found in [_qualified(choice, entities)]
        if found and all(_in_time(choice, [s for _, s in found], period, obtained=obtained) for period in periods)
    ]
    chosen: list[Selected] = []
    seen: set[str] = set()
    # Stable: the best ranked first among those that tell as much. What has a day, mostly of a service, comes before what
    # names vendors as a whole, and a bare list adds those of whom nothing else is told.
    for names, _, choice in sorted(
        told, key=lambda found: (bool(_listed(found[2].text, entities)), -found[1], -len(found[0]))
    ):
        if names - seen and len(chosen) < MOST:
            chosen.append(choice)
            seen |= names
    return chosen if len(seen) > (0 if periods else 1) else []


def _in_time(choice: Selected, stages: Sequence[Stage], period: Period, *, obtained: bool) -> bool:
    """Whether one of the sentence's stages was reached within the period, or by its end unless `obtained` in it is asked."""
    if obtained or period.direction == "since":
        return any(stage.since and period.touches(stage.since) for stage in stages)
    known = [stage.since or choice.passage.article.date for stage in stages]
    return any(day and replace(period, opens=None).touches(day) for day in known)


def _qualified(choice: Selected, entities: EntityBook) -> list[tuple[list[str], Stage]]:
    """The actors and the stage of each clause that tells a qualification."""
    if not QUALIFICATION.search(fold_in_place(choice.text)):
        return []
    if listed := _listed(choice.text, entities):
        return [(listed, Stage("qualified", None))]
    # « OVHcloud, Outscale et S3NS sont… » is one clause, whatever the commas say.
    together = len(_named_together(choice.text, entities)) > 1
    parts = re.split(CONTRAST, choice.text)[:1] if together else clauses(choice.text)
    found = []
    for clause in parts:
        actors = _named_together(clause, entities)
        if not actors:
            continue
        stage = read_stage(clause, choice.passage.article, frozenset(map(fold, actors)), actors[0])
        if stage is not None and stage.name == "qualified":
            found.append((actors, stage))
    return found


def _newest(stages: Sequence[Stage]) -> int:
    """The last of the days on which they were reached; 0 where none is told."""
    return max((stage.since.middle.toordinal() for stage in stages if stage.since), default=0)


def _listed(text: str, entities: EntityBook) -> list[str]:
    """The holders that the sentence enumerates after a colon; empty where it does not."""
    found = _LISTED.search(fold_in_place(text))
    names = _named_together(text[found.end() :], entities) if found else []
    return names if len(names) >= _LEAST_LISTED else []


def _named_together(clause: str, entities: EntityBook) -> list[str]:
    """The first actor of the clause, and those enumerated with it: « S3NS, filiale de Thales » names S3NS alone."""
    found = entities.actors(clause)
    names: list[str] = []
    after = 0
    for mention in found:
        if names and not _AND.fullmatch(clause[after : mention.start]):
            break
        names.append(mention.entity.name)
        after = mention.end
    return names

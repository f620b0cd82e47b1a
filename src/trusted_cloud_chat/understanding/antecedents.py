"""Whom « il » stands for where the question before asked who: the one whom its answer names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Citation, Turn
from trusted_cloud_chat.text import fold, fold_in_place

_INVERTED = re.compile(r"\b\w+-(?:t-)?$")
"""The verb before « il » in « est-il », « a-t-il »."""
_SPOKEN_OF = (
    "société|entreprise|coentreprise|groupe|opérateur|hébergeur|fournisseur|éditeur|prestataire|offre|plateforme|solution|service|"
    "projet|qualification|certification|loi|texte|mesure|décision|accord|contrat|migration"
)
"""« La société », « l’offre » are whoever was spoken of."""
_DETERMINER = r"(?:[Ll][ea]s? |[Ll][’']|[Uu]ne? |[Dd]es |[Cc]e(?:t|tte|s)? |[Mm]on |[Nn]otre )"
_OPENS = r"^\W*(?:[Ee]t |[Mm]ais |[Aa]lors |[Qq]uand |[Pp]ourquoi |[Cc]omment |[Oo]ù )?"
_NO_NAME = (
    r"(?!(?:Qui|Que|Quoi|Quand|Où|Comment|Combien|Pourquoi|Quel\w*|Lequel|Et|Mais|Alors|Depuis|Est|Pour|En|Sur|Par|À|A|Le|La|Les|Un|Une|"
    r"Des|Ce|Cet|Cette|Ces|Mon|Notre)\b)"
)
_OWN_SUBJECT = re.compile(
    r"(?<=[\w,’'] )[A-ZÀÂÉÈÊÎÔÛÇ][\w-]*|[’'][A-ZÀÂÉÈÊÎÔÛÇ][\w-]*|"
    rf"{_OPENS}{_DETERMINER}(?!(?:{_SPOKEN_OF})\b)\w+ |^\W*{_NO_NAME}[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:\w+ )?$"
)
_OWN_NAME = re.compile(rf"{_OPENS}(?:[Ll][ea]s? |[Ll][’'])?{_NO_NAME}[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:[\w-]+ ){{0,2}}$")
"""A name that opens the question; any other noun may belong to whoever was spoken of: « Le calendrier a-t-il glissé ? »."""
_NOUN_SPOKEN_OF = re.compile(rf"{_OPENS}{_DETERMINER}(?:{_SPOKEN_OF})\b")
_ABOUT_THE_NAMED = re.compile(
    r"\W*(?:[Qq]ui est|[Ww]ho is|[Qq]ui (?:détient|possède)|[Ww]ho owns) (?:[A-ZÀÂÉÈÊÎÔÛÇ]|\d)"
)
AskAgain = Callable[[str], Citation | None]
"""The quote that answers a question first; None where nothing answers it."""

_ASKS_WHO = re.compile(r"\W*(?:par |avec |chez |a |de )?(?:qui|quel(?:le)?s? (?:fournisseur|hebergeur|entreprise|societe|"
                       r"prestataire|acteur)s?|who|which (?:provider|company|companies|providers))\b")  # fmt: skip
PERSON = re.compile(
    r"\b(?!(?:Pour|Selon|Le|La|Les|Un|Une|En|Dans|Par|Avec|Chez|Mais|Et|Ce|Cette|Son|Sa|Ses|Des|Du|Au|PDG|DG|CEO|Monsieur|Madame|"
    r"The|In|For|As|By|At|On)\b)[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:(?:de|d’|du|von|van) ?)?[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+"
)
"""Two words with a capital that no alias has: « Jean Coumaros »."""
_QUOTE = re.compile(r"[«“]\s*(?P<words>[^»”]+?)\s*[»”](?: \([^)]*\))? \[\d")
_WRITTEN = re.compile(r"(?P<words>[^\n]+?)\s*\[\d")
LEADS = re.compile(
    r"\b(?:dirig|direct\w+ general|presid|pilot|est a la tete|patron|pdg|heads?\b|headed|heading|lead(?:s|ing)?\b|led\b|chair|runs?\b|running|ran\b|ceo)"
)
"""Asks who is at the head of something; of folded text."""
NOT_OF_A_PERSON = re.compile(
    r"\b(?:qualifi|certifi|clients?\b|clientes?\b|customers?\b|services?\b|offres?\b|serveurs?\b|servers?\b|datacent|data cent|centres? de donnees|actionnaire|"
    r"shareholder|salarie|employe|capital\b|chiffre d'affaires|turnover|revenue|hosted|heberge)"
)
"""What a company or a service is or has, and nobody else; of folded text."""
_WHO = re.compile(r"\W*(?:and )?who\b(?!.*\b(?:host|provid|suppl|win|won|operat))")
"""Asks for people or companies that "it", said afterwards, does not stand for: "Who built Clarence?"."""
_IT = re.compile(r"(?<![-'\w])it(?![-'\w])")
_THEY = re.compile(r"(?<![\w'])(?:ils|elles|they|them)(?![-'\w])")
_SEVERAL = re.compile(r" (?:et|and|ou|or) |\b(?:[Ll]es|[Dd]es|[Cc]es|[Tt]hese) ")
_OF_ALL_THAT = re.compile(
    r"\bs'y \w|\bl'(?:a|ont|avait|avaient|aura)-(?:t-)?(?:ils?|elles?|on) \w+(?:ee|ie|ue|ise|ite)s?\b|"
    r"\bl'(?:a|ont|avait)(?:-t-(?:il|elle|on))? (?:dit|affirme|declare|annonce|confirme|explique|promis|reconnu|revele)\b"
)
_BEFORE_ALL = re.compile(
    r"(?<![-'\w])(?:il|elle|ils|elles|it|he|she|they)(?![-'\w])|(?<=\w)-(?:t-)?(?:il|elle|ils|elles)\b|\b(?:its|their|his|her|son|sa|ses|leurs?)\b"
)
_VERB_AND_PRONOUN = re.compile(r"(?<![\w'-])(?:n'|s'|[nms]e |l'|y |en )?\w+-(?:t-)?(?:il|elle|ils|elles)\b")
OPENS_WITH_VERB = re.compile(rf"\W*{_VERB_AND_PRONOUN.pattern}")
"""« Est-il qualifié ? »; of folded text."""
_ASKS_WHAT = re.compile(r"\W*(?:et |mais )?(?:que |(?:de |a |sur |en )?quoi )|\W*(?:et |mais )?qu'")
_OBJECT = re.compile(r"(?<![-'\w])(?:it|them|him|her)\W*$")
_OWN_NOUN = re.compile(
    r"\b(?i:le|la|les|un|une|des|cette|cet|ce|the|an?|this) \w|\b(?i:[ld])['’]\w|(?<=\w )[A-ZÀÂÉÈÊÎÔÛÇ]"
)
_OBJECT_BEFORE_VERB = (
    re.compile(r"\b(?:l'(?=(?:a|ont|avait|avaient|aura|auront)\b))(?P<verb>\w+(?:-(?:t-)?(?:ils?|elles?|on))?(?: (?:deja|finalement|vraiment|bien))? \w+(?:e|i|u|is|it|ert)e?s?)\b"),
    re.compile(r"\bqui (?:l'|(?:le|la|les) )(?P<verb>\w+(?: aujourd'hui| actuellement)?)(?=\W*$)"),
)  # fmt: skip
"""« l’ » in « l’ANSSI l’a-t-elle approuvé ? », « la » in « qui la dirige ? »; of folded text."""
_OBJECT_OF_THE_NAMED = re.compile(r" l'\w+-(?:t-)?(?:il|elle|ils|elles)\b")
_HANGS = re.compile(r"(?<![-'\w])(?:il|elle|ils|elles|it|he|she|they)(?![-'\w])|(?<=\w)-(?:t-)?(?:il|elle|ils|elles)\b")
PRONOUN = re.compile(
    r"\b(il|elle|ils|elles|celui|celle|ceux|celles|celui-ci|celle-ci|ceux-ci|cela|ca|ce projet|cette (offre|societe|loi|"
    r"qualification|entreprise|decision|date|plateforme)|cet (acteur|accord)|son|sa|ses|leur|leurs|it|its|he|she|his|him|her|they|their|them|"
    r"this|that)\b(?! (y a|faut|est possible))"
)
"""What may stand for something said before; of folded text."""
_POSSESSIVE = re.compile(r"son|sa|ses|leurs?")
"""« L’École polytechnique a-t-elle suspendu son projet ? »: that of the subject, where the question has one."""
_IMPERSONAL = re.compile(
    r"\bil (?:faut|faudra\w*|y a|s'agit|est (?:possible|vrai|interdit|prevu))\b|\b(?:faut|y a-t)-il\b|\b(?:est|s'agit|agit)-il (?:vrai|possible|de\b|d')|"
    r"\bquelle heure est-il\b|\b(?:is it|it is|it's|was it|it was) (?:true|possible|that|to)\b|\b(?:se passe|suffit|convient)-t-il\b|"
    r"\bexiste-t-il (?:des|du|de la|de l'|d'|un)|(?<!lui )(?<!leur )\b(?:reste|manque)-t-il\b"
)


def refers_back(asked: str) -> bool:
    """Whether a pronoun stands for something said before, and neither for its own subject nor for nothing (« il faut »)."""
    folded = fold_in_place(asked)
    nothing = [match.span() for match in _IMPERSONAL.finditer(folded)]
    pronouns = list(PRONOUN.finditer(folded))
    its_own = [_has_own_subject(asked, match.start(), _OWN_NAME) for match in pronouns]
    return any(
        not own
        and not (any(its_own) and _POSSESSIVE.fullmatch(match[1]))
        and not any(start < match.end() and match.start() < end for start, end in nothing)
        for match, own in zip(pronouns, its_own, strict=True)
    )


def names_its_subject(asked: str) -> bool:
    """Whether its verb has a named subject of its own: « Pourquoi l’École polytechnique a-t-elle… »."""
    return any(_has_own_subject(asked, match.start(), _OWN_NAME) for match in PRONOUN.finditer(fold_in_place(asked)))


def _has_own_subject(asked: str, pronoun: int, subject: re.Pattern[str]) -> bool:
    """Whether « -il » goes with what stands before its verb: « Clever Cloud est-il… », « La Commission va-t-elle… »."""
    inverted = _INVERTED.search(asked[:pronoun])
    return inverted is not None and bool(subject.search(asked[: inverted.start()]))


def asks_who(question: str) -> bool:
    """« Qui a investi dans Bleu ? »; not « Qui possède Bleu ? », after which Bleu is spoken of."""
    return _ASKS_WHO.match(fold_in_place(question)) is not None and not _ABOUT_THE_NAMED.match(question)


def hangs_on_answer(asked: str, mentions: Sequence[Mention], previous: str) -> bool:
    """Whether « il » stands for whom the answer before names: « Qui dirige Bleu ? », then « il faisait quoi avant ? ».

    Not where it comes after a name or a noun of its own sentence, nor in « il faut »; nor after « Qui est Bleu ? » or « Qui
    détient Bleu ? », which go on about Bleu.
    """
    folded = fold_in_place(asked)
    pronoun = _HANGS.search(folded)
    if pronoun is None or _IMPERSONAL.search(folded) or not asks_who(previous):
        return False
    if _NOUN_SPOKEN_OF.match(asked) or _has_own_subject(
        asked, pronoun.end() - len(pronoun.group().lstrip("-t")), _OWN_SUBJECT
    ):
        return False
    return not mentions or pronoun.start() < mentions[0].start


def hangs_on_topic(asked: str, mentions: Sequence[Mention]) -> bool:
    """Whether a pronoun stands for what the question before is about, though the follow-up has a name.

    "What did he say about SecNumCloud?", « Est-il qualifié SecNumCloud ? »: it comes before every name and noun. "Has the BSI
    approved it?": it is no subject, and the one name is.
    """
    folded = fold_in_place(asked)
    if _IMPERSONAL.search(folded):
        return False
    if len(mentions) == 1 and (_OBJECT.search(folded) or _OBJECT_OF_THE_NAMED.match(folded[mentions[0].end :])):
        return True
    pronoun = _BEFORE_ALL.search(folded)
    if pronoun is None or not mentions or pronoun.start() > mentions[0].start:
        return False
    return not _OWN_NOUN.search(asked[: pronoun.start()])


def with_subject(asked: str, name: str) -> str | None:
    """« Est-il qualifié ? » → « Bleu est-il qualifié ? », « Que dit-il ? » → « Que dit Bleu ? »; None where a noun is the subject."""
    folded = fold_in_place(asked)
    found = _VERB_AND_PRONOUN.search(folded)
    if found is None or _IMPERSONAL.search(folded):
        return None
    ahead = asked[: found.start()]
    if _ASKS_WHAT.fullmatch(folded[: found.start()]):
        return with_antecedent(asked, folded, name)
    if _OWN_NOUN.search(ahead.rsplit(",")[-1]) or _OWN_SUBJECT.search(ahead):
        return None
    verb = found.group()
    said = f"{ahead}{name} {asked[found.start()].lower()}{asked[found.start() + 1 :]}"
    return said[0].upper() + said[1:] if verb and not ahead else said


def with_object(asked: str, name: str) -> str | None:
    """« L’ANSSI l’a-t-elle approuvé ? » → « L’ANSSI a-t-elle approuvé Bleu ? »; None where no « l’ », « le », « la » stands for a thing."""
    folded = fold_in_place(asked)
    for pattern in _OBJECT_BEFORE_VERB:
        if found := pattern.search(folded):
            start, end = found.span("verb")
            ahead = asked[: found.start() + (4 if found.group().startswith("qui ") else 0)]
            return f"{ahead}{asked[start:end]} {name}{asked[end:]}"
    return None


def can_stand_for(asked: str, name: str, previous: str, mentions: Sequence[Mention], entities: EntityBook) -> bool:
    """Whether a pronoun of `asked` can stand for whom the answer to `previous` named.

    "It" is no person, nor, after "Who built Clarence?", who built it; a person has no clients; who is named besides is another.
    """
    folded = fold_in_place(asked)
    if many_for_one(folded, name) or (_IT.search(folded) and _WHO.match(fold_in_place(previous))):
        return False
    known = entities.find(name)
    if not known and (_IT.search(folded) or NOT_OF_A_PERSON.search(folded)):
        return False
    return not {m.entity.name for m in known} & {m.entity.name for m in mentions}


def many_for_one(folded: str, name: str) -> bool:
    """Whether « ils », “they” would stand for one person or one company."""
    return _THEY.search(folded) is not None and _SEVERAL.search(name) is None


def of_all_that(folded: str) -> bool:
    """« qui s’y oppose ? », « quand l’avait-il déposée ? »: « y » and « l’ » are no name, but what the question before tells."""
    return _OF_ALL_THAT.search(folded) is not None


def with_antecedent(asked: str, folded: str, name: str) -> str:
    """« Que faisait-il avant ? » → « Que faisait Jean Coumaros avant ? »."""
    pronoun = _HANGS.search(folded)
    assert pronoun is not None
    space = " " if pronoun.group().startswith("-") else ""
    return f"{asked[: pronoun.start()]}{space}{name}{asked[pronoun.end() :]}"


def people_in(said: str, mentions: Sequence[Mention]) -> list[re.Match[str]]:
    """Two words with a capital that are none of `mentions`: « Jean Coumaros », and not « Microsoft Azure »."""
    return [
        found
        for found in PERSON.finditer(said)
        if not any(m.start < found.end() and found.start() < m.end for m in mentions)
    ]


def named_by(said: str, previous: str, before: Sequence[Mention], entities: EntityBook) -> str:
    """Whom a quote names first that the question did not; a person where the question is who leads."""
    mentions = entities.find(said)
    known = {m.entity.name for m in before}
    actors = [(m.start, m.entity.name) for m in mentions if m.entity.kind == "actor" and m.entity.name not in known]
    people = [(found.start(), found.group()) for found in people_in(said, mentions)]
    wanted = people if people and LEADS.search(fold(previous)) else [*actors, *people]
    return min(wanted, default=(0, ""))[1]


def opening_name(said: str, before: Sequence[Mention], entities: EntityBook) -> str:
    """The name that a quote begins with: who does what it tells; empty for one that the question has."""
    opening = next((m.text for m in entities.find(said) if m.entity.kind == "actor" and m.start == 0), "")
    found = re.match(r"[A-Z]{2,}\b", said) or PERSON.match(said)
    name = opening or (found.group() if found else "")
    return "" if name in {m.text for m in before} else name


def first_quote(turn: Turn, question: str, ask_again: AskAgain | None) -> str:
    """The words of a turn's answer that stand before its first marker; `question` is that of the turn, made whole."""
    if turn.given is None and turn.answer:
        found = _QUOTE.search(turn.answer) or _WRITTEN.search(turn.answer)
        return found["words"] if found else ""
    citation = first_citation(turn, question, ask_again)
    return citation.quote if citation else ""


def first_citation(turn: Turn, question: str, ask_again: AskAgain | None) -> Citation | None:
    """What a turn's answer quotes first; None for a refusal. `question` is that of the turn, made whole."""
    if turn.given is not None:
        return None if turn.given.refused else next(iter(turn.given.citations), None)
    return ask_again(question) if ask_again else None

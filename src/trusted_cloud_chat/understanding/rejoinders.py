"""Follow-ups that say nothing but what to do with what was said: « en anglais ? », « compare-les », « plus de détails ? », « et l’autre ? »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.entities import Entity, Mention
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold_in_place
from trusted_cloud_chat.understanding.inflection import link
from trusted_cloud_chat.understanding.openings import AGREEMENT
from trusted_cloud_chat.understanding.slots import asks_word_alone
from trusted_cloud_chat.understanding.topics import Topic, of

_PLEASE = r"(?:,? (?:please|svp|stp|s'il (?:vous|te) plait|merci|thanks))*"
_CAN_YOU = (
    r"(?:(?:et|mais|ok|oui|alors|maintenant|and|but|now|please|tu peux|peux-tu|(?:est-ce que )?tu pourrais|pourrais-tu|vous pouvez|"
    r"pouvez-vous|pourriez-vous|can you|could you|je (?:veux|voudrais)|j'aimerais|i want|i would like|i'd like|to)[\s,]+)*"
)
_IT = r"(?:[- ](?:moi|nous|le|la|les|me|us|it|that|this|them|again|ca|cela|tout))*"
_TONGUE = r"(?:(?P<english>(?:in|into|en) (?:english|anglais))|(?P<french>(?:in|into|en) (?:french|francais)))"
_SPOKEN_IN = re.compile(
    rf"(?<!disponible)(?<!existe)(?<!-t-il)(?<!-t-elle)(?<!traduire)(?<!traduit)(?<!traduite)(?<!»)(?<! etre)(?<!dit-on)(?<!appelle)(?<!nom)(?<!redige)"
    rf"(?<!written)(?<!available)(?<!stand for)(?<!mean)(?<!call)(?<!called)[\s,.;!?(-]+(?:(?:reponds?(?:-moi)?|repondez(?:-moi)?|answer(?: me)?) )?{_TONGUE}{_PLEASE}[\s.!?)]*$"
)
"""« …, en anglais svp »: the language of the answer, and nothing that is asked about."""
_SAID_AGAIN = re.compile(
    rf"\W*{_CAN_YOU}(?:(?:me |le |la |l')*(?:re)?(?:pond(?:s|ez|re)?|dis|dites|dire|dit|formule[rz]?|pete[rz]?|traduis\w*|traduire|ecris|ecrire|"
    rf"answer|say|write|put|translate|peat){_IT}[\s,]+)?(?:(?:la |the )?(?:meme|same)(?: (?:chose|question|reponse|thing|question|answer))?[\s,]+)?{_TONGUE}{_PLEASE}\W*"
)
_ABOUT_IT = r"(?: (?:about (?:it|this|that|them|him|her)|a (?:ce|son|leur) (?:sujet|propos)|la-dessus|sur (?:ca|cela|ce (?:sujet|point)|lui|elle|eux)))?"
_MORE_SAID = (
    rf"\W*{_CAN_YOU}(?:(?:(?:m'en |en |me )*(?:donne[rz]?|dis|dites|dire|avoir|savoir|give|tell|know|have)(?:[- ](?:moi|nous|m'en|nous en|en|me|us))*[\s,]+)?"
    r"(?:un peu |a (?:bit|little) )?(?:plus|davantage|more|further)(?: (?:de |d'|of )?(?:details?|precisions?|infos?|informations?|information|explications?))?|"
    rf"(?:developpe[rz]?|detaille[rz]?|explique[rz]?|precise[rz]?|resume[rz]?|summari[sz]e|elaborate|explain|continue[rz]?){_IT})"
)
_MORE = re.compile(rf"{_MORE_SAID}{_ABOUT_IT}{_PLEASE}\W*")
_MORE_ON = re.compile(rf"{_MORE_SAID} (?:sur|about|on|a propos d[eu']|concernant) ?(?:l[ea]s? |l'|the )?")
_BOTH = r"(?:tous )?(?:les|ces) (?:deux|2)(?: (?:offres|solutions|fournisseurs|entreprises|lois|textes))?|the two(?: of them)?|these two|both(?: of them)?|them|eux"
_COMPARE_BOTH = re.compile(
    rf"\W*{_CAN_YOU}(?:(?:si on |si tu |how (?:do|does) (?:they|it|that) )?(?:les |me )?compar(?:e[rz]?|ait|ais|aison|ison|es|ed)?(?:-(?:les|moi))?(?: entre eux)?"
    rf"(?: (?:{_BOTH}))?|(?:{_BOTH}),? compare?e?s?)(?P<on>(?:,? (?:sur|en|quant|cote|pour|on|in|for|by) (?:(?!\b(?:et|and|ou|or)\b|,).)*?)?)\W*"
)
_BETWEEN_BOTH = re.compile(rf"\b(?P<between>entre|between) (?:{_BOTH})\b(?! [a-z])")
_WHICH_OF_BOTH = re.compile(
    rf"^\W*(?:(?:et|and) )?(?P<which>lequel|laquelle|which)(?: one)? (?:des (?:deux|2)|d'entre eux|of (?:{_BOTH})) (?P<rest>.*)"
)
_THE_OTHER = re.compile(
    r"\W*(?:et |mais |and |but )?(?:pour |chez |de |what about |how about )?(?:l'autre|the other(?: one)?)\W*"
)
_WHICH_IS = re.compile(
    r"(?:.*, ?|\W*)(?i:lequel|laquelle|qui|which(?: one)?|who)(?P<of> (?:de|d['’]|entre|des deux|of)\b.*?(?: est| a| sera| is| has)?)? ?"
    r"(?P<verb>est|a|sera|peut|doit|is|has|will|can) (?P<told>[^,]+?)(?:,.*| entre .*)?\W*"
)
_BEFORE_THAT = re.compile(
    r"\W*(?:et |and |mais |but )?(?:(?:encore |juste |just )?(?:avant|plus tot)|auparavant|precedemment|avant (?:ca|cela)|before(?: (?:that|then))?|previously|earlier)\W*"
)
_NOW = re.compile(r"\W*(?:et |and |mais |but )?(?:maintenant|aujourd'hui|actuellement|now|today|currently)\W*")
_NOBODY_SAID = re.compile(
    r"\W*(?:et |and |mais |but |pour |what about )*(?:lui|elle|eux|elles|ils?|ca|cela|him|her|it|them|that|this)\W*"
)
_LETTERS = re.compile(r"[^\W_]")


def in_language(asked: str) -> tuple[str, Language | None]:
    """What is asked, and the language in which an answer is asked for: « Qui dirige Bleu ? En anglais svp » asks in English who does.

    What is asked is empty where it is « Et en anglais ? »: the question before again.
    """
    folded = fold_in_place(asked)
    alone = _SAID_AGAIN.fullmatch(folded)
    found = alone or _SPOKEN_IN.search(folded)
    if found is None:
        return asked, None
    return "" if alone else asked[: found.start()], "en" if found["english"] else "fr"


def asks_what_was_before(asked: str) -> bool:
    """« Et avant ? »."""
    return _BEFORE_THAT.fullmatch(fold_in_place(asked)) is not None


def asks_the_same(asked: str, *, dated: bool) -> bool:
    """Whether the question before is asked once more: « En anglais ? », « Et avant ? »; « Et maintenant ? » where it is not `dated`."""
    now = not dated and _NOW.fullmatch(fold_in_place(asked)) is not None
    return now or not in_language(asked)[0] or asks_what_was_before(asked)


def asks_for_the_other(asked: str) -> bool:
    """« Et l’autre ? »."""
    return _THE_OTHER.fullmatch(fold_in_place(asked)) is not None


def is_rejoinder(asked: str) -> bool:
    """Whether it only says what to do with what was said; so does a letter, which says nothing."""
    folded = fold_in_place(asked)
    alone = (_SAID_AGAIN, _MORE, _COMPARE_BOTH, _THE_OTHER, _BEFORE_THAT)
    return len(_LETTERS.findall(asked)) < 2 or any(pattern.fullmatch(folded) for pattern in alone)


def says_nothing_alone(asked: str) -> bool:
    """Whether nobody knows what is meant where nothing was said before: « Pourquoi ? », « Compare-les », « x »."""
    folded = fold_in_place(asked)
    return (
        is_rejoinder(asked)
        or any(pattern.fullmatch(folded) for pattern in (_NOBODY_SAID, _NOW, AGREEMENT))
        or asks_word_alone(asked, "fr")
        or asks_word_alone(asked, "en")
    )


def more_about(asked: str, topic: Topic | None, language: Language) -> str | None:
    """« Plus de détails ? » → « Parle-moi de Bleu »; None where it asks something else, or nothing is known to speak of."""
    if topic is None or not _MORE.fullmatch(fold_in_place(asked)):
        return None
    actors = [span for span in topic.spans if span[2] and span[2].entity.kind == "actor"]
    start, end, mention = (actors or topic.spans)[0]
    name, ahead = topic.question[start:end], topic.question[:start]
    if language == "en":
        return f"Tell me about {'the ' if re.search(r'[Tt]he $', ahead) else ''}{name}"
    return f"Parle-moi {of(name, ahead if mention else '')}"


def more_about_named(asked: str, mentions: Sequence[Mention], language: Language) -> str | None:
    """« Plus de détails sur NumSpot » → « Parle-moi de NumSpot »."""
    ahead = _MORE_ON.match(fold_in_place(asked))
    if ahead is None or len(mentions) != 1 or ahead.end() != mentions[0].start:
        return None
    if re.search(r"\w", asked[mentions[0].end :]):
        return None
    name, said = mentions[0].text, asked[: ahead.end()]
    return f"Tell me about {name}" if language == "en" else f"Parle-moi {of(name, said)}"


def about_both(asked: str, names: Sequence[str], language: Language) -> str | None:
    """« Compare-les » → « Compare Bleu et S3NS »; None where it speaks of no two."""
    folded = fold_in_place(asked)
    both = f"{' and ' if language == 'en' else ' et '}".join(names)
    if found := _COMPARE_BOTH.fullmatch(folded):
        return f"Compare {both}{asked[slice(*found.span('on'))]}"
    if found := _BETWEEN_BOTH.search(folded):
        return f"{asked[: found.end('between')]} {both}{asked[found.end() :]}"
    if found := _WHICH_OF_BOTH.match(folded):
        either = f"{' or ' if language == 'en' else ' ou '}".join(names)
        return f"{either}, {found['which']} {asked[found.start('rest') :]}"
    return None


def speaks_of_both(asked: str) -> bool:
    """« Compare-les », « Quelle différence entre les deux ? », « Lequel des deux… ? »."""
    return about_both(asked, ("A", "B"), "fr") is not None


def asked_of_one(question: str, name: str, language: Language) -> str | None:
    """« Bleu ou S3NS, lequel est qualifié ? » → « S3NS est-il qualifié ? »; None where no such words are known."""
    found = _WHICH_IS.fullmatch(question)
    if found is None:
        return None
    verb, told = found["verb"], found["told"]
    if name in told:  # « Qui est le patron de Bleu et de S3NS ? » asks of both
        return None
    if language == "en":
        return f"{verb.capitalize()} {name} {told}?"
    return f"{name} {verb}{link(verb)}{'elle' if 'laquelle' in fold_in_place(question) else 'il'} {told} ?"


def last_named(said: Sequence[Sequence[Mention]]) -> list[Entity]:
    """The last two of one kind that were spoken of, in that order; all that one question names; empty where there are no two.

    `said`: the names of each question.
    """
    spoken: dict[str, list[Entity]] = {}
    for mentions in reversed(said):
        for kind in dict.fromkeys(mention.entity.kind for mention in mentions):
            of_kind = list(dict.fromkeys(m.entity for m in mentions if m.entity.kind == kind))
            known = spoken.setdefault(kind, [])
            fresh = [entity for entity in of_kind if entity not in known]
            spoken[kind] = [*(fresh[-1:] if known else fresh), *known]
            if len(spoken[kind]) > 1:
                return spoken[kind]
    return []

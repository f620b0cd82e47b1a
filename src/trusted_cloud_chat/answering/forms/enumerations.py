"""What a sentence enumerates: « AWS, Oracle et IBM », « J0 établit…, J1…, J2…, J3… », « le premier est…, le deuxième…, le troisième… »."""

from __future__ import annotations

import re

from trusted_cloud_chat.text import fold

_NAME = r"(?:(?:l[ae]s?|the|de|du|des|d[’']|of) |l[’'])*[A-ZÉÈÎ][\w.&+-]*(?:[ -](?:[A-ZÉÈÎ\d][\w.&+-]*))*"
_BETWEEN = r"(?:, (?:et |and )?|,? (?:et|ou|ainsi que|and|or|as well as) )"
_NAMES = re.compile(rf"{_NAME}(?:{_BETWEEN}{_NAME})+")
_ITEM = re.compile(_BETWEEN)
_ORDINALS = (
    re.compile(r"\b(?:premiere?s?|first)\b"),
    re.compile(r"\b(?:deuxiemes?|seconde?s?)\b"),
    re.compile(r"\b(?:troisiemes?|third)\b"),
    re.compile(r"\b(?:quatriemes?|fourth)\b"),
    re.compile(r"\b(?:cinquiemes?|fifth)\b"),
)
_SORTS = {
    "step": re.compile(r"\b(?:etape|step|phase|stage|jalon|milestone)s?(?: |-)?(?=\b|\d)|\bj(?=\d\b)"),
    "level": re.compile(r"\b(?:niveau|niveaux|levels?|seal)(?: |-)?(?=\b|\d)"),
    "criterion": re.compile(
        r"\b(?:criteres?|criteri(?:on|a)|piliers?|pillars?|axes?|principes?|principles?)(?: |-)?(?=\b|\d)"
    ),
}
"""What numbered parts are called: « jalon 0 » and « J0 » are one."""
_NUMBER = re.compile(r"\d\b")
_PREPOSITION = {"au": "a", "aux": "a", "du": "de", "d'": "de", "to": "to"}
_SEGMENT = re.compile(
    r"(?P<preposition>(?:a|aux?|de|du|sur|par|pour|en|to|of|on|by|for)\b|d')? ?(?:l'|(?:l[ae]s?|une?|des|the|an?)\b)?(?= ?[a-z])"
)
_COORDINATED = 3
"""Parts without a number from which they are taken for an enumeration: « à l’immunité, à la faculté de… et à la maîtrise de… »."""
_PARTIAL = re.compile(
    r"\b(?:autres|others?)\b|\b(?:fait|font|faisai(?:t|ent)) partie\b|\bparmi\b|\bamong\b|\bl'une? des\b|\bone of\b"
)
_ANNOUNCES = re.compile(
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|two|three|four|five|seven|eight|nine|ten|\d{1,2}) (?:\w+ )?\w+s\b|\b(?:niveaux|criteria)\b"
)


def names_in_a_row(text: str) -> int:
    """How many names the longest enumeration of a sentence has; 0 without any."""
    return max((len(_ITEM.findall(found[0])) + 1 for found in _NAMES.finditer(text)), default=0)


def numbered_parts(text: str, asked: str) -> frozenset[str]:
    """« J0 », « niveau 1 », « le premier… le deuxième »: the parts, of a sort that is asked for, that a sentence tells by numbers."""
    folded, question = fold(text), fold(asked)
    parts = {
        f"{sort} {number[0]}"
        for sort, called in _SORTS.items()
        if called.search(question)
        for name in called.finditer(folded)
        if (number := _NUMBER.match(folded, name.end())) is not None
    }
    places = [f"place {place}" for place, ordinal in enumerate(_ORDINALS, start=1) if ordinal.search(folded)]
    return frozenset(parts | set(places if len(places) > 1 else ()))


def coordinated_parts(text: str) -> frozenset[str]:
    """« à l’immunité au droit extra-européen, à la faculté de substituer… et à la maîtrise… »: those after the first."""
    folded = fold(text)
    segments = _ITEM.split(folded)
    joined = re.findall(_BETWEEN, folded)
    if not joined or not joined[-1].strip(" ,"):
        return frozenset()
    found: list[str] = []
    kind: str | None = None
    for segment in reversed(segments[1:]):
        match = _SEGMENT.match(segment)
        if match is None or not match[0].strip():
            break
        own = _PREPOSITION.get(match["preposition"] or "", match["preposition"] or "")
        if kind is not None and own != kind:
            break
        kind = own
        found.append(segment)
    return frozenset(found) if len(found) >= _COORDINATED - 1 else frozenset()


def is_partial(text: str) -> bool:
    """« font partie des sept », « cinq autres États »: not the whole of what is listed."""
    return bool(_PARTIAL.search(fold(text)))


def announces(text: str) -> bool:
    """« franchit quatre jalons »: a sentence that says how many there are."""
    return bool(_ANNOUNCES.search(fold(text)))

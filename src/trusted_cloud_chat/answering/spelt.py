"""Numbers written in words, French and English, turned into digits: « vingt-deux » → « 22 », « cent vingt mille » → « 120000 »."""

from __future__ import annotations

import re

_FR = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_VALUES = {word: n for n, word in enumerate(_FR)} | {word: n for n, word in enumerate(_EN)}
_VALUES |= {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
            "nonante": 90, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
            "eighty": 80, "ninety": 90}  # fmt: skip
_TIMES = {"cent": 100, "cents": 100, "hundred": 100, "mille": 1000, "thousand": 1000}
_ROUND = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
          "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "dozen": 12}  # fmt: skip
_ORDINAL = {"deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6,
            "third": 3, "fourth": 4, "fifth": 5}  # fmt: skip
_ANY = "|".join(sorted((*_VALUES, *_TIMES), key=len, reverse=True))
_SEQUENCE = re.compile(
    rf"(?<![\w-])(?:une? )?(?<!pour )(?<!per )(?:(?:{_ANY})(?:[ -](?:et[ -](?=une?\b|onze\b)|(?<=hundred )and )?(?:{_ANY}))*)(?![\w-])"
)
_ONE = re.compile(rf"\b(?:{'|'.join((*_ROUND, *_ORDINAL))})\b(?! (?:half|quarter|semestre|trimestre))")
NUMBER_WORDS = frozenset((*_VALUES, *_TIMES, *_ROUND)) - {"un", "one"}


def spell_out(folded: str) -> str:
    """`folded` (lower case, no accents) with its number words in digits; « un » and "one" alone are articles."""
    digits = _SEQUENCE.sub(_digits, folded)
    return _ONE.sub(lambda m: str(_ROUND.get(m.group()) or _ORDINAL.get(m.group())), digits)


def _digits(match: re.Match[str]) -> str:
    words = [w for w in re.split(r"[ -]", match.group()) if w not in ("et", "and", "une")]
    if words[0] == "un" and len(words) > 1 and words[1] not in _TIMES:
        words = words[1:]
    if words in (["un"], ["one"], ["zero"]):
        return match.group()
    total, current = 0, 0
    for word in words:
        if word in ("mille", "thousand"):
            total, current = total + max(current, 1) * 1000, 0
        elif word in _TIMES:
            current = max(current, 1) * 100
        elif word in ("vingt", "vingts") and current % 100 == 4:  # quatre-vingts
            current += 76
        else:
            current += _VALUES[word]
    return str(total + current)

"""French as it is typed in haste: « pk ovh a porté plainte », « snc c koi », « nb de clients de bleu » → written out; and « le label de
l’ANSSI », « Bleu a SecNumCloud ? » as the qualification that is meant.

Abbreviations in small letters only: « CB » and « PR » may be names. What kind of thing is asked for is told from the words written out.
"""

from __future__ import annotations

import re

_SHORT = {
    "pk": "pourquoi", "pkoi": "pourquoi", "pq": "pourquoi", "pcq": "parce que", "cb": "combien", "koi": "quoi", "qd": "quand", "ki": "qui",
    "kel": "quel", "kelle": "quelle", "pr": "pour", "ds": "dans", "tps": "temps", "tjs": "toujours", "tjrs": "toujours",
    "mtn": "maintenant", "tt": "tout", "bcp": "beaucoup", "dispo": "disponible", "gouv": "gouvernement",
}  # fmt: skip
_OPENING = re.compile(r"^\W*(?:Pk|Pkoi|Pq|Cb|Qd|Nb|C)(?= )")
_ALONE = r"(?<![\w’'./-])"
_PATTERNS = (
    (
        re.compile(r"\b((?:a|ont)(?:-t-(?:ils?|elles?))?(?: déjà| deja| enfin)?) (?=secnumcloud\b)", re.IGNORECASE),
        r"\1 la qualification ",
    ),
    (
        re.compile(
            rf"{_ALONE}(?<!plan )(?<!annexe )(?<!article )c(?= (?:k|qu?)oi\b| (?:qui|quand|qd|pr|pour|combien|cb|quel|kel)\b)"
        ),
        "c’est",
    ),
    (re.compile(rf"{_ALONE}y[’']?a(?=[ -]t[ -])"), "y a"),
    (re.compile(rf"{_ALONE}(?<!il )y[’']?a(?= (?!t[ -]))"), "il y a"),
    (re.compile(rf"{_ALONE}(?:(?<=\ble )|(?<=\bun )|(?<=\bdu )|(?<=\bce )|(?<=\bquel ))nb(?= )"), "nombre"),
    (re.compile(rf"{_ALONE}nb(?= (?:total|moyen|maximum|minimum)\b)"), "nombre"),
    (re.compile(rf"{_ALONE}nb (?=d[’'])"), "combien "),
    (re.compile(rf"{_ALONE}nb (?:de )?(?=\w)"), "combien de "),
)
_OF_ANSSI = r"(?: de sécurité| de securite)?(?: cloud)? de l[’']anssi\b(?! (?:sur|pour|relatif|applicable|en|de|des|du|P[AD]|PR))"
_LABEL = re.compile(rf"\b(?P<before>le|du|au) (?:label|visa|sésame|tampon){_OF_ANSSI}", re.IGNORECASE)
_REFERENTIAL = re.compile(rf"\b(?P<before>le|du|au) (?:référentiel|referentiel){_OF_ANSSI}", re.IGNORECASE)
_FEMININE = {"le": "la", "du": "de la", "au": "à la", "Le": "La", "Du": "De la", "Au": "À la"}
_WORD = re.compile(rf"{_ALONE}(?<!\ben )(?<!\bpar )(?:{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?![\w’'./-])")


def written_out(text: str) -> str:
    """`text` with its abbreviations as words; any other text as it is."""
    if opening := _OPENING.match(text):
        text = opening.group().lower() + text[opening.end() :]
    if "secnumcloud" not in text.lower():
        text = _LABEL.sub(_qualification, text)
        text = _REFERENTIAL.sub(r"\g<before> référentiel SecNumCloud", text)
    for pattern, words in _PATTERNS:
        text = pattern.sub(words, text)
    return _WORD.sub(lambda match: _SHORT[match.group()], text)


def _qualification(label: re.Match[str]) -> str:
    """« au visa de l’ANSSI » → « à la qualification SecNumCloud »."""
    return f"{_FEMININE.get(label['before'], 'la')} qualification SecNumCloud"

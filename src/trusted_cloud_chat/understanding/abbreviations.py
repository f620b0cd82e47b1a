"""French as it is typed in haste: « pk ovh a porté plainte », « snc c koi », « nb de clients de bleu » → written out; and « le label de
l’ANSSI » as the qualification that is meant.

In small letters only: « CB » and « PR » may be names. What kind of thing is asked for is told from the words written out.
"""

from __future__ import annotations

import re

_SHORT = {
    "pk": "pourquoi", "pkoi": "pourquoi", "pq": "pourquoi", "pcq": "parce que", "cb": "combien", "koi": "quoi", "qd": "quand", "ki": "qui",
    "kel": "quel", "kelle": "quelle", "pr": "pour", "ds": "dans", "tps": "temps", "tjs": "toujours", "tjrs": "toujours",
    "mtn": "maintenant", "tt": "tout", "bcp": "beaucoup", "pb": "problème", "dispo": "disponible", "gouv": "gouvernement",
}  # fmt: skip
_PATTERNS = (
    (
        re.compile(r"\b((?:a|ont)(?:-t-(?:ils?|elles?))?(?: déjà| deja| enfin)?) (?=secnumcloud\b)", re.IGNORECASE),
        r"\1 la qualification ",
    ),
    (re.compile(r"(?<![\w’'-])c(?= (?:k|qu?)oi\b| (?:qui|quand|qd|pr|pour|combien|cb|quel|kel)\b)"), "c’est"),
    (re.compile(r"(?<![\w’'-])y[’']?a(?= t[ -])"), "y a"),
    (re.compile(r"(?<![\w’'-])(?<!il )y[’']?a(?= (?!t[ -]))"), "il y a"),
    (re.compile(r"(?<![\w’'-])nb (?=d[’'])"), "combien "),
    (re.compile(r"(?<![\w’'-])nb (?:de )?(?=\w)"), "combien de "),
)
_LABEL = re.compile(
    r"\b(?:(?P<of>du )|(?P<to>au )|le |la )?(?:label|visa|référentiel|referentiel|sésame|sesame|tampon)(?: de sécurité| de securite)?(?: cloud)? (?:de l[’']|d[’'])anssi\b(?! (?:pour|PA|PD|PR))",
    re.IGNORECASE,
)
_WORD = re.compile(rf"(?<![\w’'./-])(?P<first>{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?![\w’'./-])")
_OPENING = re.compile(r"^\W*[A-Z][a-z]{1,3}(?= )")


def written_out(text: str) -> str:
    """`text` with its abbreviations as words; any other text as it is."""
    opening = _OPENING.match(text)
    if opening and opening.group().strip().lower() in _SHORT:
        text = opening.group().lower() + text[opening.end() :]
    if "secnumcloud" not in text.lower():
        text = _LABEL.sub(_qualification, text)
    for pattern, words in _PATTERNS:
        text = pattern.sub(words, text)
    return _WORD.sub(lambda match: _SHORT[match.group()], text)


def _qualification(label: re.Match[str]) -> str:
    before = "de " if label["of"] else "à " if label["to"] else ""
    return f"{before}la qualification SecNumCloud"

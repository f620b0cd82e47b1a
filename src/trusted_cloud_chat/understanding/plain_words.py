"""Words that people use and articles do not, in the words of articles: « a décroché SecNumCloud » → « a obtenu SecNumCloud ».

The reader is surer of the right sentence, and less of a wrong one, where a question has the plain word; each was tried alone on the
questions that have it (`docs/retrieval.md`), and is here because it gave more right answers than it took.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_Put = str | Callable[[re.Match[str]], str]


def _by_ending(**forms: str) -> Callable[[re.Match[str]], str]:
    """The form of another verb for an ending of a verb in -er: `er`, `e`, `era`, or `participle`, to which -e and -s are added."""

    def put(match: re.Match[str]) -> str:
        ending, inverted = match["ending"].lower(), match["inverted"]
        if inverted and ending in ("e", "é"):  # « décroche-t-il », whose last letter may have got an accent
            return forms["e"]
        form = forms["participle"] + ending[1:] if ending.startswith("é") else forms[ending]
        return f"{form}{inverted or ''}"

    return put


def _forms_of(*stems: str) -> str:
    return rf"\b(?:{'|'.join(stems)})(?P<ending>er|ées|és|ée|é|era|e)\b(?P<inverted>-t(?=-))?"


_PLAIN: tuple[tuple[re.Pattern[str], _Put], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (
            rf"{_forms_of('décroch')}(?! (?:en bourse|face|de\b|d[’']))(?!-(?:il|elle)s? (?:en bourse|face|de\b))",
            _by_ending(er="obtenir", e="obtient", era="obtiendra", participle="obtenu"),
        ),
        (
            rf"{_forms_of('gel', 'stopp')}(?! (?:l[’'](?:incendie|attaque)|le feu))",
            _by_ending(er="suspendre", e="suspend", era="suspendra", participle="suspendu"),
        ),
        (_forms_of("lâch"), _by_ending(er="quitter", e="quitte", era="quittera", participle="quitté")),
        (r"\bbougé(?P<more>e?s?)\b", r"changé\g<more>"),
        (r"\bdata ?center(?P<more>s?)\b", r"centre\g<more> de données"),
        (
            r",? (?<!\bpas )(?<!\bplus )(?<!\bjamais )\b(?:exactement|concrètement|précisément|réellement|vraiment)\b(?! (?:que?|qu[’']|pas)\b)",
            "",
        ),
        (
            r"(?<=quoi) au juste\b|(?:, (?:en fait|en gros|du coup|au fait|d[’']ailleurs|au juste)\b(?= ?[,?]))|"
            r"(?<! ou)(?<! et) (?:en (?:deux|trois|quelques) mots|en bref|en une phrase|en fait|en gros|du coup|au fait|au juste)(?= ?\W*$)",
            "",
        ),
    )
)
_WHAT_DAY = re.compile(
    r"^(?P<before>[^,?]{2,40}, )?(?:[àa] quelle (?:date|année|échéance)(?: (?:exacte|précise))?|en quelle année) "
    r"(?=\w)(?!(?:limite|butoir|prévue|fixée|remonte\w*|de)\b|d[’'])",
    re.IGNORECASE,
)


def in_plain_words(text: str) -> str:
    """A French question in the words of articles."""
    plain = _WHAT_DAY.sub(lambda match: f"{match['before']}quand " if match["before"] else "Quand ", text)
    for pattern, put in _PLAIN:
        plain = pattern.sub(put, plain)
    return plain

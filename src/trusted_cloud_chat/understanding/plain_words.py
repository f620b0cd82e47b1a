"""Words that people use and articles do not, in the words of articles: « a décroché SecNumCloud » → « a obtenu SecNumCloud ».

The reader is surer of the right sentence, and less of a wrong one, where a question has the plain word; each was tried alone on the
questions that have it (`docs/retrieval.md`), and is here because it gave more right answers than it took.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text.normalise import elides

_Put = str | Callable[[re.Match[str]], str]


def _by_ending(**forms: str) -> Callable[[re.Match[str]], str]:
    """The form of another verb for an ending of a verb in -er: `er`, `e`, `era`, or `participle`, to which -e and -s are added."""

    def put(match: re.Match[str]) -> str:
        ending, inverted = match["ending"].lower(), match["inverted"]
        if inverted and ending in ("e", "é"):  # « décroche-t-il », whose last letter may have got an accent
            return forms["e"] + (inverted if forms["e"].endswith("e") else "")
        form = forms["participle"] + ending[1:] if ending.startswith("é") else forms[ending]
        return f"{form}{inverted or ''}"

    return put


_BEFORE = r"\b(?:(?P<determiner>les?|du|des|aux?|une?|ce|ces|cet|son|ses|leurs?) )?"


def _as_feminine(noun: str) -> Callable[[re.Match[str]], str]:
    """A feminine noun in the place of a masculine one, after the determiner that it takes: « le visa » → « la qualification »."""
    the, elided = ("l’", True) if elides(noun) else ("la ", False)
    determiners = {
        "le": the,
        "du": f"de {the}",
        "au": f"à {the}",
        "un": "une ",
        "ce": "cette ",
        "son": "son " if elided else "sa ",
    }

    def put(match: re.Match[str]) -> str:
        written = match["determiner"]
        said = determiners.get(written.lower(), f"{written} ") if written else ""
        return f"{said.capitalize() if written and written[0].isupper() else said}{noun}{match['more']}"

    return put


def _as_state(match: re.Match[str]) -> str:
    """« Washington a refusé » → « les États-Unis a refusé »: articles name the state, and not its capital."""
    state = "États-Unis" if match[0].lower().endswith("washington") else "Pays-Bas"
    return f"{'des' if match['of'] else 'les'} {state}"


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
        (_forms_of("déménag"), _by_ending(er="migrer", e="migre", era="migrera", participle="migré")),
        (rf"{_BEFORE}déménagement(?P<more>s?)\b", _as_feminine("migration")),
        (r"\b(?P<before>la|cette|sa|leur|une|de) bascule\b", r"\g<before> migration"),
        (_forms_of("bascul"), _by_ending(er="migrer", e="migre", era="migrera", participle="migré")),
        (rf"{_BEFORE}(?-i:visa)(?P<more>s?)\b", _as_feminine("qualification")),
        (rf"{_BEFORE}feux? verts?(?P<more>)\b", _as_feminine("autorisation")),
        (r"\b(?P<was>sont|étaient|ont été|se sont retrouvés) par terre\b", r"\g<was> inaccessibles"),
        (r"\brégions allemandes\b", "Länder"),
        (r"(?<!\bà )\bRome\b", "l’Italie"),
        (r"(?<!\bà )(?P<of>\bde )?\b(?:Washington|La Haye)\b", _as_state),
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


_THE_STATE = re.compile(r"\bthe French (?:state|government)\b", re.IGNORECASE)
"""French articles say « l’État »."""


def in_plain_words(text: str, language: Language = "fr") -> str:
    """A question in the words of articles."""
    if language == "en":
        return _THE_STATE.sub("the State", text)
    plain = _WHAT_DAY.sub(lambda match: f"{match['before']}quand " if match["before"] else "Quand ", text)
    for pattern, put in _PLAIN:
        plain = pattern.sub(put, plain)
    return plain

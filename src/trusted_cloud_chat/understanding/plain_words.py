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


_BEFORE = (
    r"(?<!\bnouveau )(?<!\bpremier )(?<!\bdernier )(?<!\bprochain )(?<!\bancien )(?<!\bsecond )(?<!\bfutur )"
    r"\b(?:(?P<determiner>les?|du|des|aux?|un|ce|ces|son|ses|leurs?|quels?|aucun|tout|mon|ton) )?"
)
"""Not after an adjective, which would have to follow."""


def _as_feminine(noun: str) -> Callable[[re.Match[str]], str]:
    """A feminine noun in the place of a masculine one, after the determiner that it takes: « le visa » → « la qualification »."""
    the, elided = ("l’", True) if elides(noun) else ("la ", False)
    determiners = {
        "quel": "quelle ",
        "quels": "quelles ",
        "aucun": "aucune ",
        "tout": "toute ",
        "mon": "mon " if elided else "ma ",
        "ton": "ton " if elided else "ta ",
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


_NO_PLACE = r"(?<!\bà )(?<!\btribunal )(?<!\bcour )(?<!\bjuges )(?<!\bÉtat )(?<!\bville )(?<!\btribunal de )(?<!\bcour de )(?<!\bjuges de )(?<!\bÉtat de )(?<!\bville de )"
"""« Le tribunal de La Haye » and « à Rome » are in the town."""


def _as_state(match: re.Match[str]) -> str:
    """« Washington a refusé » → « les États-Unis a refusé »: articles name the state, and not its capital."""
    capital = match[0].lower().removeprefix("de ")
    if capital == "rome":
        return "de l’Italie" if match["of"] else "l’Italie"
    return f"{'des' if match['of'] else 'les'} {'États-Unis' if capital == 'washington' else 'Pays-Bas'}"


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
        (
            rf"{_forms_of('lâch')}(?!(?:-t)?(?:-ils?|-elles?|-on)? (?:du lest|l[’']affaire))",
            _by_ending(er="quitter", e="quitte", era="quittera", participle="quitté"),
        ),
        (
            rf"{_forms_of('déménag')}(?! (?:son|ses|leurs?|(?-i:à [A-Z])))",
            _by_ending(er="migrer", e="migre", era="migrera", participle="migré"),
        ),
        (rf"{_BEFORE}déménagement(?P<more>s?)\b", _as_feminine("migration")),
        (r"\b(?P<before>sa|leur) bascule\b", r"\g<before> migration"),
        (rf"{_forms_of('bascul')}(?<!bascule)", _by_ending(er="migrer", e="migre", era="migrera", participle="migré")),
        (rf"{_BEFORE}(?-i:visa)(?P<more>s?)\b", _as_feminine("qualification")),
        (rf"{_BEFORE}feu vert(?P<more>)\b", _as_feminine("autorisation")),
        (r"\b(?P<before>quels )?feux verts\b", lambda match: f"{'quelles ' if match['before'] else ''}autorisations"),
        (r"\b(?P<was>sont|étaient|ont été|se sont retrouvés) par terre\b", r"\g<was> inaccessibles"),
        (
            r"\b(?P<what>solution|étape|plateforme|phase)(?P<more>s?) (?:provisoires?|d[’']attente|transitoires?|temporaires?|de transition|intermédiaires?)\b",
            r"\g<what>\g<more> intercalaire\g<more>",
        ),
        (rf"{_BEFORE}(?:correctif|patch)(?P<more>)\b", _as_feminine("mise à jour")),
        (r"\b(?:correctifs|patchs|patches)\b", "mises à jour"),
        (r"\bristourne(?P<more>s?)\b", r"remise\g<more>"),
        (r"\bmairie(?P<more>s?)\b", r"commune\g<more>"),
        (r"\bfonctionnaires\b", "agents publics"),
        (r"\bsur le Vieux Continent\b", "en Europe"),
        (
            r"\b(?P<of>du |le )Vieux Continent\b",
            lambda match: "de l’Europe" if match["of"].lower() == "du " else "l’Europe",
        ),
        (r"\brégions allemandes\b", "Länder"),
        (rf"{_NO_PLACE}(?P<of>\bde )?\b(?:Washington|La Haye|Rome)\b(?! (?:Post|DC)\b)", _as_state),
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


_OF_A_QUALIFICATION = re.compile(r"secnumcloud|anssi|qualif|\bJ[0-4]\b", re.IGNORECASE)
_STEP = re.compile(r"\b(?P<of>d[’'])?étape(?P<more>s?)\b(?! intercalaire)", re.IGNORECASE)
"""Of a qualification; articles say « jalon »."""
_PLAIN_ENGLISH: tuple[tuple[re.Pattern[str], _Put], ...] = (
    (
        re.compile(
            r"\bthe French (?:state|government)\b(?![- ](?:owned|backed|run|controlled|funded|secretary|agency|agencies))",
            re.IGNORECASE,
        ),
        "the State",
    ),
    (re.compile(r"\blead(?:ing)? MEP\b", re.IGNORECASE), "rapporteur"),
    (re.compile(r"\bMEP\b"), "member of the European Parliament"),
)
"""French articles say « l’État », « rapporteur », « député européen »."""


def in_plain_words(text: str, language: Language = "fr") -> str:
    """A question in the words of articles."""
    if language == "en":
        return _put(text, _PLAIN_ENGLISH)
    plain = _WHAT_DAY.sub(lambda match: f"{match['before']}quand " if match["before"] else "Quand ", text)
    plain = _put(plain, _PLAIN)
    if not _OF_A_QUALIFICATION.search(plain):
        return plain
    return _STEP.sub(lambda match: f"{'de ' if match['of'] else ''}jalon{match['more']}", plain)


def _put(text: str, table: tuple[tuple[re.Pattern[str], _Put], ...]) -> str:
    for pattern, put in table:
        text = pattern.sub(put, text)
    return text

"""Who is said of whom: figures and owners that a sentence gives to other names than its quotes do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.figures import read_figures
from trusted_cloud_chat.answering.names import read_names
from trusted_cloud_chat.text import fold_in_place, normalise

_CLAUSE = re.compile(r"[,;:](?=\s|$)|\s(?:et|and|mais|but|tandis qu|alors qu|while)(?=[\s'’e])")
_NAME = re.compile(r"(?<!\w)[A-ZÀ-Ý][\w&.-]*\w(?: [A-ZÀ-Ý][\w&.-]*\w)*")
_OWNED_BY = re.compile(
    r"\b(?:(?:detenu|controle|possede)e?s?\b\W{0,3}(?:majoritairement )?par\b|(?:owned|controlled) by\b|appart\w+ (?:a|au)\b|"
    r"belong\w* to\b|filiale (?:francaise |commune )?(?:de\b|d'|du\b)|subsidiary of\b|qu(?:e |')(?:detien|possede|controle)(?:t|nt|nent)?\b)"
)
_OWNS = re.compile(
    r"\b(?<!que )(?<!qu')(?:(?:detien|possede)(?:t|nent|nt)?\b|(?<!le )(?<!un )(?<!du )controle(?:nt)?\b(?!\W{0,3}(?:majoritairement )?par\b)|"
    r"(?:actionnaire (?:majoritaire |principal |unique )?|proprietaire |maison[- ]mere )(?:de\b|d'|du\b)|owns\b|controls\b|"
    r"(?:(?:majority |main )?shareholder (?:of|in)|owner of|parent company of)\b)"
)
_APART = re.compile(
    r"%|\b\d|[.;:]\s|\b(?:minorit\w*|parts?|participations?|stake|some|certaine?s|que|dont|avec|et|mais|with|and|but|that)\b|qu'"
)
"""Between two names and what tells who owns whom: it is told of something else, or of a part."""
_NEAR = 60
_PERCENT = 12
"""Characters; the second for « à TIM pour 45 % »."""
_Figures = dict[str, tuple[float, str]]


def figures_exchanged(said: Reading, quotes: Iterable[Reading]) -> bool:
    """Whether two names have each other's figures: « AWS 17 %, Microsoft 46 % » for « AWS 46 %, Microsoft 17 % »."""
    mine = _figures_of_names(said)
    return len(mine) > 1 and any(_exchanged(mine, _figures_of_names(quote)) for quote in quotes)


def _exchanged(mine: _Figures, quoted: _Figures) -> bool:
    wrong = {name for name in mine.keys() & quoted.keys() if mine[name] != quoted[name]}
    return any(mine[name] == quoted[other] for name in wrong for other in wrong - {name})


def _figures_of_names(reading: Reading) -> _Figures:
    """The figure of each name that stands with a single one in its clause, and with no other anywhere."""
    found: dict[str, set[tuple[float, str]]] = {}
    for clause in _CLAUSE.split(reading.text):
        figures = {(figure.value, figure.unit) for figure in read_figures(clause, reading.day).figures}
        if len(figures) == 1:
            for name in read_names(clause, reading.entities, reading.language).keys:
                found.setdefault(name, set()).update(figures)
    return {name: next(iter(figures)) for name, figures in found.items() if len(figures) == 1}


def owners(text: str) -> dict[tuple[str, str], str]:
    """Owner and owned, folded, and the words that tell it: « S3NS appartient à Thales », « Thales, actionnaire de S3NS »."""
    text = normalise(text)
    folded = fold_in_place(text)
    found = {}
    for pattern, passive in ((_OWNED_BY, True), (_OWNS, False)):
        for match in pattern.finditer(folded):
            before = list(_NAME.finditer(text, 0, match.start()))
            after = _NAME.search(text, match.end())
            if not before or not after:
                continue
            first, second = before[-1], after
            between = f"{folded[first.end() : match.start()]} {folded[match.end() : second.start()]}"
            share = "%" in folded[second.end() : second.end() + _PERCENT]
            if len(between) <= _NEAR and not share and not _APART.search(between):
                pair = folded[slice(*first.span())], folded[slice(*second.span())]
                found[pair[::-1] if passive else pair] = match.group()
    return found

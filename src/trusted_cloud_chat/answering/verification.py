"""Whether a sentence of a language model stands by the passages that it cites, decided in code.

Its citation must exist; its figures, dates, names and negations must stand in the quotes nearest to it; and it must mean
about the same as they do. Thresholds are fitted on the dev half of `evaluation/verification.jsonl`; see
`scripts/measure_verification.py` and `docs/language-models.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.claims import unfounded
from trusted_cloud_chat.answering.evidence import EvidenceBook, Reading, Unit
from trusted_cloud_chat.answering.exchanged import figures_exchanged, owners
from trusted_cloud_chat.answering.figures import Moment, figure_stands, moment_stands
from trusted_cloud_chat.answering.names import missing_names
from trusted_cloud_chat.answering.polarity import contradiction, read_polarity
from trusted_cloud_chat.answering.verbatim import lacking_addresses, lacking_words
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, lexical_tokens

_SAID_BY = re.compile(
    r"\b(?:selon|d'apres|rapport|indiqu|explique|rappel|annonc|relev|note\b|precis|relay|titr|affirm|situ|according|report|said\b|wrote|writes|told)"
)
"""A quote that names its source itself: another publisher put in its place is a corruption."""
_JOINED = re.compile(r",? (?:et|ce qui|donc|mais|and|but|which|so) ")
_BOUND = 2
"""Kinds of missing facts (figure, date, name) that a further quote brings together: a corruption has but one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What `cosine + share * overlap` must reach, for quotes in the sentence's language; `cosine` alone for others.

    Each figure, date or name that stands, up to three, lowers it by `fact`: « Scaleway, 544, 414 » already tells which
    claim this is, while a sentence without any has nothing but its words.
    """

    meaning: float = 1.03
    share: float = 0.3
    fact: float = 0.03
    foreign_cosine: float = 0.88
    gain: float = 0.25
    """Share of a sentence's own words that a further quote must add before its figures and names count."""
    most_quotes: int = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quotes` are the nearest sentences of the cited passages, best first; `reasons` is empty where it stands."""

    supported: bool
    quotes: tuple[Unit, ...]
    reasons: tuple[str, ...]
    cosine: float = 0.0
    overlap: float = 0.0


def verify(
    text: str, language: Language, cited: Sequence[int], book: EvidenceBook, limits: Limits | None = None
) -> Verdict:
    """Compare `text` with the passages `cited` (places in `book.passages`, from 0)."""
    limits = limits or Limits()
    units = [unit for number in cited for unit in book.units(number)]
    if not units:
        return Verdict(False, (), ("citation",))
    said = book.said(text, language)
    vector = book.vector(text)
    ranked = sorted(units, key=lambda unit: -_nearness(said, float(vector @ unit.vector), unit, limits))
    quotes = _choose(said, ranked, limits)
    alike, turned = _owners(said, quotes)
    overlap = said.share_in(_stems(said, quotes, alike))
    whole = " ".join(unit.reading.text for unit in quotes)
    cosine = float(vector @ (quotes[0].vector if len(quotes) == 1 else book.vector(whole)))
    reasons = [
        *_facts(said, quotes),
        *_lacking(said, quotes),
        *_added(said, quotes),
        *_said_otherwise(said, quotes, turned=turned),
        *_meaning(said, quotes, cosine, overlap, limits),
    ]
    return Verdict(not reasons, tuple(quotes), tuple(reasons), cosine, overlap)


def _nearness(said: Reading, cosine: float, unit: Unit, limits: Limits) -> float:
    """Facts break the tie between sentences that say nearly the same, as articles often do."""
    share = said.share_in(unit.reading.stems)
    return cosine + limits.share * share - 0.02 * min(3, len(_facts(said, [unit])))


def _choose(said: Reading, ranked: list[Unit], limits: Limits) -> list[Unit]:
    """The nearest sentence, and those that bring words of their own: a figure alone does not bring in its sentence.

    Otherwise « 13 % » put for « 27 % » would stand by any other sentence that has 13 %.
    """
    chosen = [ranked[0]]
    covered = ranked[0].reading.stems
    for unit in ranked[1:]:
        if len(chosen) == limits.most_quotes:
            break
        unmet = _facts(said, chosen)
        gain = said.share_in(covered | unit.reading.stems) - said.share_in(covered)
        met = set(unmet) - set(_facts(said, [*chosen, unit]))
        kinds = len({fact.split()[0] for fact in met})
        if kinds >= _BOUND or gain >= (limits.gain if met else 1.4 * limits.gain):
            chosen.append(unit)
            covered |= unit.reading.stems
    return chosen


def _facts(said: Reading, quotes: Sequence[Unit]) -> list[str]:
    """Figures, dates and names of the sentence that no quote has."""
    figures = [f for unit in quotes for f in unit.reading.stated.figures]
    moments = [m for unit in quotes for m in unit.moments]
    missing = [f"figure {f.value:g}{f.unit}" for f in said.stated.figures if not figure_stands(f, figures)]
    for moment in said.stated.moments:
        if not moment_stands(moment, moments) and not any(_is_published(moment, unit, moments) for unit in quotes):
            missing.append(f"date {moment.first}/{moment.last}")
    for name in _absent_names(said, quotes):
        missing.append(f"name {name.split(':')[-1].strip('=')}")
    return missing


def _absent_names(said: Reading, quotes: Sequence[Unit]) -> list[str]:
    absent: set[str] = set(said.names.keys)
    for unit in quotes:
        lacking = set(missing_names(said.names, unit.reading.names, unit.reading.language))
        if lacking and unit.context is not None and not _replaced(said, unit):
            lacking &= set(missing_names(said.names, unit.context.names, unit.reading.language))
        absent &= lacking
    named = any(_SAID_BY.search(fold(unit.reading.text)) for unit in quotes)
    return sorted(name for name in absent if named or not any(_is_publisher(name, unit) for unit in quotes))


def _replaced(said: Reading, unit: Unit) -> bool:
    """Whether the quote names someone whom the sentence does not: then a name from before it is no pronoun made whole."""
    dropped = missing_names(unit.reading.names, said.names, unit.reading.language)
    return any(not _is_publisher(name, unit) for name in dropped)


def _is_published(moment: Moment, unit: Unit, stated: Sequence[Moment]) -> bool:
    """Where the quotes have no date, the article's own counts as said, at any precision."""
    published = unit.article.date
    if published is None or stated:
        return False
    return moment_stands(moment, [Moment(published.first_day, published.last_day)])


def _is_publisher(name: str, unit: Unit) -> bool:
    """« selon LeMagIT », for an article that LeMagIT published or that was written from it."""
    wanted = name.split(":")[-1].strip("=")
    return any(wanted == p.lower() or wanted in p.lower().split() for p in _publishers(unit))


def _publishers(unit: Unit) -> list[str]:
    return [unit.article.publisher or "", *(source.publisher for source in unit.article.sources)]


def _owners(said: Reading, quotes: Sequence[Unit]) -> tuple[list[str], bool]:
    """The words that tell of an owner whom the quotes give too, and whether the owned of the quotes owns."""
    mine, told = owners(said.text), [owners(unit.reading.text) for unit in quotes]
    alike = [words for pair, words in mine.items() if any(pair in each for each in told)]
    return alike, any(pair[::-1] in each and pair not in each for pair in mine for each in told)


def _stems(said: Reading, quotes: Sequence[Unit], alike: Sequence[str]) -> frozenset[str]:
    """Those of the quotes; « appartient à » has the meaning of « actionnaire majoritaire de » between the same two names."""
    return frozenset(lexical_tokens(" ".join(alike), said.language)).union(*(unit.reading.stems for unit in quotes))


def _lacking(said: Reading, quotes: Sequence[Unit]) -> list[str]:
    """Addresses and words in guillemets that no quote has in the same words."""
    texts = [unit.reading.text for unit in quotes]
    publishers = [publisher for unit in quotes for publisher in _publishers(unit)]
    lacking = [f"address {address}" for address in lacking_addresses(said.text, [*texts, *publishers])]
    if all(unit.reading.language == said.language for unit in quotes):
        lacking += [f"words {words.strip()}" for words in lacking_words(said.text, said.language, texts)]
    return lacking


def _added(said: Reading, quotes: Sequence[Unit]) -> list[str]:
    """« …, et ses clients sont satisfaits »: a clause without a fact to check, of which the quotes have no word at all."""
    stems = frozenset().union(*(unit.reading.stems for unit in quotes))
    if any(unit.reading.language != said.language for unit in quotes):
        return []
    clauses = [replace(said, text=clause) for clause in _JOINED.split(said.text)[1:]]
    bare = [c for c in clauses if not (c.names.keys or c.stated.figures or c.stated.moments)]
    return ["added"] if any(len(c.weights) > 1 and not c.weights.keys() & stems for c in bare) else []


def _said_otherwise(said: Reading, quotes: Sequence[Unit], *, turned: bool) -> list[str]:
    """Otherwise in what it denies or plans, or with names that have each other's figures; `turned`: or the owned owns."""
    same = all(unit.reading.language == said.language for unit in quotes)
    whole = read_polarity("\n".join(unit.reading.text for unit in quotes), quotes[0].reading.language)
    found = contradiction(said.polarity, whole, same_language=same) or unfounded(
        said.polarity, whole, same_language=same
    )
    if not found and (turned or figures_exchanged(said, [unit.reading for unit in quotes])):
        found = "exchanged"
    return [found] if found else []


def _meaning(said: Reading, quotes: Sequence[Unit], cosine: float, overlap: float, limits: Limits) -> list[str]:
    if quotes[0].reading.language != said.language:
        return [] if cosine >= limits.foreign_cosine else ["meaning"]
    facts = len(said.stated.figures) + len(said.stated.moments) + len(said.names.keys)
    needed = limits.meaning - limits.fact * min(3, facts)
    return [] if cosine + limits.share * overlap >= needed else ["meaning"]

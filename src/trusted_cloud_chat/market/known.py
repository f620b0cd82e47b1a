"""A fact with its source, place, day and due date; and equal facts of several sources."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.market.vocabulary import precision
from trusted_cloud_chat.schema import Article, Fact, Language, Span, Statement

Key = TypeVar("Key", bound=Hashable)
_PARTS = {
    (1, 6): ("premier semestre", "first half of"), (7, 12): ("second semestre", "second half of"),
    (1, 3): ("début", "early"), (4, 6): ("deuxième trimestre", "second quarter of"), (5, 8): ("mi-", "mid-"),
    (6, 9): ("été", "summer of"), (7, 9): ("troisième trimestre", "third quarter of"), (9, 12): ("automne", "autumn of"),
    (10, 12): ("fin", "end of"),
}  # fmt: skip
"""First and last month → name of that part of a year, in French and in English."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    fact: Fact
    statement: Statement
    article: Article

    @property
    def span(self) -> Span:
        """The sentence with most of the fact's words: for 2025 in « Les dates diffèrent. L’un dit 2025. » the second."""
        fact, day = self.fact, self.fact.due or self.fact.date
        parts = [fold(part) for part in (fact.value, fact.object) if part]
        texts = {span: fold(self.article.text[span.start : span.end]) for span in self.statement.spans}
        year = str(day.year) if day else "\0"
        return max(texts, key=lambda span: (year in texts[span], sum(part in texts[span] for part in parts)))

    @property
    def quote(self) -> str:
        span = self.span
        return self.article.text[span.start : span.end]

    @property
    def said_on(self) -> PartialDate | None:
        return self.statement.said_on or self.article.date

    @property
    def undated(self) -> bool:
        """Whether its source is not the article and has no known day."""
        return self.statement.source is not None and self.statement.said_by == "article"

    @property
    def says(self) -> str | None:
        """The source of the statement, else the article's publisher."""
        return self.statement.source.publisher if self.statement.source else self.article.publisher

    @property
    def when(self) -> PartialDate | None:
        """The day on which a promise was made; else the day of the fact, else that of the statement."""
        fact, said = self.fact, self.said_on
        own = fact.date or fact.start
        if fact.status == "planned":
            own = fact.date if fact.date and said and fact.date.first_day <= said.last_day else None
        return own or said

    @property
    def order(self) -> tuple[date, date]:
        return _middle(self.when), _middle(self.said_on)

    @property
    def dated(self) -> PartialDate | None:
        """The day by which equal facts are compared; None for a promise, which has its due day."""
        if self.fact.status == "planned":
            return None
        return self.since if self.fact.status == "done" else self.when

    @property
    def since(self) -> PartialDate | None:
        """The day from which it holds, if stated."""
        return (self.fact.date or self.fact.start) if self.fact.status == "done" else None


@dataclass(frozen=True, slots=True)
class Term:
    """A due date, both days included; `words` are the article's, in `language`, if its sentence names the time and the year."""

    first: date
    last: date
    words: str = ""
    language: Language = "fr"

    def spoken(self, language: Language) -> str:
        """« premier semestre 2026 », "end of 2026"; « juin 2026 » without words of its own."""
        if self.words and language == self.language:
            return self.words
        year, last = self.first.year, self.last
        if (self.first.month, self.first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(year)
        if self.first.day == 1 and (part := _PARTS.get((self.first.month, last.month))) and year == last.year:
            said = part[language == "en"]
            return f"{said}{year}" if said.endswith("-") else f"{said} {year}"
        return PartialDate(last.year, last.month, last.day if self.first == last else None).spoken(language)


def term_of(known: KnownFact) -> Term | None:
    """The due date of the fact, as precise as its sentence; None without one."""
    due = known.fact.due or known.fact.end
    if due is None:
        return None
    language = known.article.language
    for span in known.statement.spans:
        text = known.article.text[span.start : span.end]
        for period in find_periods(text, due.last_day):
            if period.last == due.last_day and period.first.year == due.year:
                words = text[period.start : period.end]
                return Term(period.first, period.last, words if str(due.year) in words else "", language)
    return Term(due.first_day, due.last_day, "", language)


def _middle(day: PartialDate | None) -> date:
    return day.middle if day else date.min


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as several sources state it, oldest first."""

    facts: tuple[KnownFact, ...]

    @property
    def best(self) -> KnownFact:
        """The fact to show: if possible first-hand, then precisely dated, then of a named source, then the newest."""
        return max(
            self.facts,
            key=lambda known: (
                not known.fact.reported,
                precision(known.fact.date or known.fact.due),
                known.statement.source is not None,
                _middle(known.said_on),
            ),
        )

    @property
    def newest(self) -> KnownFact:
        return max(self.facts, key=lambda known: _middle(known.said_on))

    @property
    def reported(self) -> bool:
        return all(known.fact.reported for known in self.facts)

    @property
    def sources(self) -> int:
        """The number of independent named sources, at least one."""
        return max(1, len({fold(known.statement.source.publisher) for known in self.facts if known.statement.source}))


def in_order(facts: Iterable[KnownFact]) -> list[KnownFact]:
    return sorted(facts, key=lambda known: known.order)


def grouped(facts: Iterable[tuple[Key, KnownFact]]) -> dict[Key, list[KnownFact]]:
    found = defaultdict(list)
    for key, known in facts:
        found[key].append(known)
    return dict(found)

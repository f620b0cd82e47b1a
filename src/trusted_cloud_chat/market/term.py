"""The due date of a promise, in the words of its sentence if these are more precise and name the year."""

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.schema import Language

_PARTS = {
    (1, 6): ("premier semestre", "first half of"), (7, 12): ("second semestre", "second half of"),
    (1, 3): ("début", "early"), (4, 6): ("deuxième trimestre", "second quarter of"), (5, 8): ("mi-", "mid-"),
    (6, 9): ("été", "summer of"), (7, 9): ("troisième trimestre", "third quarter of"), (9, 12): ("automne", "autumn of"),
    (10, 12): ("fin", "end of"),
}  # fmt: skip
"""First and last month of named parts of a year, in both languages."""


@dataclass(frozen=True, slots=True)
class Term:
    """Both days included; `words` are the article's, in `language`, if its sentence names the time."""

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
        day = last.day if self.first == last else None
        return PartialDate(last.year, last.month, day).spoken(language)


def term_of(known: KnownFact) -> Term | None:
    """The due date of the fact, with its sentence's words for the time that ends on that day; else None."""
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

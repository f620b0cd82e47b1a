"""Whether what a row says stands in its article: names, figures and dates, each in one form for French and English.

Passing is no proof that a row is true; it is proof that nothing in it was invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.particulars.facts import Facts, read_facts
from trusted_cloud_chat.particulars.figures import moment_of
from trusted_cloud_chat.schema import Article, Fact, Language, Source, Span, Statement

_COUNTED = 3
"""« les deux sociétés »: a count up to this needs no figure that says so."""
_DATES = ("date", "start", "end", "due")
_WORDS = ("subject", "object", "value", "service")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a row may say: the particulars of the texts that it rests on."""

    facts: tuple[Facts, ...]
    folded: str

    def lacks(self, text: str, language: Language, today: date, entities: EntityBook) -> list[str]:
        """The figures, dates and names of `text` that do not stand here, as they are told."""
        said = read_facts(text, language, today, entities)
        figures = [figure for one in self.facts for figure in one.figures]
        written = {word.folded for word in words(self.folded)}  # « n° 6282-SG » is a figure in one language alone
        moments = [moment for one in self.facts for moment in one.moments]
        names = set.intersection(*(said.names.lacking(one.names) for one in self.facts))
        return [
            *(
                f"the figure {figure}"
                for figure in said.figures
                if not figure.stands(figures, _COUNTED) and f"{figure.value:g}" not in written
            ),
            *(f"the date {moment.first}" for moment in said.moments if not moment.stands(moments)),
            *(f"the name {name.lstrip('=')!r}" for name in sorted(names) if name.lstrip("=") not in self.folded),
        ]

    def has_date(self, day: PartialDate) -> bool:
        """Whether the day, month or year is named, or lies in a time that is."""
        moments = [moment for one in self.facts for moment in one.moments]
        inside = any(moment.first <= day.first_day and day.last_day <= moment.last for moment in moments if moment.year)
        return inside or moment_of(day).stands(moments)


class RowChecker:
    """Checks the rows of one article; the particulars of each text that they rest on are read once."""

    def __init__(self, article: Article, entities: EntityBook) -> None:
        self._article = article
        self._entities = entities
        self._today = article.date.last_day if article.date else date.today()
        self._named = {mention.entity.name for mention in entities.written(f"{article.title}\n{article.text}")}
        """Names of entities that the article has, under any of their names."""
        self._read: dict[str, Facts] = {}

    def faults(self, statement: Statement) -> list[str]:
        """What the statement says that neither its sentences, their context, paragraph and heading, nor the article's title, sources and
        dates say; empty where it is sound.
        """
        language = self._article.language
        other: Language = "en" if language == "fr" else "fr"
        ground = self._ground([*statement.spans, *statement.context], statement.source)
        said = [("alone", statement.alone, language), ("translation", statement.translation, other)]
        faults = [
            f"`{key}` has {lack}"
            for key, text, spoken in said
            if text
            for lack in ground.lacks(text, spoken, self._today, self._entities)
        ]
        return faults + [fault for fact in statement.facts for fault in self._faults_of(fact, ground)]

    def _faults_of(self, fact: Fact, ground: Ground) -> Iterable[str]:
        for key in _DATES:
            day = getattr(fact, key)
            if day is not None and not ground.has_date(day):
                yield f"`{key}` of a fact is {day}"
        for key in _WORDS:
            text = getattr(fact, key)
            if text is not None and fold(text) not in ground.folded and text not in self._named:
                lacks = ground.lacks(text, self._article.language, self._today, self._entities)
                yield from (f"`{key}` of a fact has {lack}" for lack in lacks)

    def _ground(self, spans: Sequence[Span], source: Source | None) -> Ground:
        article = self._article
        days = [article.date, *([source.date] if source else ())]
        texts = [
            *dict.fromkeys(_paragraph(article.text, span) for span in spans),
            *(part for span in spans for part in _around(article.text, span)),
            article.title,
            *(day.spoken(article.language) for day in days if day),
            *((source.publisher, source.title or "") if source else ()),
        ]
        texts = [text for text in texts if text]
        return Ground(tuple(map(self._facts, texts)), fold(" ".join(texts)))

    def _facts(self, text: str) -> Facts:
        if text not in self._read:
            self._read[text] = read_facts(text, self._article.language, self._today, self._entities)
        return self._read[text]


def _paragraph(text: str, span: Span) -> str:
    """What stands between the blank lines around the sentence."""
    before, after = text.rfind("\n\n", 0, span.start), text.find("\n\n", span.end)
    return text[before + 2 if before >= 0 else 0 : after if after >= 0 else len(text)]


def _around(text: str, span: Span) -> tuple[str, str]:
    block = block_at(text, span.start)
    return (block.under, block.beside) if block else ("", "")

"""Sentences that give a value to what the question asks about: the same subject, the same attribute, maybe another value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.figures import read_figures
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.parts import Part, part_of_year
from trusted_cloud_chat.answering.timeline.promises import Due, promises, read_due
from trusted_cloud_chat.answering.timeline.stages import GOAL, Stage
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.text import fold

Key = tuple[str, str | float]

_DONE = re.compile(
    r"\b(?:a|ont|est|sont|has|have|is|are|was|were)(?: \w+){0,2} (?:ouver\w*|lance\w*|livre\w*|disponibles?|demarre\w*|acheve\w*|termine\w*|adopte\w*|"
    r"cree\w*|effecti\w+|opened|launched|available|delivered|adopted|completed)\b"
)
_NOT_DONE = re.compile(
    r"\bn'(?:est|a|ont|etait|avait)\b[^.;,]{0,12}\b(?:pas|toujours pas|pas encore)\b|\bnot yet\b|\bstill not\b|\bse fait encore attendre\b"
)
_GIVEN_UP = re.compile(
    r"\b(?:suspend(?:ent|u\w*)?|abandonn\w+|renonc\w+|annul(?:e\w*|ent)|gele\w*|suspend(?:s|ed)|abandoned|cancelled|dropped)\b"
)
"""« L’École polytechnique suspend son passage »: the last that is known, where nothing newer is planned."""
_PLACE = re.compile(
    r"\b(?:à|en|au|aux|in) (?:la |l[’'])?(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"([A-ZÉÎ][\w-]+)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence and the value that it gives."""

    selected: Selected
    said: PartialDate | None
    """None where it retells a day that it does not name."""
    key: Key
    """Equal where two sentences give the same value."""
    due: Due | None = None
    stage: Stage | None = None
    year: int | None = None
    """The year that a figure is about."""
    places: frozenset[str] = frozenset()
    """Where a figure holds, folded: « à Brest » counts other people than « en France »."""
    since: date | None = None
    """The day since which it is told to be so, which only what was promised for that day or before may have come to."""
    part: Part | None = None
    """Of a sum the part of the year that it is made in; None where that is the year."""

    @property
    def by(self) -> PartialDate | None:
        """The day by which it was said: where it retells one that it does not name, its article's."""
        return self.said or self.selected.passage.article.date

    @property
    def service(self) -> str | None:
        """The service that a stage is for; None where none is named."""
        return self.stage.service if self.stage else None

    @property
    def had(self) -> bool:
        """Whether it tells of a qualification that is or was had, and not of a step towards it."""
        return self.stage is not None and self.stage.name in ("qualified", "expired")

    @property
    def tells_day(self) -> bool:
        """Whether it tells since when a qualification is or was had."""
        return self.had and self.stage is not None and self.stage.since is not None

    def tells_when(self, today: date) -> bool:
        """Whether it gives a day still to come, or says that what is asked for is had already."""
        return self.had or (self.due is not None and not self.due.passed(today))

    @property
    def order(self) -> tuple[int, float]:
        return (self.said.middle.toordinal() if self.said else 0, self.selected.score)


def statements_of(subject: Subject, ranked: Iterable[Selected]) -> list[Statement]:
    """What `ranked` says of the attribute, in the same order; empty where the question asks for none."""
    if subject.attribute is None:
        return []
    return [s for selected in ranked if subject.concerns(selected) and (s := _read(subject, selected)) is not None]


def _read(subject: Subject, selected: Selected) -> Statement | None:
    text, article = selected.text, selected.passage.article
    said = said_on(text, article.date, plans=promises(text))
    if subject.attribute == "figure":
        return _figure(subject, selected, said)
    if subject.attribute == "due":
        due = read_due(text, article.date)
        if due is not None:
            return Statement(selected, said, ("due", due.last.isoformat()), due)
        if _GIVEN_UP.search(fold(text)):
            return Statement(selected, said, ("due", "given up"))
        if subject.stays(text):
            return Statement(selected, said, ("due", "not moved"))
        told = "not_done" if _NOT_DONE.search(fold(text)) else "done" if _DONE.search(fold(text)) else None
        return Statement(selected, said, ("told", told)) if told else None
    stage = subject.stage(text, article)
    due = stage.due if stage else read_due(subject.clause(text), article.date, GOAL)
    if due is not None:
        return Statement(selected, said, ("due", due.last.isoformat()), due, stage)
    if stage is None:
        return None
    if stage.name.startswith("J"):  # told in August, reached the autumn before: what is known is that of autumn
        said = stage.since or said
    elif stage.name == "qualified" and stage.since == said:  # « avait fait qualifier en 2023 » holds to this day
        said = article.date
    return Statement(selected, said, ("stage", _settled(stage)), None, stage)


def _figure(subject: Subject, selected: Selected, said: PartialDate | None) -> Statement | None:
    """The one figure of the unit asked for; none where there are several."""
    text, article = selected.text, selected.passage.article
    stated = read_figures(text, article.date.last_day if article.date else subject.today)
    figures = [figure for figure in stated.figures if subject.figure.fits(figure)]
    if len({(f.value, f.unit) for f in figures}) != 1:
        return None
    years = {m.last.year for m in stated.moments if m.year}
    year = years.pop() if len(years) == 1 else None
    places = frozenset(fold(found) for found in _PLACE.findall(text))
    part = part_of_year(text) if subject.figure.money else None
    return Statement(selected, said, (figures[0].unit, figures[0].value), year=year, places=places, part=part)


def _settled(stage: Stage) -> str:
    """Stages before the qualification agree with each other, but for the milestones."""
    return "pending" if stage.pending else stage.name

"""The notes of an answer about time: read from its quotes, written under them and after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.timeline import wording
from trusted_cloud_chat.answering.timeline.agreement import newest_of, outcomes_of
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.promises import Due, read_due
from trusted_cloud_chat.answering.timeline.record import Record
from trusted_cloud_chat.answering.timeline.stages import GOAL
from trusted_cloud_chat.answering.timeline.statements import Statement
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Disagreement, HistoryEntry, Promise, QualificationStage


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found beside the leading quote; `leading` is None where that gives no value that can be compared."""

    leading: Statement | None
    history: Sequence[Statement] = field(kw_only=True)
    disagreeing: Sequence[Statement] = field(kw_only=True)
    about_now: bool = field(kw_only=True)
    listed: bool = field(kw_only=True)
    sources: int | None = field(kw_only=True)
    each_known: bool = field(kw_only=True)
    """Whether it is clear of each report which publication it comes from."""
    day_told: bool = field(kw_only=True)


class Notes:
    """Adds to `record` the quotes that `findings` name, and writes the notes of all its quotes."""

    def __init__(self, record: Record, subject: Subject, statements: Sequence[Statement], findings: Findings) -> None:
        self._record = record
        self._subject = subject
        self._statements = statements
        self._found = findings
        self._language = record.answer.language
        self._past = {record.cite(s.selected) for s in findings.history}
        self._apart = [record.cite(s.selected) for s in findings.disagreeing]
        self._dues = {c.n: due for c in record.citations if (due := self._due(c.n)) is not None}
        self._stages = self._read_stages()
        self._promises = [self._promise(n, due) for n, due in self._dues.items()]

    def written(self) -> Answer:
        """The finished answer; its text gains a line under each quote that has one, and sections at its end."""
        record, found = self._record, self._found
        known = self._known_at()
        text = self._text_with_notes()
        if known and not found.day_told:
            text = wording.with_known(known, text, listed=found.listed, language=self._language)
        sections = [text, *self._sections()]
        if found.sources is not None and found.sources > 1:
            sections.append(wording.sources_line(found.sources, each_known=found.each_known, language=self._language))
        contested = (Disagreement((1, *self._apart)),) if self._apart else ()
        return replace(
            record.finished(),
            answer="\n\n".join(sections),
            known_at=known,
            history=tuple(HistoryEntry(s.said, record.cite(s.selected)) for s in found.history if s.said),
            promises=tuple(self._promises),
            disagreements=contested,
            stages=tuple(self._stages),
            sources_count=found.sources,
        )

    def _known_at(self) -> PartialDate | None:
        """The day of the leading value, else that of the newest quote.

        None for a table or a list too, whose quotes are each from their own day, unless it begins with the newest.
        """
        answer = self._record.answer
        if not self._found.about_now or answer.query.kind == "list" or answer.table is not None:
            return None
        if self._found.leading is not None:
            return self._found.leading.said
        quoted = self._record.citations[: self._record.first_added - 1]
        days = [said_on(c.quote, c.article.date, plans=False) or c.article.date for c in quoted]
        newest = max((day for day in days if day), key=lambda day: day.middle, default=None)
        return None if self._found.listed and newest != days[0] else newest

    def _due(self, n: int) -> Due | None:
        citation = self._record.citations[n - 1]
        if self._subject.promises and n < self._record.first_added:  # as they were chosen
            return read_due(self._subject.clause(citation.quote), citation.article.date)
        if (own := self._statement(n)) is not None:
            return own.due
        if self._subject.about_others(citation.quote):
            return None
        topic = GOAL if self._subject.attribute == "qualification" else None
        return read_due(citation.quote, citation.article.date, topic)

    def _read_stages(self) -> list[QualificationStage]:
        if self._subject.attribute != "qualification":
            return []
        found = []
        for citation in self._record.citations:
            holder = self._subject.holder(citation.quote)
            stage = self._subject.stage(citation.quote, citation.article)
            if stage is not None and (holder or (stage.service and not self._subject.about_others(citation.quote))):
                told = QualificationStage(citation.n, stage.name, holder, stage.service, stage.since, stage.expires)
                found.append(told)
        return found

    def _promise(self, n: int, due: Due) -> Promise:
        """With the latest evidence of what became of it, said later and otherwise; cited where it is not yet."""
        passed = due.passed(self._record.answer.query.today)
        own, outcome = self._statement(n), None
        if passed and n in self._past:
            outcome = 1
        elif passed and own is not None:
            latest = newest_of(outcomes_of(own, self._statements), self._language)
            outcome = self._record.cite(latest.selected) if latest else None
        return Promise(n, due.first, due.last, passed, outcome)

    def _statement(self, n: int) -> Statement | None:
        return next((s for s in self._statements if self._record.number(s.selected) == n), None)

    def _lines(self, n: int) -> list[str]:
        """What stands under quote `n`."""
        lines = []
        promise = next((p for p in self._promises if p.citation == n), None)
        stage = next((s for s in self._stages if s.citation == n), None)
        due = self._dues[n].spoken(self._language) if n in self._dues else None
        if stage is not None:
            to_come = due if promise and not promise.passed else None
            lines.append(wording.stage_line(stage, to_come, self._record.answer.query.today, self._language))
        if promise is not None and due is not None:
            compared = self._statement(n) is not None
            if promise.passed or (self._found.about_now and compared and stage is None):
                lines.append(wording.promise_line(promise, due, compared=compared, language=self._language))
        return lines

    def _text_with_notes(self) -> str:
        """Each note on a line of its own below the line that ends a quote with its marker; in a list, sentences on that line."""
        lines = self._record.answer.answer.split("\n")
        written: set[str] = set()
        for n in range(1, self._record.first_added):
            at = next((i for mark in (f"[{n}] — ", f"[{n}]") for i, line in enumerate(lines) if mark in line), None)
            notes = [note for note in self._lines(n) if note not in written]
            written.update(notes)
            if at is not None and notes:
                listed = lines[at].startswith("- ")
                lines[at] = f"{lines[at]}. {' '.join(notes)}" if listed else "\n".join([lines[at], *notes])
        return "\n".join(lines)

    def _sections(self) -> list[str]:
        """The history, the sources that disagree, and any quote that was added for something else."""
        sections = []
        if self._found.history:
            entries = [self._entry(statement) for statement in self._found.history]
            sections.append("\n".join([wording.history_title(self._language), *entries]))
        if self._apart:
            quotes = [f"- {self._record.line(n)}" for n in (1, *self._apart)]
            sections.append("\n".join([wording.disagreement_title(self._language), *quotes]))
        for n in range(self._record.first_added, len(self._record.citations) + 1):
            if n not in self._past and n not in self._apart:
                sections.append("\n".join([self._record.line(n), *self._lines(n)]))
        return sections

    def _entry(self, statement: Statement) -> str:
        n = self._record.cite(statement.selected)
        when = wording.dated(statement.said, self._language) if statement.said else ""
        passed = any(p.citation == n and p.passed for p in self._promises)
        return f"- {when}{self._record.line(n)}{wording.passed_note(self._language) if passed else ''}"

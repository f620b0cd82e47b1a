"""The notes of an answer about time: read from its quotes, written under them and after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.timeline import wording
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.promises import Due, read_due
from trusted_cloud_chat.answering.timeline.record import Record
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION, read_stage
from trusted_cloud_chat.answering.timeline.statements import Statement, Subject
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Citation, Disagreement, HistoryEntry, Promise, QualificationStage


def with_notes(
    record: Record,
    *,
    subject: Subject,
    statements: Sequence[Statement],
    leading: Statement | None,
    history: Sequence[Statement],
    disagreeing: Sequence[Statement],
    about_now: bool,
    sources: int | None,
    sure: bool,
) -> Answer:
    """The finished answer; its text gains a line under each quote that has one, and sections at its end."""
    language = record.answer.language
    under: dict[int, list[str]] = {}
    stages = [] if subject.attribute != "qualification" else _stages(record, subject)
    dues = {c.n: due for c in record.citations if (due := _due(c, subject)) is not None}
    promises = [_promise(record, n, due, statements, subject) for n, due in dues.items()]
    today = record.answer.query.today
    past = {record.cite(s.selected) for s in history}
    for stage in stages:
        due = dues.get(stage.citation)
        announced = due.spoken(language) if due else None
        day = PartialDate(today.year, today.month, today.day)
        under.setdefault(stage.citation, []).append(wording.stage_line(stage, announced, day, language))
    for promise in promises:
        if promise.passed or about_now:
            due_text = dues[promise.citation].spoken(language)
            compared = _statement(record, promise.citation, statements) is not None
            if promise.citation in past:  # what became of it stands above, in the leading quote
                line = wording.promise_line(replace(promise, outcome=None), due_text, compared=False, language=language)
            else:
                line = wording.promise_line(promise, due_text, compared=compared, language=language)
            under.setdefault(promise.citation, []).append(line)
    known = _known_at(record, leading, about_now)
    text = _under_quotes(record.answer.answer, under, record.first_added)
    sections = [text, *_sections(record, leading, history, disagreeing, under)]
    if sources is not None and sources > 1:
        sections.append(wording.sources_line(sources, sure=sure, language=language))
    if known:
        sections.insert(0, wording.known_at(known, language))
    return replace(
        record.finished(),
        answer="\n\n".join(sections),
        known_at=known,
        history=tuple(HistoryEntry(s.said, record.cite(s.selected)) for s in history if s.said),
        promises=tuple(promises),
        disagreements=_disagreements(record, leading, disagreeing),
        stages=tuple(stages),
        sources_count=sources,
    )


def _known_at(record: Record, leading: Statement | None, about_now: bool) -> PartialDate | None:
    if not about_now:
        return None
    if leading is not None:
        return leading.said
    first = record.citations[0]
    return said_on(first.quote, first.article.date, plans=False)


def _stages(record: Record, subject: Subject) -> list[QualificationStage]:
    found = []
    for citation in record.citations:
        holder = subject.holder(citation.quote)
        stage = read_stage(citation.quote, citation.article, subject.names)
        if stage is not None and (holder or stage.service):
            found.append(QualificationStage(citation.n, stage.name, holder, stage.service, stage.since, stage.expires))
    return found


def _due(citation: Citation, subject: Subject) -> Due | None:
    topic = QUALIFICATION if subject.attribute == "qualification" else None
    return read_due(citation.quote, citation.article.date, topic)


def _promise(record: Record, n: int, due: Due, statements: Sequence[Statement], subject: Subject) -> Promise:
    """With the latest evidence of what became of it, said later and otherwise; cited where it is not yet."""
    passed = due.passed(record.answer.query.today)
    own = _statement(record, n, statements)
    outcome = None
    if passed and own is not None and own.said is not None:
        later = [s for s in statements if s.said and s.key != own.key and s.said.first_day > own.said.last_day]
        latest = max(later, key=lambda s: s.order, default=None)
        outcome = record.cite(latest.selected) if latest else None
    return Promise(n, due.first, due.last, passed, outcome)


def _statement(record: Record, n: int, statements: Sequence[Statement]) -> Statement | None:
    return next((s for s in statements if record.number(s.selected) == n), None)


def _under_quotes(text: str, under: dict[int, list[str]], first_added: int) -> str:
    """Each note on a line of its own below the first line that ends a quote with its marker; in a list, on that line."""
    lines = text.split("\n")
    for n, notes in under.items():
        if n >= first_added:
            continue
        at = next((i for i, line in enumerate(lines) if f"[{n}]" in line), None)
        if at is None:
            continue
        joint = " " if lines[at].startswith("- ") else "\n"
        lines[at] += joint + joint.join(notes)
    return "\n".join(lines)


def _sections(
    record: Record,
    leading: Statement | None,
    history: Sequence[Statement],
    disagreeing: Sequence[Statement],
    under: dict[int, list[str]],
) -> list[str]:
    language = record.answer.language
    sections = []
    told: set[int] = set()
    if history:
        lines = [wording.history_title(language)]
        for statement in history:
            n = record.cite(statement.selected)
            when = wording.dated(statement.said, language) if statement.said else ""
            lines.append(f"- {when}{_cited(record, n, under, told)}")
        sections.append("\n".join(lines))
    if disagreeing and leading:
        lines = [wording.disagreement_title(language)]
        for statement in (leading, *disagreeing):
            lines.append(f"- {_cited(record, record.cite(statement.selected), under, told)}")
        sections.append("\n".join(lines))
    for n in range(record.first_added, len(record.citations) + 1):
        if n not in told:
            sections.append("\n".join([record.line(n), *under.get(n, [])]))
    return sections


def _cited(record: Record, n: int, under: dict[int, list[str]], told: set[int]) -> str:
    """The quote and its notes on one line; a quote that the answer has above, by its marker alone, is repeated too."""
    told.add(n)
    notes = under.get(n, []) if n >= record.first_added else []
    return " ".join([record.line(n), *notes])


def _disagreements(
    record: Record, leading: Statement | None, disagreeing: Sequence[Statement]
) -> tuple[Disagreement, ...]:
    if leading is None or not disagreeing:
        return ()
    return (Disagreement(tuple(record.cite(s.selected) for s in (leading, *disagreeing))),)

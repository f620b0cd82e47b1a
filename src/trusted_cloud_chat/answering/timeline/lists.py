"""The lists that questions ask for, each by its own module."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.definition import sure_definition
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.criticisms import criticisms_of
from trusted_cloud_chat.answering.timeline.customers import customers_of
from trusted_cloud_chat.answering.timeline.overview import events_of, newest_about, promises_of
from trusted_cloud_chat.answering.timeline.provisions import provisions_of
from trusted_cloud_chat.answering.timeline.services import qualified_services
from trusted_cloud_chat.answering.timeline.stages import Stage
from trusted_cloud_chat.answering.timeline.statements import Statement
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding


def list_of(
    asked: Overview,
    understood: Understanding,
    ranked: Sequence[Selected],
    subject: Subject,
    statements: Sequence[Statement],
    entities: EntityBook,
) -> list[Selected]:
    """What the newest articles about the one name in the question say; empty where none is about it.

    A portrait opens with what the name is, where a sentence tells that. Of promises, what was announced for which day;
    of services, those that are qualified.
    """

    def stage_of(choice: Selected) -> Stage | None:
        """How far the qualification of the one asked about is, as the sentence tells it."""
        return subject.stage(choice.text, choice.passage.article) if subject.holder(choice.text) else None

    if asked == "services":
        return qualified_services(ranked, stage_of)
    if asked == "customers":
        return customers_of(understood, ranked, entities)
    if asked == "criticisms":
        return criticisms_of(understood, ranked, entities)
    if asked == "provisions":
        return provisions_of(understood, ranked, entities)
    if asked == "events":
        return events_of(understood, ranked, entities)
    if asked in ("promises", "slipped", "coming"):
        since = [s.stage.since.first_day for s in statements if s.stage and s.stage.since and s.tells_day]
        return promises_of(understood, ranked, subject, entities, min(since, default=None))
    newest = newest_about(understood, ranked, entities)
    defined = sure_definition(understood, ranked, entities) if asked == "portrait" else None
    if not newest or defined is None:
        return newest
    return [defined, *(choice for choice in newest if fold(choice.text) != fold(defined.text))]

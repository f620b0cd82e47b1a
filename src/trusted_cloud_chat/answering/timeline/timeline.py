"""What statements in order of time add to an answer: what leads, what was said before, what the question wrongly takes for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.agreement import is_source
from trusted_cloud_chat.answering.timeline.stages import PENDING
from trusted_cloud_chat.answering.timeline.statements import Statement, statements
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.trace import Trace

_MOST_BEFORE = 3
_OF_A_STATE = ("yes_no", "date", "how_changed", "fact")
"""Kinds of question that the stage of a qualification answers."""


@dataclass(frozen=True)
class Timeline:
    """The statements found for one question; safe to use where it asks for something else, which it then leaves alone."""

    evidence: Evidence
    entities: EntityBook
    market: Market
    trace: Trace

    @cached_property
    def about_qualification(self) -> bool:
        """Whether the question asks how far the qualification of one actor has come, and nothing more."""
        question, qualification = self.evidence.question, self.market.rows.qualification
        if len(question.actors) != 1 or not self.market.has(qualification.words, question.searched):
            return False
        return question.query.kind in _OF_A_STATE and not question.further((*qualification.words, *qualification.asked))

    @cached_property
    def statements(self) -> list[Statement]:
        """What is told of the actors asked about, newest first."""
        asked = {entity.name for entity in self.evidence.question.actors}
        found = statements(self.evidence.wide, self.entities, self.market) if asked else []
        return [one for one in found if asked & set(one.holders)]

    @cached_property
    def state(self) -> Statement | None:
        """The newest statement of the stage, where the question asks for it; of a day that was asked for the newest that gives one."""
        if not self.about_qualification or self.evidence.question.periods:
            return None
        staged = [one for one in self.statements if one.stage]
        if not staged:
            return None
        reached = [one for one in staged if one.stage and one.stage.name == "qualified"]
        found = reached[0] if reached and self.evidence.question.query.kind == "date" else staged[0]
        return self._original(found) or found

    def _original(self, found: Statement) -> Statement | None:
        """Of what a synthesis tells the same, as told by a page that it was written from."""
        synthesis = found.selected.passage.article
        for one in self.statements:
            same = one.value == found.value and set(one.holders) & set(found.holders)
            if same and is_source(one.selected.passage.article, synthesis):
                return one if self.trace.fires("originals", "1") else None
        return None

    def lead(self, quotes: Sequence[Selected]) -> tuple[Selected, ...]:
        """`quotes` with the newest statement of the stage first, where one is asked for."""
        if self.state is None:
            return tuple(quotes)
        first = self.state.selected
        if quotes and quotes[0].span == first.span:
            return tuple(quotes)
        if not self.trace.fires("timeline.lead", f"{self.state.said}"):
            return tuple(quotes)
        return (first, *(one for one in quotes if one.span != first.span))[: max(2, len(quotes))]

    def denying(self) -> Statement | None:
        """The newest statement, where the question takes a qualification for granted that it denies or only announces."""
        question = self.evidence.question
        granted = question.query.kind == "date" and not says("plan", question.searched, question.query.language)
        state = self.state
        if state is None or not granted or state.stage is None or state.stage.name not in PENDING:
            return None
        return state

    def before(self, shown: Sequence[Selected]) -> list[Statement]:
        """What was said earlier and otherwise of what leads, oldest first."""
        question = self.evidence.question
        if not shown or question.periods or not (question.wants_now or question.query.kind == "date"):
            return []
        leading = next((one for one in self.statements if one.selected.span == shown[0].span), None)
        if leading is None or not (leading.stage or leading.due):
            return []
        spans, values = {one.span for one in shown}, {leading.value}
        earlier = []
        for one in self.statements:
            comparable = bool(one.stage) == bool(leading.stage) and set(one.holders) & set(leading.holders)
            if one.selected.published < leading.selected.published and comparable and one.value not in values:
                values.add(one.value)
                if one.selected.span not in spans:
                    earlier.append(one)
        earlier = earlier[:_MOST_BEFORE][::-1]
        return earlier if earlier and self.trace.fires("timeline.history", str(len(earlier))) else []

"""One question's evidence in order of time: what leads, what is shown with it, and who reports it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from trusted_cloud_chat.answering.publications import independent, sources_of
from trusted_cloud_chat.answering.scope import leaves_out
from trusted_cloud_chat.answering.selection import Selected, rank_sentences
from trusted_cloud_chat.answering.timeline.agreement import (
    agree,
    disagreeing_with,
    history_of,
    newest_of,
    retold_before,
    superseded,
)
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.holders import asks_for_holders, qualified_holders
from trusted_cloud_chat.answering.timeline.lists import list_of
from trusted_cloud_chat.answering.timeline.moments import told_of
from trusted_cloud_chat.answering.timeline.notes import Findings, Notes
from trusted_cloud_chat.answering.timeline.parts import part_of_year
from trusted_cloud_chat.answering.timeline.present import (
    CANDIDACY,
    asks_state,
    denied_in_part,
    leaves_open,
    told_too_late,
)
from trusted_cloud_chat.answering.timeline.record import Record
from trusted_cloud_chat.answering.timeline.shares import newest_share
from trusted_cloud_chat.answering.timeline.since import done_since, told_since
from trusted_cloud_chat.answering.timeline.statements import Statement, statements_of
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import Answer, Passage
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.asked import holds_kind

State = Literal["qualified", "lapsed", "pending"]
"""`lapsed`: qualified on a day so long ago that it held no longer, unless it was renewed."""

_NEAR = 0.5
"""A newer sentence that gives no value that can be compared leads when it scores at most this far below the best; where the
question asks for the present in so many words, any that is good enough to be shown."""


class Timeline:
    """Reads the sentences of `passages`, which may be more than the answer is made from, for one question."""

    def __init__(
        self,
        understood: Understanding,
        passages: Sequence[Passage],
        weights: Weights,
        entities: EntityBook,
        overview: Overview | None = None,
    ) -> None:
        """`overview`: the list that is asked for, where one is."""
        self._passages = tuple(passages)
        self._understood, self._entities, self._weights = understood, entities, weights
        self._kind = understood.query.kind
        self._subject = Subject(understood, entities, overview)
        self._statements = statements_of(self._subject, self._ranked) if self._subject.attribute else []
        self._about_now = not self._subject.listed and (
            understood.wants_now
            or (bool(self._statements) and (asks_state(understood) or self._subject.which_milestones))
        )

    def holders(self) -> list[Selected]:
        """Who is qualified, one sentence each, where that is the question."""
        if not asks_for_holders(self._understood, self._entities):
            return []  # only that question is worth ranking every passage for
        return qualified_holders(self._understood, self._ranked, self._entities)

    def overview(self, asked: Overview) -> list[Selected]:
        """The quotes of the list that is asked for; empty where there are none."""
        return list_of(asked, self._understood, self._ranked, self._subject, self._statements, self._entities)

    def every(self) -> list[Selected]:
        """Every sentence of the passages, best first."""
        return self._ranked

    @cached_property
    def _ranked(self) -> list[Selected]:
        return rank_sentences(self._understood, self._passages, self._weights)

    def lead(self, selected: Sequence[Selected]) -> list[Selected]:
        """`selected` with the newest evidence first, where the question asks how things stand, and without what it supersedes."""
        selected = newest_share(self._subject, selected, self._ranked)
        selected = told_since(self._understood, self._subject, selected, self._ranked)
        dated = self._subject.attribute == "qualification" and self._kind == "date"
        if not selected or not (self._about_now or dated):
            return list(selected)
        leading = [s for s in self._statements if s.said and self._may_lead(s)]
        if dated:  # « est qualifié » without a day is no answer where another sentence has one
            days = (
                [s for s in leading if s.tells_day]
                or [s for s in leading if s.tells_when(self._understood.query.today)]
                or leading
            )
            leading = [s for s in days if self._tells_day_asked(s)] or days
        newest = newest_of(leading, self._understood.query.language)
        if newest is not None and self._beside_the_point(newest, selected[0]):
            return list(selected)
        if newest is not None and (newer := self._newer_figures(selected, newest)) is not None:
            return [newer, *(s for s in selected if not _same_words(s, newer))]
        if newest is None or (self._older(newest, selected[0]) and not self.tells_state):
            return sorted(selected, key=lambda s: self._age(s, selected[0]))
        return [newest.selected, *self._beside(newest, selected)]

    def proved(self, quotes: Sequence[Selected]) -> list[Selected]:
        """`quotes`, of which the first proves a yes or a no about the present, without what it supersedes."""
        proof = self._stated_by(quotes[0])
        if proof is None or not self._about_now:
            return list(quotes)
        return [quotes[0], *self._beside(proof, quotes[1:])]

    def _beside(self, leading: Statement, selected: Sequence[Selected]) -> list[Selected]:
        """Those that are shown with the leading one: what it supersedes is history."""
        old = [s.selected for s in self._statements if superseded(s, leading) or retold_before(s, leading)]
        kept = [s for s in selected if not any(_same_words(s, other) for other in (leading.selected, *old))]
        if leading.said:
            kept = [s for s in kept if not self._of_before(s, leading)]
        if self._subject.attribute == "qualification":  # that of others is no answer
            kept = [s for s in kept if self._subject.names_asked(s)]
        if self.tells_state and self._kind != "how_changed":  # nor is what is told of them on another matter
            kept = [s for s in kept if self._subject.qualification_told(s.text)]
        return kept

    def _of_before(self, selected: Selected, leading: Statement) -> bool:
        """Whether it tells, of a day before the leading one's, what was not yet so, or the sum of a part of a year."""
        told, known = told_of(selected.text, selected.passage.article.date), leading.said
        if told is None or known is None or told.last_day >= known.first_day:
            return False
        if self._subject.attribute == "figure" and self._subject.figure.money and part_of_year(selected.text):
            return leading.part is None
        return leaves_open(selected.text) and not leaves_open(leading.selected.text)

    def _stated_by(self, selected: Selected) -> Statement | None:
        """What the sentence says of the attribute asked about."""
        return next((s for s in self._statements if _same_words(s.selected, selected)), None)

    def _newer_figures(self, selected: Sequence[Selected], than: Statement) -> Selected | None:
        """The newest sentence with the figures asked for, several of them, so that it is no statement, but newer than those."""
        if self._subject.attribute != "figure" or than.said is None:
            return None
        days = [(told_of(s.text, s.passage.article.date), s) for s in selected if self._subject.concerns(s)]
        query, last = self._understood.query, than.said.last_day
        newer = [
            (day.middle, s)
            for day, s in days
            if day is not None
            and day.first_day > last
            and holds_kind(query.kind, query.text, s.text) > 0
            and part_of_year(s.text) == than.part
        ]
        return max(newer, key=lambda found: found[0], default=(None, None))[1]

    def _beside_the_point(self, statement: Statement, best: Selected) -> bool:
        """Whether more than a state is asked for, which the best sentence tells and the statement does not."""
        if self._subject.attribute != "qualification":
            return False
        return self._subject.of_the_rest(best) > self._subject.of_the_rest(statement.selected)

    @cached_property
    def tells_state(self) -> bool:
        """Whether sentences tell of the one asked about the state of a qualification, and nothing else is asked for.

        Or its day, and one that tells it says all that the question does: « Depuis quand OVHcloud a-t-il la version 3.2 ? ».
        """
        if self._kind == "date" and any(map(self._tells_day_asked, self._statements)):
            return True
        told = self._about_now and any(s.said and self._may_lead(s) for s in self._statements)
        return told and self._subject.asks_state_alone

    def _tells_day_asked(self, statement: Statement) -> bool:
        """Whether it tells since when a qualification is had, and all that the question asks of it."""
        return statement.tells_day and self._subject.of_the_rest(statement.selected) == 1

    @property
    def supposed_in_vain(self) -> bool:
        """Whether the question takes a qualification for granted of which sentences tell, and none that it is had."""
        return self._subject.supposed_qualified and bool(self.not_yet())

    def not_yet(self) -> list[Selected]:
        """What sentences tell of a qualification that none says to be had, newest first.

        Where its day is asked for, or it is taken for granted.
        """
        dated = self._kind == "date" and not self._about_now and self._subject.asks_state_alone
        if not dated and not self._subject.supposed_qualified:
            return []
        stated = [s for s in self._statements if s.said and s.key[0] != "told"]
        if any(s.had for s in stated):
            return []
        return [s.selected for s in sorted(stated, key=lambda s: s.order, reverse=True)]

    def leaves_state_open(self, answer: Answer) -> bool:
        """Whether it is asked if somebody is qualified, nothing else, and no quote has both the name and the word."""
        return self._kind == "yes_no" and self._subject.state_untold(citation.quote for citation in answer.citations)

    def state(self, first: Selected) -> tuple[State, PartialDate | None] | None:
        """Whether the sentence says that the one asked about is qualified, where that is the question, and when it was so."""
        found = self._stated_by(first)
        asked = self._kind == "yes_no" and self._subject.attribute == "qualification" and not self._subject.milestone
        if not asked or not self._about_now or found is None or found.stage is None:
            return None
        if CANDIDACY.search(fold(self._understood.query.text)):
            return None
        if leaves_out(self._understood.query, first, self._entities):
            return None
        if found.key == ("stage", "qualified"):
            if told_too_late(self._understood, first) or (
                denied_in_part(first.text) and not self._subject.asks_state_alone
            ):
                return None
            expires = found.stage.expires
            lapsed = expires is not None and expires.last_day < self._understood.query.today
            return ("lapsed" if lapsed else "qualified"), found.said
        return ("pending", found.said) if found.stage.pending else None

    def tell(self, answer: Answer, *, day_told: bool = False, listed: bool = False) -> Answer:
        """`answer` with its history, promises, disagreements, stages and sources, as fields and in its text.

        `day_told`: its first words say already which day they hold for. `listed`: it has a quote an item.
        """
        if not answer.citations:
            return answer
        record = Record(answer, self._passages)
        leading = self._leading(record)
        others = disagreeing_with(leading, self._statements) if leading else []
        past = history_of(leading, self._statements, others) if leading and self._about_now else []
        if self._subject.milestone:  # what was announced is no milestone passed
            past = [s for s in past if s.due is None]
        for statement in (*past, *others):
            record.cite(statement.selected)
        agreeing = [s for s in self._statements if leading and s.key[0] != "told" and agree(s, leading)]
        reprinted_once = {fold(s.selected.text): s.selected for s in agreeing}.values()
        reports = [sources_of(s.text, s.passage.article) for s in reprinted_once]
        findings = Findings(
            leading,
            history=past,
            disagreeing=others,
            about_now=self._about_now,
            listed=listed,
            sources=independent(reports) if reports else None,
            each_known=all(len(report) == 1 for report in reports),
            day_told=day_told,
        )
        statements = [*self._statements, *done_since(self._subject, self._ranked)]
        return Notes(record, self._subject, statements, findings).written()

    def _may_lead(self, statement: Statement) -> bool:
        """A milestone asked about is answered by milestones passed, or by the qualification that comes after them.

        A sum by those of the part of a year that is asked about, of the whole year where none is, if there are any.
        """
        if statement.key[0] == "told":
            return False
        if statement.part != self._subject.part and any(s.part == self._subject.part for s in self._statements):
            return False
        return not self._subject.milestone or (statement.key[0] == "stage" and statement.key[1] != "pending")

    def _leading(self, record: Record) -> Statement | None:
        """What is read of the answer's first quote; of a list none leads."""
        if self._subject.listed:
            return None
        return next((s for s in self._statements if record.number(s.selected) == 1), None)

    def _older(self, statement: Statement, best: Selected) -> bool:
        """Whether the best sentence gives no value, but is newer than `statement` and may tell more."""
        published = best.passage.article.date
        if statement.said is None or published is None or self._stated_by(best) is not None:
            return False
        return statement.said.last_day < published.first_day

    def _age(self, selected: Selected, best: Selected) -> tuple[int, float]:
        """Newest first among those that meet the question about as well as the best; the others after them.

        A sentence is as old as the day that it tells of: « avaient soutenu », of no day at all, is not how things stand. Whom it
        names in passing (« le directeur général, Damien Lucas, parlait de… ») is so when it is published.
        """
        near = self._understood.wants_now or selected.score >= best.score - _NEAR
        published = selected.passage.article.date
        day = told_of(selected.text, published) or (published if self._kind == "who" else None)
        if day is None or not near or not self._subject.is_spoken_of(selected):
            return (0, -selected.score)
        return (-day.middle.toordinal(), -selected.score)


def _same_words(first: Selected, second: Selected) -> bool:
    return fold(first.text) == fold(second.text)

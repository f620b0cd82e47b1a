"""One question's evidence in order of time: what leads, what is shown with it, and who reports it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from trusted_cloud_chat.answering.forms.definition import sure_definition
from trusted_cloud_chat.answering.forms.polar_question import leaves_out
from trusted_cloud_chat.answering.publications import independent, sources_of
from trusted_cloud_chat.answering.selection import Selected, rank_sentences
from trusted_cloud_chat.answering.timeline.agreement import agree, disagreeing_with, history_of, newest_of, superseded
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.answering.timeline.customers import customers_of
from trusted_cloud_chat.answering.timeline.holders import asks_for_holders, qualified_holders
from trusted_cloud_chat.answering.timeline.moments import told_of
from trusted_cloud_chat.answering.timeline.notes import Findings, Notes
from trusted_cloud_chat.answering.timeline.overview import events_of, newest_about, promises_of
from trusted_cloud_chat.answering.timeline.record import Record
from trusted_cloud_chat.answering.timeline.services import qualified_services
from trusted_cloud_chat.answering.timeline.stages import Stage
from trusted_cloud_chat.answering.timeline.statements import Statement, statements_of
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.asked import holds_kind
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.schema import Answer, Passage
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

State = Literal["qualified", "lapsed", "pending"]
"""`lapsed`: qualified on a day so long ago that it held no longer, unless it was renewed."""

_STATE = re.compile(
    r"\b\w+-(?:t-)?(?:il|elle|ils|elles|on)\b|\bdeja\b|\btoujours\b|\bencore\b|\benfin\b|\best-ce qu|\byet\b|\bstill\b|"
    r"^\W*(?:is|are|has|have|does|do)\b|^(?:le |la |les |l')?[\w ]+ (?:est|sont) (?:\w+ )?qualifi"
)
_PAST = re.compile(r"\ba(?:-t)?-|\bont-|\bete\b|\bfut\b|\bdepuis\b|\bdid\b|\bwas\b|\bsince\b")
_CANDIDACY = re.compile(
    r"\bcandidat|\ben cours\b|\bbrigu|\bvise\w*\b|\bdepose\w* .{0,20}\b(?:dossier|candidature)\b|\bprocessus de qualif|\bin the process\b|\bpursu|\bseek|\bappl(?:y|ied|ying)\b|\bon (?:its|the) way\b"
)
"""« Scaleway est-il candidat à SecNumCloud ? »: « pas encore qualifié » is no « pas encore »."""
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
            understood.wants_now or (bool(self._statements) and _asks_state(understood))
        )

    def holders(self) -> list[Selected]:
        """Who is qualified, one sentence each, where that is the question."""
        if not asks_for_holders(self._understood, self._entities):
            return []  # only that question is worth ranking every passage for
        return qualified_holders(self._understood, self._ranked, self._entities)

    def overview(self, asked: Overview) -> list[Selected]:
        """What the newest articles about the one name in the question say; empty where none is about it.

        A portrait opens with what the name is, where a sentence tells that. Of promises, what was announced for which day;
        of services, those that are qualified.
        """
        if asked == "services":
            return qualified_services(self._ranked, self._stage_of)
        if asked == "customers":
            return customers_of(self._understood, self._ranked, self._entities)
        if asked == "events":
            return events_of(self._understood, self._ranked, self._entities)
        if asked in ("promises", "slipped", "coming"):
            since = [s.stage.since.first_day for s in self._statements if s.stage and s.stage.since and _tells_day(s)]
            return promises_of(self._understood, self._ranked, self._subject, self._entities, min(since, default=None))
        newest = newest_about(self._understood, self._ranked, self._entities)
        defined = sure_definition(self._understood, self._ranked, self._entities) if asked == "portrait" else None
        if not newest or defined is None:
            return newest
        return [defined, *(choice for choice in newest if not _same_words(choice, defined))]

    def _stage_of(self, choice: Selected) -> Stage | None:
        """How far the qualification of the one asked about is, as the sentence tells it."""
        if not self._subject.holder(choice.text):
            return None
        return self._subject.stage(choice.text, choice.passage.article)

    def every(self) -> list[Selected]:
        """Every sentence of the passages, best first."""
        return self._ranked

    @cached_property
    def _ranked(self) -> list[Selected]:
        """Every sentence of the passages, best first."""
        return rank_sentences(self._understood, self._passages, self._weights)

    def lead(self, selected: Sequence[Selected]) -> list[Selected]:
        """`selected` with the newest evidence first, where the question asks how things stand, and without what it supersedes."""
        dated = self._subject.attribute == "qualification" and self._kind == "date"
        if not selected or not (self._about_now or dated):
            return list(selected)
        leading = [s for s in self._statements if s.said and self._may_lead(s)]
        if dated:  # « est qualifié » without a day is no answer where another sentence has one
            days = [s for s in leading if _tells_day(s)] or leading
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
        old = [s.selected for s in self._statements if superseded(s, leading)]
        kept = [s for s in selected if not any(_same_words(s, other) for other in (leading.selected, *old))]
        if self._subject.attribute == "qualification":  # that of others is no answer
            kept = [s for s in kept if self._subject.names_asked(s)]
        if self.tells_state and self._kind != "how_changed":  # nor is what is told of them on another matter
            kept = [s for s in kept if self._subject.qualification_told(s.text)]
        return kept

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
            if day is not None and day.first_day > last and holds_kind(query.kind, query.text, s.text) > 0
        ]
        return max(newer, key=lambda found: found[0], default=(None, None))[1]

    def _beside_the_point(self, statement: Statement, best: Selected) -> bool:
        """Whether more than a state is asked for, which the best sentence tells and the statement does not."""
        if self._subject.attribute != "qualification":
            return False
        return self._subject.of_the_rest(best.text) > self._subject.of_the_rest(statement.selected.text)

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
        return _tells_day(statement) and self._subject.of_the_rest(statement.selected.text) == 1

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
        if any(_had(s) for s in stated):
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
        if _CANDIDACY.search(fold(self._understood.query.text)):
            return None
        if leaves_out(self._understood.query, first, self._entities):
            return None
        if found.key == ("stage", "qualified"):
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
        return Notes(record, self._subject, self._statements, findings).written()

    def _may_lead(self, statement: Statement) -> bool:
        """A milestone asked about is answered by milestones passed, or by the qualification that comes after them."""
        if statement.key[0] == "told":
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


def _had(statement: Statement) -> bool:
    """Whether it tells of a qualification that is or was had, and not of a step towards it."""
    return statement.stage is not None and statement.stage.name in ("qualified", "expired")


def _tells_day(statement: Statement) -> bool:
    """Whether it tells since when a qualification is or was had."""
    return _had(statement) and statement.stage is not None and statement.stage.since is not None


def _asks_state(understood: Understanding) -> bool:
    """Whether the question asks how things stand now."""
    query, folded = understood.query, fold(understood.query.text)
    if query.kind == "date":
        return not _PAST.search(folded)
    if query.kind in ("yes_no", "fact", "where", "who"):
        return bool(_STATE.search(folded))
    return query.kind == "how_changed" or (query.kind == "number" and not query.dates)


def _same_words(first: Selected, second: Selected) -> bool:
    return fold(first.text) == fold(second.text)

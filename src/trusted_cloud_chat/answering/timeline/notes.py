"""What time adds to a composed answer: a line under a quote, the history, sources that disagree, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.forms.known import State
from trusted_cloud_chat.answering.timeline import wording
from trusted_cloud_chat.answering.timeline.agreement import count_sources, disagreeing
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.stages import read_stage
from trusted_cloud_chat.answering.timeline.statements import Statement, holders
from trusted_cloud_chat.answering.timeline.timeline import Timeline
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Disagreement, HistoryEntry, Promise, QualificationStage


@dataclass
class Notes:
    """Reads the quotes of an answer that are `shown`; cites in `quotes` what it adds."""

    timeline: Timeline
    quotes: Quotes
    shown: Sequence[Selected]
    states: Sequence[State] = ()
    """What the quotes prove, where that is known from all articles."""
    stages: list[QualificationStage] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    sources: int | None = None

    def under(self, selected: Selected) -> list[str]:
        """The lines under one quote."""
        proved = [one for one in self.states if _place(one.proof) == _place(selected)]
        stage = self._told(selected, list(map(_known, proved))) if proved else self._stage(selected)
        return [line for line in (stage, self._promise(selected)) if line]

    def sections(self) -> list[str]:
        """What stands after the quotes."""
        found = [self._history(), self._disagreement(), self._sources()]
        return [section for section in found if section]

    def _stage(self, selected: Selected) -> str | None:
        timeline = self.timeline
        market = timeline.market
        asked = market.has(market.rows.qualification.words, timeline.evidence.question.searched)
        stage = read_stage(selected.text, selected.passage.article, market) if asked else None
        held = holders(selected, timeline.entities)
        if stage is None or len(held) != 1:
            return None
        told = QualificationStage(0, stage.name, held[0], stage.service, stage.since, stage.expires)
        return self._told(selected, [told])

    def _told(self, selected: Selected, stages: Sequence[QualificationStage]) -> str | None:
        """Numbered as the quote that tells them: of several one enumeration, which says the same of each."""
        timeline = self.timeline
        if not timeline.trace.fires("timeline.stage", stages[0].stage):
            return None
        told = [replace(stage, citation=self.quotes.add(selected)) for stage in stages]
        self.stages += told
        return wording.stage_line(told, timeline.evidence.question.query.today, timeline.market, self.quotes.language)

    def _promise(self, selected: Selected) -> str | None:
        due = read_due(selected.text, selected.passage.article)
        if due is None:
            return None
        today = self.timeline.evidence.question.query.today
        if not self.timeline.trace.fires("timeline.promise", due.words):
            return None
        outcome = self._outcome(selected) if due.passed(today) else None
        promise = Promise(self.quotes.add(selected), due.first, due.last, due.passed(today), outcome)
        self.promises.append(promise)
        return wording.promise_line(promise, due, self.quotes.language)

    def _outcome(self, selected: Selected) -> int | None:
        """The newest sentence that tells, of the same one holder, how far the same thing has come since."""
        held = holders(selected, self.timeline.entities)
        later = [
            one
            for one in self.timeline.statements
            if one.stage and one.holders == held and len(held) == 1 and one.selected.published > selected.published
        ]
        return self.quotes.add(later[0].selected) if later and self._staged(selected) else None

    def _staged(self, selected: Selected) -> bool:
        return read_stage(selected.text, selected.passage.article, self.timeline.market) is not None

    def _history(self) -> str | None:
        earlier = self.timeline.before(self.shown)
        if not earlier:
            return None
        return "\n".join([wording.history_title(self.quotes.language), *map(self._entry, earlier)])

    def _entry(self, statement: Statement) -> str:
        n = self.quotes.add(statement.selected)
        if statement.said:
            self.history.append(HistoryEntry(statement.said, n))
        note = self._promise(statement.selected)
        return f"- {self.quotes.line(n)}" + (f". {note}" if note else "")

    def _disagreement(self) -> str | None:
        kind = self.timeline.evidence.question.query.kind
        others = disagreeing(self.shown) if kind in ("number", "date", "duration") else []
        if not others or not self.timeline.trace.fires("timeline.disagreement", str(len(others))):
            return None
        numbers = [self.quotes.add(one) for one in (self.shown[0], *others)]
        self.disagreements.append(Disagreement(tuple(numbers)))
        return "\n".join(
            [wording.disagreement_title(self.quotes.language), *(f"- {self.quotes.line(n)}" for n in numbers)]
        )

    def _sources(self) -> str | None:
        if not self.shown:
            return None
        self.sources = count_sources(self.shown[0], self.timeline.evidence.wide)
        if self.sources < 2 or not self.timeline.trace.fires("timeline.sources", str(self.sources)):
            return None
        return wording.sources_line(self.sources, self.quotes.language)


def _known(one: State) -> QualificationStage:
    return QualificationStage(0, one.stage, one.provider, one.service, one.since, one.expires)


def _place(one: Selected) -> tuple[str, int]:
    return one.passage.article.article_id, one.span.start

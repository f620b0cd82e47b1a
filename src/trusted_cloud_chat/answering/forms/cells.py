"""What stands in a cell of a comparison: the sentence that tells one criterion of one entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.forms.criteria import Criterion
from trusted_cloud_chat.answering.forms.polar_question import another_opens
from trusted_cloud_chat.answering.selection import Selected, versions_in
from trusted_cloud_chat.answering.subordinate import NOT_ABOUT
from trusted_cloud_chat.answering.timeline.clauses import NOT_HOLDER, clauses
from trusted_cloud_chat.answering.timeline.moments import retells, said_on
from trusted_cloud_chat.answering.timeline.promises import promises
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION, read_stage
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Article, Language
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

LookUp = Callable[[str], Sequence[Selected]]
"""The sentences that a question finds, best first; none where it is not answered."""

_CERTIFICATION = re.compile(r"\bcertif|\bhds\b|\biso\b")
_FAR = 4.0
"""A sentence this far below the best one is about something else."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A sentence, and where it first names each of the compared that it names."""

    choice: Selected
    starts: dict[str, int]

    @property
    def alone(self) -> bool:
        return len(self.starts) == 1


class Cells:
    """Fills the cells of one table: each is asked for by itself, then looked for in what the whole question found."""

    def __init__(
        self,
        understood: Understanding,
        kind: str,
        compared: Sequence[str],
        ranked: Sequence[Selected],
        entities: EntityBook,
        look_up: LookUp | None,
    ) -> None:
        """`kind` is that of the entities `compared`; `ranked` is what the whole question found, best first."""
        self._understood = understood
        self._kind = kind
        self._compared = compared
        self._ranked = ranked
        self._entities = entities
        self._look_up = look_up

    def find(self, criterion: Criterion, name: str) -> Selected | None:
        """One about the entity alone before one about others too; of a qualification the newest state. None: not told."""
        if criterion.staged:
            versions = versions_in(self._understood.query.text)
            told = [one for ranked in self._lists(criterion, name) for one in self._telling(criterion, name, ranked)]
            language = self._understood.query.language
            return max(told, key=lambda one: _newness(one, versions, language)).choice if told else None
        if criterion.newest is not None and (newest := self._newest(criterion, criterion.newest, name)) is not None:
            return newest
        for ranked in self._lists(criterion, name):
            if told := self._telling(criterion, name, ranked):
                return next((one for one in told if one.alone), told[0]).choice
        return None

    def _newest(self, criterion: Criterion, sure: re.Pattern[str], name: str) -> Selected | None:
        """The newest that tells it of the entity in the words of `sure`: « Thales posséderait plus de 92 % de S3NS »."""
        told = [one for ranked in self._lists(criterion, name) for one in self._telling(criterion, name, ranked)]
        sure_of = [one.choice for one in told if sure.search(fold(one.choice.text))]
        return max(sure_of, key=lambda choice: choice.published, default=None)

    def _lists(self, criterion: Criterion, name: str) -> Iterator[Sequence[Selected]]:
        """What the question asks of this entity, where it names the criterion; what is usually asked; what is there."""
        query = self._understood.query
        if self._look_up is not None:
            if criterion.asked.search(fold(query.text)):
                for part in self._understood.parts:
                    if part.about is not None and part.about.name == name:
                        yield self._look_up(part.query.text)
            usual = criterion.question(name, self._kind, query.language)
            if usual:
                yield self._look_up(usual)
        yield self._ranked

    def _telling(self, criterion: Criterion, name: str, ranked: Sequence[Selected]) -> list[_Named]:
        """Those of `ranked`, in their order, that tell the criterion of `name`."""
        best = max((choice.score for choice in ranked), default=0.0)
        near = [choice for place, choice in enumerate(ranked) if place == 0 or choice.score >= best - _FAR]
        read = [_Named(choice, self._starts(choice.text)) for choice in near]
        return [one for one in read if self._tells(criterion, name, one)]

    def _starts(self, text: str) -> dict[str, int]:
        starts: dict[str, int] = {}
        for mention in self._entities.written(text):
            if mention.entity.name in self._compared:
                starts.setdefault(mention.entity.name, mention.start)
        return starts

    def _tells(self, criterion: Criterion, name: str, one: _Named) -> bool:
        start = one.starts.get(name)
        told = criterion.told.search(fold_in_place(one.choice.text))
        if start is None or told is None:
            return False
        # « L’avis sur des coentreprises comme Bleu et S3NS » tells nothing of either's shareholders.
        if not one.alone and told.start() < start:
            return False
        if not criterion.staged:
            return True
        if not QUALIFICATION.search(fold_in_place(one.choice.text)):  # a certification has no stages
            return bool(_CERTIFICATION.search(fold(self._understood.query.text)))
        return _tells_stage(name, one.choice.text, one.choice.passage.article, self._entities)


def _newness(
    one: _Named, versions: Set[str], language: Language
) -> tuple[bool, bool, tuple[int, int], bool, bool, bool, date]:
    """Its order among the states of a qualification: of the versions asked about the newest, of one month what is no plan.

    What is told in the present comes before what retells it: « n’a pas terminé son parcours », « se disait encore ».
    """
    text, article = one.choice.text, one.choice.passage.article
    planned = promises(text)
    said = said_on(text, article.date, plans=planned)
    day = said.middle if said else date.min
    asked = versions <= versions_in(text)
    own = article.language == language
    return one.alone, asked, (day.year, day.month), not planned, own, not retells(text), day


def _tells_stage(name: str, text: str, article: Article, entities: EntityBook) -> bool:
    """Whether a clause about it says how far its qualification is: « neuf entreprises l’ont eue avant S3NS » does not."""
    for clause in clauses(text):
        actors = entities.actors(clause)
        own = next((m for m in actors[:1] if m.entity.name == name), None)
        if own is None:
            continue
        before = clause[: own.start]
        if NOT_ABOUT.search(fold(before)) or NOT_HOLDER.search(fold(before)) or another_opens(before):
            continue
        if read_stage(clause, article, frozenset({fold(own.text), fold(name)}), name) is not None:
            return True
    return False

"""The cells of a comparison: what is told of one name by one criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.market import CriterionRow, Market
from trusted_cloud_chat.answering.sentences import sentences_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.ranking import Selected, nearness
from trusted_cloud_chat.schema import Language, Passage

_MOST_READ = 6
"""Sentences that are read for a cell, nearest first."""
_LEAST = 0.0
"""The reader's logit from which one answers."""
_CLOSE = 0.5
"""Difference of logits below which the newer of two is told."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Safe to use from several threads."""

    entities: EntityBook
    market: Market
    find: Callable[[str, str], Sequence[Passage]]
    """(a name, a question about it) → the passages found for that."""
    answers: Callable[[str, Sequence[Selected]], Sequence[float]]
    """The reader's logit that each sentence by itself answers a question."""
    known: Known | None = None

    def of(self, name: str, criterion: CriterionRow, language: Language) -> Selected | None:
        """The sentence of the newest fact about it; without one the quote that names it and answers what the criterion asks."""
        told = self._known(name, criterion)
        if told is not None:
            return told
        question = criterion.question(name, language)
        asked = question or f"{name}, {criterion.label(language)}"
        telling = self._telling(name, criterion, self.find(name, asked))
        found = sorted(telling, key=nearness, reverse=True)[:_MOST_READ]
        if not question or not found:
            return found[0] if found else None
        read = list(zip(self.answers(question, found), found, strict=True))
        best = max(logit for logit, _ in read)
        close = [one for logit, one in read if logit >= max(best - _CLOSE, _LEAST)]
        return max(close, key=lambda one: one.published, default=None)

    def _known(self, name: str, criterion: CriterionRow) -> Selected | None:
        if self.known is None or not criterion.attribute:
            return None
        states = self.known.of(name) if criterion.attribute == "qualification" else []
        return states[0].proof if states else self.known.newest(name, criterion.attribute)

    def _telling(self, name: str, criterion: CriterionRow, passages: Sequence[Passage]) -> Iterator[Selected]:
        for passage in passages:
            for one in sentences_of(passage):
                if self.entities.named(one.text, [name]) and self.market.has(criterion.told, one.text):
                    yield one

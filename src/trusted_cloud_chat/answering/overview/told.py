"""What each sentence of the corpus tells that has a place in time: a stage, dates announced, a day on which something was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.owners import owners
from trusted_cloud_chat.answering.overview.plans import Plan, read_plans
from trusted_cloud_chat.answering.overview.times import Time, happened
from trusted_cloud_chat.answering.timeline.stages import Stage, read_stage
from trusted_cloud_chat.answering.timeline.statements import opens_with_pronoun, sentences_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Article, Citation, Passage, Span


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of an article; what it tells is as of `published`."""

    selected: Selected
    quote: Span
    """The sentence, with the one before it where that names who is meant."""
    owners: tuple[str, ...]
    """The actors whose stage or promise it tells."""
    names: tuple[str, ...]
    """Whatever else it names, in the order of the text."""
    stage: Stage | None
    plans: tuple[Plan, ...]
    days: tuple[Time, ...]

    @property
    def article(self) -> Article:
        return self.selected.passage.article

    @property
    def published(self) -> date:
        """By when it was known."""
        return self.article.dated.last_day if self.article.dated else date.max

    @property
    def order(self) -> int:
        """Its place among others in order of time."""
        return self.article.dated.middle.toordinal() if self.article.dated else 0

    @property
    def text(self) -> str:
        return self.selected.text

    def cited(self, n: int) -> Citation:
        span = self.selected.span
        return Citation(n, self.article, self.quote.start, self.quote.end, None if self.quote == span else span)


def survey(passages: Iterable[Passage], entities: EntityBook, market: Market) -> tuple[Told, ...]:
    """Every dated sentence of `passages` that tells something of this kind of somebody or something named, oldest first."""
    found: dict[tuple[str, int], Told] = {}
    for passage in passages:
        if passage.article.dated is None:
            continue
        for selected in sentences_of(passage):
            told = _told(selected, entities, market)
            if told is not None:
                found.setdefault((passage.article.article_id, selected.span.start), told)
    return tuple(sorted(found.values(), key=lambda one: one.order))


def _told(selected: Selected, entities: EntityBook, market: Market) -> Told | None:
    article, text = selected.passage.article, selected.text
    named = entities.written(text)
    if not named and not opens_with_pronoun(text, article):
        return None  # most sentences, and the rest takes time
    stage = read_stage(text, article, market)
    if stage is not None and market.stage(stage.name).plan and market.has(market.rows.overview.others, text):
        stage = None
    plans = read_plans(text, article, named, market)
    days = happened(text, article, market)
    if not (stage or plans or days):
        return None
    held, quote = owners(selected, entities, market)
    names = tuple(dict.fromkeys(mention.entity.name for mention in named))
    return Told(selected, quote, held, names, stage, plans, days) if held or names else None


def known_by(told: Sequence[Told], as_of: date | None) -> list[Told]:
    """What was published by that day."""
    return [one for one in told if as_of is None or one.published <= as_of]

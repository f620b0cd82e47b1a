"""The state of qualifications: a row a provider and service, with the steps that led there, each with the quote that tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.times import Time, dated
from trusted_cloud_chat.answering.overview.told import Told, known_by
from trusted_cloud_chat.answering.timeline.stages import PENDING, years_after
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Citation

Key = tuple[str, str | None]
"""Provider and service."""
_QUALIFIED = "qualified"
_LOST = ("expired",)
_LASTING = ("in_progress", "not_qualified")
"""Of which it matters how long they were still told."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that was told; `at` is the time that the quote gives for it, None where it gives none."""

    stage: str
    at: Time | None
    said: PartialDate | None
    """When it was said: when the quote was published, or an earlier day that it gives for an announcement."""
    citation: Citation

    @property
    def place(self) -> date:
        """For putting steps in order of time."""
        return self.at.middle if self.at else self.said.middle if self.said else date.min


@dataclass(frozen=True, slots=True)
class Row:
    """How far one service has come, as far as the articles tell."""

    provider: str
    service: str | None
    """None: no article names the service."""
    stage: str
    step: Step
    """What proves the stage."""
    steps: tuple[Step, ...]
    """Oldest first."""
    since: Time | None
    """None: no article says since when."""
    expires: PartialDate | None
    """Calculated from `since`; None where that is not known, or the stage has none."""
    expired: bool
    """Whether that day has passed, and no renewal was found."""
    newest: Citation
    """The newest quote about the service's qualification."""
    naming: Citation | None
    """The newest that names the service."""
    proof: Selected
    """The newest sentence that tells the stage, with its time where one gives that."""


def state_of(told: Sequence[Told], market: Market, today: date, as_of: date | None = None) -> tuple[Row, ...]:
    """A row for each service, or for a provider whose service no article names; by provider."""
    staged = [one for one in known_by(told, as_of) if one.stage]
    grouped = _grouped(staged, _services(staged))
    numbers: dict[int, int] = {}
    rows = (_row(key, found, market, today, numbers) for key, found in grouped.items())
    return tuple(sorted(rows, key=lambda row: (fold(row.provider), fold(row.service or ""))))


def _services(staged: Iterable[Told]) -> dict[str, str]:
    """Service as articles name it → its provider, where a sentence names both."""
    return {
        one.stage.service: one.owners[0] for one in staged if one.stage and one.stage.service and len(one.owners) == 1
    }


def _grouped(staged: Iterable[Told], services: Mapping[str, str]) -> dict[Key, list[Told]]:
    """What is told of each service; what is told of a provider with one service alone is told of that."""
    found: dict[Key, list[Told]] = defaultdict(list)
    for one in staged:
        for key in _keys(one, services):
            found[key].append(one)
    for provider in dict.fromkeys(provider for provider, _ in found):
        named = [service for owner, service in found if owner == provider and service]
        if len(named) == 1 and (provider, None) in found:
            found[provider, named[0]] += found.pop((provider, None))
    return found


def _keys(one: Told, services: Mapping[str, str]) -> Iterator[Key]:
    assert one.stage is not None
    named = one.stage.service or next((name for name in services if name in one.text), None)
    if named is not None and named in services and (not one.owners or services[named] in one.owners):
        yield services[named], named
        return
    for owner in one.owners:
        yield owner, None


def _row(key: Key, found: Sequence[Told], market: Market, today: date, numbers: dict[int, int]) -> Row:
    steps = sorted(_steps(found, numbers), key=lambda step: step.place)
    reached = _reached(steps, market)
    newest = max(found, key=lambda one: one.order)
    expires = _expires(reached, market)
    return Row(
        key[0],
        key[1],
        reached.stage,
        reached,
        tuple(steps),
        reached.at if market.stage(reached.stage).reached or reached.stage == _QUALIFIED else None,
        expires,
        expires is not None and expires.last_day < today,
        _cited(newest, numbers),
        _naming(key[1], found, numbers),
        _proof(reached, found),
    )


def _proof(reached: Step, found: Sequence[Told]) -> Selected:
    telling = [one for one in found if one.stage and one.stage.name == reached.stage]
    bounds = reached.at.bounds if reached.at else None
    timed = [one for one in telling if bounds and (at := time_of_stage(one)) and at.bounds == bounds]
    return max(timed or telling, key=lambda one: one.order).selected


def _naming(service: str | None, found: Sequence[Told], numbers: dict[int, int]) -> Citation | None:
    named = [one for one in found if service and service in one.text]
    return _cited(max(named, key=lambda one: one.order), numbers) if named else None


def _cited(one: Told, numbers: dict[int, int]) -> Citation:
    """Each sentence has one number."""
    return one.cited(numbers.setdefault(id(one), len(numbers) + 1))


def _steps(found: Sequence[Told], numbers: dict[int, int]) -> Iterator[Step]:
    """Each stage once, of a stage with a day each day once: by the quote that told it first, or last where it tells what is not yet."""
    dated_stages = {one.stage.name for one in found if one.stage and time_of_stage(one)}
    seen: set[tuple[str, tuple[date, date] | None]] = set()
    lasting = [one for one in found if one.stage and one.stage.name in _LASTING]
    others = [one for one in found if one not in lasting]
    for one in (*sorted(others, key=lambda one: one.order), *sorted(lasting, key=lambda one: -one.order)):
        assert one.stage is not None
        at = time_of_stage(one)
        if at is None and one.stage.name in dated_stages:
            continue
        when = at.bounds if at else None
        if (one.stage.name, when) not in seen:
            seen.add((one.stage.name, when))
            yield Step(one.stage.name, at, _said(one), _cited(one, numbers))


def _said(one: Told) -> PartialDate | None:
    """When it was told: an announcement that the sentence itself dates, then; else when it was published."""
    announced = one.plans[0].said.whole if one.plans else None
    return announced or one.article.dated


def time_of_stage(one: Told) -> Time | None:
    """The time that the sentence gives for the stage."""
    assert one.stage is not None
    if one.stage.since is not None:
        return dated(one.stage.since)
    reached = one.stage.name not in PENDING
    return one.days[-1] if one.days and reached else None


def so_by(one: Told, day: date) -> bool:
    """Whether it tells a stage that had been reached by that day, whenever it was told; without a time of its own it is as old as its
    article.
    """
    if one.stage is None:
        return False
    at = time_of_stage(one)
    return (at.last if at else one.published) <= day


def _reached(steps: Sequence[Step], market: Market) -> Step:
    """The furthest stage that was reached; of a qualification the last time; what was lost or denied later takes it back."""
    rank = ranks(market)
    lost = [step for step in steps if step.stage in _LOST]
    best = max(steps, key=lambda step: (rank.get(step.stage, -1), step.place))
    return lost[-1] if lost and lost[-1].place >= best.place else best


def ranks(market: Market) -> dict[str, int]:
    """How far each stage is."""
    milestones = [row.id for row in market.rows.stage if row.reached][::-1]
    return {
        name: place
        for place, name in enumerate((*_LOST, "announced", "not_qualified", "in_progress", *milestones, _QUALIFIED))
    }


def _expires(step: Step, market: Market) -> PartialDate | None:
    if step.stage != _QUALIFIED or step.at is None:
        return None
    since = step.at.whole
    return years_after(since, market.rows.qualification.valid_years) if since else None

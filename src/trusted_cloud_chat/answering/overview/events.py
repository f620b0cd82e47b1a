"""What happened to one actor, law or programme over time, what was announced, and which announced dates have moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from trusted_cloud_chat.answering.overview.plans import Plan
from trusted_cloud_chat.answering.overview.state import time_of_stage
from trusted_cloud_chat.answering.overview.times import Time, dated
from trusted_cloud_chat.answering.overview.told import Told, known_by
from trusted_cloud_chat.answering.timeline.stages import PENDING
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Citation, Language

EventKind = Literal["event", "stage", "promise", "passed"]
_ALIKE = 0.5
"""Share of the shorter one's content words from which two announcements are of the same thing."""
_LEAST_SHARED = 2
_LEAST_EVENTS = 3
"""Events from which a name has a line of time."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What has a line of time."""

    name: str
    kind: str
    told: int
    """How often something of it is told."""


@dataclass(frozen=True, slots=True)
class Event:
    """At `at` something was, reached a stage, or was to be: then `said` is when that was announced."""

    kind: EventKind
    at: Time
    said: Time
    citation: Citation
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """The date of one promise moved from `old` to `new`."""

    old: Event
    new: Event


@dataclass(frozen=True, slots=True)
class Timeline:
    """Of one name, oldest first."""

    name: str
    events: tuple[Event, ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True, slots=True)
class _Promise:
    """One date, as the quote that told it first has it; `plans` are what all of them say of it."""

    plan: Plan
    told: Told
    plans: list[Plan]


def subjects_of(told: Sequence[Told], entities: EntityBook, as_of: date | None = None) -> tuple[Subject, ...]:
    """Everything that has a line of time, by name."""
    known = known_by(told, as_of)
    kinds = {mention.entity.name: mention.entity.kind for one in known for mention in entities.written(one.text)}
    about: dict[str, int] = {}
    for one in known:
        for name in {*one.owners, *one.names}:
            about[name] = (
                about.get(name, 0) + len(_days(one, name)) + len(_plans(one, name)) + bool(_reached(one, name))
            )
    names = sorted((name for name in about if about[name] >= _LEAST_EVENTS), key=fold)
    return tuple(Subject(name, kinds.get(name, "actor"), about[name]) for name in names)


def timeline_of(
    name: str, told: Sequence[Told], today: date, as_of: date | None = None, language: Language = "fr"
) -> Timeline:
    """Everything that articles tell of `name` with a day, month or season of its own; each time once."""
    known = known_by(told, as_of)
    numbers: dict[int, int] = {}
    promises = _promises(name, known, language)
    made = {id(promise): _promised(promise, today, numbers) for promise in promises}
    happened = _happened(name, known, numbers, language)
    slips = tuple(Slip(made[id(old)], made[id(new)]) for old, new in _moved(promises))
    events = sorted([*happened, *made.values()], key=lambda event: event.at.middle)
    return Timeline(name, tuple(events), slips)


def _days(one: Told, name: str) -> tuple[Time, ...]:
    """What the sentence dates, if `name` is what it speaks of: the first that it names, or one that it tells something of."""
    return one.days if name in one.owners or name in one.names[:1] else ()


def _plans(one: Told, name: str) -> tuple[Plan, ...]:
    """Of an actor what is told of it alone; of a law or a programme what no actor plans."""
    return one.plans if one.owners == (name,) or (not one.owners and name in one.names[:1]) else ()


def _reached(one: Told, name: str) -> Time | None:
    if one.stage is None or name not in one.owners or one.stage.name in PENDING:
        return None
    return time_of_stage(one)


def _happened(name: str, known: Sequence[Told], numbers: dict[int, int], language: Language) -> Iterator[Event]:
    """Each time once: by the sentence that tells a stage, else by the shortest that begins with the name."""
    best: dict[tuple[date, date], tuple[tuple[bool, bool, bool, int], Told, Time, str | None]] = {}
    for one in known:
        reached = _reached(one, name)
        times: list[tuple[Time, str | None]] = [(at, None) for at in _days(one, name)]
        if reached and one.stage:
            times.insert(0, (reached, one.stage.name))
        for at, stage in times:
            rank = (stage is None, name not in one.names[:1], one.article.language != language, len(one.text))
            if at.bounds not in best or rank < best[at.bounds][0]:
                best[at.bounds] = (rank, one, at, stage)
    for _, one, at, stage in best.values():
        said = dated(one.article.date) if one.article.date else at
        yield Event("stage" if stage else "event", at, said, _cited(one, numbers), stage)


def _promises(name: str, known: Sequence[Told], language: Language) -> list[_Promise]:
    """Each date once, by the quote that told it first, one about the qualification before others; as they were announced."""
    found = [(plan, one) for one in known for plan in _plans(one, name)]
    found.sort(
        key=lambda pair: (
            not pair[0].qualification,
            pair[0].said.middle,
            pair[1].article.language != language,
            pair[1].order,
        )
    )
    kept: dict[tuple[date, date], _Promise] = {}
    for plan, one in found:
        kept.setdefault(plan.due.bounds, _Promise(plan, one, [])).plans.append(plan)
    return sorted(kept.values(), key=lambda one: (one.plan.said.middle, one.told.order))


def _promised(promise: _Promise, today: date, numbers: dict[int, int]) -> Event:
    kind: EventKind = "passed" if promise.plan.passed(today) else "promise"
    return Event(kind, promise.plan.due, promise.plan.said, _cited(promise.told, numbers))


def _moved(promises: Iterable[_Promise]) -> Iterator[tuple[_Promise, _Promise]]:
    """Where a later announcement of the same thing gives a later date."""
    chains: list[list[_Promise]] = []
    for promise in promises:
        chain = next((chain for chain in reversed(chains) if _same(chain[-1], promise)), None)
        if chain is None:
            chains.append([promise])
        else:
            chain.append(promise)
    for chain in chains:
        for old, new in pairwise(chain):
            if new.plan.due.last > old.plan.due.last and new.plan.said.middle > old.plan.said.middle:
                yield old, new


def _same(one: _Promise, other: _Promise) -> bool:
    """Both are for the qualification, or a quote of each says much the same."""
    if one.plan.qualification or other.plan.qualification:
        return one.plan.qualification and other.plan.qualification
    return any(_alike(a.about, b.about) for a in one.plans for b in other.plans)


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    least = min(len(a), len(b))
    return least > 0 and len(a & b) >= max(min(_LEAST_SHARED, least), _ALIKE * least)


def _cited(one: Told, numbers: dict[int, int]) -> Citation:
    return one.cited(numbers.setdefault(id(one), len(numbers) + 1))

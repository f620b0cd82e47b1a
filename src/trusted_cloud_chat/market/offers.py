"""The market: a row per offer, its cells from facts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told, grouped, in_order, term_of
from trusted_cloud_chat.market.promises import Promise, promises
from trusted_cloud_chat.market.vocabulary import within
from trusted_cloud_chat.schema import FactStatus

_DECIDING = ("qualification", "milestone")
_SOLD = ("customer", "contract")
_SHARED = ("ownership", "certification")
_PROMISED = (*_DECIDING, "certification", "offer")
_MILESTONES = ("j0", "j1", "j2", "j3")
_PAST = ("qualified", "expired")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of `market.toml` that an offer has reached, and its fact."""

    id: str
    """`qualified`, `expired`, `not_qualified`, `J0` to `J3`, `in_progress` or `announced`."""
    fact: KnownFact
    """The newest fact of the stage, if possible first-hand and of a named source."""
    told: Told


@dataclass(frozen=True, slots=True)
class Expiry:
    """Calculated from the day of the qualification; no article states it."""

    day: PartialDate
    fact: KnownFact
    passed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A row: each cell has its facts; an empty cell has none."""

    provider: str
    service: str | None
    """As in its newest fact; None if the articles name none."""
    stage: Stage | None = None
    milestones: tuple[Stage, ...] = ()
    """Milestones passed, the furthest last, whatever the stage is."""
    since: Told | None = None
    expires: Expiry | None = None
    contradictions: tuple[tuple[Told, Told], ...] = ()
    offered: Told | None = None
    """The newest statement that it is sold, planned or withdrawn (the fact's status)."""
    promises: tuple[Promise, ...] = ()
    aims: tuple[Told, ...] = ()
    """Intended qualifications without a day."""
    ownership: tuple[Told, ...] = ()
    technology: tuple[Told, ...] = ()
    customers: tuple[Told, ...] = ()
    certifications: tuple[Told, ...] = ()
    newest: KnownFact | None = None

    @property
    def proof(self) -> KnownFact | None:
        """The fact that states the stage, preferably with its day."""
        return self.since.best if self.since else self.stage.fact if self.stage else None

    @property
    def reported(self) -> bool:
        return self.stage is not None and self.stage.told.reported


def offers(book: FactBook) -> list[Offer]:
    """All offers in the articles: qualified ones first, then by stage, then by name."""
    rows = [_offer(book, provider, facts) for provider in book.subjects for facts in _rows(book, provider)]
    order = ["qualified", "J3", "J2", "J1", "J0", "in_progress", "not_qualified", "announced", "expired"]

    def place(offer: Offer) -> tuple[int, str, str]:
        stage = order.index(offer.stage.id) if offer.stage else len(order)
        return stage, fold(offer.provider), fold(offer.service or "")

    return sorted(rows, key=place)


def _rows(book: FactBook, provider: str) -> list[list[KnownFact]]:
    """The facts of each offer of a provider. Facts that name no offer count for the only qualified offer, else for the provider itself."""
    facts = [known for known in book.of(provider) if book.subject(known) == provider]
    named: dict[Hashable, list[KnownFact]] = {
        service: [] for known in facts if (service := book.service(known)) is not None and _makes_a_row(book, known)
    }
    rest: list[KnownFact] = []
    for known in facts:
        named.get(book.service(known), rest).append(known)
    shared = [known for known in rest if known.fact.attribute in _SHARED]
    rest = [known for known in rest if known.fact.attribute not in _SHARED]
    # Those with a qualification, held or intended.
    qualified = [
        row
        for row in named.values()
        if any(known.fact.attribute in _DECIDING and known.fact.status != "denied" for known in row)
    ]
    if len(qualified) == 1:
        qualified[0].extend(rest)
    elif _stands_alone(book, rest, qualified):
        named[None] = rest
    return [in_order([*row, *shared]) for row in named.values()]


def _stands_alone(book: FactBook, rest: Sequence[KnownFact], rows: Sequence[Sequence[KnownFact]]) -> bool:
    """Whether facts that name no offer make a row: something was sold, or no named offer is at the same stage."""
    if any(known.fact.attribute in _SOLD and known.fact.status == "done" for known in rest):
        return True
    stage = _stage(book, [known for known in rest if known.fact.attribute in _DECIDING])
    if stage is None:
        return any(_makes_a_row(book, known) for known in rest)
    return not any(other and other.id == stage.id for other in (_stage(book, row) for row in rows))


def _makes_a_row(book: FactBook, known: KnownFact) -> bool:
    fact = known.fact
    return fact.attribute in _DECIDING or (book.vocabulary.row(fact.attribute).offer and fact.status != "denied")


def _offer(book: FactBook, provider: str, facts: Sequence[KnownFact]) -> Offer:
    deciding = [known for known in facts if known.fact.attribute in _DECIDING]
    stage = _stage(book, deciding)
    since = _since(book, deciding, stage)

    def told(attribute: str, *statuses: FactStatus) -> tuple[Told, ...]:
        of_it = (known for known in facts if known.fact.attribute == attribute and known.fact.status in statuses)
        return tuple(book.joined(of_it))

    passed = grouped((_named(book, known), known) for known in facts if known.fact.attribute == "milestone")
    steps = sorted(filter(None, passed), key=lambda name: (name != "in_progress", name))
    aims = [known for known in deciding if known.fact.status == "planned" and term_of(known) is None]
    return Offer(
        provider=provider,
        service=_service(book, provider, facts),
        stage=stage,
        milestones=tuple(_told_stage(name, passed[name]) for name in steps),
        since=since,
        expires=_expiry(book, since),
        contradictions=tuple(book.contradictions(deciding)),
        offered=max(told("offer", "done", "planned", "ended"), key=lambda each: each.best.order, default=None),
        promises=tuple(promise for promise in promises(book, facts) if promise.attribute in _PROMISED),
        aims=tuple(book.joined(aims)),
        ownership=told("ownership", "done", "ended", "denied"),
        technology=told("technology", "done", "planned", "ended"),
        customers=tuple(each for name in _SOLD for each in told(name, "done", "ended") if each.best.fact.object),
        certifications=told("certification", "done", "denied", "ended", "planned"),
        newest=max(facts, key=lambda known: (not known.undated, *known.order[::-1]), default=None),
    )


def _service(book: FactBook, provider: str, facts: Sequence[KnownFact]) -> str | None:
    """The service's main name if a fact uses it, else the name in the newest fact."""
    offered = [known for known in facts if book.service(known) is not None and _makes_a_row(book, known)]
    named = [known.fact.service for known in offered if known.fact.service]
    called = [name for name in named if book.vocabulary.service_of(provider, name) == name]
    return next(reversed(called or named), None)


def _stage(book: FactBook, facts: Sequence[KnownFact]) -> Stage | None:
    """The newest first-hand stage, else the newest; a plan counts only if there is nothing else, or if it revokes a held qualification."""
    named = [(known, name) for known in facts if (name := _named(book, known))]
    held = [known for known, name in named if name == "qualified"]
    beyond = [
        (known, name)
        for known, name in named
        if name != "announced" or any(book.denies(known, other) for other in held)
    ] or named
    sure = [(known, name) for known, name in beyond if not known.fact.reported] or beyond
    if not sure:
        return None
    known, name = max(sure, key=lambda each: each[0].order)
    newer = [each for each in beyond if each[1] == "qualified" and each[0].order > known.order and each[0].since]
    if newer:  # a second-hand qualification, not denied since
        known, name = newer[-1]
    if name == "in_progress":  # a denial of the same date takes precedence
        denied = any(told == "not_qualified" and within(other.when, known.when) for other, told in sure)
        name = "not_qualified" if denied else name
    return _told_stage(name, [other for other, told in named if told == name])


def _told_stage(name: str, same: Sequence[KnownFact]) -> Stage:
    shown = [known for known in same if not known.fact.reported] or same
    fact = max(shown, key=lambda known: (known.statement.source is not None, known.order))
    return Stage(name, fact, Told(tuple(same)))


def _named(book: FactBook, known: KnownFact) -> str:
    """The stage of a fact; empty for a milestone that is only planned."""
    fact = known.fact
    if fact.attribute == "milestone":
        step = book.wording.scheme(fact.value)[0]
        return "" if fact.status != "done" else step.upper() if step in _MILESTONES else "in_progress"
    return {"done": "qualified", "denied": "not_qualified", "ended": "expired"}.get(fact.status, "announced")


def _since(book: FactBook, facts: Sequence[KnownFact], stage: Stage | None) -> Told | None:
    """The newest dated qualification."""
    if stage is None or stage.id not in ("qualified", "expired"):
        return None
    joined = book.joined(known for known in facts if _named(book, known) == "qualified" and known.since)
    sure = [told for told in joined if not told.reported] or joined
    # Of two contradicting dates, the one with more sources.
    newest = max((told.best.order[0] for told in sure), default=None)
    near = [told for told in sure if newest and newest - told.best.order[0] < timedelta(days=366)]
    return max(near, key=lambda told: (told.sources, len(told.facts), told.best.order), default=None)


def _expiry(book: FactBook, since: Told | None) -> Expiry | None:
    day = since.best.since if since else None
    if since is None or day is None:
        return None
    leap = (day.month, day.day) == (2, 29)
    ends = PartialDate(day.year + book.vocabulary.qualification.valid_years, day.month, 28 if leap else day.day)
    return Expiry(ends, since.best, ends.last_day < book.day)


def newest(book: FactBook, subject: str, attribute: str, like: KnownFact) -> Told | None:
    """The newest state of an attribute, if possible first-hand, for the same service as `like`."""
    told = book.joined(one for one in book.of(subject, attribute) if book.service(one) == book.service(like))
    sure = [each for each in told if not each.reported] or told
    return max(sure, key=lambda each: each.best.order, default=None)


def staged(book: FactBook, scheme: str, rows: Sequence[Offer], *, pending: bool) -> list[Offer]:
    """The rows with a qualification (of a `scheme`); with `pending`, those that have a stage but not yet this one."""

    def counts(stage: Stage) -> bool:
        if (stage.id in _PAST) if pending else (stage.id != "qualified"):
            return False
        fact = stage.fact.fact
        of_it = book.wording.scheme(fact.value)[0] == book.wording.scheme(scheme)[0]
        return not scheme or fact.attribute == "milestone" or of_it

    return [offer for offer in rows if offer.stage and counts(offer.stage)]

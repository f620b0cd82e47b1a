"""Finds the offers that have reached a stage, from the facts of all articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.forms.form import Maker
from trusted_cloud_chat.answering.forms.known import State
from trusted_cloud_chat.answering.market import ListRow
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.market.offers import Offer


@dataclass(frozen=True, slots=True)
class Holders:
    """The offers at the stage on `day`, newest evidence first; `past`: whether the question or its `as_of` sets that day."""

    day: date
    past: bool
    states: Sequence[State]


def held(row: ListRow, maker: Maker) -> Holders | None:
    """The holders; None if the question names an actor, is about the future or negated (unless `row.before`), or if no article has facts."""
    question, known = maker.evidence.question, maker.known
    query = question.query
    moods = ("plan",) if row.before else ("plan", "negation")
    if row.stage is None or maker.asked_actors or any(says(m, question.searched, query.language) for m in moods):
        return None
    if known is None:
        return None
    period = next((one for one in question.periods if one.closes is not None and one.closes != query.today), None)
    opens = period.opens if period and period.opens else query.today
    day, at = query.today, None
    if period is not None and period.closes is not None and opens <= query.today:
        day = at = min(period.closes, query.today)
    schemes = [mention.entity.name for mention in question.mentions if mention.entity.kind == "scheme"]
    offers = known.held(at, next(iter(schemes), ""), pending=row.before)
    gained = period if period and maker.market.has(row.gained, question.searched) else None
    then = [one for one in offers if (at is None or _lasted(one, min(opens, day))) and _since(one, gained)]
    return Holders(day, period is not None or query.as_of is not None, known.states(then))


def _lasted(offer: Offer, day: date) -> bool:
    """Whether the offer's qualification was still valid on `day`."""
    return offer.expires is None or offer.expires.day.last_day >= day


def _since(offer: Offer, period: Period | None) -> bool:
    """Whether the offer reached the stage in `period`; True without a period."""
    day = offer.since.best.since if offer.since else None
    return period is None or (day is not None and day.first_day <= period.last and period.first <= day.last_day)

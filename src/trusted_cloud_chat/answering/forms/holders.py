"""Who has come to a stage: what the market at a glance knows from all articles, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.forms.form import Maker
from trusted_cloud_chat.answering.market import ListRow, Market
from trusted_cloud_chat.answering.overview.state import Row as State
from trusted_cloud_chat.answering.overview.state import ranks
from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.language.senses import says


@dataclass(frozen=True, slots=True)
class Held:
    """Those who had come to the stage on `day`, newest evidence first; `past`: the question names that day."""

    day: date
    past: bool
    states: Sequence[State]


def held(row: ListRow, maker: Maker) -> Held | None:
    """None where the question is about somebody named, denies, or asks what is to come."""
    question = maker.evidence.question
    query = question.query
    moods = ("plan",) if row.before else ("plan", "negation")
    if row.stage is None or maker.asked_actors or any(says(m, question.searched, query.language) for m in moods):
        return None
    period = next((one for one in question.periods if one.closes is not None and one.closes != query.today), None)
    opens = period.opens if period and period.opens else query.today
    if period is None or period.closes is None or opens > query.today:
        day, found = query.today, maker.state_on(query.today, None)
    else:
        day = min(period.closes, query.today)
        found = [one for one in maker.state_on(min(opens, day), day) if not one.expired]
    gained = period if period and maker.market.has(row.gained, question.searched) else None
    states = [one for one in found if _has(one, row.stage, row.before, maker.market) and _since(one, gained)]
    states.sort(key=lambda one: -one.proof.published)
    return Held(day, period is not None or query.as_of is not None, states)


def nobody(maker: Maker) -> str | None:
    """« qualifié » au 31 décembre 2012, where those are asked for and nobody is known of that day; None for any other question."""
    question = maker.evidence.question
    row, language = maker.market.asked_list(question), question.query.language
    found = held(row, maker) if row and not row.before else None
    if row is None or row.stage is None or found is None or found.states or not found.past:
        return None
    label, day = maker.market.stage(row.stage).label(language), spoken_day(found.day, language)
    then = found.day == question.query.today
    if language == "en":
        return f"“{label}” {'then' if then else f'on {day}'}"
    return f"«{NBSP}{label}{NBSP}» {'alors' if then else f'au {day}'}"


def _has(state: State, stage: str, before: bool, market: Market) -> bool:
    """Whether it has come to the stage, or not so far where the list is of those."""
    rank = ranks(market)
    return rank.get(state.stage, -1) < rank.get(stage, -1) if before else state.stage == stage


def _since(state: State, period: Period | None) -> bool:
    """Whether it came to it in that time."""
    at = state.since
    return period is None or (at is not None and at.first <= period.last and period.first <= at.last)

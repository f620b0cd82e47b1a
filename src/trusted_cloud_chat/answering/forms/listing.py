"""The list form: facts in a list that `data/market.toml` defines."""

from collections.abc import Iterable, Sequence

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.holders import held
from trusted_cloud_chat.answering.forms.known import Known, State
from trusted_cloud_chat.answering.market import ListRow
from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.evidence.repeats import without_repeats
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.schema import Language

_MOST = 12
_STANDING = 3
"""Maximum states shown of a name, and events shown from before a period that has none."""


def list_form(maker: Maker, row: ListRow | None = None) -> Form | None:
    """`row`: the list, if known. None if the question asks for no list of `market.toml`, or no fact is an item of it."""
    question = maker.evidence.question
    row = row or maker.market.asked_list(question)
    if row is None:
        return None
    if not question.periods and maker.market.has(row.ever, question.searched):
        row = next((one for one in maker.market.rows.list if one.chronology), row)
    if row.stage:
        found = held(row, maker)
        at = spoken_day(found.day, question.query.language) if found and found.past else ""
        return _of_states(row, maker, found.states, at) if found else None
    if row.expires:
        period = next(iter(question.periods), None)
        return _of_states(row, maker, maker.known.expiring(period, maker.asked_actors)) if maker.known else None
    return _of_facts(row, maker)


def _of_states(row: ListRow, maker: Maker, found: Sequence[State], at: str = "") -> Form | None:
    """A list with a line per offer; `at`: the day of the list, as text. None without offers."""
    names = {one.provider for one in found}
    if not names or not maker.trace.fires("form.list", f"{row.id}: {len(names)}"):
        return None
    states = tuple(found[:_MOST])
    quotes = _once(one.proof for one in states)
    language = maker.evidence.question.query.language
    lead = _lead(row, row.label(language), len(names), len(quotes), language, at)
    return Form(quotes, lead, listed=True, proves=True, states=states)


def _of_facts(row: ListRow, maker: Maker) -> Form | None:
    """A list with a line per entry. None without entries, or if the question has a period and the list cannot be restricted to it."""
    question, known = maker.evidence.question, maker.known
    spans = ("in", "since") if row.changed else ("in",)
    period = next((one for one in question.periods if one.direction in spans), None)
    if known is None or (period is not None and not (row.changed or row.attributes)):
        return None
    found, made, count = _told(row, maker, known, period)
    if row.changed and period and not found:
        return _nothing_then(maker, known, period)
    items = _once(found)
    if row.chronology or row.changed:
        items = tuple(without_repeats(items, question.query.language))
        count = 0 if len(items) < len(found) <= _MOST else count
    if not items or not maker.trace.fires("form.list", f"{row.id}: {len(items)}"):
        return None
    if row.standing and len(items) == 1:
        return Form(items, proves=True, promised=tuple(made))
    shown = items[-_MOST:] if row.promised else items[:_MOST]
    coming = row.changed and period is not None and period.first > question.query.today
    title = worded("coming", question.query.language) if coming else row.label(question.query.language)
    lead = _lead(row, title, count or len(items), len(shown), question.query.language)
    return Form(shown, lead, listed=True, proves=True, promised=tuple(made), newest_last=row.promised or row.chronology)


def _nothing_then(maker: Maker, known: Known, period: Period) -> Form | None:
    """The last events before the period, below a note that no fact is dated in it and the date of the newest article."""
    language = maker.evidence.question.query.language
    found, until = known.last_before(period, maker.asked_actors, language)
    items = _once(found)[:_STANDING]
    if not items or until is None or not maker.trace.fires("form.list", f"{period.label}: 0"):
        return None
    day = until.spoken(language)
    lead = worded("nothing_then", language, until=day if language == "en" else f"{'au' if until.day else 'en'} {day}")
    return Form(items, lead, listed=True, proves=True)


def _told(row: ListRow, maker: Maker, known: Known, period: Period | None) -> tuple[list[Selected], list[Promise], int]:
    """(entries, promises among them, number of items if it may differ from that of the entries; else 0)."""
    names = maker.asked_actors
    entities, language = maker.evidence.question.query.entities, maker.evidence.question.query.language
    words, vocabulary = maker.evidence.question.searched, maker.market.vocabulary
    asked = [one.id for one in vocabulary.attribute if one.timed and maker.market.has(one.asked, words)]
    about = [one for one in entities if one in names] or entities
    if row.mutual or not about:
        about = list(dict.fromkeys([*about, *known.book(None).named(words)]))
    if row.deciders:  # what was decided is worded in many ways, so only the decider counts
        about = [one for one in about if known.book(None).of(one, *row.attributes)] or about
    found, made, count = list[Selected](), list[Promise](), 0
    if row.promises:  # actors and laws have promises; schemes (« promesses SecNumCloud ») and authorities do not
        others = {one.entity.name for one in maker.evidence.question.mentions if one.entity.kind != "law"}
        found, made = known.missed(names or [one for one in about if one not in others])
    elif row.attributes and (about or period):
        found, count = known.listed(about, row.attributes, period, language, mutual=row.mutual)
        told = [one for one in found if not row.told or maker.market.has(row.told, one.text)]
        found, count = told, len(told) if row.told else count
    elif row.changed and period:
        found = known.changed(period, about, language) or ([] if names else known.changed(period, (), language))
    elif row.services and names:
        found = known.services(names)
    elif len(about) == 1 and row.chronology:
        found, made, count = known.chronology(about[0], asked, language)
        if not found:  # « quelles étapes » need not be milestones
            found, made, count = known.chronology(about[0], (), language)
    elif len(about) == 1 and row.promised:
        found, made = known.promised(about[0], asked, language)
    elif len(about) == 1 and row.standing:
        found, made = known.standing(about[0], asked, language)
        if not found:
            found, made = known.standing(about[0], (), language)
        found = found[:_STANDING]
    return found, made, count


def _once(quotes: Iterable[Selected]) -> tuple[Selected, ...]:
    return tuple({(one.passage.article.article_id, one.span): one for one in quotes}.values())


def _lead(row: ListRow, title: str, count: int, shown: int, language: Language, at: str = "") -> str:
    """The line above the list: its title, its day (`at`), the number of items, and how many are shown if not all."""
    known = worded(f"{'names' if row.stage else 'entries'}{'' if count > 1 else '_one'}", language, count=str(count))
    if count > shown and not (row.stage or row.attributes):
        order = "most_told" if row.chronology else "newest" if title == row.label(language) else "soonest"
        known = worded(order, language, shown=str(shown), known=known)
    return worded("listed", language, list=title, at=worded("as_of", language, day=at) if at else "", known=known)

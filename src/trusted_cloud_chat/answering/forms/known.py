"""The facts in the scope of a question, with their sentences."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.answering.market import CriterionRow, Market
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import Offer, staged
from trusted_cloud_chat.market.promises import Promise, promises
from trusted_cloud_chat.market.tables import SOON, Event, chronology, expiring
from trusted_cloud_chat.schema import Article, Fact, Language, Span, Statement

_OVER = ("missed", "moved", "unknown")
_YEAR = timedelta(days=365)
_MOST = 12
_EVENTS = 8
"""Maximum events of a chronology."""
_BEGINNING = "creation"
"""The attribute whose completed facts are no present state."""
_NO_EVENT = ("definition", "position")
"""Attributes whose facts are no events."""


@dataclass(frozen=True, slots=True)
class State:
    """The stage of an offer, and the sentence that proves it."""

    provider: str
    service: str | None
    stage: str
    since: PartialDate | None
    expires: PartialDate | None
    proof: Selected
    reported: bool = False
    """Whether all its sources are second-hand."""


@dataclass(frozen=True, slots=True)
class Known:
    """Looks up facts in the scope of a question. Safe to use from several threads."""

    book: Callable[[date | None], FactBook]
    """The facts as of a day; None: as of the day of the question."""
    offers: Callable[[FactBook], Sequence[Offer]]
    sentences: Callable[[Sequence[KnownFact]], Sequence[Selected | None]]
    """The sentence of each fact; None if it is not in the index."""
    statement: Callable[[Article, Span], Statement | None] = lambda _article, _span: None
    """The enrichment of a sentence."""
    at: Callable[[Article, Sequence[int]], Sequence[Selected]] = lambda _article, _starts: ()
    """The sentences of an article that begin at the given offsets."""

    def held(self, at: date | None = None, scheme: str = "", *, pending: bool = False) -> list[Offer]:
        """The offers with a qualification (of `scheme`), or with `pending` those that plan it or work towards it."""
        book = self.book(at)
        return staged(book, scheme, self.offers(book), pending=pending)

    def states(self, offers: Iterable[Offer], language: Language | None = None) -> list[State]:
        """The stages of `offers`, newest evidence first, where possible with proofs in `language`. Offers without a proof are left out."""
        found = [(offer, fact) for offer in offers if (fact := offer.proof)]
        if language:
            book = self.book(None)
            found = [
                (one, _in_language(fact, book.of(one.provider, fact.fact.attribute), language)) for one, fact in found
            ]
        told = zip(found, self.sentences([fact for _, fact in found]), strict=True)
        states = [_state(offer, proof) for (offer, _), proof in told if proof]
        return sorted(states, key=lambda one: -one.proof.published)

    def of(self, provider: str, language: Language) -> list[State]:
        return self.states((one for one in self.offers(self.book(None)) if one.provider == provider), language)

    def expiring(self, period: Period | None, names: Sequence[str] = ()) -> list[State]:
        """Qualifications whose calculated expiry is in the period. Without a period: those of `names` at any time, else all in the next six months."""
        book = self.book(None)
        first, last = (date.min, date.max) if names else (book.day, book.day + SOON)
        if period is not None:
            first = period.first if period.direction == "in" else period.opens or book.day
            last = period.closes or period.last
        rows = [one for one in self.offers(book) if not names or one.provider in names]
        return self.states(expiring(rows, first, last))

    def cell(
        self, name: str, row: CriterionRow, market: Market, language: Language, period: Period | None
    ) -> Selected | None:
        """The sentence of the newest fact about a name for a criterion; for parties, the sentence that names the most; for figures, preferably a total."""
        book, kind = self.book(None), market.vocabulary.row(row.attribute).kind
        if row.attribute == "qualification" and period is None:
            return next((one.proof for one in self.of(name, language)), None)
        if kind == "party":
            found = self.listed((name,), (row.attribute,), period, language)[0]
            return next(iter(found or self.listed((name,), (row.attribute,), None, language)[0]), None)
        said = [one for one in book.of(name, row.attribute) if not row.told or market.has(row.told, one.quote)]
        facts = [one for one in said if period is None or (one.when and period.touches(one.when))]
        facts = facts if facts or kind == "figure" else said  # the period may restrict the figures only
        best = max(
            facts,
            key=lambda one: (not one.fact.reported, kind != "figure" or not one.fact.service, one.order),
            default=None,
        )
        return next(self._said([_in_language(best, facts, language)]), None) if best else None

    def told(self, one: Selected) -> list[KnownFact]:
        """The facts of a sentence."""
        return self.book(None).said_at(*place_of(one))

    def became(self, one: Selected) -> Selected | None:
        """The sentence with the latest outcome (or new due date) of a promise in `one` whose day has passed; None without one."""
        book, said, last = self.book(None), self.told(one), None
        while (found := _outcome(book, said)) is not None and found is not last:
            last, said = found, [found]
        return next(self._said([_with_day(last, book)]), None) if last else None

    def each_once(self, quotes: Iterable[Selected]) -> list[Selected]:
        """`quotes` without those whose facts are all in earlier quotes."""
        book, before, kept = self.book(None), set[Hashable](), list[Selected]()
        for one in quotes:
            facts = {_alike(known, book) for known in self.told(one)}
            if not facts or not facts <= before:
                kept.append(one)
            before |= facts
        return kept

    def of_one_set(self, lead: Selected, others: Iterable[Selected]) -> list[Selected]:
        """The sentences with a fact of the same kind as one of `lead`: all shareholders, all outages."""
        book, mine = self.book(None), self.told(lead)
        return [one for one in others if any(_of_one_set(a, b, book) for a in mine for b in self.told(one))]

    def missed(self, names: Sequence[str]) -> tuple[list[Selected], list[Promise]]:
        """(sentences, promises): promises whose day has passed and that no article reports as kept; those without news last, else newest first."""
        book, days = self.book(None), dict[tuple[str, str, date], Promise]()
        for one in sorted(promises(book), key=lambda one: -len(one.told.facts)):
            if one.due.last < book.day and one.outcome in _OVER and (not names or one.subject in names):
                days.setdefault((one.subject, one.attribute, one.due.last), one)
        made = sorted(days.values(), key=lambda one: (one.outcome == "unknown", -one.due.last.toordinal()))
        return list(self._said([one.fact for one in made])), made

    def listed(
        self,
        names: Sequence[str],
        attributes: Sequence[str],
        period: Period | None,
        language: Language,
        *,
        mutual: bool = False,
    ) -> tuple[list[Selected], int]:
        """(sentences, number of items): few sentences that together have all other parties or dated events. `mutual`: `names` may be either party."""
        book, told = self.book(None), dict[tuple[str, int], tuple[KnownFact, set[Hashable]]]()
        facts = [one for name in names or (None,) for one in book.of(name, *attributes)]
        facts += [one for name in names if mutual for one in book.with_party(name, *attributes)]
        if mutual and len(names) > 1:
            facts = [one for one in facts if len(_parties(one, book) & {*names}) > 1] or facts
        for known in facts:
            in_time = period is None or (known.when is not None and period.touches(known.when))
            if in_time and known.fact.status in ("done", "ended"):
                place = known.article.article_id, known.span.start
                told.setdefault(place, (known, set()))[1].update(_items(known, book, names))
        left = _precise(set[Hashable]().union(*(items for _, items in told.values())))
        count, chosen = len(left), list[KnownFact]()
        while left:
            best, items = max(told.values(), key=lambda one: _worth(one[0], one[1] & left, language))
            chosen.append(best)
            left -= items
        return list(self._said(chosen)), count

    def services(self, names: Sequence[str]) -> list[Selected]:
        """A sentence for each named offer of the providers `names`."""
        rows = [one for one in self.offers(self.book(None)) if one.provider in names and one.service]
        told = [one.offered.best if one.offered else one.newest for one in rows]
        return list(self._said([one for one in told if one is not None]))

    def chronology(
        self, name: str, attributes: Sequence[str], language: Language
    ) -> tuple[list[Selected], list[Promise], int]:
        """(sentences, promises, number of all events): the most reported events, one per day, with open and missed promises; oldest first."""
        book, days = self.book(None), dict[Hashable, list[Event]]()
        for one in chronology(book, name):
            best = one.promise.fact if one.promise else one.told.best
            day = best.since or best.fact.start or (best.fact.date if best.fact.date and best.fact.date.month else None)
            told = one.promise.outcome in ("open", "missed") if one.promise else day is not None
            attribute = book.vocabulary.row(best.fact.attribute)
            if told and (attribute.id in attributes if attributes else attribute.kind != "figure"):
                close = day if day and day.month and not one.promise else None
                days.setdefault(close or (attribute.id, one.day), []).append(one)
        most = sorted(days.values(), key=_told_most, reverse=True)[:_EVENTS]
        chosen = [max(same, key=lambda one: _told_in(one, language)) for same in most]
        made = [one.promise for one in chosen if one.promise]
        shown = [_in_language(one.told.best, one.told.facts, language) for one in chosen if not one.promise]
        facts = sorted([*shown, *(one.fact for one in made)], key=_announced)
        return list(self._said(facts)), made, len(days)

    def promised(
        self, name: str, attributes: Sequence[str], language: Language
    ) -> tuple[list[Selected], list[Promise]]:
        """(sentences, promises): the promised days in the order of announcement, their outcomes, and the stage of a pending qualification."""
        book, days = self.book(None), dict[tuple[str, date], list[KnownFact]]()
        made = [
            one for one in promises(book, book.of(name), of_all=True) if not attributes or one.attribute in attributes
        ]
        for one in made:
            said = [known for known in one.told.facts if known.fact.status == "planned"]
            days.setdefault((one.attribute, one.due.last), []).extend(said)
        shown = [_in_language(min(said, key=_announced), said, language) for said in days.values() if said]
        still = [one.told.newest for one in made if one.outcome == "open"]
        done = {(by.fact.attribute, by.since): by for one in made if (by := one.by) and by.since}
        facts = sorted({id(one): one for one in (*shown, *still, *done.values())}.values(), key=_announced)
        staged = self.of(name, language)[:1] if any(key[0] == "qualification" for key in days) and not done else []
        return [*self._said(facts), *(one.proof for one in staged)], made

    def standing(
        self, name: str, attributes: Sequence[str], language: Language
    ) -> tuple[list[Selected], list[Promise]]:
        """(sentences, promises): the qualification's stage, then per attribute its newest state and newest unsettled promise, newest first.

        A promise past its day needs to be at least as new as the state; what is over a year older than the newest is left out, but never the newest state.
        """
        book, told = self.book(None), dict[tuple[str, bool], list[KnownFact]]()
        facts = [*book.of(name, *attributes), *book.with_party(name, *attributes)]
        made = {id(one): each for each in promises(book, facts, of_all=True) for one in each.told.facts}
        for known in facts:
            row, planned = book.vocabulary.row(known.fact.attribute), known.fact.status == "planned"
            settled = planned and id(known) in made and made[id(known)].outcome not in ("open", "unknown")
            over = settled or (row.id == _BEGINNING and known.fact.status == "done")
            dated = known.fact.date or known.fact.start or (planned and known.fact.due)
            if (row.promised or row.offer or row.state) and dated and not over:
                told.setdefault((book.vocabulary.promised(row.id), planned), []).append(known)
        newest = {key: max(facts, key=_newness) for key, facts in told.items()}
        states = [one for (_, planned), one in newest.items() if not planned]
        first = max(states, key=_newness, default=None)
        last = max((_newness(one)[0] for one in newest.values()), default=date.min)
        shown = []
        for (attribute, planned), one in sorted(newest.items(), key=lambda item: _newness(item[1]), reverse=True):
            state, promise = newest.get((attribute, False)), made.get(id(one)) if planned else None
            past = promise is not None and promise.outcome == "unknown"
            replaced = past and state is not None and _newness(state)[0] > _newness(one)[0]
            if one is first or (not replaced and last - _newness(one)[0] <= _YEAR):
                shown.append(_in_language(one, told[attribute, planned], language))
        staged = self.of(name, language)[:1] if not attributes or "qualification" in attributes else []
        return [*(one.proof for one in staged), *self._said(shown)], list(made.values())

    def changed(self, period: Period, names: Sequence[str], language: Language) -> list[Selected]:
        """The events in the period, newest first (if it is in the future, soonest first)."""
        first, last = period.opens or date.min, period.closes or self.book(None).day
        return list(self._said(self._dated(names, first, last, language)))

    def last_before(
        self, period: Period, names: Sequence[str], language: Language
    ) -> tuple[list[Selected], PartialDate | None]:
        """(the last events before the period, newest first; the date of the newest article)."""
        days = [article.date for article in self.book(None).articles if article.date]
        found = self._said(self._dated(names, date.min, period.first, language)[:_MOST])
        return list(found), max(days, key=lambda day: day.first_day, default=None)

    def _dated(self, names: Sequence[str], first: date, last: date, language: Language) -> list[KnownFact]:
        """First-hand events from `first` to `last`, newest first; for a future period the open plans, soonest first. Each once, if possible in `language`."""
        book, told, coming = self.book(None), dict[PartialDate, list[KnownFact]](), first > self.book(None).day
        facts = [one for one in book.facts if not one.fact.reported and one.fact.attribute not in _NO_EVENT]
        if coming:
            made = (one for one in promises(book, of_all=True) if one.outcome != "open")
            settled = {id(known) for one in made for known in one.told.facts}
            facts = [one for one in facts if one.fact.status == "planned" and id(one) not in settled]
        for known in sorted(facts, key=lambda one: (one.article.language != language, one.statement.source is None)):
            day = known.fact.due if coming else known.since
            close, parties = day and (day.day or ((names or coming) and day.month)), _parties(known, book)
            if day and close and first <= day.first_day <= last and (not names or parties & {*names}):
                same = told.setdefault(day, [])
                own = known.article.language == language
                own = own or not any(one.article.language == language for one in same)
                if own and not any(_one_event(known, one, book) for one in same):
                    same.append(known)
        if coming:
            return [one for day in sorted(told, key=lambda day: day.first_day) for one in told[day]]
        return sorted((one for same in told.values() for one in same), key=lambda one: one.order, reverse=True)

    def _said(self, facts: Sequence[KnownFact]) -> Iterator[Selected]:
        return (one for one in self.sentences(facts) if one is not None)


def _outcome(book: FactBook, said: Sequence[KnownFact]) -> KnownFact | None:
    """The fact that kept, missed or moved a promise in `said` whose day has passed; None without one."""
    planned = [known for known in said if known.fact.status == "planned"]
    for name in {book.subject(known) for known in planned}:
        for made in promises(book, book.of(name)):
            if made.by and made.due.last < book.day and any(known in made.told.facts for known in planned):
                return made.by
    return None


def _with_day(known: KnownFact, book: FactBook) -> KnownFact:
    """A fact about the same event whose sentence states the year, if that of `known` does not; else `known`."""
    day, language = known.since, known.article.language
    if day is None or str(day.year) in known.quote:
        return known
    same = (one for one in book.facts if one.since == day and _one_event(one, known, book))
    return next((one for one in same if str(day.year) in one.quote and one.article.language == language), known)


def _alike(known: KnownFact, book: FactBook) -> Hashable:
    """The key by which two facts state the same, whatever details they add."""
    fact, kind = known.fact, book.vocabulary.row(known.fact.attribute).kind
    what = book.wording.numbers(fact, known.article.language) if kind == "figure" else ()
    return fold(book.subject(known)), fact.attribute, fact.status, fact.due, what or book.value(known)


def _of_one_set(one: KnownFact, other: KnownFact, book: FactBook) -> bool:
    """Whether both have the same attribute, and the same other party or value; or the same subject, if the attribute answers lists."""
    fact, same, row = one.fact, one.fact.attribute == other.fact.attribute, book.vocabulary.row(one.fact.attribute)
    listed = (row.kind == "party" or "list" in row.answers) and book.subject(one) == book.subject(other)
    alike = bool(fact.object and fact.object == other.fact.object) or bool(
        fact.value and fact.value == other.fact.value
    )
    return same and (listed or alike)


def _items(known: KnownFact, book: FactBook, names: Sequence[str]) -> set[Hashable]:
    """The items of a fact: the parties other than `names` in its sentence, or its dated event; else empty."""
    fact, subject = known.fact, fold(book.subject(known))
    if book.vocabulary.row(fact.attribute).kind != "party":
        return {(subject, fact.date)} if fact.date else set()
    parties, said = (fact.object or "").replace(" et ", ", ").replace(" and ", ", ").split(", "), fold(known.quote)
    named = [one for one in parties if any(len(word) > 2 and word in said for word in fold(one).split())]
    if any(book.wording.name(one) in names for one in parties):
        return {subject}
    return {(subject, fold(book.wording.name(one))) for one in named}


def _precise(items: set[Hashable]) -> set[Hashable]:
    """`items` without the events dated by a month or year in which the same subject has a more precisely dated event."""
    dated = [one for one in items if isinstance(one, tuple) and isinstance(one[1], PartialDate)]

    def has(one: tuple[str, PartialDate], other: tuple[str, PartialDate]) -> bool:
        (subject, day), (also, within) = one, other
        return (
            one != other and subject == also and day.first_day <= within.first_day and within.last_day <= day.last_day
        )

    return items - {one for one in dated if any(has(one, other) for other in dated)}


def _worth(known: KnownFact, items: set[Hashable], language: Language) -> tuple[int, bool, tuple[date, date]]:
    """Sort key: number of items, whether it is in `language`, date."""
    return len(items), known.article.language == language, known.order


def _told_most(events: Sequence[Event]) -> tuple[int, tuple[date, date]]:
    """Sort key: number of statements about the day, date."""
    return sum(len(one.told.facts) for one in events), events[0].told.best.order


def _told_in(event: Event, language: Language) -> tuple[bool, int]:
    """Sort key: whether a statement is in `language`, number of statements."""
    return any(one.article.language == language for one in event.told.facts), len(event.told.facts)


def _parties(known: KnownFact, book: FactBook) -> set[str]:
    return {book.wording.name(part) for part in (known.fact.subject, known.fact.object) if part}


def _one_event(one: KnownFact, other: KnownFact, book: FactBook) -> bool:
    """Whether two facts of one day are about the same event: same subject and attribute, or same two parties."""
    alike = book.subject(one) == book.subject(other) and one.fact.attribute == other.fact.attribute
    return alike or len(_parties(one, book) & _parties(other, book)) > 1


def _announced(known: KnownFact) -> date:
    """The day of the fact, but not after its due day: a promise is made before that."""
    due = known.fact.due
    return min(known.order[0], due.last_day) if due else known.order[0]


def _newness(known: KnownFact) -> tuple[date, bool, date, bool]:
    """Sort key, newest last: day of the fact as far as it had passed when stated, planned before done, day of the statement, no due day before a due day."""
    fact, when, said = known.fact, known.when, known.said_on
    # A state of « 2025 », reported in December, is newer than one of September.
    day = min(when.last_day, max(when.first_day, said.middle if said else when.first_day)) if when else date.min
    return day, fact.status != "planned", said.first_day if said else date.min, fact.due is not None


def _in_language(state: KnownFact, told: Sequence[KnownFact], language: Language) -> KnownFact:
    """The newest statement of the same fact in `language`, else `state`. The same: status, and due day or value and party."""
    fact = state.fact

    def same(other: Fact) -> bool:
        said = (other.due, fact.due) if fact.due else ((other.value, other.object), (fact.value, fact.object))
        return other.status == fact.status and said[0] == said[1] and bool(fact.due or fact.value)

    own = [one for one in told if one.article.language == language and same(one.fact)]
    return state if state.article.language == language else max(own, key=_newness, default=state)


def _state(offer: Offer, proof: Selected) -> State:
    assert offer.stage is not None
    since = offer.since.best.since if offer.since else None
    expires = offer.expires.day if offer.expires else None
    return State(offer.provider, offer.service, offer.stage.id, since, expires, proof, offer.reported)

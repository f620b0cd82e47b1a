"""Promises by due day, and their outcomes."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Term, Told, in_order, term_of
from trusted_cloud_chat.market.vocabulary import same_scheme

Outcome = Literal["open", "kept", "missed", "moved", "unknown"]
"""`missed`: kept late, or denied after the day. `unknown`: the day has passed without news."""

_STATED = ("planned", "missed", "ended")


@dataclass(frozen=True, slots=True)
class Promise:
    subject: str
    attribute: str
    told: Told
    due: Term
    outcome: Outcome
    by: KnownFact | None = None
    """The fact of the outcome: the event, the later date, or the denial."""

    @property
    def fact(self) -> KnownFact:
        planned = [known for known in self.told.facts if known.fact.status == "planned"]
        return Told(tuple(planned)).best if planned else self.told.best


def promises(book: FactBook, facts: Iterable[KnownFact] | None = None, *, of_all: bool = False) -> list[Promise]:
    """The promises of the book, or those among `facts`, by due day, with equal ones joined. `of_all`: also other due dates, such as a law's."""
    made = [known for known in (book.facts if facts is None else facts) if _is_promise(book, known, of_all)]
    grouped: dict[Hashable, list[list[KnownFact]]] = {}
    for known in made:
        term = term_of(known)
        key = fold(book.subject(known)), book.vocabulary.promised(known.fact.attribute), term.last if term else None
        groups = grouped.setdefault(key, [])
        same = next((group for group in groups if _same(book, group, known)), None)
        if same is None:
            groups.append([known])
        else:
            same.append(known)
    told = [
        Told(tuple(in_order(group))) for group in _closely(book, [one for each in grouped.values() for one in each])
    ]
    found = []
    for each in told:
        first, term = each.facts[0], term_of(each.facts[0])
        assert term is not None
        outcome, by = _outcome(book, each, term, told)
        attribute = book.vocabulary.promised(first.fact.attribute)
        found.append(Promise(book.subject(first), attribute, each, term, outcome, by))
    return sorted(found, key=lambda promise: (promise.due.last, promise.told.facts[0].order))


def superseded(book: FactBook) -> dict[KnownFact, KnownFact]:
    """Fact → the later fact that supersedes it: the outcome of a promise, an end or denial, a successor in office."""
    found = {known: made.by for made in promises(book) if made.by for known in made.told.facts if known != made.by}
    for known in book.facts:
        if known.fact.status == "done" or known.fact.attribute == "person":
            same = reversed(book.of(book.subject(known), known.fact.attribute))
            later = next((one for one in same if _replaces(book, one, known)), None)
            if later is not None:
                found.setdefault(known, later)
    return found


def _replaces(book: FactBook, later: KnownFact, known: KnownFact) -> bool:
    """Whether `later` names another person for the same office, or ends or denies the same state."""
    office = known.fact.attribute == "person"
    if later.fact.status not in (("done",) if office else ("ended", "denied")) or later.order <= known.order:
        return False
    alike = fold(later.fact.value or "") == fold(known.fact.value or "") and book.service(later) == book.service(known)
    return alike and (book.value(later) != book.value(known)) == office


def _is_promise(book: FactBook, known: KnownFact, of_all: bool) -> bool:
    """Whether the fact announces something for a day. The end of a contract is not a promise."""
    row = book.vocabulary.row(known.fact.attribute)
    counted = row.promised or (of_all and row.kind != "figure")
    if not counted or known.fact.status not in _STATED or not term_of(known):
        return False
    return row.kind != "party" or known.fact.due is not None


def _closely(book: FactBook, groups: Sequence[list[KnownFact]]) -> list[list[KnownFact]]:
    """`groups`, with each second-hand group merged into a group about the same promise whose due date lies within its own."""
    kept = list(groups)
    for vague in groups:
        closer = (one for one in kept if one is not vague and _within(book, one[0], vague[0]))
        if all(known.fact.reported for known in vague) and (close := next(closer, None)) is not None:
            close.extend(vague)
            kept = [one for one in kept if one is not vague]
    return kept


def _within(book: FactBook, close: KnownFact, vague: KnownFact) -> bool:
    mine, other = term_of(close), term_of(vague)
    nested = mine and other and other.first <= mine.first and mine.last < other.last
    same = book.subject(close) == book.subject(vague) and close.fact.attribute == vague.fact.attribute
    return bool(nested and same and _about_the_same(book, close, vague))


def _same(book: FactBook, group: Sequence[KnownFact], known: KnownFact) -> bool:
    """Whether it is the group's promise: in similar words, or on the same occasion in another language."""
    return any(_about_the_same(book, other, known) or _one_occasion(other, known) for other in group)


def _one_occasion(one: KnownFact, other: KnownFact) -> bool:
    pairs = (one.said_on, other.said_on), (one.when, other.when)
    near = any(mine and theirs and (mine.year, mine.month) == (theirs.year, theirs.month) for mine, theirs in pairs)
    return near and one.article.language != other.article.language


def _about_the_same(book: FactBook, one: KnownFact, other: KnownFact, *, strict: bool = False) -> bool:
    """Whether two facts of one subject and kind are about the same event; with `strict` an equal service is not enough."""
    services = book.service(one), book.service(other)
    if services[0] is not None and services[1] is not None and services[0] != services[1]:
        return False
    if services[0] is not None and services[0] == services[1] and not strict:
        return True
    rows = [book.vocabulary.row(known.fact.attribute) for known in (one, other)]
    if rows[0] == rows[1] and rows[0].single and services[0] == services[1]:
        return True
    kinds = [row.kind for row in rows]
    if kinds[0] == kinds[1] and kinds[0] in ("scheme", "step"):
        schemes = book.wording.scheme(one.fact.value), book.wording.scheme(other.fact.value)
        return same_scheme(*schemes)
    if one.fact.attribute == other.fact.attribute and kinds[0] == "party":
        return not one.fact.object or not other.fact.object or book.value(one) == book.value(other)
    if services[0] != services[1] or one.fact.object != other.fact.object:
        return False  # equal words about another service or party
    return book.wording.alike(one.fact, other.fact, one.article.language, other.article.language)


def _outcome(book: FactBook, told: Told, term: Term, others: Sequence[Told]) -> tuple[Outcome, KnownFact | None]:
    first = told.facts[0]
    for done in _fulfilling(book, first):
        if not done.when or not first.when or done.when.last_day < first.when.first_day:
            continue  # earlier than the promise, so it is about something else
        if done.when.last_day <= term.last or (done.when.first_day <= term.last and done.since is None):
            return "kept", done
        if done.when.first_day > term.last:
            return "missed", done
        break
    broken = [known for known in told.facts if known.fact.status in ("missed", "ended")]
    if len(broken) < len(told.facts) and (moved := _moved(book, first, term, others)):
        return "moved", moved
    denied = [*broken, *(known for known in _denying(book, first) if known.order[0] > term.last)]
    if denied:
        return "missed", denied[0]
    return ("unknown" if term.last < book.day else "open"), None


def _related(book: FactBook, promise: KnownFact) -> list[KnownFact]:
    kind = book.vocabulary.promised(promise.fact.attribute)
    return [
        known
        for known in book.of(book.subject(promise))
        if book.vocabulary.promised(known.fact.attribute) == kind and _about_the_same(book, known, promise)
    ]


def _fulfilling(book: FactBook, promise: KnownFact) -> list[KnownFact]:
    """Facts that may have kept the promise, oldest first: the promised event itself, done, or a fact of an attribute in `kept_by`."""
    same = [known for known in _related(book, promise) if _about_the_same(book, known, promise, strict=True)]
    kept_by = book.vocabulary.row(book.vocabulary.promised(promise.fact.attribute)).kept_by
    others = book.with_party(book.subject(promise), *kept_by) if kept_by else []
    return in_order(known for known in [*same, *others] if known.since)


def _denying(book: FactBook, promise: KnownFact) -> list[KnownFact]:
    """Statements that it has not happened, or is still under way: after the due day they show that the promise was missed."""
    return [
        known
        for known in _related(book, promise)
        if known.fact.status in ("denied", "missed")
        or (known.fact.status == "planned" and term_of(known) is None)
        or (known.fact.status == "done" and known.fact.attribute == "milestone")
    ]


def _moved(book: FactBook, promise: KnownFact, term: Term, others: Sequence[Told]) -> KnownFact | None:
    """The first fact that afterwards promised the same for a later date."""
    kind = book.vocabulary.promised(promise.fact.attribute)
    for told in sorted(others, key=lambda each: each.facts[0].order):
        due = term_of(told.facts[0])
        if due is None or due.last <= term.last or book.subject(told.facts[0]) != book.subject(promise):
            continue
        for later in told.facts:
            since = later.when and promise.when and later.when.first_day > promise.when.last_day
            alike = book.vocabulary.promised(later.fact.attribute) == kind and _about_the_same(book, later, promise)
            if later.fact.status == "planned" and since and alike:
                return later
    return None

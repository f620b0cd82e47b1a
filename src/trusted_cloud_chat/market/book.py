"""The facts known on a day, by subject, attribute and service, with equal facts joined."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.market.known import KnownFact, Told, grouped, in_order, term_of
from trusted_cloud_chat.market.vocabulary import Vocabulary, Wording, precision, same_scheme, within
from trusted_cloud_chat.schema import Article

_LONGEST_NAME = 6
"""Maximum words of a name that is looked up in a text."""
_SAME_TIME = 366
"""Maximum days between two dates of the same event."""


class FactBook:
    """The facts of articles as known on a day. With `as_of`, articles and statements count if they were made by then, a partial date counting as
    its last day; without it, if they are not in the future of `today`. With `at`, facts about later days do not count, whenever they were stated.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        entities: EntityBook,
        vocabulary: Vocabulary,
        today: date,
        as_of: date | None = None,
        at: date | None = None,
    ) -> None:
        self.day = min(as_of, today) if as_of else today
        self.vocabulary = vocabulary
        self.wording = Wording(entities, vocabulary)
        self._whole = as_of is not None
        self.articles = tuple(article for article in articles if self._known(article.date))
        found = [known for article in self.articles for known in self._of(article)]
        self.facts = tuple(
            in_order([known for known in found if at is None or (known.when and known.when.last_day <= at)])
        )

    def _known(self, day: PartialDate | None) -> bool:
        return day is None or (day.last_day if self._whole else day.first_day) <= self.day

    def _of(self, article: Article) -> Iterator[KnownFact]:
        for statement in article.enrichment.statements if article.enrichment else ():
            if statement.facts and self._known(statement.said_on):
                yield from (KnownFact(fact, statement, article) for fact in statement.facts)

    @cached_property
    def _by_subject(self) -> dict[str, list[KnownFact]]:
        return grouped(  # also by service: « AWS European Sovereign Cloud », of AWS
            (name, known)
            for known in self.facts
            for name in {fold(self.wording.name(part)) for part in (known.fact.subject, known.fact.service) if part}
        )

    @cached_property
    def _by_object(self) -> dict[str, list[KnownFact]]:
        return grouped((fold(self.wording.name(one.fact.object)), one) for one in self.facts if one.fact.object)

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], list[KnownFact]]:
        return grouped(
            ((one.article.article_id, span.start), one) for one in self.facts for span in one.statement.spans
        )

    def said_at(self, article_id: str, start: int) -> list[KnownFact]:
        return self._by_place.get((article_id, start), [])

    def subject(self, known: KnownFact) -> str:
        return self.wording.name(known.fact.subject)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        return tuple(sorted({self.subject(known) for known in self.facts}, key=fold))

    def service(self, known: KnownFact) -> Hashable:
        return self.wording.service(known.fact.service, self.subject(known))

    def value(self, known: KnownFact) -> Hashable:
        return self.wording.value(known.fact, known.article.language)

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], str]:
        """The names of subjects and other parties by their words."""
        named = (part for known in self.facts for part in (known.fact.subject, known.fact.object) if part)
        return {tuple(word.folded for word in words(name)): self.wording.name(name) for name in dict.fromkeys(named)}

    def named(self, text: str) -> list[str]:
        """The subjects and other parties that `text` names with a capital letter, the longest names first."""
        said, taken, found = words(text), set[int](), list[str]()
        for length in range(min(_LONGEST_NAME, len(said)), 0, -1):
            for start in range(len(said) - length + 1):
                part = said[start : start + length]
                name = self._by_words.get(tuple(word.folded for word in part))
                if name and any(word.has_capital for word in part) and not taken & {*range(start, start + length)}:
                    taken |= {*range(start, start + length)}
                    found.append(name)
        return list(dict.fromkeys(found))

    def of(self, subject: str | None = None, *attributes: str) -> list[KnownFact]:
        """Facts about a subject (None: all), of the attributes (none: all); oldest first."""
        facts: Sequence[KnownFact] = self.facts
        if subject is not None:
            facts = self._by_subject.get(fold(self.wording.name(subject)), ())
        return [known for known in facts if not attributes or known.fact.attribute in attributes]

    def with_party(self, party: str, *attributes: str) -> list[KnownFact]:
        facts = self._by_object.get(fold(self.wording.name(party)), ())
        return [known for known in facts if not attributes or known.fact.attribute in attributes]

    def joined(self, facts: Iterable[KnownFact]) -> list[Told]:
        """The facts, with equal facts joined, ordered by the oldest of each."""
        alike = grouped((self._key(known), known) for known in facts)
        told = [Told(tuple(in_order(same))) for group in alike.values() for same in _by_date(group)]
        return sorted(told, key=lambda each: each.facts[0].order)

    def _key(self, known: KnownFact) -> Hashable:
        fact, term = known.fact, term_of(known)
        kind = self.vocabulary.row(fact.attribute).kind
        service = None if kind == "party" else self.service(known)
        due = term.last if term and fact.due else None
        return fold(self.subject(known)), fact.attribute, fact.status, self.value(known), service, due

    def contradictions(self, facts: Iterable[KnownFact]) -> list[tuple[Told, Told]]:
        """Pairs that cannot both be right: different dates or figures, or a state that a later statement denies."""
        told = self.joined(facts)
        return [(one, other) for n, one in enumerate(told) for other in told[n + 1 :] if self._contradict(one, other)]

    def _contradict(self, one: Told, other: Told) -> bool:
        mine, theirs = one.best, other.best
        row = self.vocabulary.row(mine.fact.attribute)
        if self.subject(mine) != self.subject(theirs) or self.service(mine) != self.service(theirs):
            return False
        if row.kind in ("scheme", "step"):
            return self._contradict_in_stage(one, other)
        if mine.fact.attribute != theirs.fact.attribute or mine.fact.status != theirs.fact.status:
            return False
        if row.kind == "party" and self.value(mine) != self.value(theirs):
            return False
        figures, others = (self.wording.numbers(known.fact, known.article.language) for known in (mine, theirs))
        days = ((mine.when, theirs.when), (mine.fact.end, theirs.fact.end), (mine.fact.due, theirs.fact.due))
        same_unit = figures and others and figures[0][1] == others[0][1]
        return bool(same_unit and figures != others and all(within(*both) for both in days))

    def _contradict_in_stage(self, one: Told, other: Told) -> bool:
        mine, theirs = one.best, other.best
        both = mine.fact.attribute == theirs.fact.attribute
        schemes = [self.wording.scheme(known.fact.value) for known in (mine, theirs)]
        if both and not same_scheme(schemes[0], schemes[1]):
            return False
        if both and mine.fact.status == theirs.fact.status == "done":
            days = mine.since, theirs.since
            near = days[0] and days[1] and abs((days[0].middle - days[1].middle).days) < _SAME_TIME
            return bool(schemes[0] == schemes[1] and near and not within(*days))
        held, open_ = (one, other) if mine.fact.status == "done" else (other, one)
        qualified = held.best.fact.status == "done" and self.vocabulary.row(held.best.fact.attribute).kind == "scheme"
        return qualified and self.denies(open_.newest, held.best)

    def denies(self, known: KnownFact, held: KnownFact) -> bool:
        """Whether `known`, at the time of `held` or later, denies it: a denial, an end, a milestone, or a plan for the same version."""
        fact = known.fact
        mine, theirs = self.wording.scheme(fact.value), self.wording.scheme(held.fact.value)
        if self.vocabulary.row(fact.attribute).kind == "step":
            same = fact.status == "done"
        elif fact.status == "planned":
            same = mine == theirs
        else:
            same = fact.status in ("denied", "ended") and same_scheme(mine, theirs)
        when, since = known.when, held.when
        return bool(same and when and since and when.last_day >= since.first_day)


def _by_date(group: Sequence[KnownFact]) -> list[list[KnownFact]]:
    """Groups of facts whose dates may be the same; a fact that fits several groups is a group of its own, an undated one joins the last."""
    dated: list[list[KnownFact]] = []
    for known in sorted(group, key=lambda known: -precision(known.dated)):
        near = [same for same in dated if within(known.dated, same[0].dated)]
        if len(near) == 1 or (near and known.dated is None):
            near[-1].append(known)
        else:
            dated.append([known])
    return dated

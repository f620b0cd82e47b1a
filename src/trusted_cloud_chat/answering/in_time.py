"""Adds what facts say about the quotes of an answer: stages, promises, sources."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.known import State
from trusted_cloud_chat.answering.templates import name_of, on_day, until_day, worded
from trusted_cloud_chat.answering.wording import NBSP, colon
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.market.known import KnownFact, term_of
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.schema import PromisedDate, QualificationStage


@dataclass
class InTime:
    """Collects the facts of an answer's quotes in the order in which they are shown. Articles without enrichment have none."""

    maker: Maker
    form: Form
    quotes: Quotes
    stages: list[QualificationStage] = field(default_factory=list)
    promises: list[PromisedDate] = field(default_factory=list)
    sources: int | None = None

    def states(self, selected: Selected) -> str:
        """In a list by stage, the stages that the quote proves, as text; else empty."""
        proved = [one for one in self.form.states if place_of(one.proof) == place_of(selected)]
        said = f"{NBSP}; ".join(self._staged(proved))
        return said if said and self.maker.trace.fires("form.noted", said) else ""

    def under(self, selected: Selected) -> list[str]:
        """The notes below a list item: the outcomes of its promises and the number of its sources. Empty outside of a list."""
        facts = self._facts(selected)
        if self.sources is None:
            self.sources = self._count(facts)
        found = self._promised(selected, facts)
        count = self._count(facts) if self.form.proves else None
        if count and count > 1:
            found.append(worded("sources", self.quotes.language, count=str(count)))
        if not self.form.listed or not found or not self.maker.trace.fires("form.noted", found[0]):
            return []
        return [f"{one}." for one in dict.fromkeys(found)]

    def _staged(self, states: Sequence[State]) -> list[str]:
        """A text per stage: « PREMI3NS (S3NS), Bleu : qualifié »."""
        named: dict[str, list[str]] = {}
        for state in states:
            named.setdefault(self._stage(state), []).append(name_of(state.provider, state.service))
        return [f"{', '.join(names)}{colon(self.quotes.language)} {said}" for said, names in named.items()]

    def _facts(self, selected: Selected) -> Sequence[KnownFact]:
        return self.maker.known.told(selected) if self.maker.known else ()

    def _stage(self, state: State) -> str:
        language = self.quotes.language
        n = self.quotes.add(state.proof)
        self.stages.append(
            QualificationStage(n, state.stage, state.provider, state.service, state.since, state.expires)
        )
        said = self._since(state)
        return f"{said}, {worded('reported', language)}" if state.reported else said

    def _since(self, state: State) -> str:
        language = self.quotes.language
        label = self.maker.market.stage(state.stage).label(language)
        if state.stage != "qualified" or state.since is None:
            return label
        holder = worded("holder", language, stage=label, since=on_day(state.since, language))
        if state.expires is None:
            return holder
        passed = state.expires.last_day < self.maker.evidence.question.query.today
        end = on_day(state.expires, language) if passed else until_day(state.expires, language)
        return worded("expired_by" if passed else "expiry", language, holder=holder, end=end)

    def _promised(self, selected: Selected, facts: Sequence[KnownFact]) -> list[str]:
        """Records the promises of the sentence, and returns their outcomes as text."""
        today, found = self.maker.evidence.question.query.today, list[Promise]()
        became = {id(fact): one for one in self.form.promised for fact in one.told.facts}
        for known in facts:
            term = term_of(known) if known.fact.status in ("planned", "missed") else None
            if term is None:
                continue
            self.promises.append(PromisedDate(self.quotes.add(selected), term.first, term.last, term.last < today))
            if id(known) in became:
                found.append(became[id(known)])
        said = [self._became(one) for one in found]
        if len(set(said)) > 1:
            said = [f"{text} ({self._label(one).lower()})" for one, text in zip(found, said, strict=True)]
        return list(dict.fromkeys(said))

    def _label(self, promised: Promise) -> str:
        return self.maker.market.vocabulary.row(promised.attribute).label(self.quotes.language)

    def _became(self, promised: Promise) -> str:
        language = self.quotes.language
        return worded(promised.outcome, language, term=promised.due.spoken(language))

    def _count(self, facts: Sequence[KnownFact]) -> int | None:
        """The number of independent sources of the fact that has the most; None without facts."""
        known = self.maker.known
        if known is None or not facts:
            return None
        book = known.book(None)
        alike = (book.joined(book.of(book.subject(one), one.fact.attribute)) for one in facts)
        return max(told.sources for group in alike for told in group if any(one in told.facts for one in facts))

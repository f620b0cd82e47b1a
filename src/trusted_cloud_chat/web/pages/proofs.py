"""Cell texts with the sentences that prove them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.wording import on_page, said_by, typographic
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.market.known import KnownFact, Told
from trusted_cloud_chat.market.offers import Offer
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.output import market as output
from trusted_cloud_chat.web.pages.frame import Asked
from trusted_cloud_chat.web.sources import article_link

CELLS = ("stage", "since", "expires", "promises", "ownership", "technology", "customers", "certifications", "newest")
"""The cells of an offer, in the order of comparison."""
_LONG = 60
"""Maximum length of a value that is shown beside a name."""


@dataclass(frozen=True)
class Proof:
    """A text and the sentence that proves it."""

    text: str
    known: KnownFact
    link: str
    """The address of its sentence, marked in its article."""
    origin: str
    """Source and day, with the article that reports it."""
    note: str = ""
    doubts: tuple[str, ...] = ()
    kind: str = ""
    """Its style: the stage, the outcome, `against` or `step`."""
    further: "Proof | None" = None
    """The proof of its outcome."""

    @property
    def quote(self) -> str:
        return one_line(self.known.quote)


@dataclass(frozen=True)
class Row:
    """An offer; no article states the content of a cell without proofs."""

    key: str
    offer: Offer
    cells: dict[str, list[Proof]]

    @property
    def name(self) -> str:
        return row_name(self.key)

    def has(self, wanted: Sequence[str]) -> bool:
        """Whether the name, the cells or their sentences contain all the folded words."""
        proofs = (proof for cell in self.cells.values() for proof in cell)
        words = fold(" ".join([self.key, *(f"{proof.text} {proof.quote}" for proof in proofs)]))
        return all(word in words for word in wanted)


class Proving:
    """Makes proofs from facts, in the language of a page."""

    def __init__(self, asked: Asked, market: Market) -> None:
        self._asked, self._market, self._language = asked, market, asked.language
        self._said = asked.texts["market"]

    def proof(
        self,
        text: str,
        known: KnownFact,
        note: str = "",
        kind: str = "",
        doubts: Iterable[str] = (),
        further: Proof | None = None,
    ) -> Proof:
        """« Non recoupé » marks second-hand facts."""
        link = article_link(self._asked.link, known.article, known.statement.spans)
        unsure = (*doubts, *([self._said["reported"]] if known.fact.reported else []))
        citation = output.cited(known)
        origin = said_by(citation, self._language) + on_page(citation.article, citation.start)
        return Proof(typographic(text), known, link, origin, note, unsure, kind, further)

    def fact(self, known: KnownFact, kind: str = "") -> Proof:
        return self.proof(output.fact_text(known, self._market, self._language), known, self.source(known), kind)

    def source(self, known: KnownFact) -> str:
        return output.source_of(known, self._language)

    def promise(self, promise: Promise) -> Proof:
        by = self.proof(self._said["proof"], promise.by) if promise.by else None
        text = output.promise_text(promise, self._market, self._language)
        note = output.outcome_of(promise, self._language)
        return self.proof(text, promise.fact, note, promise.outcome, further=by)

    def row(self, offer: Offer) -> Row:
        since = offer.since.best if offer.since else None
        told = {"ownership": offer.ownership, "technology": offer.technology, "customers": offer.customers}
        told["certifications"] = offer.certifications
        cells = {
            "stage": self._stage(offer),
            "since": [self.proof(since.since.spoken(self._language), since)] if since and since.since else [],
            "expires": self._expires(offer),
            "promises": [*map(self.promise, offer.promises), *(self.fact(told.best, "aim") for told in offer.aims)],
            **{name: self._values(each) for name, each in told.items()},
            "newest": [self._newest(offer.newest)] if offer.newest else [],
        }
        return Row(key_of(offer), offer, cells)

    def _stage(self, offer: Offer) -> list[Proof]:
        """The stage with its source, contradicting sources, and the milestones passed."""
        stage, said = offer.stage, self._said
        if stage is None:
            return []
        label = self._market.stage(stage.id).label(self._language)
        doubts = [said["contradicted"]] if offer.contradictions else []
        against = {id(told.newest): told.newest for pair in offer.contradictions for told in pair}.values()
        steps = [one.fact for one in offer.milestones if one is not stage and one.id != stage.id]
        return [
            self.proof(label, stage.fact, self.source(stage.fact), stage.id, doubts),
            *(self.fact(known, "against") for known in against),
            *(self.fact(known, "step") for known in steps),
        ]

    def _expires(self, offer: Offer) -> list[Proof]:
        if offer.expires is None:
            return []
        passed = offer.expires.passed
        notes = [self._said["calculated"], *([self._said["lapsed"]] if passed else [])]
        day = offer.expires.day.spoken(self._language)
        return [self.proof(day, offer.expires.fact, ", ".join(notes), "lapsed" if passed else "")]

    def _values(self, told: Sequence[Told]) -> list[Proof]:
        """The values, newest first; each once, proved by its newest fact."""
        found: dict[str, Proof] = {}
        for one in sorted(told, key=lambda one: one.best.order, reverse=True):
            text = self._value(one.best)
            found.setdefault(text, self.proof(text, one.best, self.source(one.best)))
        return list(found.values())

    def _value(self, known: KnownFact) -> str:
        """« Thales, majoritaire », « EDF (terminé) »."""
        fact = known.fact
        value = output.quantity(fact)
        parts = [fact.object, value if len(value) < _LONG else ""]
        told = ", ".join(dict.fromkeys(part for part in parts if part)) or value or self._said["not_found"]
        note = output.status_label(fact.status, self._language)
        return f"{told} ({note})" if note else told

    def _newest(self, known: KnownFact) -> Proof:
        said, *day = self.source(known).rsplit(", ", 1)
        return self.proof(day[0] if day else said, known, said if day else "")


def row_name(*words: str) -> str:
    """The fragment of a row's address; it depends only on the content of the row."""
    return sha256(" | ".join(words).encode()).hexdigest()[:10]


def key_of(offer: Offer) -> str:
    return f"{offer.provider} · {offer.service}" if offer.service else offer.provider

"""The stage of a qualification from facts: its proof, its target date, a false premise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import Offer
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Language

PENDING = ("announced", "in_progress", "not_qualified")
_OF_A_STATE = ("yes_no", "date", "how_changed", "fact")
"""Kinds of questions that the stage of a qualification answers."""
_MOST = 2
"""Maximum offers shown."""
_AIMS = ("qualification", "milestone")


@dataclass(frozen=True, slots=True)
class Denied:
    """The sentence that contradicts the question's premise."""

    selected: Selected
    how: str
    """For the trace: the actual stage, the stored question with that premise, or the denied fact."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one actor: the qualified offers; else the offer with the newest stage, and the last promise."""

    offers: tuple[Offer, ...]
    proofs: tuple[Selected, ...]
    """The sentences that prove the stages and the target date."""
    aim: Promise | None = None
    told: KnownFact | None = None
    """The statement of the stage, if no offer is qualified."""
    aimed: KnownFact | None = None
    """The last statement of the target date."""

    @property
    def qualified(self) -> bool:
        return self.offers[0].stage is not None and self.offers[0].stage.id == "qualified"


def about_qualification(question: Question, market: Market) -> bool:
    """Whether the question asks only for the present stage of one actor's qualification."""
    qualification = market.rows.qualification
    if len(question.actors) != 1 or not market.has(qualification.words, question.searched):
        return False
    times = [period for period in question.periods if period.closes != question.query.today]
    known = (*qualification.words, *qualification.asked)
    return not times and question.query.kind in _OF_A_STATE and not question.further(known)


def standing_of(maker: Maker) -> Standing | None:
    """The standing of the actor in the question; None if the question asks for something else, or without facts."""
    return _standing(maker) if about_qualification(maker.evidence.question, maker.market) else None


def _standing(maker: Maker) -> Standing | None:
    question, known = maker.evidence.question, maker.known
    if known is None:
        return None
    book = known.book(None)
    offers = [one for one in known.offers(book) if one.provider == question.actors[0].name and one.stage]
    offers = _asked(question, offers, book)
    held = [one for one in offers if one.stage and one.stage.id == "qualified"]
    if held:
        chosen = sorted(held, key=lambda one: (one.reported, one.since is None, -_told(one).order[0].toordinal()))[
            :_MOST
        ]
        return _proved(maker, chosen, [_told(one) for one in chosen], None)
    if not offers:
        return None
    newest = max(offers, key=lambda one: _told(one).order)
    aim = _aim(offers)
    told = _in_language(newest, question.query.language)
    aimed = _last_said(aim) if aim else None
    standing = _proved(maker, [newest], [told, *([aimed] if aimed else [])], aim)
    return replace(standing, told=told, aimed=aimed) if standing else None


def _proved(maker: Maker, offers: Sequence[Offer], facts: Sequence[KnownFact], aim: Promise | None) -> Standing | None:
    told = maker.known.sentences(facts) if maker.known else []
    proofs = {place_of(one): one for one in told if one is not None}
    if any(one is None for one in told) or not proofs:
        return None
    return Standing(tuple(offers), tuple(proofs.values()), aim)


def _told(offer: Offer) -> KnownFact:
    """The proof of an offer that has a stage."""
    assert offer.proof is not None
    return offer.proof


def _in_language(offer: Offer, language: Language) -> KnownFact:
    """The fact that states the stage, in `language` if there is one of the same month."""
    fact = _told(offer)
    same = offer.stage.told.facts if offer.stage else ()
    month = fact.said_on and (fact.said_on.year, fact.said_on.month)
    alike = (one for one in same if one.said_on and (one.said_on.year, one.said_on.month) == month)
    return next((one for one in alike if one.article.language == language), fact)


def _aim(offers: Sequence[Offer]) -> Promise | None:
    """The newest promise that was not kept, preferably one that was not moved; None without one."""
    made = [one for offer in offers for one in offer.promises if one.attribute in _AIMS and one.outcome != "kept"]
    return max(made, key=lambda one: (one.outcome != "moved", one.told.newest.order[1], one.due.last), default=None)


def _last_said(aim: Promise) -> KnownFact:
    planned = [one for one in aim.told.facts if one.fact.status == "planned"]
    return max(planned or aim.told.facts, key=lambda one: one.order[1])


def _asked(question: Question, offers: Sequence[Offer], book: FactBook) -> list[Offer]:
    """The offers of the scheme in the question (default: any), restricted to the services of theirs that it names."""
    schemes = {book.wording.scheme(m.entity.name)[0] for m in question.mentions if m.entity.kind == "scheme"}
    of_scheme = [one for one in offers if not schemes or _scheme(one, book) in ("", *schemes)]
    searched = fold(question.searched)
    named = [one for one in of_scheme if one.service and fold(one.service) in searched]
    return named or of_scheme


def _scheme(offer: Offer, book: FactBook) -> str:
    fact = _told(offer).fact
    return book.wording.scheme(fact.value)[0] if fact.attribute != "milestone" else ""


def with_standing(form: Form, standing: Standing, maker: Maker) -> Form:
    """`form`, led by the proofs of the standing."""
    places = set(map(place_of, standing.proofs))
    if not maker.trace.fires("form.standing", standing.offers[0].stage.id if standing.offers[0].stage else ""):
        return form
    rest = [one for one in form.quotes if place_of(one) not in places]
    return replace(
        form, quotes=(*standing.proofs, *rest)[: max(_MOST, len(form.quotes))], listed=False, proves=True, opened=1
    )


def denied(standing: Standing | None, maker: Maker) -> Denied | None:
    """The contradicting sentence, if the question presupposes a qualification that is still pending, or asks when it was obtained."""
    question, language = maker.evidence.question, maker.evidence.question.query.language

    def told(sense: str) -> bool:
        return says(sense, question.searched, language)

    granted = question.query.kind == "date" and not told("plan")
    if standing is None and maker.market.has(maker.market.rows.qualification.held, question.searched):
        granted = told("granted") and not told("negation") and len(question.actors) == 1
        standing = _standing(maker) if granted else None
    stage = standing.offers[0].stage if standing else None
    if standing is None or stage is None or not granted or stage.id not in PENDING:
        return None
    return Denied(standing.proofs[0], stage.id)

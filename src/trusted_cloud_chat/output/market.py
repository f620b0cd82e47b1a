"""Market facts in words and as JSON, for the page, the command line and programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trusted_cloud_chat.answering.citing import citation_of
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.wording import NBSP, colon, date_of, of_day, publisher_of, typographic
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import Offer
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.market.tables import Changes
from trusted_cloud_chat.output.serialise import citation_to_dict, told
from trusted_cloud_chat.schema import Article, Citation, Fact, Language

_STATUS = {
    "planned": ("prévu", "planned"),
    "denied": ("non", "no"),
    "ended": ("terminé", "ended"),
    "missed": ("non tenu", "not kept"),
}
_OUTCOMES = {
    "open": ("à venir", "to come"),
    "kept": ("tenue", "kept"),
    "missed": ("manquée", "missed"),
    "moved": ("décalée", "moved"),
    "unknown": ("échéance passée", "date passed"),
}
_SECTIONS = {
    "stages": ("Étapes qui ont changé", "Stages that have changed"),
    "due": ("Promesses arrivées à échéance", "Promises that fell due"),
    "expiring": ("Qualifications qui expirent dans les six mois (calculé)", "Qualifications that expire within six months (calculated)"),
    "facts": ("Faits nouveaux, par acteur", "New facts, by actor"),
    "articles": ("Nouveaux articles", "New articles"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewsLine:
    text: str
    fact: KnownFact | None = None
    article: Article | None = None


def name_of(offer: Offer) -> str:
    return f"{offer.provider} ({offer.service})" if offer.service else offer.provider


def source_of(known: KnownFact, language: Language) -> str:
    """« LeMagIT, mars 2026 »; a source without a date is never shown with the article's: « AFNOR, sans date »."""
    source = known.statement.source
    who = typographic(source.publisher) if source else publisher_of(known.article, language)
    return f"{who}, {date_of(None if known.undated else known.said_on, language)}"


def outcome_of(promise: Promise, language: Language) -> str:
    """Deadline and outcome: « mi-2026 : échéance passée »."""
    return f"{promise.due.spoken(language)}{colon(language)} {outcome_label(promise.outcome, language)}"


def outcome_label(outcome: str, language: Language) -> str:
    return _OUTCOMES[outcome][language == "en"]


def status_label(status: str, language: Language) -> str:
    """The status of a fact: « non tenu »; empty if it is done."""
    return _STATUS[status][language == "en"] if status in _STATUS else ""


def promise_text(promise: Promise, market: Market, language: Language) -> str:
    """The promise without its deadline: « Qualification : SecNumCloud 3.2 »."""
    return fact_text(promise.fact, market, language, dated=False, planned=False)


def fact_text(known: KnownFact, market: Market, language: Language, *, dated: bool = True, planned: bool = True) -> str:
    """« Qualification : SecNumCloud 3.2, prévu, fin 2026 »; without `planned` the word « prévu » is left out."""
    fact = known.fact
    label = market.vocabulary.row(fact.attribute).label(language)
    status = status_label(fact.status, language) if planned or fact.status != "planned" else ""
    day = (fact.due or fact.date or fact.start) if dated else None
    parts = [fact.service, fact.object, quantity(fact), status, day.spoken(language) if day else ""]
    told = ", ".join(dict.fromkeys(typographic(part) for part in parts if part))
    return f"{label}{colon(language)} {told}" if told else label


def quantity(fact: Fact) -> str:
    """« 33 % »: its value with its unit."""
    unit = fact.unit if fact.unit and fact.unit not in (fact.value or "") else None
    return " ".join(part for part in (fact.value, unit) if part)


def sections(changes: Changes, market: Market, language: Language) -> Iterator[tuple[str, list[NewsLine]]]:
    """The changes by kind; empty kinds are omitted."""
    found = {
        "stages": [_moved(now, before, market, language) for now, before in changes.stages],
        "due": [
            NewsLine(f"{one.subject}{colon(language)} {promise_text(one, market, language)} ({outcome_of(one, language)})", one.fact)
            for one in changes.due
        ],
        "expiring": [
            NewsLine(f"{name_of(offer)}{colon(language)} {offer.expires.day.spoken(language)}", offer.expires.fact)
            for offer in changes.expiring
            if offer.expires
        ],
        "facts": [
            NewsLine(f"{actor}{colon(language)} {fact_text(told.best, market, language)}", told.best)
            for actor, facts in changes.facts.items()
            for told in facts
        ],
        "articles": [NewsLine(one_line(typographic(one.title)), article=one) for one in changes.articles],
    }  # fmt: skip
    for key, lines in found.items():
        if lines:
            yield _SECTIONS[key][language == "en"], lines


def _moved(offer: Offer, before: Offer | None, market: Market, language: Language) -> NewsLine:
    assert offer.stage is not None
    was = f"{market.stage(before.stage.id).label(language)} → " if before and before.stage else ""
    label = market.stage(offer.stage.id).label(language)
    return NewsLine(f"{name_of(offer)}{colon(language)} {was}{label}", offer.stage.fact)


def empty_line(changes: Changes, language: Language) -> str:
    """A line that says that nothing has changed, with the date of the newest article; empty if something has."""
    if changes.stages or changes.due or changes.facts or changes.articles:
        return ""
    since = spoken_day(changes.since, language)
    if language == "en":
        return f"Nothing new since {since}. Date of the newest article: {date_of(changes.last, language)}."
    until = of_day(changes.last) if changes.last else date_of(None, language)
    return f"Rien de nouveau depuis le {since}{NBSP}: l’article le plus récent est {until}."


def offer_to_dict(offer: Offer) -> dict[str, Any]:
    """An offer with a stage, as MCP's `market_state` returns it."""
    assert offer.stage
    assert offer.proof
    steps = [*offer.milestones, *(() if offer.stage in offer.milestones else (offer.stage,))]
    since = offer.since.best.since if offer.since else None
    return {
        "provider": offer.provider,
        "service": offer.service,
        "stage": offer.stage.id,
        "since": since.spoken("en") if since else None,
        "expires_calculated": str(offer.expires.day) if offer.expires else None,
        "expired": bool(offer.expires and offer.expires.passed),
        "cross_checked": not offer.reported,
        "contradicted": bool(offer.contradictions),
        **fact_to_dict(offer.proof),
        "newest": citation_to_dict(cited(offer.newest or offer.proof)),
        "steps": [
            {
                "stage": stage.id,
                "at": stage.fact.since.spoken("en") if stage.fact.since else None,
                "said": str(stage.fact.said_on) if stage.fact.said_on else None,
                "quote": stage.fact.quote,
                "article_id": stage.fact.article.article_id,
            }
            for stage in steps
        ],
        "promises": [promise_to_dict(promise) for promise in offer.promises],
    }


def promise_to_dict(promise: Promise) -> dict[str, Any]:
    return {
        **told(promise, "subject", "attribute"),
        "due": str(promise.fact.fact.due or promise.due.last),
        "outcome": promise.outcome,
        **fact_to_dict(promise.fact),
    }


def fact_to_dict(known: KnownFact) -> dict[str, Any]:
    return {
        "said_by": known.says,
        "said_on": str(known.said_on) if known.said_on else None,
        "quote": known.quote,
        "citation": citation_to_dict(cited(known)),
    }


def changes_to_dict(changes: Changes, market: Market) -> dict[str, Any]:
    """One object, as `news --json` prints it."""
    return {
        "since": changes.since.isoformat(),
        "corpus_ends": str(changes.last) if changes.last else None,
        "stages": [
            {**offer_to_dict(now), "before": before.stage.id if before and before.stage else None}
            for now, before in changes.stages
        ],
        "due": [promise_to_dict(promise) for promise in changes.due],
        "expiring": [offer_to_dict(offer) for offer in changes.expiring],
        "facts": {
            actor: [{"text": fact_text(told.best, market, "en"), **fact_to_dict(told.best)} for told in facts]
            for actor, facts in changes.facts.items()
        },
        "articles": [
            {"article_id": one.article_id, "title": one.title, "date": str(one.date) if one.date else None}
            for one in changes.articles
        ],
    }


def cited(known: KnownFact, n: int = 1) -> Citation:
    return citation_of(n, known.article, known.statement.spans[0], known.statement)

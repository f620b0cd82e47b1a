"""What the facts of articles say, arranged: small articles by hand, one for each behaviour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.offers import newest, offers, staged
from trusted_cloud_chat.market.promises import promises, superseded
from trusted_cloud_chat.market.tables import buyers, changes, chronology
from trusted_cloud_chat.output.market import source_of
from trusted_cloud_chat.schema import Article, Enrichment, Fact, Source, Span, Statement

TODAY = date(2026, 12, 1)
ENTITIES, VOCABULARY = load_entities(), load_market().vocabulary
_DATES = ("date", "start", "end", "due")


def said(published: str, *facts: dict[str, Any], source: str | None = None, text: str = "Une phrase.") -> Article:
    """An article of one statement that says the facts."""
    made = [
        Fact(**{key: PartialDate.parse(value) if key in _DATES else value for key, value in fact.items()})
        for fact in facts
    ]
    day = PartialDate.parse(published)
    statement = Statement(
        (Span(0, len(text)),), source=Source(source) if source else None, said_on=day, facts=tuple(made)
    )
    return Article(
        f"{published}-{source}-{text}", "v", "Titre", text, day, "Gazette", enrichment=Enrichment((statement,))
    )


def book(*articles: Article, as_of: str | None = None, today: date = TODAY) -> FactBook:
    day = date.fromisoformat(as_of) if as_of else None
    return FactBook(articles, ENTITIES, VOCABULARY, today, day)


def fact(attribute: str, subject: str = "Bleu", **fields: Any) -> dict[str, Any]:
    return {"subject": subject, "attribute": attribute, **fields}


def plan(due: str, **fields: Any) -> dict[str, Any]:
    return fact("qualification", value="SecNumCloud 3.2", status="planned", due=due, **fields)


def held(day: str, **fields: Any) -> dict[str, Any]:
    return fact("qualification", value="SecNumCloud 3.2", date=day, **fields)


DENIED = fact("qualification", value="SecNumCloud", status="denied")


def outcome(*articles: Article, **where: Any) -> str:
    return promises(book(*articles, **where))[0].outcome


def test_a_promise_is_kept_missed_moved_open_or_nobody_tells() -> None:
    made = said("2024-01", plan("2025"))
    assert outcome(made, said("2025-12", held("2025-11"))) == "kept"
    assert outcome(made, said("2026-04", held("2026-03"))) == "missed"
    assert outcome(made, said("2026-02", DENIED)) == "missed"
    assert outcome(made, said("2025-05", plan("2026-06"))) == "moved"
    assert outcome(made) == "unknown"
    assert outcome(said("2026-05", plan("2027"))) == "open"


def test_what_is_due_beside_promises_has_its_own_attribute() -> None:
    law, view = (fact(kind, value="loi A", status="planned", due="2025-03") for kind in ("law", "position"))
    told = fact("definition", value="loi A", date="2025-02")
    made = promises(book(said("2024-10", law, view), said("2025-02", told)), of_all=True)

    assert {(one.attribute, one.outcome) for one in made} == {("law", "unknown"), ("position", "unknown")}


def test_what_was_held_before_it_was_promised_keeps_no_promise() -> None:
    assert outcome(said("2019-05", held("2019")), said("2024-01", plan("2025"))) == "unknown"


def test_a_plan_told_later_without_a_day_shows_that_it_was_not_kept() -> None:
    later = fact("qualification", value="SecNumCloud", status="planned")
    assert outcome(said("2021-10", plan("2022")), said("2025-10", later)) == "missed"


def test_another_milestone_or_version_keeps_no_promise() -> None:
    made = said("2024-01", fact("milestone", value="J2", status="planned", due="2025"))
    assert outcome(made, said("2025-05", fact("milestone", value="J0", date="2025-04"))) == "unknown"
    assert (
        outcome(
            said("2024-01", plan("2025")), said("2025-05", fact("qualification", value="SecNumCloud 3.1", date="2025"))
        )
        == "unknown"
    )


def test_who_says_the_same_is_put_together_and_the_sources_counted() -> None:
    one = said("2025-04-18", held("2025-04"), source="LeMagIT")
    two = said("2025-04-19", held("2025-04-17"), source="Clubic")
    again = said("2025-05", held("2025-04-17"), source="LeMagIT")
    (told,) = book(one, two, again).joined(book(one, two, again).of("Bleu", "qualification"))
    assert told.sources == 2
    assert str(told.best.since) == "2025-04-17"


def test_a_promise_in_two_articles_is_one_with_the_words_of_its_sentence() -> None:
    text = "Bleu vise le premier semestre 2026."
    (promise,) = promises(
        book(said("2025-04", plan("2026-06"), text=text, source="A"), said("2025-06", plan("2026-06"), source="B"))
    )
    assert promise.told.sources == 2
    assert promise.due.spoken("fr") == "premier semestre 2026"
    assert promise.due.spoken("en") == "first half of 2026"


def test_a_vague_day_at_second_hand_is_no_other_promise_but_one_at_first_hand_is() -> None:
    text = "La bascule est prévue au début de 2027."
    close = said("2026-04", fact("migration", status="planned", due="2027-03"), text=text)
    vague = fact("migration", status="planned", due="2027")
    (promise,) = promises(book(close, said("2026-08", {**vague, "reported": True})))
    assert (promise.outcome, promise.due.spoken("fr")) == ("open", "début de 2027")
    assert len(promises(book(close, said("2026-08", vague)))) == 2


def test_the_day_on_which_a_contract_ends_is_no_promise_and_the_one_by_which_it_is_to_be_signed_is() -> None:
    contract = fact("contract", object="EDF", status="planned")
    assert promises(book(said("2024-01", {**contract, "end": "2025"}))) == []
    assert len(promises(book(said("2024-01", {**contract, "due": "2025"})))) == 1


def test_names_services_and_figures_are_compared_in_one_form() -> None:
    wording = book().wording
    assert wording.name("Outscale") == "3DS Outscale"
    services = "services d’infrastructure de cloud public", "infrastructure de cloud public"
    assert wording.service(services[0]) == wording.service(services[1])
    assert wording.scheme("version 3.2 de SecNumCloud") == wording.scheme("SecNumCloud 3.2")
    assert wording.scheme("jalon d’entrée en qualification") == wording.scheme("J0")
    french = Fact("HDH", "contract", value="10,547", unit="millions d’euros")
    english = Fact("HDH", "contract", value="10.547", unit="million euros")
    assert wording.numbers(french, "fr") == wording.numbers(english, "en")


def test_dates_and_statuses_that_cannot_both_be_right_are_told() -> None:
    two_days = book(said("2026-01", held("2025-12-17"), source="A"), said("2026-01", held("2025-12-19"), source="B"))
    ((one, other),) = two_days.contradictions(two_days.facts)
    assert {str(one.best.since), str(other.best.since)} == {"2025-12-17", "2025-12-19"}
    denied = book(said("2026-04", fact("qualification", value="SecNumCloud")), said("2026-05", DENIED))
    assert len(denied.contradictions(denied.facts)) == 1
    later = book(said("2025-11", DENIED), said("2025-12", held("2025-12-17")))
    assert not later.contradictions(later.facts)


def test_two_sums_of_one_contract_contradict_each_other() -> None:
    sums = [fact("contract", object="EDF", value=value, unit="millions d’euros") for value in ("860", "500")]
    known = book(said("2025-11", sums[0], source="A"), said("2025-11", sums[1], source="B"))
    (sale,) = buyers(known)
    assert (sale.buyer, sale.supplier) == ("EDF", "Bleu")


def test_figures_for_two_years_do_not() -> None:
    """23.1 billion in 2027 is no other word on 2026."""
    sums = [
        fact("figure", service="dépenses", value=value, unit="milliards d’euros", due=due, status="planned")
        for value, due in (("12,6", "2026"), ("23,1", "2027"))
    ]
    apart = book(said("2026-02", sums[0], source="A"), said("2026-02", sums[1], source="B"))

    assert not apart.contradictions(apart.facts)


def test_a_sale_shows_the_sentence_that_names_what_is_bought_and_whether_it_is_planned() -> None:
    named = said("2025-11", fact("contract", object="EDF", service="cloud de confiance d’EDF"), text="Avec le nom.")
    bare = said("2026-03", fact("customer", object="EDF", status="planned"), fact("price", value="1"), text="Sans nom.")
    late = said("2026-04", fact("contract", object="EDF", status="ended"), text="Plus tard.")
    (sale,) = buyers(book(named, bare, late))
    assert (sale.shown.quote, sale.service, sale.status) == ("Avec le nom.", "cloud de confiance d’EDF", "ended")


def test_a_source_without_a_day_never_gets_that_of_the_article() -> None:
    (known,) = book(said("2026-05", DENIED, source="AFNOR")).facts
    assert source_of(known, "fr") == "AFNOR, sans date"
    dated = replace(known, statement=replace(known.statement, said_by="source"))
    assert source_of(dated, "fr") == "AFNOR, mai 2026"


def test_the_newest_of_one_day_tells_of_the_latest() -> None:
    then, now = (fact("milestone", value=value, date=day) for value, day in (("J1", "2026-03"), ("J0", "2025-04")))
    (offer,) = offers(book(said("2026-05", then, now)))
    assert offer.newest is not None
    assert offer.newest.fact.value == "J1"


def test_as_of_a_day_nothing_later_is_known() -> None:
    articles = said("2025-04-18", fact("milestone", value="J0", date="2025-04-17")), said("2026-01", held("2025-12-17"))
    (then,) = offers(book(*articles, as_of="2025-06-01"))
    (now,) = offers(book(*articles))
    assert then.stage is not None
    assert then.stage.id == "J0"
    assert now.stage is not None
    assert now.stage.id == "qualified"
    # a month counts as its last day
    assert not book(said("2025-04", DENIED), as_of="2025-04-15").facts


def test_a_qualification_ends_by_computation() -> None:
    (offer,) = offers(book(said("2024-01", held("2023-12-05"))))
    assert offer.expires is not None
    assert (str(offer.expires.day), offer.expires.passed) == ("2026-12-05", False)
    (past,) = offers(book(said("2024-01", held("2023-12-05")), today=date(2027, 1, 1)))
    assert past.expires is not None
    assert past.expires.passed


def test_the_newest_first_hand_statement_decides_the_stage() -> None:
    hearsay = fact("qualification", value="SecNumCloud", reported=True)
    (offer,) = offers(book(said("2026-05-11", DENIED, source="Bleu"), said("2026-05-20", hearsay, source="Blog")))
    assert offer.stage is not None
    assert offer.stage.id == "not_qualified"
    assert offer.stage.fact.says == "Bleu"
    (alone,) = offers(book(said("2026-05-20", hearsay)))
    assert alone.reported


def test_what_names_no_service_counts_for_the_only_qualified_one() -> None:
    premi3ns = held("2025-12-17", subject="S3NS", service="PREMI3NS")
    articles = said("2025-05", plan("2025-09", subject="S3NS")), said("2025-12-24", premi3ns)
    (offer,) = offers(book(*articles))
    assert (offer.provider, offer.service) == ("S3NS", "PREMI3NS")
    assert [promise.outcome for promise in offer.promises] == ["missed"]


def test_what_changed_is_told_by_actor_stage_due_day_and_expiry() -> None:
    articles = (
        said("2024-01", plan("2026-09"), held("2024-01", subject="OVHcloud")),
        said("2026-10", held("2026-10-05"), source="Clubic"),
    )
    since = date(2026, 9, 15)
    told = changes(book(*articles), book(*articles, as_of=str(since)), since)
    assert list(told.facts) == ["Bleu"]
    assert [(offer.provider, before and before.stage and before.stage.id) for offer, before in told.stages] == [
        ("Bleu", "announced")
    ]
    assert [promise.outcome for promise in told.due] == ["missed"]
    assert [offer.provider for offer in told.expiring] == ["OVHcloud"]
    assert len(told.articles) == 1
    assert str(told.last) == "2026-10"
    came = changes(book(*articles), book(articles[1]), since, {articles[0].article_id})
    assert [one.article_id for one in came.articles] == [articles[0].article_id], "by the day that it came"
    assert list(came.facts) == ["Bleu", "OVHcloud"]


def test_a_chronology_tells_promises_on_the_day_they_were_made() -> None:
    known = book(said("2024-01", plan("2025")), said("2025-12", held("2025-11")))
    events = chronology(known, "Bleu")
    assert [(str(event.day), event.promise and event.promise.outcome) for event in events] == [
        ("2024-01", "kept"),
        ("2025-11", None),
    ]


def test_answers_find_the_newest_state_holders_and_pending() -> None:
    known = book(
        said("2025-04", DENIED),
        said("2026-03", DENIED, source="Clubic"),
        said("2024-01", held("2024-01", subject="OVHcloud", service="Hosted Private Cloud")),
    )
    last = newest(known, "Bleu", "qualification", known.of("Bleu", "qualification")[0])
    assert last is not None
    assert str(last.best.said_on) == "2026-03"
    rows = offers(known)
    assert [offer.provider for offer in staged(known, "SecNumCloud", rows, pending=False)] == ["OVHcloud"]
    assert [offer.provider for offer in staged(known, "SecNumCloud", rows, pending=True)] == ["Bleu"]


def test_an_attribute_that_nobody_described_is_text() -> None:
    known = book(said("2026-01", fact("colour", value="bleu")))
    assert VOCABULARY.row("colour").label("fr") == "colour"
    assert newest(known, "Bleu", "colour", known.of("Bleu", "colour")[0]) is not None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_attribute_has_its_label(language: Any) -> None:
    assert all(row.label(language) != row.id for row in VOCABULARY.attribute if language == "fr")


def test_what_no_longer_holds_has_the_later_fact() -> None:
    """A promise its outcome, an office who holds it now, a state its end; another office or offer nothing."""
    boss = fact("person", object="Ada", value="dirigeant")
    next_one, other = {**boss, "object": "Grace"}, {**boss, "object": "Joan", "value": "trésorière"}
    facts = book(
        said("2025-01", plan("2025-12")),
        said("2025-02", boss),
        said("2025-03", held("2025-02", subject="S3NS")),
        said("2026-01", held("2025-12")),
        said("2026-02", next_one, other),
        said("2026-03", {**next_one, "object": "grace"}),
        said("2026-03", fact("qualification", "S3NS", value="SecNumCloud 3.2", status="ended")),
    )
    later = {(one.fact.subject, one.fact.status, one.fact.object): by.fact for one, by in superseded(facts).items()}

    assert set(later) == {("Bleu", "planned", None), ("Bleu", "done", "Ada"), ("S3NS", "done", None)}
    assert later["Bleu", "planned", None].status == "done"
    assert later["Bleu", "done", "Ada"].object == "grace"
    assert later["S3NS", "done", None].status == "ended"

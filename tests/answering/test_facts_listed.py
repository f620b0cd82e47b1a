"""Several things told together: what belongs to one set, what became of a promise, one fact told twice, long lists, the same asked of each."""

from __future__ import annotations

import pytest

from made import answer_of, asked, maker_of, passage_of, words_of
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.answering.forms.quotes import quotes_form
from trusted_cloud_chat.answering.forms.table import table_form
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Fact, Passage


def test_what_became_of_a_promise_stands_open_beside_it() -> None:
    due = Fact("S3NS", "qualification", value="SecNumCloud", due=PartialDate(2025, 8), status="planned")
    held = Fact("S3NS", "qualification", value="SecNumCloud", date=PartialDate(2025, 12, 17))
    promised = passage_of("S3NS espère être qualifié SecNumCloud à l’été.", "2025-05", facts=[due])
    done = passage_of("L’ANSSI a qualifié S3NS le 17 décembre 2025.", "2025-12-24", facts=[held], read=-5.0)
    answer = answer_of(asked("S3NS devait être prêt quand ?", "date"), promised, done)

    opened, _, _ = answer.answer.partition("autre extrait")
    assert done.text in opened


def test_what_became_of_it_is_told_by_that_event_and_by_no_other_of_its_day() -> None:
    aim = Fact("Bleu", "milestone", value="J1", due=PartialDate(2025, 6), status="planned")
    passed = Fact("Bleu", "milestone", value="J1", date=PartialDate(2025, 11))
    signed = Fact("Bleu", "contract", object="EDF", date=PartialDate(2025, 11))
    quotes = [passage_of("Bleu vise le jalon J1 en juin 2025.", "2025-01", facts=[aim]),
              passage_of("Bleu a passé le jalon J1 ce mois-ci.", "2025-11", facts=[passed]),
              passage_of("Bleu a signé avec EDF en novembre 2025.", "2025-11", facts=[signed])]  # fmt: skip
    maker = maker_of(asked("Quand Bleu passe-t-il le J1 ?", "date"), *quotes)
    became = maker.known.became(maker.evidence.ranked[0]) if maker.known else None

    assert became is not None
    assert became.text == quotes[1].text


def test_each_fact_is_told_once() -> None:
    aid = Fact("État", "funding", value="180 000", unit="euros")
    twice = [passage_of("Une aide de 180 000 euros s’ouvre aux PME.", "2022-12", facts=[aid]),
             passage_of("Chaque bénéficiaire reçoit jusqu’à 180 000 euros.", "2023-01", facts=[aid])]  # fmt: skip
    form = quotes_form(maker_of(asked("Quelle aide de l’État ?", "list"), *twice))

    assert [one.text for one in form.quotes] == [twice[0].text]


def owned(owner: str, text: str) -> Passage:
    return passage_of(text, "2022-10", facts=[Fact("NumSpot", "ownership", object=owner)])


def test_the_other_parties_are_listed_each_once_in_as_few_sentences_as_tell_all() -> None:
    both = owned("Docaposte et Bouygues Telecom", "Docaposte et Bouygues Telecom détiennent NumSpot.")
    again, third = owned("Docaposte", "Docaposte détient NumSpot."), owned("Dassault", "Dassault détient NumSpot.")
    form = list_form(maker_of(asked("Quels sont les actionnaires de NumSpot ?", "list"), again, both, third))

    assert form is not None
    assert [one.text for one in form.quotes] == [both.text, third.text]
    assert "3 entrées" in form.lead


def test_who_chose_whom_is_told_of_either_also_of_whom_only_facts_name() -> None:
    chose = passage_of("La Ville a choisi Bleu.", "2025", facts=[Fact("Bleu", "customer", object="Ville")])
    for typed in ("Qui a choisi Bleu ?", "Qui la Ville a-t-elle choisi ?"):
        form = list_form(maker_of(asked(typed, "who"), chose))
        assert form is not None
        assert [one.text for one in form.quotes] == [chose.text]


def test_who_chose_two_is_told_of_each_where_neither_chose_the_other() -> None:
    chose = [
        passage_of(f"{buyer} a retenu {one}.", "2025", facts=[Fact(one, "customer", object=buyer)])
        for buyer, one in (("EDF", "Bleu"), ("SNCF", "S3NS"))
    ]
    form = list_form(maker_of(asked("Quelles entreprises ont retenu Bleu et S3NS ?", "list"), *chose))

    assert form is not None
    assert {one.text for one in form.quotes} == {one.text for one in chose}


def test_events_of_a_time_need_no_name() -> None:
    facts = [
        Fact(who, "incident", value="panne", date=PartialDate(2025, 10, day))
        for who, day in (("AWS", 20), ("OVHcloud", 29))
    ]
    told = [passage_of(f"Une panne a touché {one.subject}.", "2025-11", facts=[one]) for one in facts]
    old = passage_of("OVHcloud a brûlé.", "2022-03", facts=[Fact("OVHcloud", "incident", date=PartialDate(2021, 3))])
    form = list_form(maker_of(asked("Quelles pannes à l’automne 2025 ?", "list"), *told, old))

    assert form is not None
    assert {one.text for one in form.quotes} == {one.text for one in told}


def test_a_long_chronology_keeps_its_newest_open() -> None:
    told = [
        passage_of(f"Bleu {'avance pas à pas, ' * 8}en {year}.", f"{year}-01", facts=[Fact("Bleu", "offer", value=str(year), date=PartialDate(year))])
        for year in range(2014, 2024)
    ]  # fmt: skip
    answer = answer_of(asked("Chronologie de Bleu", "list"), *told)
    opened, title, _ = words_of(answer).partition("autres extraits")

    assert title
    assert "en 2023" in opened
    assert "en 2014" not in opened


@pytest.mark.parametrize(
    ("typed", "kind", "is_table"),
    [
        ("Combien de salariés ont Bleu et S3NS ?", "number", True),
        ("Quand Bleu et S3NS ont-ils choisi Scaleway, et combien de salariés ?", "number", False),
        ("Combien de couleurs ont Bleu et S3NS ?", "number", False),
        ("Combien de salariés de S3NS pour Bleu ?", "number", False),
    ],
)
def test_what_is_asked_of_each_is_a_table(typed: str, kind: str, is_table: bool) -> None:
    counts = [
        passage_of(f"{name} compte {count} salariés.", f"2025-0{count[0]}", facts=[Fact(name, "headcount", value=count, unit="salariés")])
        for name, count in (("Bleu", "100"), ("S3NS", "200"))
    ]  # fmt: skip
    form = table_form(maker_of(asked(typed, kind), *counts))

    assert (form is not None) == is_table


def test_a_number_of_each_leads_with_a_sentence_for_each() -> None:
    told = [passage_of(f"{name} compte {count} salariés.") for name, count in (("Bleu", 100), ("S3NS", 200))]
    near = passage_of("Bleu et ses 90 ingénieurs avancent.")
    question = asked("Combien de salariés chez Bleu et S3NS, chacun ?", "number")
    form = quotes_form(maker_of(question, told[0], near, told[1]))

    assert [one.text for one in form.quotes[: form.opened]] == [one.text for one in told]
    alone = quotes_form(maker_of(asked("Combien de salariés chez Bleu et S3NS ?", "number"), told[0], near, told[1]))
    assert alone.opened == 1

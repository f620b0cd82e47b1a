"""Lists that go by time: where somebody stands, what was promised and what became of it, what has changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from made import answer_of, asked, maker_of, passage_of, words_of
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Fact, Passage


def told(text: str, day: str, attribute: str, **fields: Any) -> Passage:
    """A sentence of that day about the Health Data Hub, and its fact; `when` and `due` are days."""
    when, due = (PartialDate.parse(fields.pop(key)) if key in fields else None for key in ("when", "due"))
    language = fields.pop("language", "fr")
    fact = Fact("Health Data Hub", attribute, date=when, due=due, **fields)
    return passage_of(text, day, facts=[fact], language=language)


FOUNDED = told("Le Health Data Hub est né en 2019.", "2026-02", "creation", when="2019-12")
FIRST = told("Le Health Data Hub migrera fin 2025.", "2024-05", "migration", due="2025-12", value="a", status="planned")
THEN = told("Le Health Data Hub migrera fin 2026.", "2026-04", "migration", due="2026-12", value="a", status="planned")
ENGLISH = told(
    "The Health Data Hub is to migrate by the end of 2026.", "2026-04-20", "migration",
    due="2026-12", value="a", status="planned", language="en",
)  # fmt: skip
OPENED = told("Le marché du Health Data Hub est ouvert.", "2026-02", "tender", when="2026-02-09")
MOVED = told("Le Health Data Hub a migré le 3 mars 2027.", "2027-03", "migration", when="2027-03-03", value="a")
ALL = (FOUNDED, FIRST, THEN, ENGLISH, OPENED)


def listed(typed: str, *passages: Passage, today: date = date(2026, 5, 1)) -> list[str]:
    form = list_form(maker_of(asked(typed, "list", today=today), *passages))
    return [quote.text for quote in form.quotes] if form else []


def test_where_somebody_stands_is_the_newest_by_attribute_in_the_language_of_the_question() -> None:
    french = listed("Où en est le Health Data Hub ?", *ALL)

    assert french == [THEN.text, OPENED.text]
    assert listed("Where does the Health Data Hub stand?", *ALL) == [ENGLISH.text, OPENED.text]
    assert listed("Où en est le Health Data Hub ?", FOUNDED) == []  # its creation is no present state


def test_the_state_of_a_law_and_a_promise_without_news_are_part_of_where_it_stands() -> None:
    adopted = told("Le texte a été voté le 4 mars 2024.", "2024-03", "law", when="2024-03-04")
    late = told("Fin 2025, le texte n’est pas appliqué.", "2025-12-29", "law", when="2025", status="denied")
    study = told("Une commission a étudié le texte en septembre 2025.", "2025-12-29", "law", when="2025-09")
    due = told("Le marché sera attribué en janvier 2026.", "2026-02-20", "tender", due="2026-01", status="planned")
    gone = told("Le marché sera attribué en janvier 2026.", "2025-12-20", "tender", due="2026-01", status="planned")
    typed = "Le Health Data Hub, ça en est où ?"

    assert listed(typed, adopted, study, late) == [late.text]  # what a source says of 2025 in December is newer
    assert listed(typed, OPENED, due) == [due.text, OPENED.text]
    assert listed(typed, OPENED, gone) == [OPENED.text]  # a newer state is known


def test_what_happened_to_a_name_without_a_period_is_its_chronology() -> None:
    decided = passage_of(
        "Le 20 mars 2026, le Conseil d’État valide une autorisation donnée par la CNIL.", "2026-03",
        facts=[Fact("Conseil d’État", "decision", object="Health Data Hub", date=PartialDate(2026, 3, 20))],
    )  # fmt: skip
    happened = [FOUNDED.text, decided.text]

    assert listed("Qu’est-ce qui s’est passé au Health Data Hub ?", decided, FOUNDED) == happened
    assert listed("Health Data Hub : quelles étapes ?", decided, FOUNDED) == happened


def test_decisions_are_those_of_the_authority_named_each_on_its_closest_day() -> None:
    def decision(text: str, day: str, about: str) -> Passage:
        fact = Fact("Conseil d’État", "decision", object=about, date=PartialDate.parse(day))
        return passage_of(text, "2026-04", facts=[fact])

    vague = decision("En octobre 2020, le Conseil d’État a refusé la suspension.", "2020-10", "Health Data Hub")
    close = decision("Il a statué sur le Health Data Hub le 13 octobre 2020.", "2020-10-13", "Health Data Hub")
    other = decision("Le Conseil d’État a rejeté le recours le 19 novembre 2024.", "2024-11-19", "EMC2")
    typed = "Décisions du Conseil d’État sur le Health Data Hub, lesquelles ?"

    assert sorted(listed(typed, vague, close, other)) == sorted([close.text, other.text])
    assert "Décisions datées" in words_of(answer_of(asked(typed, "fact", today=date(2026, 5, 1)), vague, close, other))


def test_the_days_that_were_promised_and_what_became_of_them_oldest_first() -> None:
    typed = "Toutes les dates annoncées par le Health Data Hub puis la vraie"
    late = date(2027, 5, 1)
    answer = answer_of(asked(typed, "list", today=late), *ALL, MOVED)

    assert listed(typed, *ALL, MOVED, today=late) == [FIRST.text, THEN.text, MOVED.text]
    assert "manquée" in words_of(answer)


def test_two_promises_of_a_sentence_with_two_outcomes_are_named() -> None:
    facts = [
        Fact("Health Data Hub", kind, value=value, due=PartialDate(2025, 12), status="planned")
        for kind, value in (("migration", "a"), ("offer", "b"))
    ]
    both = passage_of("Le Health Data Hub migrera et ouvrira fin 2025.", "2024-05", facts=facts)
    late = told("Le Health Data Hub a migré en mars 2026.", "2026-03", "migration", when="2026-03", value="a")
    typed = "Quels engagements du Health Data Hub n’ont pas été tenus ?"
    said = words_of(answer_of(asked(typed, "list", today=date(2026, 5, 1)), both, late))

    assert "manquée (migration)" in said
    assert "suite non connue (offre)" in said


def test_the_days_announced_for_a_law_are_among_them() -> None:
    law = told("Le texte est attendu en mars 2026.", "2025-10", "law", due="2026-03", status="planned")

    assert listed("Toutes les dates annoncées par le Health Data Hub", law) == [law.text]


def test_what_has_changed_goes_by_the_day_of_the_fact() -> None:
    typed = "Qu’est-ce qui a changé ce mois-ci ?"

    assert listed(typed, *ALL, today=date(2026, 2, 20)) == [OPENED.text]


def test_what_changes_on_a_day_to_come_is_what_is_announced_for_it() -> None:
    assert listed("Qu’est-ce qui change en décembre 2026 ?", *ALL) == [THEN.text]


def test_what_was_put_off_is_announced_for_its_new_day_alone_and_days_to_come_are_in_order() -> None:
    soon = told("Les inscriptions ouvrent en juin.", "2026-03", "offer", due="2026-06", value="b", status="planned")
    late = told("Les prix montent en août 2026.", "2026-04", "price", due="2026-08", value="c", status="planned")
    first = told("La migration est pour juin 2026.", "2025-05", "migration", due="2026-06", value="a", status="planned")

    assert listed("Qu’est-ce qui change en juin 2026 ?", first, THEN, soon) == [soon.text]
    assert listed("Qu’est-ce qui change à l’été 2026 ?", late, soon) == [soon.text, late.text]


def test_of_many_days_to_come_the_first_are_shown() -> None:
    many = [
        told(f"Palier {'x' * n}.", "2026-03", "offer", due=f"2026-12-{n:02}", value=f"{n}", status="planned")
        for n in range(1, 15)
    ]
    form = list_form(maker_of(asked("Qu’est-ce qui change en décembre 2026 ?", today=date(2026, 5, 1)), *many))

    assert form is not None
    assert "les 12 premières de 14 entrées" in form.lead
    assert form.quotes[0].text == many[0].text


def test_where_nothing_has_a_day_of_that_time_it_is_said_with_what_happened_last() -> None:
    question = asked("Qu’est-ce qui a changé ce mois-ci ?", "how_changed", today=date(2026, 12, 1))
    said = words_of(answer_of(question, *ALL, sure=0.1))

    assert said.startswith("Aucun fait n’est daté de cette période ; les articles vont jusqu’au 20 avril 2026.")
    assert OPENED.text in said


def test_promises_of_a_law_named_are_of_that_law_alone() -> None:
    late = date(2027, 5, 1)

    assert listed("Quelles promesses n’ont pas été tenues ?", FIRST, today=late) == [FIRST.text]
    assert listed("Quelles promesses de la directive NIS2 n’ont pas été tenues ?", FIRST, today=late) == []

"""Who has come to a stage: the list of an answer tells what facts tell, as of the day that is asked of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from made import MARKET, answer_of, asked, maker_of, passage_of, words_of
from trusted_cloud_chat.answering.forms.form import Form
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Fact, Passage
from trusted_cloud_chat.trace import Trace

WHO = "Qui est qualifié SecNumCloud ?"


def qualified(subject: str, day: str | None = None, **fields: Any) -> list[Fact]:
    since = PartialDate.parse(day) if day else None
    return [Fact(subject, "qualification", value="SecNumCloud", date=since, **fields)]


S3NS = passage_of(
    "L’offre PREMI3NS de S3NS a reçu la qualification SecNumCloud le 17 décembre 2025.",
    "2025-12-19",
    facts=qualified("S3NS", "2025-12-17", service="PREMI3NS"),
)
AGAIN = passage_of(
    "L’ANSSI a délivré le 17 décembre 2025 la qualification SecNumCloud à PREMI3NS, que S3NS bâtit sur Google Cloud.",
    "2026-01-24",
    facts=qualified("S3NS", "2025-12-17", service="PREMI3NS"),
)
OLD = passage_of(
    "Outscale a obtenu la qualification SecNumCloud en 2019.", "2019-12", facts=qualified("3DS Outscale", "2019")
)
RENEWED = passage_of(
    "Outscale a obtenu de nouveau la qualification SecNumCloud en décembre 2023.",
    "2024-01",
    facts=qualified("3DS Outscale", "2023-12"),
)
PRIVATE = passage_of(
    "OVHcloud est qualifié SecNumCloud pour son cloud privé, mais ne l’est pas pour son cloud public.",
    "2021-10",
    facts=qualified("OVHcloud"),
)
BEHIND = passage_of(
    "Free Pro, Whaller et NumSpot sont en cours de qualification SecNumCloud.",
    "2026-02",
    facts=[Fact(name, "milestone", value="en cours") for name in ("Free Pro", "Whaller", "NumSpot")],
)
DENIED = passage_of("Bleu n’est pas encore qualifié SecNumCloud.", "2026-03", facts=qualified("Bleu", status="denied"))
ALL = (S3NS, AGAIN, OLD, RENEWED, PRIVATE, BEHIND, DENIED)


def listed(typed: str, *passages: Passage, kind: str = "who", as_of: date | None = None) -> Form | None:
    return list_form(maker_of(asked(typed, kind, as_of=as_of), *passages))


def held_by(form: Form | None) -> list[tuple[str, str | None]]:
    return [(one.provider, one.service) for one in form.states] if form else []


def told(typed: str, as_of: date | None = None, sure: float = 0.1, trace: Trace | None = None) -> Answer:
    return answer_of(asked(typed, "who", as_of=as_of), *ALL, sure=sure, trace=trace)


def test_the_list_is_what_the_facts_tell() -> None:
    """The same providers and services, one entry each, newest evidence first, each with the quote that proves it."""
    form = listed(WHO, *ALL)

    assert form is not None
    assert held_by(form)[0] == ("S3NS", "PREMI3NS")
    assert [one.provider for one in form.states] == ["S3NS", "3DS Outscale", "OVHcloud"]
    assert [quote.text for quote in form.quotes] == [AGAIN.text, RENEWED.text, PRIVATE.text]
    assert (form.listed, form.proves) == (True, True)


def test_the_lead_says_how_many_and_each_line_since_when() -> None:
    answer = told(WHO)
    lead, *lines = words_of(answer).split("\n")

    assert lead == "Qualifiés, d’après les articles (3 noms ; la liste peut être incomplète) :"
    assert lines[1].startswith(
        "- PREMI3NS (S3NS) : qualifié depuis le 17 décembre 2025, jusqu’au 17 décembre 2028 (calculé) [1] — "
    )
    assert [(one.holder, one.citation) for one in answer.stages] == [("S3NS", 1), ("3DS Outscale", 2), ("OVHcloud", 3)]
    assert answer.outcome == "answered"


def test_what_is_known_at_second_hand_alone_is_said_to_be() -> None:
    heard = passage_of(
        "Pi serait qualifié, selon un blog.", "2026-02", facts=qualified("Pi", "2026-01-05", reported=True)
    )

    assert "qualifié depuis le 5 janvier 2026, jusqu’au 5 janvier 2029 (calculé), non recoupé [1] — " in words_of(
        answer_of(asked(WHO, "who"), heard)
    )


@pytest.mark.parametrize(
    ("typed", "as_of", "names"),
    [
        (WHO, date(2023, 6, 30), ["OVHcloud", "3DS Outscale"]),
        (WHO, date(2020, 6, 30), ["3DS Outscale"]),
        (WHO, date(2019, 6, 30), []),
        ("Qui était qualifié SecNumCloud en 2023 ?", None, ["3DS Outscale", "OVHcloud"]),
        ("Qui était qualifié SecNumCloud en 2020 ?", None, ["3DS Outscale"]),
        ("Qui était qualifié SecNumCloud au 30 juin 2025 ?", None, ["3DS Outscale", "OVHcloud"]),
        ("Qui était qualifié SecNumCloud en 2012 ?", None, []),
        ("Qui a obtenu la qualification SecNumCloud en 2025 ?", None, ["S3NS"]),
        ("Qui a obtenu la qualification SecNumCloud en 2024 ?", None, []),
        ("Qui obtiendra la qualification SecNumCloud en 2028 ?", None, []),
    ],
)
def test_as_of_the_day_or_the_time_that_is_asked_of(typed: str, as_of: date | None, names: list[str]) -> None:
    """By what was published by that day; of a time in the question by what was published at any time."""
    assert [name for name, _ in held_by(listed(typed, *ALL, as_of=as_of))] == names


def test_the_lead_names_the_day() -> None:
    assert words_of(told("Qui était qualifié SecNumCloud en 2020 ?")).startswith(
        "Qualifiés, d’après les articles (état au 31 décembre 2020 : 1 nom ; "
    )


def test_what_answers_for_sure_is_quoted_all_the_same() -> None:
    """« Cinq prestataires sont qualifiés » names nobody."""
    assert told(WHO, date(2019, 6, 30), sure=0.9).outcome == "answered"


@pytest.mark.parametrize(
    "typed", ["Qui n’est pas encore qualifié SecNumCloud ?", "Quels fournisseurs sont en cours de qualification ?"]
)
def test_a_question_that_denies_lists_those_who_have_not_come_so_far(typed: str) -> None:
    form = listed(typed, *ALL, kind="list")

    assert sorted(name for name, _ in held_by(form)) == ["Bleu", "Free Pro", "NumSpot", "Whaller"]
    assert form is not None
    assert [quote.text for quote in form.quotes] == [DENIED.text, BEHIND.text]


def test_an_enumeration_is_one_line() -> None:
    answer = told("Qui n’est pas encore qualifié SecNumCloud ?")

    assert words_of(answer).count("- Free Pro, NumSpot, Whaller : en cours, jalon non précisé [2] — ") == 1
    assert [one.holder for one in answer.stages if one.citation == 2] == ["Free Pro", "NumSpot", "Whaller"]


@pytest.mark.parametrize(
    ("typed", "passages"),
    [
        (WHO, [DENIED]),
        (WHO, []),
        ("Quand S3NS a-t-il été qualifié SecNumCloud ?", ALL),
        ("Quels qualifiés SecNumCloud ne sont pas français ?", ALL),
        ("Qui sera qualifié SecNumCloud ?", ALL),
    ],
)
def test_no_list(typed: str, passages: Sequence[Passage]) -> None:
    assert listed(typed, *passages) is None


def test_the_stage_of_every_list_is_one_of_the_market() -> None:
    assert all(MARKET.stage(row.stage) for row in MARKET.rows.list if row.stage)

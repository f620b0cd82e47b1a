"""Who is qualified: one sentence a holder, told by its stage."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.timeline.holders import qualified_holders

WHO = "Quels fournisseurs sont qualifiés SecNumCloud ?"


def told(question: str, *quotes: str) -> list[str]:
    ranked = [sentence(quote, name=f"a{n}", score=5.0 - n / 10) for n, quote in enumerate(quotes)]
    return [choice.text for choice in qualified_holders(asked(question), ranked, ENTITIES)]


OVH = "OVHcloud a obtenu en janvier 2024 la qualification SecNumCloud en version 3.2 pour ses offres Hosted Private Cloud."
OUTSCALE = "Outscale a obtenu la qualification SecNumCloud."
S3NS = "S3NS, filiale de Thales, a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS."


def test_who_was_qualified_in_a_past_year() -> None:
    assert told("Qui était qualifié SecNumCloud fin 2024 ?", OVH, S3NS) == [OVH]
    assert told("Who was SecNumCloud qualified in 2024?", OVH, S3NS) == [OVH]


def test_one_sentence_a_holder_those_with_a_date_first() -> None:
    assert told(WHO, OUTSCALE, "Outscale est qualifié SecNumCloud.", OVH, S3NS) == [S3NS, OVH, OUTSCALE]


def test_who_waits_or_is_only_named_is_none() -> None:
    """« Un fournisseur qualifié » is promised, Bleu is a candidate, and Thales is the parent."""
    others = (
        "La ministre a promis de confier le Health Data Hub à un fournisseur européen qualifié SecNumCloud.",
        "Bleu n’est pas encore qualifié SecNumCloud.",
        "Bleu vise la qualification SecNumCloud avant la fin de 2026.",
    )

    assert told(WHO, *others, OVH, S3NS) == [S3NS, OVH]
    assert told(WHO, *others, S3NS, "Thales a été cité.") == []


def test_who_said_something_of_a_qualification_is_no_list() -> None:
    assert told("Qui a affirmé que la qualification SecNumCloud est politique ?", OVH, S3NS) == []
    assert told("Qui a délivré la qualification SecNumCloud ?", OVH, S3NS) == []
    assert told("Who was awarded the SecNumCloud qualification?", OVH, S3NS) == [S3NS, OVH]


def test_a_sentence_that_enumerates_comes_before_those_without_a_day_and_adds_to_those_with_one() -> None:
    several = "OVHcloud, Outscale et S3NS sont qualifiés SecNumCloud."

    assert told(WHO, "OVHcloud est qualifié SecNumCloud.", several) == [several]
    assert told(WHO, OVH, several, S3NS) == [S3NS, OVH, several]
    assert told(WHO, several, OVH, S3NS) == [S3NS, OVH, several]


def test_of_two_days_the_newer() -> None:
    """« Outscale, premier opérateur qualifié en 2019 » is not how it stands."""
    first = "3DS Outscale avait obtenu en 2019 la qualification SecNumCloud."
    again = "3DS Outscale détient la version 3.2 de SecNumCloud depuis décembre 2023."

    assert told(WHO, first, again, S3NS) == [S3NS, again]


def test_an_enumeration_after_a_colon_adds_those_of_whom_nothing_else_is_told() -> None:
    listed = "Cinq noms apparaissent chez Clubic pour SecNumCloud : OVHcloud, Oodrive, Outscale, Docaposte et S3NS."
    under_way = "Trois acteurs étaient en cours de qualification SecNumCloud : Free Pro, Whaller et Cegedim.cloud."

    assert told(WHO, listed, OVH, S3NS, under_way) == [S3NS, OVH, listed]


def test_what_is_said_of_another_after_a_contrast_is_left_out() -> None:
    both = "3DS Outscale et OVHcloud disposent déjà de la version 3.2 de SecNumCloud, alors que Bleu n’espère la qualification qu’en 2025."

    assert told("Qui est qualifié SecNumCloud 3.2 ?", both) == [both]


def test_since_when_each_of_them_is() -> None:
    """Asking for dates too makes it no question about one of them."""
    assert told("Quels fournisseurs sont qualifiés SecNumCloud, et depuis quand pour chacun ?", OVH, S3NS) == [
        S3NS,
        OVH,
    ]


def test_the_version_asked_for() -> None:
    assert told("Quels hébergeurs sont qualifiés en version 3.2 de SecNumCloud ?", OUTSCALE, OVH, S3NS) == [S3NS, OVH]


@pytest.mark.parametrize(
    "question",
    [
        "Quels sont les prestataires qualifiés SecNumCloud ?",
        "Quels grands hébergeurs français ont obtenu SecNumCloud ?",
        "Quelles autres offres sont qualifiées SecNumCloud ?",
        "Qui est qualifié SecNumCloud aujourd’hui ?",
        "Which three providers are SecNumCloud-qualified?",
        "Quels fournisseurs sont qualifiés SecNumCloud, et depuis quelle date ?",
        "What companies are SecNumCloud-qualified?",
        "Which cloud providers hold the SecNumCloud qualification?",
        "What are the qualified providers?",
    ],
)
def test_asked_otherwise(question: str) -> None:
    assert told(question, OVH, S3NS) == [S3NS, OVH]


@pytest.mark.parametrize(
    "question",
    [
        "S3NS est-il qualifié SecNumCloud ?",
        "Quels fournisseurs ont perdu leur qualification SecNumCloud ?",
        "Quel est le surcoût d’un cloud qualifié SecNumCloud ?",
        "Dans quelle langue un fournisseur SecNumCloud doit-il répondre ?",
        "Liste des prestataires à qui l’ANSSI a retiré SecNumCloud",
        "Quels fournisseurs ne sont pas qualifiés SecNumCloud ?",
        "Quelles exigences un hébergeur doit-il respecter pour être qualifié SecNumCloud ?",
        "Which rules must a provider follow to be qualified?",
        "Qui dirige Bleu ?",
        "Qui est qualifié HDS ?",
        "Which providers are qualified under EUCS?",
        "Quels pays ont un cloud ?",
        "Pourquoi une entreprise qui a obtenu SecNumCloud doit-elle la renouveler ?",
        "Combien coûte SecNumCloud à un prestataire qui est qualifié ?",
        "Quand un prestataire qui est qualifié doit-il renouveler SecNumCloud ?",
        "Qui a obtenu la qualification SecNumCloud le premier ?",
        "Which provider was qualified SecNumCloud before anyone else?",
        "Quelles sont les 48 entreprises que l’État accompagne vers SecNumCloud ?",
        "Quels hôpitaux ont migré chez un hébergeur SecNumCloud ?",
    ],
)
def test_any_other_question(question: str) -> None:
    assert told(question, OVH, S3NS) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quelles entreprises ont obtenu SecNumCloud en 2025 ?", [S3NS]),
        ("Which companies obtained the SecNumCloud qualification in 2024?", [OVH]),
        ("Qui a décroché SecNumCloud depuis 2024 ?", [S3NS, OVH]),
        ("Qui a obtenu SecNumCloud en 2022 ?", []),
        ("Which providers were qualified SecNumCloud in 2024?", [OVH]),
        ("Quels fournisseurs étaient qualifiés SecNumCloud en 2024 ?", [OVH]),
        ("Quels fournisseurs sont qualifiés SecNumCloud en 2026 ?", [S3NS, OVH, OUTSCALE]),
    ],
)
def test_in_a_period_who_obtained_it_then_or_had_it_by_its_end(question: str, expected: list[str]) -> None:
    """Outscale's sentence gives no day: it had the qualification when its article came, in March 2026."""
    assert told(question, OVH, S3NS, OUTSCALE) == expected

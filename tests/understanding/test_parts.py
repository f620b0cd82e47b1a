from __future__ import annotations

import pytest

from builders import TODAY
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.understanding import Understanding, understand

BOOK = load_entities()


def understood(question: str) -> Understanding:
    return understand(question, today=TODAY, entities=BOOK)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Compare Bleu et S3NS", ("Bleu", "S3NS")),
        ("Compare Bleu à S3NS sur le prix", ("Bleu sur le prix", "S3NS sur le prix")),
        ("Compare S3NS with Bleu on price", ("S3NS on price", "Bleu on price")),
        ("Quelle est la différence entre Bleu et S3NS ?", ("Bleu ?", "S3NS ?")),
        ("What is the difference between Bleu and S3NS?", ("Bleu?", "S3NS?")),
        ("Bleu ou S3NS : lequel est qualifié ?", ("Bleu est qualifié ?", "S3NS est qualifié ?")),
        ("S3NS vs Bleu", ("S3NS", "Bleu")),
        ("Qui détient Bleu d’un côté, S3NS de l’autre ?", ("Qui détient Bleu ?", "Qui détient S3NS ?")),
        ("Quels sont les clients de Bleu et de S3NS ?", ("Quels sont les clients de Bleu ?", "Quels sont les clients de S3NS ?")),
        ("Que disent l’UGAP et la DINUM ?", ("Que disent l’UGAP ?", "Que disent la DINUM ?")),
        ("Qui dirige Bleu, S3NS et NumSpot ?", ("Qui dirige Bleu ?", "Qui dirige S3NS ?", "Qui dirige NumSpot ?")),
        ("Différence entre IaaS et PaaS ?", ("IaaS ?", "PaaS ?")),
        ("Quelle différence entre un cloud souverain et un cloud de confiance ?", ("un cloud souverain ?", "un cloud de confiance ?")),
    ],
)  # fmt: skip
def test_one_search_an_entity(question: str, parts: tuple[str, ...]) -> None:
    """A comparison or a list asks of each entity what it asks of all; names that no alias has are split too."""
    found = understood(question)

    assert found.query.parts == parts
    assert tuple(part.query.text for part in found.parts) == parts
    assert all(part.about is not None and not part.parts for part in found.parts)


@pytest.mark.parametrize(
    "question",
    [
        "Qui détient S3NS ?",
        "Quel accord Bleu et Delos ont-ils signé ?",
        "Pourquoi préférer Microsoft à OVHcloud ?",
        "Où en est le déménagement du HDH chez Scaleway ?",
        "How do Bleu and Delos support each other?",
        "Bleu est-il qualifié SecNumCloud ?",
        "Bleu. S3NS.",
        "Compare Bleu",
        "Compare",
    ],
)
def test_one_search_only(question: str) -> None:
    """One entity, a relation between two, or names that no « et », « ou » or comma joins: the question stays whole."""
    assert understood(question).parts == ()


def test_a_part_keeps_its_own_names() -> None:
    """What leads to one entity is not searched for the other; the rest of the question is."""
    bleu, s3ns = understood("Compare la qualification SecNumCloud de Bleu et de S3NS en 2025").parts

    assert bleu.query.entities == ("Bleu", "SecNumCloud")
    assert "Microsoft" in bleu.related
    assert "Thales" not in bleu.related
    assert s3ns.query.dates == ("2025-01-01/2025-12-31",)
    assert s3ns.periods == bleu.periods


def test_a_follow_up_is_split_once_it_is_whole() -> None:
    """Two names in a follow-up are asked about one by one, in the words of the question before."""
    found = understand("Et Bleu et S3NS ?", turns=[Turn("Qui dirige NumSpot ?")], today=TODAY, entities=BOOK)

    assert found.query.parts == ("Qui dirige Bleu ?", "Qui dirige S3NS ?")


def test_no_more_parts_than_a_search_can_bear() -> None:
    """Ten names are five searches beside the whole question."""
    names = "Bleu, S3NS, NumSpot, Scaleway, Oodrive, Whaller, Worldline, Docaposte, Microsoft et AWS"

    assert len(understood(f"Compare {names}").parts) == 5

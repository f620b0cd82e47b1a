"""Questions worded as statements ask for a yes or a no."""

from __future__ import annotations

import pytest

from builders import TODAY
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.understanding import understand
from trusted_cloud_chat.understanding.statements import with_inversion

BOOK = load_entities()


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("Bleu est qualifié SecNumCloud ?", "Est-ce que Bleu est qualifié SecNumCloud ?"),
        ("bleu est qualifié secnumcloud", "Est-ce que Bleu est qualifié SecNumCloud"),
        ("Et donc Bleu a obtenu SecNumCloud ?", "Est-ce que Bleu a obtenu SecNumCloud ?"),
        ("OVHcloud a déjà fait des pertes ?", "Est-ce qu’OVHcloud a déjà fait des pertes ?"),
        ("La France a quitté Gaia-X ?", "Est-ce que la France a quitté Gaia-X ?"),
        ("NumSpot a ses propres datacenters ?", "Est-ce que NumSpot a ses propres centres de données ?"),
        ("Un OIV peut aller chez Bleu ?", "Est-ce qu’un OIV peut aller chez Bleu ?"),
        ("Thales détient la majorité de S3NS ?", "Est-ce que Thales détient la majorité de S3NS ?"),
        ("Le CLOUD Act s’applique à Bleu ?", "Est-ce que le CLOUD Act s’applique à Bleu ?"),
        ("Bleu et S3NS sont qualifiés ?", "Est-ce que Bleu et S3NS sont qualifiés ?"),
        ("Ce cloud est qualifié, oui ou non ?", "Est-ce que ce cloud est qualifié ?"),
        ("Docaposte utilise NumSpot ?", "Est-ce que Docaposte utilise NumSpot ?"),
        ("Y a eu des blessés à Strasbourg ?", "Est-ce qu’il y a eu des blessés à Strasbourg ?"),
        ("OVHcloud was founded by Octave Klaba?", "Is it true that OVHcloud was founded by Octave Klaba?"),
    ],
)
def test_a_statement_with_a_question_mark_asks_whether_it_is_so(question: str, read_as: str) -> None:
    found = understand(question, today=TODAY, entities=BOOK)
    assert found.query.kind == "yes_no"
    assert found.read_as == read_as


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Le cloud d’AWS, il est ouvert ?", "Le cloud d’AWS est-il ouvert ?"),
        ("la région de Berlin, elle est ouverte ?", "la région de Berlin est-elle ouverte ?"),
        ("Les OIV, ils sont obligés ou c’est seulement l’État ?", "Les OIV sont-ils obligés ?"),
        ("NIS2, c’est transposé ou on attend encore ?", "NIS2 est-il transposé ?"),
        ("nis2 c’est voté, oui ou non ?", "nis2 est-il voté ?"),
        ("EUCS, il a été adopté ?", "EUCS a-t-il été adopté ?"),
        ("Copilot chez Bleu, ils ont donné une date ?", None),
        ("La migration, c’est fini ?", None),
        ("Bleu a ouvert, c’est vrai ?", None),
        ("Nubo, c’est quoi ?", None),
        ("Finalement, il est qualifié ?", None),
        ("Au Sénat, c’est voté ?", None),
        ("Kyndryl rachète Solvinity, c’est acté ?", None),
        ("S3NS, c’est Thales ?", None),
        ("Le préavis, c’est 2 mois ?", None),
        ("Le patron de STACKIT, c’est qui ?", None),
        ("Si je quitte mon fournisseur, il peut me facturer ?", None),
        ("et Bleu, il est qualifié ?", None),
    ],
)
def test_what_stands_out_in_front_is_the_subject(typed: str, meant: str | None) -> None:
    assert with_inversion(typed, BOOK) == (meant or typed)


@pytest.mark.parametrize(
    "question",
    [
        "Appel à projets IaaS de 2024 : dernier jour ?",
        "Montant de l’amende infligée à OVHcloud par le juge ?",
        "part des commandes allant a des fournisseurs europeens ?",
        "Bleu ou S3NS est qualifié ?",
        "S3NS est détenu par qui ?",
        "Le HDH est où ?",
        "la date à laquelle Bleu est qualifié",
        "OVHcloud a monté ses tarifs fin 2022. Motif invoqué ?",
        "Notice period if the provider’s immunity is about to change?",
        "qualification de Bleu",
        "Date S3NS was qualified",
        "Companies Bleu has signed with?",
        "Chiffre d’affaires OVHcloud a réalisé en 2024 ?",
        "Bleu est dirigé par",
        "Je me demande si Bleu est qualifié ?",
    ],
)
def test_what_names_what_it_asks_for_is_no_statement(question: str) -> None:
    assert understand(question, today=TODAY, entities=BOOK).query.kind != "yes_no"


def test_a_follow_up_by_statement_is_made_whole_first() -> None:
    found = understand("et il est qualifié ?", turns=[Turn("Qui détient Bleu ?")], today=TODAY, entities=BOOK)
    assert found.query.kind == "yes_no"
    assert found.query.entities == ("Bleu",)
    assert found.query.text == "Bleu est qualifié ?"
    assert found.read_as == "Est-ce que Bleu est qualifié ?"


@pytest.mark.parametrize(
    "question",
    ["Free Pro avait il la 3.2 ?", "Scaleway possede t il le certificat ?", "Bleu et S3NS ont ils été qualifiés ?"],
)
def test_an_inversion_without_hyphens_is_one(question: str) -> None:
    assert understand(question, today=TODAY, entities=BOOK).query.kind == "yes_no"


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Bleu est qualifié ?", True),
        ("Est-ce que Bleu a obtenu SecNumCloud ?", True),
        ("Is Cloud Temple qualified?", True),
        ("Has Cloud Temple obtained SecNumCloud?", True),
        ("Si un hébergeur est qualifié, toutes ses offres le sont ?", False),
        ("Orange a racheté Cloudwatt ?", False),
        ("Qui a obtenu SecNumCloud en 2019 ?", False),
    ],
)
def test_whether_one_is_qualified_is_asked_of_now(question: str, now: bool) -> None:
    assert understand(question, today=TODAY, entities=BOOK).wants_now is now


@pytest.mark.parametrize(
    "question",
    ["Does NumSpot have its own sites?", "Under the law, may OVHcloud bill this?", "Under the law, must OVHcloud pay?"],
)
def test_an_english_inversion_is_read_as_it_stands(question: str) -> None:
    found = understand(question, today=TODAY, entities=BOOK)
    assert found.query.kind == "yes_no"
    assert found.read_as == question

"""What one name is criticised for, and where its limits are: which questions ask it, and which sentences tell it."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.timeline.asked_list import overview_of
from trusted_cloud_chat.answering.timeline.criticisms import asks_for_criticisms, criticisms_of


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Quelles sont les critiques adressées à SecNumCloud ?", True),
        ("Quelles sont les critiques formulées à l’encontre de Bleu ?", True),
        ("Quelles critiques suscite l’EUCS ?", True),
        ("Que reproche-t-on à Gaia-X ?", True),
        ("Qu’est-ce qu’on reproche à OVHcloud ?", True),
        ("Quels reproches fait-on à S3NS ?", True),
        ("Quelles sont les limites de SecNumCloud ?", True),
        ("Quelles sont les principales faiblesses du cloud de confiance ?", True),
        ("Quels sont les inconvénients de SecNumCloud ?", True),
        ("Les limites de Nubo ?", True),
        ("Pourquoi l’EUCS est-il critiqué ?", True),
        ("Pourquoi critique-t-on Gaia-X ?", True),
        ("Qui critique SecNumCloud ?", True),
        ("What are the criticisms of the Health Data Hub?", True),
        ("What are SecNumCloud’s limits?", True),
        ("Why has the Health Data Hub been criticized?", True),
        ("What do critics say about SecNumCloud?", True),
        ("Quelles sont les limites de capital de SecNumCloud ?", False),
        ("Quelles sont les critiques de la Cour des comptes ?", False),
        ("Que reproche l’ANSSI à Bleu ?", False),
        ("Que critique Google ?", False),
        ("Pourquoi Scaleway critique-t-il Gaia-X ?", False),
        ("Quels prestataires sont critiques ?", False),
        ("Quels sont les avantages et les inconvénients de SecNumCloud ?", False),
        ("SecNumCloud a-t-il des limites ?", False),
        ("Quelles sont les limites ?", False),
        ("Quelle est la date limite de NIS2 ?", False),
    ],
)
def test_what_is_asked(question: str, asks: bool) -> None:
    assert asks_for_criticisms(question, ENTITIES) is asks


def told(question: str, *texts: str, title: str = "Un titre") -> list[str]:
    ranked = [sentence(text, name=f"a{n}", title=title) for n, text in enumerate(texts)]
    return [choice.text for choice in criticisms_of(asked(question), ranked, ENTITIES)]


@pytest.mark.parametrize(
    ("name", "text", "tells"),
    [
        ("SecNumCloud", "SecNumCloud ne supprime pas les dépendances logicielles, a rappelé Vincent Strubel.", True),
        ("SecNumCloud", "SecNumCloud does not remove every foreign dependency.", True),
        ("SecNumCloud", "La qualification SecNumCloud ne suffit pas, juge un avocat.", True),
        ("SecNumCloud", "La circulaire de 2023 n’exige pas SecNumCloud pour les autres données.", False),
        ("SecNumCloud", "L’article 19.6 de SecNumCloud limite à 24 % la part d’une société.", False),
        ("SecNumCloud", "Une offre SecNumCloud n’est pas requise.", False),
        ("Bleu", "Ni S3NS ni Bleu ne couvrent jamais le risque d’une coupure.", True),
        ("Bleu", "Bleu et S3NS manquaient encore de maturité, selon elle.", True),
        ("Bleu", "Bleu et S3NS devaient, à l’inverse, coûter plus cher que les clouds américains.", True),
        ("Bleu", "Les coentreprises comme Bleu inquiètent l’Autorité de la concurrence.", True),
        ("Bleu", "Bleu n’est pas encore qualifié.", False),
        ("Bleu", "Bleu critique le poids de Microsoft.", False),
        ("Bleu", "Le prix de Microsoft est trop élevé, regrette Bleu.", False),
        ("Bleu", "Bleu conteste les critiques.", False),
        ("Bleu", "Rien ne s’oppose à la qualification de Bleu, selon l’ANSSI.", False),
        ("Bleu", "Un recours contre Bleu ne suffit pas.", False),
        ("Bleu", "L’ANSSI ne critique pas Bleu.", False),
        ("EUCS", "L’orientation prise par l’EUCS est critiquée par le Cigref.", True),
        ("EUCS", "La CNIL s’était inquiétée de l’abandon du niveau le plus élevé de l’EUCS.", True),
        ("Cigref", "L’orientation de l’EUCS est critiquée par le Cigref.", False),
        ("Gaia-X", "Scaleway critiquait le poids pris dans Gaia-X par des acteurs américains.", True),
        ("DORA", "Dix-neuf prestataires critiques ont été désignés au titre de DORA.", False),
        ("Microsoft", "OVHcloud avait déposé une plainte contre Microsoft.", True),
        ("Microsoft", "OVHcloud envisageait de retirer cette plainte contre Microsoft.", False),
        ("DINUM", "La Cour relève que la DINUM n’a pas d’autorité budgétaire.", True),
        ("Bleu", "Bleu n’a pas de qualification SecNumCloud.", False),
    ],
)
def test_it_is_criticised_and_does_not_criticise(name: str, text: str, tells: bool) -> None:
    assert bool(told(f"Que reproche-t-on à {name} ?", text)) is tells


def test_an_article_about_it_need_not_name_it() -> None:
    text = "Un rapport reprochait à l’hébergeur de ne pas disposer de coupure électrique."

    assert told("Que reproche-t-on à OVHcloud ?", text, title="Incendie d’OVHcloud") == [text]
    assert not told("Que reproche-t-on à OVHcloud ?", text, title="Incendie d’OVHcloud, selon Scaleway")


def test_newest_first_and_the_same_point_of_the_same_person_once() -> None:
    old = sentence("SecNumCloud ne convient pas aux PME, juge NetExplorer.", day="2025-10-28", name="old")
    twice = sentence("Pour Vincent Strubel, SecNumCloud ne règle pas les dépendances.", day="2026-01-06", name="twice")
    new = sentence(
        "SecNumCloud ne supprime pas les dépendances humaines, dit Vincent Strubel.", day="2026-08-25", name="new"
    )
    question = "Quelles sont les limites de SecNumCloud ?"

    assert criticisms_of(asked(question), [old, twice, new], ENTITIES) == [new, old]


def test_what_the_two_languages_say_of_the_same_names_is_shown_once() -> None:
    french = sentence("Les coentreprises comme Bleu et S3NS inquiètent l’Autorité de la concurrence.", name="fr")
    english = sentence(
        "The Autorité de la concurrence voiced concern about ventures such as Bleu and S3NS.",
        name="en",
        language="en",
        day="2026-05-01",
    )

    assert criticisms_of(asked("Que reproche-t-on à Bleu ?"), [english, french], ENTITIES) == [french]


def test_it_stands_above_the_quotes_and_nothing_else_is_quoted_where_none_is_found() -> None:
    understood = asked("Quelles sont les limites de SecNumCloud ?")
    other = sentence("La limite monte à 39 % pour plusieurs entités.")
    limit = sentence("SecNumCloud ne résout pas tout.", name="b")
    asks = overview_of(understood, ENTITIES)
    assert asks == "criticisms"

    found = choose_form(understood, [other, limit], ENTITIES, overview=(asks, lambda: [limit]))
    without = choose_form(understood, [other], ENTITIES, overview=(asks, list))

    assert [choice.text for choice in found.quotes] == [limit.text]
    assert found.lead.startswith("Critiques et limites")
    assert found.certain
    assert without.quotes == ()
    assert not without.certain

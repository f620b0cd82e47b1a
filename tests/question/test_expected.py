"""Whether a sentence holds the kind of thing that is asked for."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.question.expected import has_date, holds, other_names

HOLDS, LACKS, OPEN = 1.0, -1.0, 0.0


@pytest.mark.parametrize(
    ("kind", "question", "sentence", "held"),
    [
        ("number", "Combien de clients ?", "Elle a 42 clients.", HOLDS),
        ("number", "Combien de clients ?", "Elle a douze clients.", HOLDS),
        ("number", "Combien de clients ?", "Elle a des clients depuis 2019.", LACKS),
        ("number", "Combien de clients ?", "Elle a des clients depuis le 3 mars.", LACKS),
        ("number", "Quel est le montant du contrat ?", "Le contrat porte sur 6,2 M€.", HOLDS),
        ("number", "Quel est le montant du contrat ?", "Le contrat vaut cinq millions d’euros.", HOLDS),
        ("number", "Quel est le montant du contrat ?", "Le contrat réunit 42 hôpitaux.", LACKS),
        ("number", "Quelle part du capital ?", "Elle a 20 % du capital.", HOLDS),
        ("number", "Quelle part du capital ?", "Elle a 42 salariés.", LACKS),
        ("date", "Quand ?", "L’offre ouvre en 2026.", HOLDS),
        ("date", "Quand ?", "L’offre ouvre mardi.", HOLDS),
        ("date", "Quand ?", "L’offre ouvre à 42 clients.", LACKS),
        ("duration", "Combien de temps ?", "La qualification vaut trois ans.", HOLDS),
        ("duration", "Combien de temps ?", "La qualification vaut un an au plus.", HOLDS),
        ("duration", "Combien de temps ?", "La qualification est pour toujours.", LACKS),
        ("number", "Combien de clients ?", "Elle a des clients depuis un an.", LACKS),
        ("who", "Qui dirige l’entreprise ?", "L’entreprise est dirigée par Jean Coumaros.", HOLDS),
        ("who", "Qui dirige Bleu ?", "Dirigée par personne, Bleu avance.", LACKS),
        ("list", "Quels clients ?", "Parmi eux, EDF et la Poste.", HOLDS),
        ("where", "Où ?", "Le centre est à Rennes.", HOLDS),
        ("where", "Où ?", "Le centre est grand.", LACKS),
        ("why", "Pourquoi ?", "Elle part parce que la loi change.", HOLDS),
        ("why", "Pourquoi ?", "Elle part demain.", LACKS),
        ("how", "Comment ?", "Elle migre par étapes.", HOLDS),
        ("definition", "Qu’est-ce ?", "Un bail est un contrat.", HOLDS),
        ("fact", "Que dit-elle ?", "Rien.", OPEN),
        ("yes_no", "Est-ce ?", "Rien.", OPEN),
    ],
)
def test_french(kind: str, question: str, sentence: str, held: float) -> None:
    assert holds(kind, question, sentence, "fr") == held


@pytest.mark.parametrize(
    ("kind", "question", "sentence", "held"),
    [
        ("number", "How much did it cost?", "It cost €7.8 billion.", HOLDS),
        ("number", "How many customers?", "It has two hundred customers.", HOLDS),
        ("number", "How many customers?", "It has had customers since 2019.", LACKS),
        ("date", "When?", "It opened in January.", HOLDS),
        ("duration", "How long?", "It takes six months.", HOLDS),
        ("why", "Why?", "It left because of the law.", HOLDS),
        ("where", "Where?", "The site is in Brandenburg.", HOLDS),
        ("definition", "What is it?", "A lease is a contract.", HOLDS),
    ],
)
def test_english(kind: str, question: str, sentence: str, held: float) -> None:
    assert holds(kind, question, sentence, "en") == held


def test_a_french_question_of_an_english_sentence() -> None:
    """The sentence's own language tells what it holds, whatever the question's."""
    assert holds("number", "Quel est le montant ?", "The company invests 7.8 billion euros.", "en") == HOLDS


@pytest.mark.parametrize(
    ("sentence", "held"), [("En 2019.", True), ("Au printemps.", True), ("En 3.2.", False), ("À Rennes.", False)]
)
def test_what_is_a_date(sentence: str, held: bool) -> None:
    assert has_date(sentence, "fr") is held


def test_names_are_those_that_the_question_has_not() -> None:
    assert other_names("Qui détient S3NS ?", "Selon elle, S3NS appartient à Thales.") == {"thales"}

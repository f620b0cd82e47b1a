"""What is allowed, enough, required or there: said by the words for that, and only where they are clear."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.rulings import ruling

CLASSIFIED = "SecNumCloud ne permet pas d’héberger des informations classifiées, avertit l’annexe 2 du 8 mars 2022."


def ruled(question: str, quote: str, *, confidence: float = 0.9, title: str = "Un titre") -> str | None:
    return ruling(asked(question).query, sentence(quote, title=title), ENTITIES, confidence)


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("On peut mettre du secret défense chez un hébergeur SecNumCloud ?", CLASSIFIED, "no"),
        ("Can a SecNumCloud service be used to store classified information?", CLASSIFIED, "no"),
        ("Un fournisseur qualifié peut-il vendre aussi des services qui ne le sont pas ?",
         "Un prestataire qualifié a le droit de vendre aussi des prestations non qualifiées.", "yes"),
        ("Can a customer leave a fixed-term contract?",
         "Un contrat à durée déterminée n’empêche pas le client de partir.", "yes"),
        ("Le fournisseur a-t-il le droit de réclamer de l’argent ?",
         "Le fournisseur peut réclamer des pénalités, à condition qu’elles soient raisonnables.", "yes_if"),
        ("Un actionnaire américain peut-il avoir un droit de veto ?",
         "Un actionnaire extra-européen ne peut disposer d’un droit de veto.", "no"),
        ("HDS tout seul, ça suffit pour ces données ?", "Pour ces données, la seule certification HDS ne suffit pas.", "no"),
        ("Faut-il garder les données dans l’Union européenne ?",
         "L’article oblige à garder dans l’Union européenne les données des clients.", "yes"),
        ("Would EU certification become compulsory under CSA2?", "European certification would stay voluntary under CSA2.", "no"),
        ("Y a-t-il eu des blessés dans l’incendie ?", "L’incendie s’est déclaré dans la nuit et n’a fait aucun blessé.", "no"),
        ("La loi de blocage prévoit-elle de la prison ?",
         "La loi de blocage expose à une amende et à six mois de prison.", "yes"),
        ("Un OIV doit-il mettre tous ses systèmes sur SecNumCloud ?",
         "Un OIV n’y est tenu, ajoute InCyber, que pour ses systèmes d’importance vitale, selon SecNumCloud.", "no"),
        ("Est-il interdit de mettre des informations classifiées sur SecNumCloud ?", CLASSIFIED, "yes"),
        ("Est-il interdit à un prestataire qualifié de vendre des offres sans qualification ?",
         "Un prestataire qualifié a le droit de vendre aussi des prestations non qualifiées.", None),
        ("Est-il interdit à un prestataire qualifié de vendre d’autres offres ?",
         "Un prestataire qualifié a le droit de vendre aussi des prestations non qualifiées.", "no"),
        ("Is there an EU regulation named the Sovereignty Act?",
         "Aucun règlement de l’UE ne s’intitule « Sovereignty Act ».", "no"),
    ],
)  # fmt: skip
def test_words_for_allowing_and_requiring_decide(question: str, quote: str, expected: str | None) -> None:
    assert ruled(question, quote) == expected


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Qui peut héberger des informations classifiées ?", CLASSIFIED),
        ("Peut-on héberger des données de santé ou des informations classifiées ?", CLASSIFIED),
        # another place, another scheme, another level, another provider
        ("Faut-il garder les données en France ?", "HDS impose que les données restent dans l’Espace économique européen."),
        ("Les niveaux SEAL exigent-ils un audit ?", "Un audit indépendant s’impose du niveau 2 au niveau 4."),
        ("OVHcloud peut-il vendre des GPU ?", "Scaleway a le droit de vendre des GPU."),
        # no ruling of what is asked
        ("Le PSN est-il obligatoire ?", "Le guichet doit aider les administrations à rejoindre le PSN."),
        ("La souveraineté est-elle obligatoire ?", "Le site soutient que la souveraineté y deviendra un critère obligatoire."),
        ("If a vendor is still in the process, can I treat it as qualified?", "Scaleway said in May 2026 that it was on its way."),
        # turned round, or in part
        ("Le fournisseur peut-il bloquer la sortie ?", "Le fournisseur doit permettre la sortie."),
        ("Ne peut-on pas héberger d’informations classifiées ?", CLASSIFIED),
        ("Un OIV doit-il mettre ses systèmes sur SecNumCloud ?", "Un OIV n’y est tenu que pour ses systèmes d’importance vitale."),
        ("Doit-on consulter le marché avant les outils mutualisés ?", "Une administration devra examiner les outils mutualisés."),
        ("Peut-il imposer un préavis d’un mois ?", "Le préavis ne peut excéder deux mois."),
        ("Peut-on héberger des données ici ?", "Le texte autorise le stockage mais interdit le traitement."),
        ("Y a-t-il eu des blessés ?", "L’incendie n’a fait aucun autre dégât."),
        ("Risque-t-on la prison ?", "Un prestataire s’expose à une astreinte."),
        ("Une sauvegarde doit-elle être loin ?", "Cela exige des locaux séparés, sans que ceux-ci doivent être éloignés."),
    ],
)  # fmt: skip
def test_elsewhere_nothing_is_decided(question: str, quote: str) -> None:
    assert ruled(question, quote) is None


def test_the_less_sure_the_reader_the_more_words_must_be_shared() -> None:
    bank = "Peut-on héberger des données bancaires sur du SecNumCloud ?"
    assert ruled(bank, CLASSIFIED, confidence=0.6) is None
    shared = "Peut-on héberger des informations classifiées sur du SecNumCloud ?"
    assert ruled(shared, CLASSIFIED, confidence=0.6) == "no"
    assert ruled(shared, CLASSIFIED, confidence=0.5) is None


def test_a_name_may_stand_in_the_title() -> None:
    question, quote = "Le Data Act permet-il de partir ?", "Le texte n’empêche pas le client de partir."
    assert ruled(question, quote) is None
    assert ruled(question, quote, title="Ce que le Data Act change") == "yes"

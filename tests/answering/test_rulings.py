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
        ("Est-il interdit à un prestataire qualifié de vendre des prestations ?",
         "Un prestataire qualifié a le droit de vendre des prestations.", "no"),
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


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("La section 702 du FISA permet-elle de surveiller des Américains ?", "La section 702 du FISA autorise une surveillance visant des personnes non américaines."),
        ("Un actionnaire français peut-il avoir un droit de veto ?", "Un actionnaire extra-européen ne peut disposer d’un droit de veto ni nommer la majorité des dirigeants."),
        ("Un actionnaire européen peut-il nommer la majorité des dirigeants ?", "Un actionnaire extra-européen ne peut disposer d’un droit de veto ni nommer la majorité des dirigeants."),
        ("Les crédits cloud peuvent-ils atteindre 300 000 dollars ?", "Les crédits cloud peuvent atteindre jusqu’à 200 000 dollars."),
        ("Le PIIEC cloud doit-il attirer deux milliards d’euros ?", "Le PIIEC cloud doit attirer 1,4 milliard d’euros."),
        ("Does the blocking law provide for a year in prison?", "The blocking law provides for a fine and up to six months in prison."),
        ("L’accès à toutes les données est-il obligatoire ?", "L’accès aux données ne deviendra obligatoire qu’en septembre 2026."),
        ("Y a-t-il un candidat souverain ?", "Début 2023, une mission a conclu qu’aucun candidat souverain ne satisfaisait."),
        ("NumSpot peut-il prendre la place d’Azure ?", "Wahl reconnaît que NumSpot ne peut pas encore prendre la place d’Azure."),
        ("Les PME candidates doivent-elles être européennes ?", "Les PME doivent contenir la part de leurs actionnaires non européens."),
        ("Y a-t-il une stratégie cloud ?", "Le rapport relevait qu’aucune stratégie ne s’impose aux ministères."),
        ("Un hôpital peut-il utiliser Microsoft ?", "Aucun texte n’interdit à un hôpital d’utiliser Microsoft, mais peu le font."),
        ("Un client peut-il partir ?", "Le fournisseur ne peut pas empêcher le client de partir."),
        ("Peut-on être qualifié en six mois ?", "Il n’est pas impossible d’être qualifié en six mois."),
        ("Un hôpital peut-il utiliser Microsoft ?", "L’interdiction d’utiliser Microsoft a été levée."),
        ("Microsoft peut-il garantir le secret ?", "Microsoft ne peut exclure une demande."),
        ("SecNumCloud est-il obligatoire ?", "SecNumCloud devrait devenir obligatoire."),
        ("SecNumCloud est-il obligatoire ?", "SecNumCloud deviendra obligatoire en 2030."),
        ("SecNumCloud est-il obligatoire ?", "Un amendement rejeté rendait SecNumCloud obligatoire."),
        ("SecNumCloud est-il obligatoire ?", "Le rapport recommande de rendre SecNumCloud obligatoire."),
        ("L’EUCS est-il obligatoire ?", "La Commission pourrait rendre l’EUCS obligatoire."),
        ("Bleu peut-il vendre M365 ?", "Bleu pourra vendre M365 en 2027."),
        ("Peut-on migrer vers OVHcloud gratuitement ?", "Migrer vers OVHcloud peut coûter cher."),
        ("Can I trust Bleu?", "Bleu can count on Orange."),
        ("Microsoft peut-il accéder aux données ?", "Microsoft peut théoriquement être contraint de livrer des données."),
        ("Peut-on acheter un service qui n’est pas qualifié ?", "Un ministère peut acheter un service qualifié."),
        ("Peut-on éviter le CLOUD Act ?", "Le CLOUD Act permet de saisir des données partout."),
        ("Can health data be stored outside the EU?", "The framework allows health data hosted in the EU."),
        ("Peut-on refuser de rendre les données ?", "Le fournisseur peut limiter la reprise des données."),
        ("Le client doit-il prévenir le fournisseur ?", "Le fournisseur doit prévenir le client."),
        ("L’ANSSI peut-elle infliger une amende ?", "La CNIL peut infliger une amende, rappelle l’ANSSI."),
        ("Les communes doivent-elles prendre SecNumCloud ?", "Les ministères doivent prendre SecNumCloud."),
        ("HDS est-il obligatoire ?", "Contrairement à HDS, SecNumCloud est facultative."),
        ("Faut-il un audit ?", "Il faut deux ans pour mener un audit."),
        ("Can a customer switch for free?", "A customer can switch provider but must pay egress fees."),
        ("La loi prévoit-elle une amende ?", "Le projet de loi retiré prévoit une amende."),
        ("La loi prévoit-elle une amende ?", "Sans amende, la loi reste lettre morte."),
        ("Y a-t-il une amende ?", "Aucun recours contre l’amende n’est possible."),
        ("Y a-t-il une offre de Bleu ?", "Aucune date n’est fixée pour l’offre de Bleu."),
        ("Y a-t-il eu une panne chez AWS ?", "AWS a connu une panne, sans aucune panne en 2026."),
        ("Le préavis peut-il être de six mois ?", "Le préavis peut être de deux mois."),
        ("Faut-il trois audits ?", "La loi exige un audit par an."),
        ("Doit-on payer dès 2025 ?", "On doit payer dès 2027."),
        ("Peut-il facturer des frais de sortie en 2026 ?", "La loi interdit de facturer des frais de sortie à partir du 12 janvier 2027."),
        ("SecNumCloud est-il obligatoire pour les données de santé ?", "HDS est obligatoire pour les données de santé, SecNumCloud vient en plus."),
    ],
)  # fmt: skip
def test_what_turns_narrows_or_dates_a_ruling_decides_nothing(question: str, quote: str) -> None:
    """Another number, time, party or place, a plan, a denial of a ban, what is possible: each was once a wrong « Oui » or « Non »."""
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

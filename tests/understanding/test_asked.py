"""What kind of thing a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding.asked import asks_who_somebody_is, holds_kind, hyphenated, kind_of, kinds_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quand Bleu sera-t-il qualifié ?", "date"),
        ("c sorti quand la 3.2 de secnumcloud ?", "date"),
        ("When was S3NS qualified?", "date"),
        ("Faut-il du SecNumCloud même quand les données sont publiques ?", "yes_no"),
        ("La loi résilience, celle qui transpose NIS2, a-t-elle été votée ?", "yes_no"),
        ("Would certification become compulsory?", "yes_no"),
        ("incendie ovh nombre de sites en panne", "number"),
        ("Le nombre de clients de Bleu a-t-il augmenté ?", "yes_no"),
        ("Un grand nombre de communes utilisent-elles Microsoft ?", "yes_no"),
        ("Would you explain SecNumCloud?", "fact"),
        ("Bleu table sur quelle échéance ?", "date"),
        ("Que deviennent nos données quand on résilie ?", "fact"),
        ("What happens when we leave?", "fact"),
        ("When questioned by the senators, was Microsoft able to rule it out?", "yes_no"),
        ("La plainte d’OVHcloud sur le prix d’Office, ça en est resté où ?", "fact"),
        ("Combien coûte une qualification ?", "number"),
        ("Quelle est la part de marché d’AWS en Europe ?", "number"),
        ("Quel est le budget annuel de la DINUM ?", "number"),
        ("Quels sont les partenaires de Scaleway ?", "list"),
        ("Qui détient S3NS ?", "who"),
        ("Pourquoi le Sénat s’inquiète-t-il ?", "why"),
        ("Qu’est-ce que la doctrine Cloud au centre ?", "definition"),
        ("Quels fournisseurs sont qualifiés ?", "list"),
        ("EUCS, késako ?", "definition"),
        ("S3NS, kezako ?", "definition"),
        ("À quoi correspond le jalon J2 ?", "definition"),
        ("CSA2 : c’est quoi le plafond des amendes ?", "fact"),
        ("La liste des prestataires est-elle fixée ?", "yes_no"),
        ("La « composition », ça veut dire quoi ?", "definition"),
        ("Nubo et Pi, c’est quoi la différence ?", "comparison"),
        ("c’est quoi le piiec", "definition"),
        ("Bleu est-il qualifié ?", "yes_no"),
        ("Peut-on y mettre du secret défense ?", "yes_no"),
        ("Microsoft détient-il Bleu ?", "yes_no"),
        ("Le Conseil d’État a-t-il jugé que c’est permis ?", "yes_no"),
        ("Que reproche-t-on à SecNumCloud ?", "fact"),
        ("Sur quoi S3NS repose-t-il ?", "fact"),
        ("À quel ministère Pi appartient-il ?", "fact"),
        ("Qu’est-il arrivé à Numergy ?", "fact"),
        ("D’où provient-elle ?", "fact"),
        ("Bleu, à quoi sert-il ?", "fact"),
        ("Sous quelles conditions Bleu peut-il vendre Copilot ?", "fact"),
        ("Auprès de qui S3NS achète-t-il ses serveurs ?", "fact"),
        ("Y a-t-il un fournisseur qui propose des GPU ?", "yes_no"),
        ("Où en est Bleu ?", "fact"),
        ("Où en est-on de la qualification de Bleu ?", "fact"),
        ("Pourquoi la qualification de Bleu a-t-elle été repoussée ?", "why"),
        ("Pourquoi le prix de SecNumCloud est-il si élevé ?", "why"),
        ("Qui a repoussé le vote ?", "who"),
        ("Un fournisseur qui a SecNumCloud peut-il quand même vendre autre chose ?", "yes_no"),
        ("Les hébergeurs qui ont SecNumCloud doivent-ils payer combien ?", "number"),
        ("Les hôpitaux qui alimentent EMC2, où sont-ils ?", "fact"),
        ("Qu’est-ce qui a poussé Scaleway à quitter Gaia-X ?", "why"),
        ("Au motif de quoi le juge a-t-il refusé ?", "why"),
        ("Quelles sont les raisons du retard de Bleu ?", "why"),
        ("Comment s’explique le retard de Bleu ?", "why"),
        ("What is the reasonable price of Bleu?", "fact"),
        ("Raisons de la hausse des prix d’OVHcloud", "why"),
        ("What drove Scaleway out of Gaia-X?", "why"),
        ("On what grounds did the court suspend EMC2?", "why"),
        ("Qu’est-ce qui a changé depuis 2023 ?", "how_changed"),
        ("Qu’est-ce qui distingue Bleu de S3NS ?", "fact"),
        ("Quelle révolution apporte SecNumCloud ?", "fact"),
        ("Qu’est-ce que l’ANSSI reproche à Bleu ?", "fact"),
        ("Qu’est-ce que S3NS a annoncé ?", "fact"),
        ("Qu’est-ce que le niveau High+ de l’EUCS ?", "definition"),
        ("What is the price of Bleu?", "fact"),
        ("What is the status of Bleu's qualification?", "fact"),
        ("What is Bleu?", "definition"),
        ("Où sont les serveurs de Bleu ?", "where"),
        ("Bonjour !", "help"),
        ("Que sais-tu faire ?", "help"),
        ("D’où tiens-tu cela ?", "evidence"),
        ("Parle-moi de NumSpot", "fact"),
        ("Que peux-tu me dire de la doctrine ?", "fact"),
        ("Comment ça marche, la qualification ?", "how"),
        ("merci beaucoup", "help"),
        ("La panne était due à quoi ?", "why"),
        ("À quoi est due la panne ?", "why"),
        ("Le J2, c’était quoi ?", "definition"),
        ("Panne d’AWS : c’était quoi la cause technique ?", "why"),
        ("C’est quoi le prix de Bleu ?", "number"),
        ("C’est quoi La Suite numérique ?", "definition"),
        ("C’est quoi une position dominante ?", "definition"),
        ("C’est quoi la date de sortie de Bleu ?", "date"),
        ("Comment expliquer la chute du titre ?", "why"),
        ("Comment peut-on expliquer la chute du titre ?", "why"),
        ("Under SecNumCloud, may a shareholder hold veto rights?", "yes_no"),
        ("May a provider bill this?", "yes_no"),
        ("Que savez-vous faire ?", "help"),
        ("Que pouvez-vous répondre ?", "help"),
        ("Is Bleu a cloud specialist?", "yes_no"),
        ("Which journalist wrote about Bleu?", "fact"),
        ("Bleu est-il listé par l’ANSSI ?", "yes_no"),
        ("Combien de clients l’opérateur historique a-t-il ?", "number"),
        ("Qui dirige l’opérateur historique ?", "who"),
        ("L’historique de Bleu ?", "how_changed"),
        ("D’où vient la technologie de S3NS ?", "fact"),
        ("D’où vient cette affirmation ?", "evidence"),
        ("d’où tu tiens ça ?", "evidence"),
        ("tes sources ?", "evidence"),
        ("qui dit ça ?", "evidence"),
        ("How do you know?", "evidence"),
        ("Who says so?", "evidence"),
        ("Where does that come from?", "evidence"),
        ("What is Bleu's share capital?", "fact"),
        ("What is Bleu's latest target date?", "date"),
        ("What sum did OVHcloud pay?", "number"),
        ("Quelles sont les sources de revenus d’OVHcloud ?", "list"),
        ("Que se passe-t-il quand un prestataire perd sa qualification ?", "fact"),
        ("Est-ce que Bleu est quand même soumis au CLOUD Act ?", "yes_no"),
        ("Quand le vote a-t-il été reporté ?", "date"),
        ("Qu’est-ce qui a causé la panne d’AWS ?", "why"),
        ("Combien coûte S3NS, et depuis quand ?", "date"),
        ("Cloudwatt comptait combien de salariés quand Orange l’a repris ?", "number"),
        ("OVH a monté ses tarifs. Motif invoqué ?", "why"),
        ("EMC2 : le Conseil d’État n’a pas suspendu, motif ?", "why"),
        ("EMC2 n’a pas été suspendu, pour quelle raison ?", "why"),
        ("Combien OVHcloud doit-il payer, et pourquoi ?", "number"),
        ("Qui a quitté Gaia-X en 2021, et pourquoi ?", "who"),
        ("c etait qui le pdg de numspot avant haddad", "who"),
        ("What was the technical cause of the outage?", "why"),
        ("Il n’est pas chez Pi, comment ça se fait ?", "why"),
        ("Le cloud de Lidl, il est dirigé par qui ?", "who"),
        ("Airbus a retenu qui au final pour son cloud ?", "who"),
        ("Il a un cloud qui protège les données", "fact"),
        ("Clever Cloud, c’est qui le fondateur ?", "who"),
        ("Donne-moi la liste des qualifiés", "list"),
        ("Il est sur la liste DORA : à quelle pénalité s’expose-t-il ?", "fact"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    """The kind is told from the words, with or without accents."""
    assert kind_of(fold(question)) == kind


def test_what_has_changed_is_nobody() -> None:
    assert "who" in kinds_of(fold("Quand S3NS a-t-elle été créée, et qui est son patron ?"))
    assert "who" not in kinds_of(fold("Qu’est-ce qui a changé pour Outscale depuis 2023 ?"))


@pytest.mark.parametrize(
    ("kind", "question", "sentence", "expected"),
    [
        ("date", "Quand ?", "La décision est tombée le 17 décembre 2025.", 1.0),
        ("date", "Quand ?", "La décision est tombée sans surprise.", -1.0),
        ("number", "Combien ça coûte ?", "Il faut compter deux millions d’euros.", 1.0),
        ("number", "Combien ça coûte ?", "Il faut compter 18 mois.", -1.0),
        ("number", "Quelle part du capital ?", "Le seuil est fixé à 24 %.", 1.0),
        ("number", "By how much did prices go up?", "Ces hausses vont de 800 à 1 500 %.", 1.0),
        ("number", "How much notice may a provider ask for?", "Le préavis ne peut excéder deux mois.", 1.0),
        ("number", "How much did it cost?", "Il faut compter deux mois.", -1.0),
        ("number", "How much did licence prices jump?", "Ces hausses vont de 800 à 1 500 %.", 1.0),
        ("number", "Combien Microsoft a-t-il touché ?", "Le contrat court de 2019 à 2026.", -1.0),
        ("number", "X emploie combien de monde ?", "Un échantillon de 1,5 million de personnes.", -1.0),
        ("number", "X emploie combien de monde ?", "L’entreprise, forte de 300 personnes, recrute.", 1.0),
        ("number", "X employait combien de personnes ?", "Les données de dix millions de personnes.", -1.0),
        ("number", "How many people work at X?", "300 people now work at X.", 1.0),
        ("number", "Combien de gens travaillent chez X ?", "Il y a 300 salariés.", 1.0),
        ("number", "Quelle part des dépenses va à AWS ?", "AWS en concentre 46 %.", 1.0),
        ("number", "Combien pèse le capital social de Bleu ?", "Il est de 86 millions d’euros.", 1.0),
        ("number", "Nubo a coûté combien de 2016 à 2024 ?", "Nubo a nécessité 55 millions d’euros.", 1.0),
        (
            "number",
            "Combien Scaleway va-t-il toucher ?",
            "Scaleway fait 100 millions d’euros de chiffre d’affaires.",
            -1.0,
        ),
        ("number", "Quel chiffre d’affaires ?", "Scaleway fait 100 millions d’euros de chiffre d’affaires.", 1.0),
        ("number", "combien de gpu chez s3ns", "S3NS a 10 000 équipements, parmi lesquels des GPU.", -1.0),
        ("number", "combien de gpu chez s3ns", "S3NS a 10 000 équipements, dont 500 GPU.", 1.0),
        ("who", "Qui dirige Bleu ?", "L’entreprise est dirigée par Jean Coumaros.", 1.0),
        ("date", "When?", "Bleu may be qualified.", -1.0),
        ("date", "When?", "Bleu opens in May.", 1.0),
        ("date", "When?", "Bleu opens by the end of the summer.", 1.0),
        ("number", "Quelle part du capital ?", "Il est soumis au droit d’un pays tiers.", -1.0),
        ("number", "Quelle part du capital ?", "Il en détient un tiers du total.", 1.0),
        ("date", "When?", "It holds a quarter of the capital.", -1.0),
        ("number", "Quelle part du capital ?", "Google en détient un tiers.", 1.0),
        ("number", "Ils étaient combien avant S3NS ?", "Avant S3NS, aucun ne l’était.", -1.0),
        ("number", "Ils étaient combien ?", "Il y en a 3.", 1.0),
        ("number", "Combien fait le site ?", "Le site fait 200MW.", 1.0),
        ("number", "Ils étaient combien ?", "3DS Outscale en est.", -1.0),
        ("number", "Combien d’amendements ont été déposés ?", "Il y en a eu 300.", 0.0),
        ("who", "Qui dirige Bleu ?", "Le dirigeant de Bleu a démissionné.", -1.0),
        ("fact", "Parle-moi de Bleu", "Rien de particulier.", 0.0),
    ],
)
def test_what_a_sentence_holds(kind: str, question: str, sentence: str, expected: float) -> None:
    """1 when it holds what is asked, -1 when not, 0 when nothing particular is asked."""
    assert holds_kind(kind, question, sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("SecNumCloud compte plus de 360 exigences.", 1.0),
        ("Ses trois cent soixante exigences couvrent quatorze thèmes.", 1.0),
        ("Le programme aide 48 entreprises.", 0.0),
        ("Les exigences sont nombreuses.", -1.0),
        ("Les exigences datent du 8 mars 2022.", -1.0),
        ("Les exigences coûtent 2,5 millions d’euros, soit 44 % du prix.", -1.0),
    ],
)
def test_what_is_counted_stands_after_its_number(sentence: str, held: float) -> None:
    """Another number may still be it under another word; no number cannot."""
    assert holds_kind("number", "Combien d’exigences compte SecNumCloud ?", sentence) == held


def test_who_somebody_is_may_be_asked_after_the_name() -> None:
    assert asks_who_somebody_is("Max Schrems, c’est qui ?")
    assert not asks_who_somebody_is("Le fondateur, c’est qui ?")
    assert not asks_who_somebody_is("NumSpot, c’est qui le patron ?")


def test_a_participle_is_no_summer() -> None:
    """« a été » holds no date, « à l’été » does."""
    assert holds_kind("date", "Quand S3NS a-t-il été créé ?", "S3NS a été créé par Thales.") == -1.0
    assert holds_kind("date", "Quand S3NS sera-t-il ouvert ?", "S3NS ouvrira à l’été.") == 1.0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bleu est il qualifié", "Bleu est-il qualifié"),
        ("NumSpot a t il sa qualif", "NumSpot a-t-il sa qualif"),
        ("est ce que Bleu est prêt", "est-ce que Bleu est prêt"),
        ("Bleu a t’il obtenu la qualif", "Bleu a-t-il obtenu la qualif"),
        ("Bleu est'il qualifié", "Bleu est-il qualifié"),
        ("Peut on y mettre des données", "Peut-on y mettre des données"),
        ("S3NS a-t-il ouvert ?", "S3NS a-t-il ouvert ?"),
        ("le service dont il parle est celui", "le service dont il parle est celui"),
    ],
)
def test_hyphens_left_out_in_a_hurry(typed: str, meant: str) -> None:
    assert hyphenated(typed) == meant

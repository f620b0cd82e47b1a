"""Quotes that give no figure, or tell plans where it is asked what has happened."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.unmet import unmet
from trusted_cloud_chat.schema import Citation

GOAL = "L’objectif fixé au PSN est d’au moins 280 administrations migrées en 2026."
DONE = "En avril 2025, 280 administrations ont migré vers le PSN."


@pytest.mark.parametrize(
    ("question", "quotes", "expected"),
    [
        ("Quel est le montant du contrat d’EDF avec Bleu ?", ["EDF a retenu Bleu parmi d’autres."], True),
        (
            "Quel est le montant du contrat d’EDF avec Bleu ?",
            ["EDF a retenu Bleu.", "Il vaut 3 millions d’euros."],
            False,
        ),
        ("Dans quelle ville AWS a-t-il ouvert sa région ?", ["Sa région se trouve dans le Brandebourg."], True),
        ("Dans quelle ville AWS a-t-il ouvert sa région ?", ["Sa région se trouve à Lübbenau."], False),
        ("In which town of Brandenburg is the AWS region?", ["AWS opened a first region in Brandenburg."], True),
        ("Dans quelles communes sont les centres de S3NS ?", ["S3NS a trois centres en Île-de-France."], True),
        (
            "En quelle année l’ANSSI a-t-elle été créée ?",
            ["SecNumCloud, créé par l’ANSSI en 2016, est un label."],
            True,
        ),
        (
            "En quelle année SecNumCloud a-t-il été créé ?",
            ["SecNumCloud, créé par l’ANSSI en 2016, est un label."],
            False,
        ),
        ("Scaleway a été créé en quelle année ?", ["Scaleway a fondé Gaia-X, lancé en juin 2020 par deux pays."], True),
        (
            "L’ANSSI a été créée en quelle année ?",
            ["La version de l’ANSSI date du 15 mars 2024, et la transposition était annoncée pour octobre."],
            True,
        ),
        (
            "How many recommendations did the report make?",
            [
                "Le rapport avait été remis le 8 juillet, alors que son examen était d’abord prévu le 1er, avec 67 recommandations."
            ],
            False,
        ),
        (
            "Quand le contrat a-t-il été signé ?",
            ["Le contrat, initialement prévu pour 2023, doit être signé en 2027."],
            True,
        ),
        ("Qui siégeait dans la mission ?", ["Début 2023, une mission avait conclu ainsi."], True),
        ("Clever Cloud, c’est qui le fondateur ?", ["Clever Cloud et OVHcloud sont partenaires."], True),
        ("Qui remplace le fondateur d’OVHcloud ?", ["Benjamin Revcolevschi dirige OVHcloud."], False),
        ("Qui est le fondateur d’OVHcloud ?", ["Octave Klaba a fondé OVHcloud en 1999."], False),
        ("Quels sont les quatre hôpitaux d’EMC2 ?", ["EMC2 porte sur les dossiers de quatre hôpitaux."], True),
        ("Quels sont les quatre hôpitaux d’EMC2 ?", ["Quatre hôpitaux : Lyon, Nancy, Toulouse et Marseille."], False),
        (
            "Quels sont les quatre niveaux de CADA ?",
            ["CADA a quatre niveaux, du contrôle, de la garantie, du droit."],
            False,
        ),
        ("Quels sont les deux motifs invoqués ?", ["Les deux motifs invoqués sont le coût et la sécurité."], False),
        ("Quels quatre hôpitaux alimentent EMC2 ?", ["EMC2 porte sur les dossiers de quatre hôpitaux."], True),
        ("What are the three levels of EUCS?", ["The three levels are basic, substantial and high."], False),
        ("Qui est le fondateur de Clever Cloud ?", ["Quentin Adam a cofondé Clever Cloud à Nantes."], False),
        ("Who is the founder of OVHcloud?", ["OVHcloud founder Octave Klaba returns as CEO."], False),
        ("Qui est le fondateur de Scaleway ?", ["Scaleway, l’un des fondateurs de Gaia-X, l’a quitté."], True),
        ("Depuis quand existe SecNumCloud ?", ["La première version de SecNumCloud remonte à 2016."], False),
        ("Depuis quand existe Bleu ?", ["Le choix de Bleu remonte à 2021."], True),
        (
            "Quand Bleu a-t-elle été créée ?",
            ["Orange a parlé de Bleu dès 2021, et la société a été créée en janvier 2024."],
            False,
        ),
        ("NumSpot, c’est qui le patron ?", ["NumSpot a changé de patron en 2025."], True),
        ("Quels sont les quatre niveaux de CADA ?", ["Le niveau 1 de CADA porte sur le stockage."], False),
        ("Quand S3NS a-t-il été créé ?", ["Thales a annoncé le 30 juin 2022 la création de S3NS."], False),
        ("When was OVHcloud founded?", ["L’entreprise est née en 1999."], False),
        ("La DINUM existe depuis quelle année ?", ["La DINUM a publié un bilan fin 2025."], True),
        (
            "Quand OVHcloud a-t-il créé son centre de Strasbourg ?",
            ["OVHcloud a ouvert son centre de Strasbourg en 2012."],
            False,
        ),
        (
            "Quand les lettres de la CNIL ont-elles été envoyées ?",
            ["Les lettres ont été envoyées le 3 mars 2025."],
            False,
        ),
        (
            "Que signifie le sigle DINUM ?",
            ["La direction interministérielle du numérique (DINUM) publie un bilan."],
            False,
        ),
        ("Quelle ville utilise OVHcloud ?", ["Lyon a choisi OVHcloud."], False),
        ("What do the letters SEAL stand for?", ["The framework uses SEAL levels."], True),
        ("What do the letters CADA stand for?", ["The Cloud and AI Development Act (CADA) is new."], False),
        (
            "Quel montant le Health Data Hub verse-t-il à Scaleway ?",
            [
                "Scaleway cite trois projets : le Health Data Hub, un contrat européen de 180 millions d’euros et une usine."
            ],
            True,
        ),
        (
            "Quel montant le contrat européen rapporte-t-il à Scaleway ?",
            [
                "Scaleway cite trois projets : le Health Data Hub, un contrat européen de 180 millions d’euros et une usine."
            ],
            False,
        ),
        (
            "Quel montant le Health Data Hub verse-t-il ?",
            ["Trois projets : le Health Data Hub pour 3 millions d’euros, un contrat européen et une usine."],
            False,
        ),
        (
            "À qui Oodrive a-t-il cédé sa branche ?",
            ["Oodrive a cédé sa branche, d’après un entretien accordé à Républik IT par Stanislas de Rémur."],
            True,
        ),
        ("À qui l’ANSSI rend-elle compte ?", ["L’ANSSI relève du SGDSN."], False),
        (
            "Combien de clients revendique NumSpot ?",
            ["Le bilan est mitigé : NumSpot, lancé en 2023, revendique 40 clients et deux régions."],
            False,
        ),
        ("À qui appartient S3NS : à Thales ou à Google ?", ["S3NS appartient à Thales, selon OurNewsTech."], False),
        (
            "How many suppliers at most would the Commission select?",
            ["Scaleway was selected in its 180-million-euro tender."],
            True,
        ),
        ("How many suppliers would the Commission select?", ["Quatre fournisseurs au plus seront retenus."], False),
        ("How many people use Google Workspace at Airbus?", ["Airbus moved 130,000 users to it."], False),
        ("À qui Oodrive a-t-il cédé sa branche ?", ["Oodrive a cédé sa branche à Tessi."], False),
        (
            "Combien de personnes travaillaient chez Cloudwatt ?",
            ["Trois actionnaires se partageaient Cloudwatt."],
            True,
        ),
        ("Combien de salariés compte S3NS ?", ["S3NS emploie cent ingénieurs."], False),
        ("Combien d’exigences compte SecNumCloud ?", ["Sa version 3.2 s’inspire de la norme ISO 27002."], True),
        ("Combien d’exigences compte SecNumCloud ?", ["SecNumCloud 3.2 contains about 360 requirements."], False),
        ("How much did Thales put into S3NS?", ["Thales owns 92 % of S3NS."], True),
        ("Combien d’administrations ont réellement migré vers le PSN ?", [GOAL], True),
        ("Combien d’administrations ont réellement migré vers le PSN ?", [GOAL, DONE], False),
        ("Combien d’administrations le PSN vise-t-il ?", [GOAL], False),
        ("Quel montant maximal Bruxelles a-t-elle autorisé ?", ["Il pourra recevoir 1,2 milliard d’euros."], False),
        ("Combien d’administrations devaient migrer vers le PSN ?", [GOAL], False),
        (
            "À quelle date NumSpot a-t-il inauguré son site ?",
            ["NumSpot promettait à ce moment-là d’ouvrir en 2023."],
            True,
        ),
        ("À quelle date NumSpot a-t-il inauguré son site ?", ["NumSpot, qui a ouvert en 2023, doit grandir."], False),
        ("Quand la solution a-t-elle été abandonnée ?", ["L’État y renonçait, et visait une autre en 2026."], False),
        ("Quand Clarence a-t-il démarré ?", ["Clarence doit démarrer en 2024.", "Clarence date de mai 2023."], True),
        ("Quand Clarence a-t-il démarré ?", ["Clarence date de mai 2023.", "Clarence doit démarrer en 2024."], False),
        ("Quand Clarence a-t-il démarré ?", [], True),
        ("Combien de salariés a Cloudwatt ?", ["Orange prend 100 % de Cloudwatt et tous les salariés."], True),
        ("Combien de salariés a Cloudwatt ?", ["En mars 2015, Orange reprend tous les salariés."], True),
        ("Combien de salariés a Cloudwatt ?", ["L’effectif de Cloudwatt est de 120."], False),
        ("How long, in pages, was the draft?", ["Le projet tient en 53 pages."], False),
        ("How long was the outage?", ["Le projet tient en 53 pages."], True),
        ("Quel est le chiffre d’affaires de Bleu en 2025 ?", ["Bleu a fait 9 millions d’euros en 2022."], True),
        ("How much was Bleu’s turnover in 2025?", ["Bleu a fait 9 millions d’euros en 2022."], True),
        ("Quel est le chiffre d’affaires de Bleu en 2025 ?", ["Bleu a fait 9 millions d’euros en 2025."], False),
        ("Quel est le chiffre d’affaires de Bleu en 2025 ?", ["Bleu a fait 9 millions d’euros."], False),
        ("Combien de clients Bleu, créé en 2021, compte-t-il ?", ["Fin 2025, Bleu compte 25 clients."], False),
        ("How many customers did Bleu have in March 2025?", ["In 2022 Bleu had 25 customers."], True),
        (
            "Combien OVHcloud a-t-il investi en 2025 ?",
            ["OVHcloud, fondé en 1999, a investi 3 millions d’euros."],
            False,
        ),
        ("Quel est le chiffre d’affaires de Bleu ?", ["Bleu a fait 9 millions d’euros en 2022."], False),
        ("Quand le contrat a-t-il pris effet ?", ["Le contrat prendra effet en janvier 2026."], False),
        ("Combien de niveaux a-t-il fixés ?", ["Quatre niveaux doivent suivre.", "Il en a cinq."], False),
        ("Depuis quand le site de NumSpot est-il ouvert ?", ["NumSpot espère ouvrir en 2023."], True),
        ("Depuis quand le site de NumSpot est-il ouvert ?", ["NumSpot a ouvert en 2023."], False),
        ("Depuis quand NumSpot prévoit-il d’ouvrir un site ?", ["NumSpot espère ouvrir en 2023."], False),
        ("À quelle date NumSpot ouvrira-t-il son site ?", ["NumSpot promet d’ouvrir en 2023."], False),
        ("Noms des hôpitaux qui alimentent EMC2 ?", ["EMC2 réunit quatre hôpitaux, d’après Le Média Plus."], True),
        ("Noms des hôpitaux qui alimentent EMC2 ?", ["Le CHU de Nantes alimente EMC2."], False),
        ("Quel est le nom de la coentreprise d’Orange et Capgemini ?", ["Bleu est la coentreprise d’Orange."], False),
        ("Qui a fondé Scaleway ?", ["Scaleway figurait parmi les fondateurs de Gaia-X."], True),
        ("Qui a fondé Scaleway ?", ["Scaleway appartient à Iliad."], False),
        ("Qui a fondé Scaleway ?", ["Scaleway a été fondé par Xavier Niel."], False),
        ("Qui a fondé Scaleway ?", ["Scaleway a Yann Lechelle pour dirigeant."], True),
        ("Qui a fondé Gaia-X ?", ["Gaia-X ne certifie personne, annonce le Cigref."], True),
        ('What does "trusted cloud" mean?', ["Le label « cloud de confiance » est destiné aux Européens."], False),
        ("What does SEAL mean?", ["Cinq niveaux, nommés SEAL : le niveau 0 signifie une absence."], False),
        ("Depuis quand existe Scaleway ?", ["Scaleway, l’un de ces fondateurs, a quitté Gaia-X."], True),
        ("Que veut dire SNDS ?", ["Scaleway hébergera le SNDS."], True),
        ("Que veut dire SNDS ?", ["Le système national des données de santé (SNDS) grandit."], False),
        ("C’est quoi la règle R12 ?", ["Elle existe depuis la règle R9."], True),
        ("C’est quoi la règle R9 ?", ["La règle R9 impose un cloud qualifié."], False),
        ("Que signifie la « géopatriation » ?", ["Gartner emploie le terme de « géopatriation »."], True),
        ("Que signifie la « géopatriation » ?", ["La géopatriation ramène les données en Europe."], False),
        ("Que signifie « donnée sensible » ?", ["Les données qu’un secret protège sont sensibles."], False),
        ("Combien avaient réellement rejoint le PSN ?", [GOAL], True),
        ("L’État a-t-il décalé la bascule ? De quand à quand ?", ["L’État visait la bascule en 2025."], False),
        ("Qui détient la majorité de S3NS ?", ["Thales détient la majorité de S3NS."], False),
        ("Qui est Max Schrems ?", ["Max Schrems, de noyb, s’est déclaré déçu."], False),
        ("Qui a succédé à Vincent Coudrin ?", ["Vincent Coudrin n’est plus à la tête de la mission."], True),
        ("Qui a succédé à Vincent Coudrin ?", ["La mission est passée à Anne Dupuis."], False),
        ("Qui possède Bleu ?", ["Bleu appartient à Capgemini."], False),
        ("Combien de noms de domaine gère OVHcloud ?", ["OVHcloud gère 5 millions de noms de domaine."], False),
        ("How much have licences gone up?", ["Ces hausses vont de 800 à 1 500 %."], False),
        ("Quand la phase à risque commence-t-elle ?", ["Elle doit commencer en 2027."], False),
        ("How much did SAP raise its budget?", ["SAP prévoit d’investir 20 milliards d’euros d’ici 2035."], False),
        ("Jusqu’à quelle date court le marché de Crayon ?", ["Le marché passe depuis 2020 par Crayon."], True),
        ("Jusqu’à quelle date court le marché de Crayon ?", ["Depuis mai 2020 et jusqu’en 2028, il est à lui."], False),
        ("Sur 180 millions d’euros, quelle somme a Scaleway ?", ["Scaleway a sa part des 180 millions d’euros."], True),
        ("Combien peut coûter une amende NIS2 ?", ["Elle coûte jusqu’à 2 millions d’euros."], False),
        ("Quelle part de S3NS Google détient-il ?", ["Google n’a que 3 % du capital."], False),
        ("Combien OVHcloud doit-il payer, 300 000 euros ?", ["OVHcloud doit payer 300 000 euros."], False),
        ("Quelle part AWS a-t-il à lui seul ?", ["AWS a à lui seul 46 % de l’ensemble, Azure compris."], False),
        ("Jusqu’à quand la qualification est-elle valable ?", ["Elle est valable trois ans."], False),
        ("Quels trois niveaux EUCS prévoit-il ?", ["EUCS prévoit trois niveaux, de basique à élevé."], False),
        ("Sur 180 millions d’euros, quelle somme a Scaleway ?", ["Scaleway a 60 millions d’euros sur 180."], False),
        ("Combien d’agents utilisent Tchap à lui seul ?", ["LaSuite, Tchap compris, a 500 000 agents."], True),
        ("Combien d’agents utilisent Tchap à lui seul ?", ["Tchap a 300 000 agents."], False),
        ("Pourquoi NumSpot a-t-il ouvert un site ?", ["NumSpot promet d’ouvrir en 2023."], False),
    ],
)
def test_what_no_quote_gives(question: str, quotes: list[str], expected: bool) -> None:
    chosen = [sentence(quote) for quote in quotes]
    citations = [Citation(n, c.passage.article, c.span.start, c.span.end) for n, c in enumerate(chosen, start=1)]
    assert unmet(asked(question).query, citations, ENTITIES) is expected

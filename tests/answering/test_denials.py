"""What is forbidden, annulled, dismissed or done without is a no; what is feared or asked for is nothing."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.polar_question import read_polar_question
from trusted_cloud_chat.answering.forms.yes_no import decide

BOUGHT = "Kyndryl a-t-il racheté Solvinity ?"
IN_FORCE = "Le Privacy Shield est-il encore en vigueur ?"
WON = "Clever Cloud a-t-il obtenu gain de cause devant le Conseil d’État ?"
OWN = "NumSpot a-t-il ses propres datacenters ?"
OWNED = "Bleu appartient-il à Microsoft ?"
FAULT = "La cour d’appel de Douai a-t-elle retenu une faute lourde contre OVHcloud ?"


def verdict(question: str, quote: str, day: str = "2026-05") -> str | None:
    polar = read_polar_question(asked(question).query, ENTITIES)
    found = decide(polar, [], ENTITIES, lambda: [sentence(quote, day=day)])
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("NumSpot a-t-il des clients ?", "NumSpot a été lancé sans clients publics connus."),
        ("OVHcloud a-t-il une certification HDS ?", "Sans certification HDS, nul hébergeur, OVHcloud compris, ne garde ces données."),
        ("S3NS a-t-il un client ?", "NumSpot, sans client, envie S3NS."),
    ],
)  # fmt: skip
def test_what_lacks_something_else_or_is_another_denies_nothing(question: str, quote: str) -> None:
    assert verdict(question, quote) is None


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (BOUGHT, "Le gouvernement avait totalement interdit, à la fin de mai 2026, le rachat de Solvinity par Kyndryl."),
        ("Did Kyndryl buy Solvinity?", "The Dutch government banned Kyndryl’s purchase of Solvinity outright."),
        (IN_FORCE, "Le Privacy Shield avait été invalidé le 16 juillet 2020."),
        (IN_FORCE, "La CJUE a annulé le Privacy Shield en 2020."),
        ("Le Safe Harbor est-il encore valable ?", "Le Privacy Shield est né après l’annulation du Safe Harbor en 2015."),
        (WON, "Le Conseil d’État a rejeté au fond, le 19 novembre 2024, un recours que Clever Cloud avait formé."),
        (FAULT, "La cour d’appel de Douai juge qu’OVHcloud a failli à son obligation, mais sans commettre de faute lourde."),
        (OWN, "SecNumCloud concerne aussi NumSpot, qui ne possède pourtant aucun centre de données."),
        ("NumSpot possède ses propres datacenters ?", "NumSpot est client d’Outscale, sans centre de données en propre."),
        (OWN, "NumSpot est client d’Outscale, sans centre de données en propre."),
        ("Does NumSpot have its own data centers?", "NumSpot n’a pas de data centers."),
        ("S3NS a-t-il un directeur technique ?", "S3NS n’a pas de directeur technique."),
        (FAULT, "La cour d’appel de Douai condamne OVHcloud. L’hébergeur a failli, mais sans commettre de faute lourde."),
        (OWNED, "Bleu appartient à 100 % à Capgemini et Orange, et Microsoft n’y est qu’un fournisseur."),
        (OWNED, "Bleu, détenu entièrement par Capgemini et Orange, a ouvert en 2024."),
        ("Is Bleu owned by Microsoft?", "Capgemini and Orange own 100% of Bleu."),
        ("Microsoft possède-t-il Bleu ?", "Bleu appartient en totalité à Capgemini et à Orange."),
    ],
)  # fmt: skip
def test_a_clear_denial_is_a_no(question: str, quote: str) -> None:
    """Also where the sentence before it has the names."""
    assert verdict(question, quote) == "no"


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (BOUGHT, "Le gouvernement pourrait interdire le rachat de Solvinity par Kyndryl."),
        ("Has Kyndryl gone to court against the ban on its purchase of Solvinity?", "The Dutch government banned Kyndryl’s purchase of Solvinity outright."),
        (BOUGHT, "Des députés ont demandé que soit interdit le rachat de Solvinity par Kyndryl."),
        (BOUGHT, "Le gouvernement n’a pas interdit le rachat de Solvinity par Kyndryl."),
        (BOUGHT, "Le gouvernement a interdit le rachat de Solvinity par Atos."),
        (BOUGHT, "Le gouvernement a interdit à Kyndryl l’accès aux données de Solvinity."),
        (IN_FORCE, "Max Schrems demande l’annulation du Privacy Shield."),
        (IN_FORCE, "Le Privacy Shield n’a pas été invalidé."),
        (IN_FORCE, "Le Privacy Shield a pris la suite du Safe Harbor, annulé en 2015."),
        (WON, "Le Conseil d’État a reçu un recours de Clever Cloud."),
        (WON, "Le Conseil d’État a rejeté le recours d’OVHcloud."),
        (WON, "Le Conseil d’État a rejeté le recours d’OVHcloud contre Clever Cloud."),
        ("Le décret est-il encore en vigueur ?", "Le Conseil d’État a annulé le décret."),
        ("L’article 5 du Privacy Shield est-il en vigueur ?", "Le Privacy Shield a été partiellement annulé."),
        ("Le Health Data Hub a-t-il quitté Azure ?", "L’État a interdit, à la fin de 2024, au Health Data Hub de louer Azure."),
        (FAULT, "La cour d’appel de Douai juge OVHcloud responsable, sans commettre d’erreur."),
        ("OVHcloud a-t-il signé un contrat avec Bleu ?", "OVHcloud livre Bleu sans rompre le contrat."),
        (OWNED, "Bleu appartient en partie à Capgemini et Orange."),
        (OWNED, "S3NS appartient à 100 % à Thales."),
        ("Cloudwatt appartient-il à Bleu ?", "Bleu appartient à 100 % à Capgemini et Orange."),
        ("Microsoft travaille-t-il avec Bleu ?", "Bleu appartient à 100 % à Capgemini et Orange."),
        ("La technologie de Bleu appartient-elle à Microsoft ?", "Bleu est détenu à 100 % par Capgemini et Orange."),
        ("S3NS appartient-il à Google ?", "La filiale de S3NS est détenue à 100 % par Thales."),
        ("Does Google own S3NS?", "Both companies own 100% of S3NS."),
        (OWNED, "En 2021, Bleu appartenait à 100 % à Capgemini et Orange."),
    ],
)  # fmt: skip
def test_what_is_only_feared_or_of_another_is_none(question: str, quote: str) -> None:
    assert verdict(question, quote) is None


def test_what_has_fallen_undoes_no_denial() -> None:
    """A later sentence that names it in force once, among those that fell."""
    gone = sentence("Le Privacy Shield a été invalidé le 16 juillet 2020.", day="2024-04", name="gone")
    later = sentence(
        "Deux cadres étaient tombés, dont le Privacy Shield, en vigueur depuis 2016.", day="2025-09", name="b"
    )
    found = decide(read_polar_question(asked(IN_FORCE).query, ENTITIES), [gone, later], ENTITIES)

    assert found is not None
    assert (found.verdict, found.proof) == ("no", gone)

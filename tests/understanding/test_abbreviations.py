"""French as it is typed in haste."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.understanding import understand
from trusted_cloud_chat.understanding.abbreviations import written_out


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("pk ovh a porté plainte", "pourquoi ovh a porté plainte"),
        ("Pk Bleu est cher", "pourquoi Bleu est cher"),
        ("snc c koi", "snc c’est quoi"),
        ("outscale c pr qui", "outscale c’est pour qui"),
        ("nb de VM du cloud Pi", "combien de VM du cloud Pi"),
        ("sbg2 nb serveurs", "sbg2 combien de serveurs"),
        ("olvid nb d'utilisateurs", "olvid combien d'utilisateurs"),
        ("cb coûte une qualification", "combien coûte une qualification"),
        ("ya t-il des frais", "y a t-il des frais"),
        ("ya un belge ?", "il y a un belge ?"),
        ("il y a quoi dans Bleu ?", "il y a quoi dans Bleu ?"),
        ("s3ns a le label de l'anssi ?", "s3ns a la qualification SecNumCloud ?"),
        ("Le prix du visa de sécurité de l’ANSSI", "Le prix de la qualification SecNumCloud"),
        ("Le référentiel de l’ANSSI sur la cryptographie", "Le référentiel de l’ANSSI sur la cryptographie"),
        ("Quel référentiel de l’ANSSI choisir ?", "Quel référentiel de l’ANSSI choisir ?"),
        ("Le référentiel de l’ANSSI est-il public ?", "Le référentiel SecNumCloud est-il public ?"),
        ("quel est le nb de clients", "quel est le nombre de clients"),
        ("payer en cb chez OVHcloud", "payer en cb chez OVHcloud"),
        ("le plan c pour l’État", "le plan c pour l’État"),
        ("ya-t-il un cloud belge ?", "y a-t-il un cloud belge ?"),
        ("Pr Didier Raoult", "Pr Didier Raoult"),
        ("Bleu a-t-il SecNumCloud ?", "Bleu a-t-il la qualification SecNumCloud ?"),
        ("le visa de l’ANSSI PASSI", "le visa de l’ANSSI PASSI"),
        ("le référentiel SecNumCloud de l’ANSSI", "le référentiel SecNumCloud de l’ANSSI"),
        ("Le logo PR et la CB de Bleu", "Le logo PR et la CB de Bleu"),
        ("C’est quoi, la directive c. d. ?", "C’est quoi, la directive c. d. ?"),
    ],
)
def test_abbreviations_are_written_out(typed: str, words: str) -> None:
    assert written_out(typed) == words


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("pk l'X a stoppé", "why"),
        ("snc c koi", "definition"),
        ("nb de clients de bleu", "number"),
        ("bleu qualifié qd", "date"),
    ],
)
def test_the_kind_is_told_from_the_words(typed: str, kind: str) -> None:
    assert understand(typed, today=date(2026, 11, 28), entities=load_entities()).query.kind == kind


def test_english_is_left_alone() -> None:
    found = understand("What is the pr of nb items in tt?", today=date(2026, 11, 28), entities=load_entities())
    assert found.read_as == "What is the pr of nb items in tt?"

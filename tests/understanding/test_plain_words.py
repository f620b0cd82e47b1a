"""Questions in the words of articles."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.understanding import understand
from trusted_cloud_chat.understanding.plain_words import in_plain_words


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("À quelle date Bleu a-t-il décroché SecNumCloud ?", "Quand Bleu a-t-il obtenu SecNumCloud ?"),
        ("En quelle année Bleu a-t-il été créé ?", "Quand Bleu a-t-il été créé ?"),
        ("L’ANSSI, à quelle date a-t-elle qualifié S3NS ?", "L’ANSSI, quand a-t-elle qualifié S3NS ?"),
        ("Depuis quelle date Bleu existe-t-il ?", "Depuis quelle date Bleu existe-t-il ?"),
        ("Quand Bleu décrochera SecNumCloud ?", "Quand Bleu obtiendra SecNumCloud ?"),
        ("Quelles offres ont été décrochées ?", "Quelles offres ont été obtenues ?"),
        ("Qui a gelé ou stoppé la migration ?", "Qui a suspendu ou suspendu la migration ?"),
        ("Combien de datacenters a OVHcloud ?", "Combien de centres de données a OVHcloud ?"),
        ("C’est quoi au juste SecNumCloud ?", "C’est quoi SecNumCloud ?"),
        ("Pourquoi X a-t-il réellement quitté Y, du coup ?", "Pourquoi X a-t-il quitté Y ?"),
        ("Est-ce que Bleu a DÉCROCHÉ SecNumCloud ?", "Est-ce que Bleu a obtenu SecNumCloud ?"),
        ("Quand Bleu décroche-t-il SecNumCloud ?", "Quand Bleu obtient-il SecNumCloud ?"),
        ("L’action a-t-elle décroché en Bourse ?", "L’action a-t-elle décroché en Bourse ?"),
        ("À quelle date limite faut-il partir ?", "À quelle date limite faut-il partir ?"),
        ("À quelle date exacte Bleu a-t-il ouvert ?", "Quand Bleu a-t-il ouvert ?"),
        ("OVHcloud en fait partie ?", "OVHcloud en fait partie ?"),
        ("Bleu n’est pas vraiment souverain ?", "Bleu n’est pas vraiment souverain ?"),
        ("Vient-il de France ou d’ailleurs ?", "Vient-il de France ou d’ailleurs ?"),
        ("La cour a-t-elle dit exactement que c’est permis ?", "La cour a-t-elle dit exactement que c’est permis ?"),
        ("Qu’est-ce qui a bougé ?", "Qu’est-ce qui a changé ?"),
        ("Bleu a eu besoin du feu vert de Bruxelles ?", "Bleu a eu besoin de l’autorisation de Bruxelles ?"),
        ("Le visa de Bleu a-t-il expiré ?", "La qualification de Bleu a-t-il expiré ?"),
        ("Qui accepte la carte Visa ?", "Qui accepte la carte Visa ?"),
        ("Le déménagement du HDH, c’est fait ?", "La migration du HDH, c’est fait ?"),
        ("Le HDH bascule-t-il chez Scaleway ?", "Le HDH migre-t-il chez Scaleway ?"),
        ("Pourquoi arrêter sa bascule vers Microsoft ?", "Pourquoi arrêter sa migration vers Microsoft ?"),
        ("Scaleway lâche-t-il Gaia-X ?", "Scaleway quitte-t-il Gaia-X ?"),
        ("Combien de sites étaient par terre ?", "Combien de sites étaient inaccessibles ?"),
        ("Combien coûtait la solution d’attente du HDH ?", "Combien coûtait la solution intercalaire du HDH ?"),
        ("Comment contrôler le correctif ?", "Comment contrôler la mise à jour ?"),
        ("Comment contrôler les correctifs ?", "Comment contrôler les mises à jour ?"),
        ("Quelle ristourne pour les fonctionnaires ?", "Quelle remise pour les agents publics ?"),
        ("Combien de mairies du Vieux Continent ?", "Combien de communes de l’Europe ?"),
        ("Que demande Washington à La Haye ?", "Que demande les États-Unis à La Haye ?"),
        ("Que dit la loi de Washington ?", "Que dit la loi des États-Unis ?"),
        ("Que dit le tribunal de La Haye ?", "Que dit le tribunal de La Haye ?"),
        ("Que dit le Washington Post ?", "Que dit le Washington Post ?"),
        ("Quand a lieu la grande bascule ?", "Quand a lieu la grande bascule ?"),
        ("Combien d’étapes compte SecNumCloud ?", "Combien de jalons compte SecNumCloud ?"),
        ("Quelles sont les étapes de la loi ?", "Quelles sont les étapes de la loi ?"),
        ("Quel visa a Bleu ?", "Quelle qualification a Bleu ?"),
        ("Quel est le nouveau visa ?", "Quel est le nouveau visa ?"),
        ("Quels feux verts manquent à Bleu ?", "quelles autorisations manquent à Bleu ?"),
        ("L’ANSSI lâche-t-elle du lest ?", "L’ANSSI lâche-t-elle du lest ?"),
        ("OVHcloud a-t-il déménagé son siège ?", "OVHcloud a-t-il déménagé son siège ?"),
        ("Rome aide-t-elle ses régions ?", "l’Italie aide-t-elle ses régions ?"),
        ("Le cloud allemand a-t-il les régions allemandes ?", "Le cloud allemand a-t-il les Länder ?"),
    ],
)
def test_a_question_in_plain_words(asked: str, plain: str) -> None:
    assert in_plain_words(asked) == plain


def test_only_what_is_read_is_put_in_plain_words() -> None:
    asked = "À quelle date Bleu a-t-il décroché SecNumCloud ?"
    found = understand(asked, today=date(2026, 11, 28), entities=load_entities())
    assert found.read_as == "Quand Bleu a-t-il obtenu SecNumCloud ?"
    assert (found.query.text, found.query.kind) == (asked, "date")


def test_an_english_question_stays_as_it_is() -> None:
    asked = "How many datacenters does it have, en fait?"
    assert understand(asked, today=date(2026, 11, 28), entities=load_entities()).read_as == asked


def test_the_french_state_in_english() -> None:
    """Articles say « l’État »."""
    found = understand("What did the French government buy?", today=date(2026, 11, 28), entities=load_entities())
    assert found.read_as == "What did the State buy?"
    owned = "What did the French state-owned utility buy?"
    assert understand(owned, today=date(2026, 11, 28), entities=load_entities()).read_as == owned


def test_members_of_the_european_parliament() -> None:
    found = understand("Who is the lead MEP on CADA?", today=date(2026, 11, 28), entities=load_entities())
    assert found.read_as == "Who is the rapporteur on CADA?"

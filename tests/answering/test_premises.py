"""What a question takes for granted is corrected only where it is what was written down as false."""

import pytest

from made import MARKET, asked, evidence_of, known_by, passage_of, selected
from trusted_cloud_chat.answering.facts import denied_by, takes_for_granted
from trusted_cloud_chat.schema import Fact, Passage

SHARE = "Pourquoi Microsoft détient-il une part de Bleu ?"
GARDEN = "Pourquoi le pilote de l’orangeraie a-t-il racheté le domaine ?"
SHIELD = "Pourquoi la CJUE a-t-elle validé le Privacy Shield ?"
INVALID = "La CJUE a invalidé le Privacy Shield."


def is_denied(typed: str, passage: Passage) -> bool:
    question = asked(typed, "why")
    known = known_by(question, [passage])
    return known is not None and denied_by(evidence_of(question, passage), known, MARKET) is not None


@pytest.mark.parametrize(
    ("typed", "premise", "correction", "granted"),
    [
        ("Pourquoi Orange a cédé sa part de Bleu à Microsoft ?", SHARE, "Bleu appartient à Capgemini et Orange.", True),
        ("Pourquoi la CJUE a-t-elle validé le bouclier ?", SHIELD, INVALID, True),
        ("Pourquoi la CJUE a-t-elle invalidé le Privacy Shield ?", SHIELD, INVALID, False),
    ],
)
def test_not_what_the_correction_says_itself(typed: str, premise: str, correction: str, granted: bool) -> None:
    """Names apart: « Orange » stands in the correction, and says nothing of who is right."""
    assert takes_for_granted(asked(typed, "why"), premise, selected(correction)) is granted


@pytest.mark.parametrize(
    ("typed", "denied"),
    [
        ("Pourquoi Kyndryl a-t-il racheté Solvinity ?", True),
        ("Qui a interdit à Kyndryl de racheter Solvinity ?", False),
        ("Pourquoi Kyndryl n’a-t-il pas racheté Solvinity ?", False),
        ("Pourquoi Kyndryl s’intéresse-t-il à Solvinity ?", False),
    ],
)
def test_a_fact_that_denies_what_happened_corrects_the_question(typed: str, denied: bool) -> None:
    passage = passage_of(
        "Les Pays-Bas ont interdit à Kyndryl le rachat de Solvinity.",
        facts=[Fact("Kyndryl", "acquisition", object="Solvinity", status="denied")],
    )
    assert is_denied(typed, passage) is denied


@pytest.mark.parametrize(("typed", "denied"), [("Pourquoi Pi a-t-il racheté Orange ?", True), (GARDEN, False)])
def test_names_are_whole_words_there(typed: str, denied: bool) -> None:
    passage = passage_of(
        "L’État a interdit à Pi le rachat d’Orange.",
        facts=[Fact("Pi", "acquisition", object="Orange", status="denied")],
    )
    assert is_denied(typed, passage) is denied

"""What a question takes for granted is corrected only where it is what was written down as false."""

import pytest

from made import asked, selected
from trusted_cloud_chat.answering.facts import takes_for_granted

SHARE = "Pourquoi Microsoft détient-il une part de Bleu ?"
SHIELD = "Pourquoi la CJUE a-t-elle validé le Privacy Shield ?"


@pytest.mark.parametrize(
    ("typed", "premise", "correction", "granted"),
    [
        ("Pourquoi Orange a cédé sa part de Bleu à Microsoft ?", SHARE, "Bleu appartient à Capgemini et Orange.", True),
        ("Pourquoi la CJUE a-t-elle validé le bouclier ?", SHIELD, "La CJUE a invalidé le Privacy Shield.", True),
        (
            "Pourquoi la CJUE a-t-elle invalidé le Privacy Shield ?",
            SHIELD,
            "La CJUE a invalidé le Privacy Shield.",
            False,
        ),
    ],
)
def test_not_what_the_correction_says_itself(typed: str, premise: str, correction: str, granted: bool) -> None:
    """Names apart: « Orange » stands in the correction, and says nothing of who is right."""
    assert takes_for_granted(asked(typed, "why"), premise, selected(correction)) is granted

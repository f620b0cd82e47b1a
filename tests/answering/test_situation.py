"""How things stand, told by sentences of which the reader is not sure."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.forms.situation import tells_situation

SUSPENDED = "L’École polytechnique suspend son passage à Microsoft 365."


@pytest.mark.parametrize(
    ("question", "quote", "tells"),
    [
        ("Où en est Polytechnique avec son projet Microsoft 365 ?", SUSPENDED, True),
        ("Qu’est devenu le projet Microsoft 365 de Polytechnique ?", SUSPENDED, True),
        ("What became of Polytechnique’s move to Microsoft 365?", SUSPENDED, True),
        ("Pourquoi Polytechnique a-t-elle choisi Microsoft 365 ?", SUSPENDED, False),
        ("Où en est Worldline avec SecNumCloud ?", "SecNumCloud compte 360 exigences.", False),
        ("Où en est le projet ?", SUSPENDED, False),
    ],
)
def test_any_news_of_those_named_tells_how_things_stand(question: str, quote: str, tells: bool) -> None:
    """Names that no list of ours has count too."""
    assert tells_situation(asked(question), [sentence(quote)], ENTITIES) is tells


def test_that_makes_an_answer_likely() -> None:
    question = asked("Où en est Polytechnique avec son projet Microsoft 365 ?")

    assert choose_form(question, [sentence(SUSPENDED)], ENTITIES).likely
    assert not choose_form(question, [], ENTITIES).likely

"""What `scripts/measure_openings.py` counts as an opening, and which questions it asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trusted_cloud_chat.answering.assistant import Assistant

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui, à la date du 3 juin 2026 :\n\n« … »", "yes"),
        ("Yes, on the conditions that the quote gives:\n\n“…”", "yes"),
        ("Non :\n\n« … »", "no"),
        ("Pas encore, d’après la citation :", "no"),
        ("En mars 2026, non :", "no"),
        ("Not yet, according to the quote:", "no"),
        ("« Non, répond l’ANSSI. » [1]", "none"),
        ("No definition found in the corpus; what it says about it:", "none"),
        ("Les sources ne concordent pas :", "none"),
    ],
)
def test_the_first_line_tells_the_opening(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from measure_openings import opening

    answer = assistant.ask("Bleu est-il qualifié ?")
    assert opening(replace(answer, answer=text, refused=False)) == expected


def test_questions_that_nothing_answers_are_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from measure_openings import asked_for

    assert asked_for({"question": "Peut-on ?", "unanswerable": None, "verdict": "yes"}) == "yes"
    assert asked_for({"question": "Peut-on partir ?", "unanswerable": "missing"}) == "unsaid"
    assert asked_for({"question": "Qui part ?", "unanswerable": "missing"}) is None
    assert asked_for({"question": "Peut-on partir ?", "unanswerable": None}) is None

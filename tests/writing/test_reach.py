"""The scripted writer of `scripts/measure_reach.py`: it knows nothing but the messages that the product sends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trusted_cloud_chat.schema import Answer, Passage, Query
from trusted_cloud_chat.writing.prompt import build_prompt


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "scripts"))
    import measure_reach

    return measure_reach


def test_it_writes_what_the_passages_hold_with_their_number(
    reach: Any, passages: list[Passage], query: Query, extractive: Answer
) -> None:
    writer = reach.ScriptedWriter(wanted=("avant la fin de 2026",))
    prompt = build_prompt("", query, passages, extractive)

    assert str(writer.invoke(prompt).text).endswith("vise la qualification SecNumCloud avant la fin de 2026. [2]")
    assert "".join(str(piece.text) for piece in writer.stream(prompt)).strip() == writer.wrote


def test_it_gives_up_where_they_do_not(reach: Any, passages: list[Passage], query: Query, extractive: Answer) -> None:
    writer = reach.ScriptedWriter(wanted=("avant la fin de 2026",))
    assert writer.invoke(build_prompt("", query, passages[:1], extractive)).text == "INTROUVABLE"
    assert writer.asked


def test_its_words_are_slightly_other_ones(reach: Any) -> None:
    said = "S3NS a obtenu la qualification, selon Thales, en 2025, rapporte LeMagIT."
    assert reach.reworded(said, ("en 2025",)) == "S3NS a décroché la qualification, d’après Thales, en 2025."
    assert "a obtenu" in reach.reworded(said, ("a obtenu la qualification",))

"""Many at once, on loopback: in turn, none starved, each told its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
QUESTIONS = [
    "Quand Bleu sera-t-il qualifié ?",
    "Qui détient S3NS ?",
    "Où sont les centres de Bleu ?",
    "Qui dirige Bleu ?",
]


@pytest.mark.soak
def test_ten_forty_and_those_who_go_away(page_home: Path, page_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten wait at most ten times as long as one does; after 150 that go away a visitor waits for no more than a moment."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from bench.crowd import measure

    found = measure(page_home, page_corpus, QUESTIONS, quick=False)
    sys.stderr.write(f"{found}\n")

    assert [found[name]["errors"] for name in ("one", "ten", "forty")] == [0, 0, 0]
    assert found["ten"]["times"] <= 10
    assert found["ten"]["least"] * 3 >= found["ten"]["most"]
    assert found["forty"]["told"] >= 36  # the first are answered at once
    assert found["abandoned"]["error"] == ""
    assert found["abandoned"]["visitor_ms"] < 15_000

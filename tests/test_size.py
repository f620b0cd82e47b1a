"""The house stays within its budget."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_the_house_is_within_its_budget(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`scripts/measure_size.py` finds nothing beyond `budget.toml`."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    import measure_size

    with pytest.raises(SystemExit) as done:
        measure_size.main()

    assert (done.value.code, capsys.readouterr().err) == (0, "")

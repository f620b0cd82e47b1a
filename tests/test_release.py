"""The release checklist finds what is to be done."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from trusted_cloud_chat import __version__


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """`scripts/check_release.py`, looking at an empty folder."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    import check_release

    monkeypatch.setattr(check_release, "ROOT", tmp_path)
    return check_release


@pytest.mark.parametrize(
    ("heading", "faults"),
    [(f"{__version__} (2026-11-29)", 0), (f"{__version__} (unreleased)", 1), ("0.0.1 (2026-11-29)", 1)],
)
def test_the_changelog_has_this_version_with_its_day(
    checks: ModuleType, tmp_path: Path, heading: str, faults: int
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n\n- A line.\n")

    assert len(list(checks.changelog())) == faults


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        ("numpy==2.4.0", True),
        ("torch==2.12.0+cpu", False),
        ("torch @ https://example.org/torch.whl", False),
        ("-e /somewhere/else", False),
        ("numpy>=2", False),
    ],
)
def test_constraints_hold_on_every_index(checks: ModuleType, tmp_path: Path, line: str, fine: bool) -> None:
    (tmp_path / "constraints.txt").write_text(f"# Exact.\n{line}\n")

    assert (not list(checks.constraints())) is fine


def test_those_of_this_checkout_do(monkeypatch: pytest.MonkeyPatch, checks: ModuleType) -> None:
    monkeypatch.setattr(checks, "ROOT", Path(__file__).parents[1])

    assert [*checks.constraints(), *checks.versions()] == []

"""Which Pythons `make pythons` tries, and what it says of each; the first steps themselves are `make pythons`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def pythons(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`scripts/try_pythons.py`."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scripts"))
    import try_pythons

    return try_pythons


def stand_in(path: Path, does: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


def test_the_newest_of_each_further_version(
    pythons: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither too old ones, nor ours, nor what does not run, nor other programs; those of pyenv and those that are named too."""
    path, pyenv = tmp_path / "bin", tmp_path / "pyenv"
    stand_in(path / "python3.98", "echo 3 98 1")
    stand_in(path / "python3.97", "exit 127")
    stand_in(path / "python3.10", "echo 3 10 2")
    stand_in(path / "python3.98-config", "echo 3 98 9")
    stand_in(path / "python3.11", f"echo {' '.join(map(str, sys.version_info[:3]))}")
    newer = stand_in(pyenv / "versions" / "3.98.2" / "bin" / "python3.98", "echo 3 98 2")
    named = stand_in(tmp_path / "mine", "echo 3 99 0")
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setenv("PYENV_ROOT", str(pyenv))
    monkeypatch.setenv("PYTHONS", str(named))

    assert pythons.further_pythons() == {(3, 98, 2): newer, (3, 99, 0): named}

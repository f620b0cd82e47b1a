"""The first steps without a checkout: `init`, the wheel, and machines on which we do not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders import TODAY
from fakes import HashedEmbedder
from trusted_cloud_chat import cli
from trusted_cloud_chat.commands.machine import check_machine
from trusted_cloud_chat.commands.upkeep import lay_out
from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

ROOT = Path(__file__).parents[1]


def test_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Three articles that can be ingested, and what to type next; what is there already is left alone."""
    folder = tmp_path / "mes articles"
    monkeypatch.setenv("TCC_CORPUS", str(folder))
    monkeypatch.setattr(sys, "argv", ["trusted-cloud-chat", "init", str(folder)])
    with pytest.raises(SystemExit) as done:
        cli.main()
    said = capsys.readouterr().out

    assert done.value.code == 0
    assert "ingest" in said
    assert "serve" in said
    assert "TCC_CORPUS" not in said
    report = run_ingest(load_settings(home=tmp_path / "home"), embedder=HashedEmbedder(), today=TODAY)
    assert (len(report.added), report.failed) == (3, [])
    with pytest.raises(UsageError, match="not empty"):
        lay_out(folder)


def test_another_folder_is_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["trusted-cloud-chat", "init", str(tmp_path / "a")])
    with pytest.raises(SystemExit):
        cli.main()
    assert f"export TCC_CORPUS={tmp_path / 'a'}" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("texte")
    with pytest.raises(UsageError, match="cannot be written"):
        lay_out(tmp_path / "file" / "corpus")


def test_the_samples_are_articles_of_the_corpus() -> None:
    samples = sorted((ROOT / "src/trusted_cloud_chat/data/samples").iterdir())
    ours = {path.name: path.read_bytes() for path in (ROOT / "corpus").glob("*/*")}
    assert len(samples) == 6
    assert all(ours[path.name] == path.read_bytes() for path in samples)


@pytest.mark.parametrize(
    ("system", "processor", "said"),
    [
        ("win32", "AMD64", "WSL 2"),
        ("darwin", "x86_64", "Intel"),
        ("darwin", "arm64", ""),
        ("linux", "x86_64", ""),
        ("linux", "aarch64", ""),
    ],
)
def test_machines(system: str, processor: str, said: str) -> None:
    if said:
        with pytest.raises(UnusableError, match=said):
            check_machine(system, processor)
    else:
        check_machine(system, processor)


def test_what_is_told_before_anything_is_installed() -> None:
    """`make` asks with a bare Python: no library may be needed."""
    command = [sys.executable, "-S", "-m", "trusted_cloud_chat.commands.machine"]
    subprocess.run(command, env={"PYTHONPATH": str(ROOT / "src")}, check=True)


@pytest.mark.soak  # what builds wheels is fetched
def test_the_wheel_outside_the_checkout(tmp_path: Path) -> None:
    """Everything of the package lies in it, and the first steps work where there is nothing else of ours."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--target", tmp_path / "site", wheel], check=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "TCC_HOME": str(tmp_path / "home")}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "trusted_cloud_chat", *arguments]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True, encoding="utf-8"
        ).stdout

    package = ROOT / "src/trusted_cloud_chat"
    ours = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path.relative_to(ROOT / "src") for path in ours} <= {
        path.relative_to(tmp_path / "site") for path in (tmp_path / "site").rglob("*")
    }
    assert "TCC_CORPUS" not in run("init")
    assert "3 added" in run("ingest")
    assert "PREMI3NS" in run("ask", "Quand S3NS a-t-il été qualifié ?")

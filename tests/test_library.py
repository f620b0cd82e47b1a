"""The assistant in a Python program: what is imported, what is given back, and the examples of its page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import trusted_cloud_chat
from builders import write, write_tiny_corpus
from trusted_cloud_chat import OpenAssistant, Turn, open_assistant
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import IndexEmptyError, QuestionError, SettingsError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import load_settings

PAGE = Path(__file__).parents[1] / "docs/python.md"
QUESTION = "Quand S3NS a-t-il été qualifié ?"
HEAVY = ("chromadb", "gradio", "langchain_core", "numpy", "onnxruntime", "pydantic", "tantivy", "torch")


@pytest.fixture
def opened(tiny_home: Path, tiny_corpus: Path, embedder: Embedder, assistant: Assistant) -> OpenAssistant:
    """Over the session's assistant, which stays open."""
    return OpenAssistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, assistant)


@pytest.fixture
def growing(tmp_path: Path, empty_home: Path, embedder: Embedder) -> Iterator[OpenAssistant]:
    """Over a home without an index, and a corpus to change."""
    settings = load_settings(home=empty_home, corpus=write_tiny_corpus(tmp_path / "corpus"))
    with OpenAssistant(settings, embedder) as ready:
        yield ready


def test_the_import_loads_nothing() -> None:
    """No library, and telemetry is off by it; what a program names is found."""
    code = (
        "import os, sys, trusted_cloud_chat as t; "
        f"print([name for name in {HEAVY} if name in sys.modules], os.environ['ORT_DISABLE_TELEMETRY'], "
        "'open_assistant' in dir(t))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split("\n")[0] == "[] 1 True"


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open_asistant'"):
        trusted_cloud_chat.open_asistant  # noqa: B018


class TestAsking:
    def test_the_same_answer(self, opened: OpenAssistant, assistant: Assistant) -> None:
        asked = opened.ask(QUESTION, today="2026-11-24")
        *_, last = opened.stream(QUESTION, today=date(2026, 11, 24))

        assert asked.answer == last.answer == assistant.ask(QUESTION, today=date(2026, 11, 24)).answer
        assert last.timings_ms

    def test_days(self, opened: OpenAssistant) -> None:
        assert opened.ask(QUESTION, as_of="2024").query.as_of == date(2024, 12, 31)
        found = opened.search(QUESTION, 9, as_of="2024-02").passages
        assert {str(passage.article.date) for passage in found} == {"2019", "2024-01"}
        with pytest.raises(QuestionError):
            opened.ask(QUESTION, today="hier")

    def test_a_follow_up(self, opened: OpenAssistant) -> None:
        first = opened.ask(QUESTION)
        assert "3DS Outscale" in opened.ask("et Outscale ?", turns=[Turn(QUESTION, first.answer, first)]).answer


class TestIngesting:
    def test_from_nothing(self, growing: OpenAssistant, tmp_path: Path) -> None:
        """An empty index is told when it is asked; then what is ingested answers, also a file that is given."""
        with pytest.raises(IndexEmptyError):
            growing.ask(QUESTION)
        assert len(growing.ingest().added) == growing.coverage().articles
        file = write(tmp_path / "note.txt", "date 2026-01 Le fournisseur Cumulonimbus ouvre un centre à Brest.")
        assert growing.ingest(file, dry_run=True).generation == growing.coverage().generation
        assert len(growing.ingest(file).added) == 1
        assert "Brest" in growing.ask("Où Cumulonimbus ouvre-t-il un centre ?").answer


def test_an_unknown_setting() -> None:
    with pytest.raises(SettingsError, match="TCC_PASAGES"):
        open_assistant(pasages=3)


@pytest.mark.slow
def test_the_examples_of_the_page(
    tiny_home: Path, tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `docs/python.md` shows runs as it stands."""
    shutil.copytree(tiny_home, tmp_path / "home", symlinks=True)
    monkeypatch.setenv("TCC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TCC_CORPUS", str(tiny_corpus))
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        exec(block, names)

    assert "17 décembre 2025" in names["answer"].answer
    assert json.loads(names["as_json"])["answer"] == names["answer"].answer
    assert names["before"].query.as_of == date(2025, 12, 31)
    assert "Thales" in names["followed"].answer
    assert names["article"].text
    assert names["report"].failed == []
    assert names["refused"]

"""The bench measures what it says: small sizes, real parts."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(scope="module", autouse=True)
def _scripts() -> Any:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def lines(embedder_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Fifty sentences of the project's corpus, and its headings, as the real embedder sees them."""
    from bench.compose import Lines, prepare

    file = tmp_path_factory.mktemp("lines") / "lines.npz"
    corpus = str(SCRIPTS.parent / "corpus")
    prepare({"home": str(embedder_home), "corpus": corpus, "lines": str(file), "sentences": 50})
    return Lines.load(file)


@pytest.mark.slow  # the project's corpus is read
class TestComposing:
    def test_the_corpus_has_the_size_asked_for(
        self, lines: Any, embedder: Any, embedder_home: Path, tmp_path: Path
    ) -> None:
        """Within a tenth, with the product's own chunking, and every article is read without complaint."""
        from bench.compose import ComposedEmbedder, write_corpus
        from bench.product import home_at, settings_at

        from trusted_cloud_chat.wiring import run_ingest

        settings = settings_at(home_at(tmp_path / "home", embedder_home / "models"), tmp_path / "corpus")
        written = write_corpus(lines, settings.corpus, 300, settings.chunk_tokens)

        report = run_ingest(settings, embedder=ComposedEmbedder(embedder, lines, real_chunks=False))

        assert (len(report.added), report.failed, report.duplicates) == (written, [], [])
        assert report.chunks == pytest.approx(300, rel=0.1)


class TestTutorial:
    @pytest.mark.soak  # with the whole bench: torch is loaded
    def test_its_model_has_the_same_weights(self, embedder: Any, tmp_path: Path) -> None:
        """The folder that sentence-transformers loads is the bundled model in float32: the pipelines differ, not it."""
        from bench.tutorial import SentenceTransformerEmbeddings, prepare

        prepare({"model": str(tmp_path)})
        model = SentenceTransformerEmbeddings(str(tmp_path))

        texts = ["Bleu vise la qualification SecNumCloud en 2025.", "Œuvre : l’été, déjà !"]
        ours, theirs = embedder.encode_passages(texts), np.array(model.embed_documents(texts))
        theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
        assert ((ours * theirs).sum(axis=1) > 0.985).all()
        assert float(ours[0] @ theirs[1]) < 0.9


def test_a_crowd_needs_an_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one every question is an error, and its times are none: the command that makes it is named instead."""
    from bench.__main__ import _crowd

    from trusted_cloud_chat.settings import load_settings

    with pytest.raises(SystemExit) as ended:
        _crowd(load_settings(home=tmp_path), Namespace(quick=True, out=tmp_path / "out"))

    assert ended.value.code == 3
    assert "trusted-cloud-chat ingest" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.soak  # three minutes
def test_a_quick_run_from_end_to_end(embedder_home: Path, tmp_path: Path) -> None:
    """One size of one hundred chunks: both pipelines, a real server and its new generations, table, JSON and plots."""
    command = [sys.executable, "-m", "bench", "--quick", "--sizes", "100", "--out", str(tmp_path)]
    from bench.worker import environ

    done = subprocess.run(
        command, env=environ(TCC_HOME=str(embedder_home)), stdout=subprocess.PIPE, text=True, check=True
    )

    result = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    side, (row,) = result["side"]["gold"], result["growth"]
    assert side["ours"]["hit@5"] >= 0.8
    assert side["tutorial"]["hit@5"] > 0
    assert row["ours"]["serve_reopened_mb"] >= row["ours"]["serve_mb"] > 100
    assert row["ours"]["add_s"] > 0
    assert set(row["ours"]["stages_ms"]) == {"understand", "embed", "vectors", "lexical", "fuse", "read", "answer"}
    assert done.stdout.startswith("- date: ")
    assert "<svg" in (tmp_path / "bench.svg").read_text("utf-8")


@pytest.mark.soak
def test_a_quick_run_of_the_write_path(embedder_home: Path, tmp_path: Path) -> None:
    """Each measure, small: an edited article embeds what is new of it alone, and what is unchanged nothing."""
    command = [sys.executable, "-m", "bench", "--quick", "--only", "writing", "--out", str(tmp_path)]
    from bench.worker import environ

    subprocess.run(command, env=environ(TCC_HOME=str(embedder_home)), stdout=subprocess.PIPE, text=True, check=True)

    rows = {row["what"]: row["done"] for row in json.loads((tmp_path / "bench.json").read_text("utf-8"))["writing"]}
    assert rows["unchanged"] == "60 unchanged, 0 changed, 0 of 180 chunks embedded"
    assert rows["one edited, by its path"] == "0 unchanged, 1 changed, 1 of 181 chunks embedded"
    assert "10 articles" in rows["10 pages of HTML"]
    assert "1 articles" in rows["10 pages of PDF"]
    assert "11 articles" in rows["10 small files and a large one"]
    assert rows["100 stored questions searched"].endswith("1.0000 of the nearest 15")

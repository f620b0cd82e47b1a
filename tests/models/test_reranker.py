"""A real CrossEncoder of two tiny layers with random weights, made on the spot and loaded from its folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builders import TODAY
from fakes import save_cross_encoder
from trusted_cloud_chat.doctor import examine
from trusted_cloud_chat.errors import RerankerError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.models.sentence_transformer import Reranker
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


def test_scores_do_not_depend_on_the_batch(folder: Path) -> None:
    reranker = Reranker(str(folder), threads=1)
    passages = ["bleu est qualifié", "le cloud", "la " * 90]
    together = reranker.score("qui est qualifié", passages)

    assert together.shape == (3,)
    assert np.isfinite(together).all()
    assert len(set(together.tolist())) == 3
    assert [reranker.score("qui est qualifié", [text])[0] for text in passages] == together.tolist()
    assert reranker.score("qui est qualifié", []).shape == (0,)


def test_the_order_follows_its_scores(
    folder: Path, tiny_home: Path, tiny_corpus: Path, embedder: Embedder, reader: Reader
) -> None:
    """Named in the settings, it puts the first passages in the order of its own scores."""
    question = "Quel hébergeur est qualifié SecNumCloud ?"
    settings = load_settings(home=tiny_home, corpus=tiny_corpus, reranker=str(folder))
    plain = build_assistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, reader=reader)
    reranked = build_assistant(settings, embedder, reader=reader)
    before = [p.text for p in plain.search(question, 8, today=TODAY).passages]
    after = [p.text for p in reranked.search(question, 8, today=TODAY).passages]
    plain.close()
    reranked.close()
    scores = Reranker(str(folder), threads=1).score(question, after)

    assert sorted(after) == sorted(before)
    assert after != before
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("name", ["nobody/has-this-model", "/no/such/folder"])
def test_a_reranker_that_is_not_here(name: str) -> None:
    """The message names the model and what mends it; the exit status is that of nothing usable."""
    with pytest.raises(RerankerError, match=r"was not found.*TCC_RERANKER") as error:
        Reranker(name, threads=1)
    assert repr(name) in str(error.value)
    assert error.value.exit_status == 3


def test_a_classifier_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="3 scores per pair"):
        Reranker(str(save_cross_encoder(tmp_path / "three", labels=3)), threads=1)


def test_doctor_names_it(monkeypatch: pytest.MonkeyPatch, folder: Path, tiny_home: Path, tiny_corpus: Path) -> None:
    """`doctor` says which reranker is read, that there is none, or why it cannot be loaded."""
    monkeypatch.setenv("TCC_HOME", str(tiny_home))
    monkeypatch.setenv("TCC_CORPUS", str(tiny_corpus))
    shown = {}
    for name in ("", str(folder), "nobody/has-this-model"):
        monkeypatch.setenv("TCC_RERANKER", name)
        checks = {check.name: check for check in examine()}
        shown[name] = checks["reranker"]
        assert checks["index"].ok

    assert (shown[""].ok, shown[""].found) == (True, "none")
    assert shown[str(folder)].ok
    assert "first 20" in shown[str(folder)].found
    assert not shown["nobody/has-this-model"].ok

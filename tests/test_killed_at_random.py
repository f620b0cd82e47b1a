"""Runs that are ended at any moment: no reader sees a part of one, and the next run goes on."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from builders import found_texts, held, open_index, run, write_article
from fakes import HashedEmbedder
from processes import ingest_for

NAMES = [f"article-{number}" for number in range(12)]
CLEAN = {"live": 12, "catalog": 12, "vectors": 12, "lexical": 12, "pending": 0}


@pytest.mark.parametrize(
    ("times", "seed"), [(5, 0), *(pytest.param(60, seed, marks=pytest.mark.soak) for seed in range(1, 5))]
)
def test_all_of_a_run_or_nothing(tmp_path: Path, hashed: HashedEmbedder, times: int, seed: int) -> None:
    chance = random.Random(seed)
    home, corpus = tmp_path / "home", tmp_path / "corpus"
    seen, ended = "mot0", 0
    for number in range(times + 1):
        for name in NAMES:
            write_article(corpus, name, f"{name} parle du nuage et dit mot{number}.")
        if number == 0:
            run(home, corpus, hashed)
            index = open_index(home, hashed)
            continue
        ended += not ingest_for(chance.uniform(0.02, 1.0), home, corpus, rebuild=chance.random() < 0.2)
        said = {text.split()[-1].rstrip(".") for text in found_texts(index, hashed, "nuage").values()}
        assert said in ({seen}, {f"mot{number}"})
        if chance.random() < 0.5:
            report = run(home, corpus, hashed)
            assert (report.failed, held(home)) == ([], CLEAN)
            seen = f"mot{number}"
        else:
            seen = said.pop()
    index.close()
    run(home, corpus, hashed)
    assert held(home) == CLEAN
    assert ended or times < 10
    shutil.rmtree(home)

"""The vectors of our corpus' stored questions lie beside the map, so that nobody's first ingest embeds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.question_map import QuestionMap, _shipped_vectors, key_of, load_question_map

CORPUS = Path(__file__).parents[2] / "corpus"
WRITE = "python scripts/fit_questions.py --vectors"


@pytest.fixture
def question_map(embedder: Embedder) -> QuestionMap:
    found = load_question_map(embedder.identity)
    assert found is not None
    return found


def stored_texts() -> Iterator[str]:
    for path in CORPUS.rglob("*.enrichment.jsonl"):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            yield from row.get("questions", [])
            yield from row.get("absent", [])
            yield from (premise["premise"] for premise in row.get("premises", []))


def test_there_is_one_for_each_stored_question_and_no_other(question_map: QuestionMap) -> None:
    keys = [key_of(text) for text in dict.fromkeys(stored_texts())]

    assert len(keys) > 16_000
    assert len(set(keys)) == len(keys)
    assert set(_shipped_vectors(question_map.identity)) == set(keys), f"a sidecar has changed: {WRITE}"


def test_they_take_little_room() -> None:
    path = resources.files("trusted_cloud_chat.data").joinpath("question_vectors.npz")

    assert len(path.read_bytes()) < 3_000_000


def test_they_are_what_embedding_gives_and_an_edited_question_is_embedded(
    embedder: Embedder, question_map: QuestionMap
) -> None:
    texts = sorted(dict.fromkeys(stored_texts()))[::400]
    asked: list[str] = []
    stored = question_map.stored(
        [*texts, f"{texts[0]} ?!"], lambda new: asked.extend(new) or embedder.encode_queries(new)
    )
    embedded = question_map.project(embedder.encode_queries([*texts, f"{texts[0]} ?!"]))

    assert asked == [f"{texts[0]} ?!"]
    assert np.linalg.norm(stored, axis=1) == pytest.approx(1, abs=1e-5)
    assert (stored * embedded).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("other", [{"embedder": "another"}, {"digest": "another"}])
def test_another_embedder_or_map_does_without(
    embedder: Embedder, question_map: QuestionMap, other: dict[str, str]
) -> None:
    text, asked = next(stored_texts()), []

    replace(question_map, **other).stored([text], lambda new: asked.extend(new) or embedder.encode_queries(new))

    assert asked == [text]

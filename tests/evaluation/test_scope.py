"""An index of which a question sees only some articles."""

from __future__ import annotations

import pytest
from sets import DOCUMENTS, QUESTIONS

from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat_evaluation.workbench import make_article, set_bench


@pytest.fixture(scope="module")
def bench(embedder, tmp_path_factory):
    settings = load_settings(home=tmp_path_factory.mktemp("home"))
    articles = [make_article(name, *document) for name, document in DOCUMENTS.items()]
    with set_bench(settings, embedder, articles, lambda *_: None) as ready:
        yield ready


def found(bench, question):
    return [passage.article.article_id for passage in bench.search(question, 10).passages]


@pytest.mark.slow
def test_without_a_scope_everything_is_searched(bench):
    assert found(bench, QUESTIONS["q1"])[0] == "d1"
    assert set(found(bench, QUESTIONS["q1"])) == set(DOCUMENTS)


def test_in_a_scope_nothing_else_exists(bench):
    with bench.index.limited_to(["d4", "d2"]):
        assert set(found(bench, QUESTIONS["q1"])) == {"d2", "d4"}
    with bench.index.limited_to([]):
        assert found(bench, QUESTIONS["q1"]) == []

    assert found(bench, QUESTIONS["q1"])[0] == "d1"


def test_a_scope_of_everything_finds_what_the_product_finds(bench):
    """Exact cosines and the scope's BM25 against Chroma and Tantivy, which see the same articles."""
    plain = bench.search(QUESTIONS["q2"], 10).passages
    with bench.index.limited_to(list(DOCUMENTS)):
        scoped = bench.search(QUESTIONS["q2"], 10).passages

    assert [p.article.article_id for p in scoped] == [p.article.article_id for p in plain]
    assert [p.score for p in scoped] == pytest.approx([p.score for p in plain], abs=1e-3)


def test_the_assistant_refuses_when_the_answer_is_out_of_scope(bench):
    with bench.index.limited_to(["d4"]):
        assert bench.ask(QUESTIONS["q1"]).refused
    with bench.index.limited_to(["d1"]):
        assert not bench.ask(QUESTIONS["q1"]).refused


def test_a_deep_search_begins_as_the_product_does_and_repeats_nothing(bench):
    deep = [passage.chunk.chunk_id for passage in bench.search_deep(QUESTIONS["q2"])]
    plain = [passage.chunk.chunk_id for passage in bench.search(QUESTIONS["q2"], 3).passages]

    assert deep[:3] == plain
    assert len(deep) == len(set(deep)) == len(DOCUMENTS)
    assert bench.search_deep("…") == ()


def test_what_is_no_question_finds_nothing(bench):
    assert bench.search("…", 3) is None
    assert bench.ask("…") is None


def test_an_article_without_a_title_is_named_by_its_first_sentence():
    assert make_article("d2", "", DOCUMENTS["d2"][1]).title == "La bibliothèque de Vannes prête des partitions."

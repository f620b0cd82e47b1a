"""The questions that the reader learns from are about the corpus as it stands, and not about the test split."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.text import lexical_tokens

ROOT = Path(__file__).parents[1]


def lines(path: str) -> list[dict]:
    return [json.loads(line) for line in (ROOT / path).read_text("utf-8").splitlines()][1:]


@pytest.fixture(scope="module")
def questions() -> list[dict]:
    return lines("training/questions.jsonl")


def test_quotes_stand_word_for_word(questions: list[dict]) -> None:
    """An article that changed takes its questions with it."""
    files = corpus_files(ROOT / "corpus")
    texts = {
        article.article_id: article.text
        for article in (read_article(f.path, f.root, allow_undated=False, today=date(2026, 11, 24)) for f in files)
    }
    for line in questions:
        assert all(quote in texts[line["article_id"]] for quote in line["quotes"])
        assert line["answer"] is None or any(line["answer"] in quote for quote in line["quotes"])
        assert bool(line["quotes"]) == (line["unanswerable"] is None)


def test_the_test_split_stays_apart(questions: list[dict]) -> None:
    """No sentence that answers a test question is an answer here, and no question is nearly one of the test's."""
    held_out = [line for line in lines("evaluation/questions.jsonl") if line["split"] == "test"]
    quotes = [(q["article_id"], q["quote"]) for line in held_out for q in line["quotes"]]
    asked = [set(lexical_tokens(line["standalone"] or line["question"])) for line in held_out]
    for line in questions:
        for quote in line["quotes"]:
            assert not any(i == line["article_id"] and (quote in q or q in quote) for i, q in quotes)
        words = set(lexical_tokens(line["question"]))
        assert not any(len(words & other) >= 0.6 * len(words | other) for other in asked)

"""The questions that reader and kinds are learnt from are about the corpus as it stands, and not about the test split."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.language.stems import lexical_tokens

ROOT = Path(__file__).parents[1]


def lines(path: str) -> list[dict]:
    return [json.loads(line) for line in (ROOT / path).read_text("utf-8").splitlines()][1:]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    files = corpus_files(ROOT / "corpus")
    articles = (read_article(f.path, f.root, allow_undated=False, today=date(2026, 11, 24)) for f in files)
    return {article.article_id: article.text for article in articles}


@pytest.fixture(scope="module")
def questions() -> list[dict]:
    """Those about one article and those about the whole corpus, in the form of the latter."""
    about_one = [
        {**line, "quotes": [{"article_id": line["article_id"], "quote": quote} for quote in line["quotes"]]}
        for line in lines("training/questions.jsonl")
    ]
    return about_one + lines("training/across.jsonl")


def test_quotes_stand_word_for_word(questions: list[dict], texts: dict[str, str]) -> None:
    for line in questions:
        quotes = [quote["quote"] for quote in line["quotes"]]
        assert all(quote["quote"] in texts[quote["article_id"]] for quote in line["quotes"])
        assert line["answer"] is None or any(line["answer"] in quote for quote in quotes)
        assert bool(quotes) == (line["unanswerable"] is None)
        assert line.get("verdict", "yes") in ("yes", "no")
        assert set(line.get("also", ())) <= texts.keys() - {quote["article_id"] for quote in line["quotes"]}


@pytest.mark.slow
def test_the_test_split_stays_apart(questions: list[dict]) -> None:
    """No sentence that answers a test question is an answer here, and no question is nearly one of the test's."""
    held_out = [line for line in lines("evaluation/questions.jsonl") if line["split"] == "test"]
    tested: dict[str, list[str]] = {}
    for quote in (quote for line in held_out for quote in line["quotes"]):
        tested.setdefault(quote["article_id"], []).append(quote["quote"])
    bits: dict[str, int] = {}
    asked = [
        (said, said.bit_count()) for said in (_bits(one["standalone"] or one["question"], bits) for one in held_out)
    ]
    for line in questions:
        for quote in line["quotes"]:
            theirs = tested.get(quote["article_id"], [])
            assert not any(quote["quote"] in other or other in quote["quote"] for other in theirs)
    for line in questions:
        said = _bits(line["question"], bits)
        many = said.bit_count()
        near = (other for other, count in asked if 0.6 * many <= count and 0.6 * count <= many)
        assert not any((said & other).bit_count() >= 0.6 * (said | other).bit_count() for other in near)


def _bits(question: str, known: dict[str, int]) -> int:
    """The words of a question, each as a bit: many are compared with many."""
    found = 0
    for token in lexical_tokens(question):
        found |= known.setdefault(token, 1 << len(known))
    return found


def test_none_is_asked_twice(questions: list[dict]) -> None:
    for group in (questions, lines("training/general.jsonl")):
        asked = [line["question"].lower() for line in group]
        assert len(asked) == len(set(asked))


def test_no_example_of_a_kind_is_a_question_of_the_test_split() -> None:
    """Word for word: the kind of a test question must be told, not remembered."""
    held_out = {line["question"].lower() for line in lines("evaluation/questions.jsonl") if line["split"] == "test"}
    learnt = (json.loads(line) for line in (ROOT / "training/kinds.jsonl").read_text("utf-8").splitlines())

    assert [row["question"] for row in learnt if row["question"].lower() in held_out] == []


def test_answers_to_general_questions_stand_in_their_quotes() -> None:
    for line in lines("training/general.jsonl"):
        quote, answer = line["quote"], line["answer"]
        assert len(line["paragraph"]) == 16
        assert quote is None or 0 <= quote[0] < quote[1]
        assert answer is None or (quote and quote[0] <= answer[0] < answer[1] <= quote[1])

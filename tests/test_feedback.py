"""What readers say of answers: kept apart from the index, and read again as rows of a gold set."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trusted_cloud_chat.cli import app
from trusted_cloud_chat.errors import StorageError
from trusted_cloud_chat.people import feedback
from trusted_cloud_chat.people.feedback import Feedback, FeedbackStore, feedback_of, gold_rows, key_of
from trusted_cloud_chat_evaluation.cases import Case, read_questions

QUOTE = "S3NS a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025."
ANSWER: dict[str, Any] = {
    "question": "Quand S3NS a-t-il été qualifié ?",
    "answer": f"« {QUOTE} » [1]",
    "language": "fr",
    "outcome": "answered",
    "refusal_reason": None,
    "generation": 3,
    "query": {"kind": "date", "as_of": None},
    "citations": [
        {"n": 1, "article_id": "s3ns", "version": "v1", "start": 0, "end": 66, "quote": QUOTE, "title": "S3NS"}
    ],
}
REFUSED = {
    **ANSWER,
    "question": "Quel temps fait-il ?",
    "outcome": "refused",
    "refusal_reason": "out_of_domain",
    "citations": [],
}


def given(choice: Any = "right", answer: dict[str, Any] = ANSWER, **more: Any) -> Feedback:
    return replace(feedback_of(answer, choice, **more), at="2026-11-24T10:00:00+00:00")


def case_of(key: str, said: Feedback) -> Case:
    """The row of it as `evaluate` reads it, which has every key of the gold set in its order."""
    _, row = gold_rows([(key, said)])
    assert list(row) == list(Case.model_fields)
    return Case.model_validate_json(json.dumps(row))


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path)


class TestKept:
    def test_all_that_was_shown_comes_back(self, store: FeedbackStore, tmp_path: Path) -> None:
        turns = [{"question": "Qui est S3NS ?", "answer": "…", "other": "x"}]
        said = given("wrong_evidence", comment=" Une autre source. ", person="alice", turns=turns)
        store.keep(said, "k1")
        ((key, back),) = store.rows()

        assert key == "k1"
        assert back.comment == "Une autre source."
        assert (back.person, back.generation, back.kind) == ("alice", 3, "date")
        assert back.turns == [{"question": "Qui est S3NS ?", "answer": "…"}]
        assert back.citations == [
            {"n": 1, "article_id": "s3ns", "version": "v1", "start": 0, "end": 66, "quote": QUOTE}
        ]
        assert (tmp_path / feedback.FILE).stat().st_mode & 0o777 == 0o600

    def test_the_last_word_on_an_answer_counts(self, store: FeedbackStore) -> None:
        store.keep(given("right"), "k1")
        store.keep(given("missing", comment="x" * (feedback.MOST_COMMENT + 1)), "k1")

        ((_, back),) = store.rows()
        assert (back.choice, len(back.comment)) == ("missing", feedback.MOST_COMMENT)
        assert store.rows("right") == []
        assert store.remove(["k1", "k2"]) == 1

    def test_a_home_without_it_has_none(self, store: FeedbackStore, tmp_path: Path) -> None:
        assert (store.rows(), store.remove(["k"])) == ([], 0)
        assert not (tmp_path / feedback.FILE).exists()

    def test_a_file_of_another_kind_is_named(self, store: FeedbackStore, tmp_path: Path) -> None:
        (tmp_path / feedback.FILE).write_text("no database, " * 100)

        with pytest.raises(StorageError, match=feedback.FILE):
            store.keep(given(), "k")

    def test_keys_tell_answers_apart(self) -> None:
        assert key_of("a", 1) == key_of("a", 1) != key_of("a", 2)


class TestAsRows:
    def test_a_right_answer_is_its_own_gold(self) -> None:
        case = case_of("k", given())

        assert (case.relevant, case.answers, case.kind) == (("s3ns",), (QUOTE,), "date")
        assert case.quotes[0].quote == QUOTE
        assert "TO FILL IN: subject, and short `answers`" in (case.note or "")

    def test_a_right_refusal_is_one(self) -> None:
        case = case_of("k", given(answer=REFUSED))

        assert (case.refusal, case.answers, case.relevant) == ("out_of_domain", (), ())

    @pytest.mark.parametrize("choice", ["wrong_answer", "wrong_evidence", "missing"])
    def test_of_a_wrong_answer_only_the_question_is_known(self, choice: str) -> None:
        case = case_of("k", given(choice, comment="Il date de 2024."))

        assert (case.relevant, case.quotes, case.answers, case.refusal) == ((), (), (), None)
        assert "relevant, quotes, answers" in (case.note or "")
        assert "“Il date de 2024.”" in (case.note or "")

    def test_a_follow_up_keeps_what_came_before(self) -> None:
        case = case_of("k", given(turns=[{"question": "Qui est S3NS ?", "answer": ""}]))

        assert (case.kind, case.turns[0].question) == ("follow_up", "Qui est S3NS ?")

    def test_the_commands_list_and_export(self, store: FeedbackStore, tmp_path: Path, monkeypatch: Any) -> None:
        """`evaluate` reads the file; nothing is written over."""
        monkeypatch.setenv("TCC_HOME", str(tmp_path))
        rows, run = tmp_path / "rows.jsonl", CliRunner().invoke
        assert "there is no feedback yet" in run(app, ["feedback", "list"]).output
        for number, said in enumerate([given(comment="Bien vu"), given("missing"), given(answer=REFUSED)]):
            store.keep(said, f"k{number}")
        listed = run(app, ["feedback", "list", "--choice", "right"]).output
        exported = run(app, ["feedback", "export", str(rows)])
        asked = read_questions(rows)

        assert "“Bien vu”" in listed
        assert "missing" not in listed
        assert len(json.loads(run(app, ["feedback", "list", "--json"]).output)["feedback"]) == 3
        assert "2 questions" in exported.output
        assert str(asked.header.today) == "2026-11-24"
        assert [case.id for case in asked.cases] == ["feedback-k0", "feedback-k2"]
        assert run(app, ["feedback", "export", str(rows)]).exit_code != 0
        assert "1 removed" in run(app, ["feedback", "remove", "k1"]).output

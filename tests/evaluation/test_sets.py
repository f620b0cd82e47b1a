"""Reading sets in the BEIR and SQuAD layouts."""

from __future__ import annotations

import json

import pytest
from sets import write_beir, write_squad

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.schema import Span
from trusted_cloud_chat_evaluation.cases import qrels_file, read_beir, read_squad


def test_a_set_holds_documents_questions_and_positive_judgements(tmp_path):
    folder = write_beir(tmp_path / "tiny", qrels=["q1\td1\t1", "q1\td2\t0", "q2\td3\t2"])
    found = read_beir(folder)

    assert found.name == "tiny"
    assert [d.id for d in found.documents] == ["d1", "d2", "d3", "d4"]
    assert found.gains == {"q1": {"d1": 1.0}, "q2": {"d3": 2.0}}
    assert list(found.queries) == ["q1", "q2"]


def test_a_question_without_judgement_is_left_out(tmp_path):
    assert list(read_beir(write_beir(tmp_path, qrels=["q2\td3\t1"])).queries) == ["q2"]


def test_a_split_has_its_own_judgements(tmp_path):
    folder = write_beir(tmp_path / "tiny", qrels=["q1\td1\t1"], split="dev")

    assert qrels_file(folder, "dev") == qrels_file(folder, None)
    assert read_beir(folder, "dev").name == "tiny/dev"
    with pytest.raises(UnusableError, match="--split"):
        read_beir(folder, "test")


def test_judgements_of_unknown_documents_are_refused(tmp_path):
    with pytest.raises(UsageError, match="'d9'"):
        read_beir(write_beir(tmp_path, qrels=["q1\td9\t1"]))


def test_a_bad_line_is_named(tmp_path):
    folder = write_beir(tmp_path, qrels=["q1\td1\t1"])
    (folder / "queries.jsonl").write_text('{"_id": "q1"}\n')

    with pytest.raises(UsageError, match=r"queries.jsonl, line 1, text"):
        read_beir(folder)


def test_judgements_that_are_no_table_are_refused(tmp_path):
    with pytest.raises(UsageError, match="line 2: expected query-id"):
        read_beir(write_beir(tmp_path, qrels=["q1 d1 1"]))


def test_equal_contexts_are_one_and_misplaced_answers_are_counted(tmp_path):
    found = read_squad(write_squad(tmp_path / "squad.json"))

    assert len(found.contexts) == 3
    assert [q.id for q in found.questions] == ["s1", "s2", "s3"]
    assert found.questions[0].spans == (Span(42, 57),)
    assert found.misplaced == 1


def test_a_file_that_is_no_squad_is_refused(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"data": [{"paragraphs": [{}]}]}))

    with pytest.raises(UsageError, match=r"data\.0\.paragraphs\.0\.context"):
        read_squad(file)
    with pytest.raises(UnusableError, match="cannot be read"):
        read_squad(tmp_path / "nowhere.json")

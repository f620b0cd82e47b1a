"""`trusted-cloud-chat evaluate …` from the outside."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from sets import write_beir, write_refusal_rows, write_squad
from typer.testing import CliRunner

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat_evaluation.commands import evaluate_app

pytestmark = pytest.mark.slow


@pytest.fixture
def evaluate(monkeypatch, evaluation_home, tiny_corpus):
    """Runs a command; returns its result, whose exception is raised unless it is an exit."""
    monkeypatch.setenv("TCC_HOME", str(evaluation_home))
    monkeypatch.setenv("TCC_CORPUS", str(tiny_corpus))

    def run(*arguments):
        result = CliRunner().invoke(evaluate_app, [str(a) for a in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_answers_prints_one_object_on_standard_output_alone(evaluate, questions):
    result = evaluate("answers", "--questions", questions, "--json")
    printed = json.loads(result.stdout)

    assert result.exit_code == 0
    assert {"hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@100", "quote_hit@5", "answer_correct",
            "citation_precision", "citation_recall", "validity", "refusal_precision", "refusal_recall", "refusal_f1",
            "refusal_f1_macro", "hallucination", "error", "sum", "auc", "curve", "ms_p50", "ms_p95", "by_kind",
            "by_language", "intervals", "cases", "run"} <= set(printed)  # fmt: skip
    assert printed["run"]["settings"]["chunk_tokens"] == 200


def test_half_is_every_other_question_of_dev(evaluate, questions):
    result = evaluate("answers", "--questions", questions, "--split", "half", "--json")

    printed = json.loads(result.stdout)
    assert (printed["split"], [case["id"] for case in printed["cases"]]) == ("half", ["bleu-1"])


def test_an_unknown_split_is_refused(evaluate, questions):
    with pytest.raises(UsageError, match="dev, test or half"):
        evaluate("answers", "--questions", questions, "--split", "train")


def test_a_split_is_asked_alone_and_floors_set_the_exit_status(evaluate, questions, tmp_path):
    thresholds, written = tmp_path / "thresholds.toml", tmp_path / "result.json"
    thresholds.write_text('["answers.dev".floors]\nquestions = 3\n')
    broken = evaluate(
        "answers", "--questions", questions, "--split", "dev", "--check", "--thresholds", thresholds, "--json",
        "--no-cases", "--output", written,
    )  # fmt: skip
    printed = json.loads(broken.stdout)

    assert (printed["questions"], printed["split"]) == (2, "dev")
    assert "cases" not in printed
    assert printed == json.loads(written.read_text("utf-8"))
    assert broken.exit_code == 1
    assert "questions is 2, its floor is 3" in broken.stderr
    assert evaluate("check", "--result", written, "--thresholds", thresholds).exit_code == 1
    thresholds.write_text('["answers.dev".floors]\nvalidity = 1.0\n')
    assert evaluate("check", "--result", written, "--thresholds", thresholds).exit_code == 0


def test_few_are_asked_where_few_are_wanted(evaluate, questions):
    printed = json.loads(evaluate("answers", "--questions", questions, "--limit", 2, "--json").stdout)

    assert printed["questions"] == 2


def test_a_run_is_compared_and_reported(evaluate, tmp_path):
    folder = write_beir(tmp_path / "tiny", ["q1\td1\t1", "q2\td3\t1"])
    evaluate("retrieval", "--beir", folder, "--output", tmp_path / "old.json")
    result = evaluate(
        "retrieval", "--beir", folder, "--compare", tmp_path / "old.json", "--report", tmp_path / "x.html"
    )

    assert "0 better, 0 worse" in result.stdout
    assert "recall@100" in (tmp_path / "x.html").read_text("utf-8")


def test_retrieval_has_the_keys_of_the_contract(evaluate, tmp_path):
    folder = write_beir(tmp_path / "tiny", ["q1\td1\t1"], split="dev")
    printed = json.loads(evaluate("retrieval", "--beir", folder, "--split", "dev", "--json").stdout)

    assert {"hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@100", "passages_per_second",
            "query_ms_p50", "query_ms_p95"} <= set(printed)  # fmt: skip
    assert printed["set"] == "tiny/dev"
    assert "Morlaix" not in json.dumps(printed)


def test_reading_has_the_keys_of_the_contract(evaluate, tmp_path):
    printed = json.loads(evaluate("reading", "--squad", write_squad(tmp_path / "squad.json"), "--json").stdout)

    assert {"first_sentence", "first_two_sentences", "within_passage", "f1", "exact_match"} <= set(printed)


def test_refusal_has_the_keys_of_the_contract(evaluate, tmp_path):
    printed = json.loads(evaluate("refusal", "--jsonl", write_refusal_rows(tmp_path / "rows.jsonl"), "--json").stdout)

    assert {"hallucination", "error", "sum", "curve", "auc"} <= set(printed)
    assert printed["set"] == "rows"


def test_rows_that_were_made_can_be_measured(evaluate, tmp_path):
    made = evaluate(
        "make-refusal", "--squad", write_squad(tmp_path / "squad.json"), "--output", tmp_path / "rows.jsonl",
        "--passages", "2", "--limit", "2",
    )  # fmt: skip
    measured = evaluate("refusal", "--jsonl", tmp_path / "rows.jsonl")

    assert "2 rows written" in made.stdout
    assert "evaluate refusal, rows: 2 questions" in measured.stdout


def test_validate_says_what_a_small_set_lacks(evaluate, questions):
    result = evaluate("validate", "--questions", questions, "--json")
    printed = json.loads(result.stdout)

    assert result.exit_code == 1
    assert printed["problems"] == []
    assert any("at least 300" in line for line in printed["missing"])


def test_the_table_goes_where_it_is_told(evaluate, tmp_path):
    folder = write_beir(tmp_path / "tiny", ["q1\td1\t1"])
    evaluate("retrieval", "--beir", folder, "--output", tmp_path / "results" / "tiny.json", "--no-cases")
    page = tmp_path / "README.md"
    page.write_text("<!-- results:start -->\n<!-- results:end -->\n", "utf-8")
    evaluate("table", "--results", tmp_path / "results", "--write", page)

    assert "| tiny | 1 | 4 | 1.000 |" in page.read_text("utf-8")
    assert "| tiny | 1 | 4 | 1.000 |" in evaluate("table", "--results", tmp_path / "results").stdout


def test_a_judge_must_be_named(tmp_path):
    done = CliRunner().invoke(evaluate_app, ["judge", "--result", str(tmp_path / "x.json")])
    assert (done.exit_code, "--model" in done.output) == (2, True)


@pytest.mark.parametrize("words", [(), ("answers", "--split", "dev"), ("--help",)])
def test_without_their_package_what_to_install_is_said(words):
    code = f"import sys; sys.modules['trusted_cloud_chat_evaluation'] = None; import trusted_cloud_chat.cli as c; c.app({['evaluate', *words]})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode != 0
    assert "SettingsError: `evaluate` needs the package trusted-cloud-chat-evaluation: `pip install " in done.stderr


def test_the_commands_are_light_to_import():
    heavy = "{'numpy', 'pydantic', 'chromadb', 'tantivy', 'onnxruntime', 'torch', 'langchain_core'}"
    code = f"import sys, trusted_cloud_chat_evaluation.commands; print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"

"""The gold set's format and its validator."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from builders import TODAY
from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat_evaluation.cases import Case, Header, QuestionFile, read_questions
from trusted_cloud_chat_evaluation.commands import evaluation_folder
from trusted_cloud_chat_evaluation.validation import corpus_articles, validate, validation_lines

HEADER = '{"today": "2026-11-24", "version": 1}'
QUOTE = "Ses centres opérationnels se trouvent à Paris et à\nRennes."
GOOD = {
    "id": "bleu-1",
    "split": "dev",
    "subject": "bleu",
    "question": "où sont les centres de Bleu ?",
    "language": "fr",
    "kind": "fact",
    "relevant": ["bleu/jalon-j0"],
    "quotes": [{"article_id": "bleu/jalon-j0", "quote": QUOTE}],
    "answers": ["Rennes"],
}
REFUSED = {"relevant": [], "quotes": [], "answers": [], "refusal": "not_in_corpus", "kind": "not_in_corpus"}


@pytest.fixture(scope="module")
def articles(tiny_corpus):
    return corpus_articles(tiny_corpus, TODAY)


def case(**fields):
    return Case.model_validate({**GOOD, **fields})


def problems(articles, *cases):
    header = Header(today=date(2026, 11, 24), version=1)
    return validate(QuestionFile(header=header, cases=cases), articles)["problems"]


def written(tmp_path, *lines):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_the_first_line_records_the_day(tmp_path):
    found = read_questions(written(tmp_path, HEADER, "", json.dumps(GOOD)))

    assert found.header.today == date(2026, 11, 24)
    assert [c.id for c in found.cases] == ["bleu-1"]


def test_a_missing_file_is_named():
    with pytest.raises(UnusableError, match="--questions"):
        read_questions(Path("nowhere.jsonl"))


def test_an_empty_file_says_what_its_first_line_is(tmp_path):
    with pytest.raises(UsageError, match="first line"):
        read_questions(written(tmp_path, ""))


@pytest.mark.parametrize(
    ("change", "named"),
    [({"kind": "maybe"}, "kind"), ({"unknown": 1}, "unknown"), ({"as_of": "2026-13-01"}, "as_of"), ({"id": ""}, "id")],
)
def test_a_line_that_does_not_fit_is_named_with_its_field(tmp_path, change, named):
    with pytest.raises(UsageError, match=f"line 2, {named}"):
        read_questions(written(tmp_path, HEADER, json.dumps({**GOOD, **change})))


def test_a_good_case_has_no_problem(articles):
    assert problems(articles, case()) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"quotes": [{"article_id": "bleu/jalon-j0", "quote": "Rennes et Paris"}]}, "verbatim"),
        ({"relevant": ["bleu/jalon-j0", "nowhere"]}, "no article 'nowhere'"),
        ({"relevant": ["outscale-2019"]}, "`relevant` does not list"),
        ({"quotes": [{"article_id": "bleu/jalon-j0", "quote": "mot " * 61}]}, "61 words"),
        ({"answers": ["Lyon"]}, "occurs in none of its quotes"),
        ({"answers": []}, "relevant articles, quotes and answers"),
        ({"kind": "out_of_domain"}, "must be refused"),
        ({**REFUSED, "answers": ["Rennes"]}, "must not have answers"),
        ({**REFUSED, "quotes": GOOD["quotes"], "relevant": GOOD["relevant"]}, "only a false premise"),
        ({"kind": "follow_up"}, "must have turns"),
        ({"kind": "status_now"}, "`time` true"),
        ({"as_of": "2025-01-01", "time": True}, "after the day"),
    ],
)
def test_what_is_wrong_with_a_case_is_said(articles, fields, problem):
    found = problems(articles, case(**fields))

    assert any(problem in line for line in found), found


def test_a_false_premise_may_quote_what_corrects_it(articles):
    assert problems(articles, case(kind="false_premise", refusal="false_premise", answers=[])) == []


def test_an_article_dated_to_the_year_is_seen_in_that_year_but_not_by_a_day_of_it(articles):
    quotes = [{"article_id": "outscale-2019", "quote": "Sa maison mère est\nDassault Systèmes."}]
    outscale = {"relevant": ["outscale-2019"], "quotes": quotes, "answers": ["Dassault Systèmes"], "time": True}

    assert problems(articles, case(**outscale)) == []
    assert problems(articles, case(**outscale, as_of="2019-12-31")) == []
    assert len(problems(articles, case(**outscale, as_of="2019-06-30"))) == 1


def test_ids_and_questions_stand_once(articles):
    found = problems(articles, case(), case(question="Où sont les centres de bleu ?"))

    assert any("the id occurs twice" in line for line in found)
    assert any("question occurs twice" in line for line in found)


def test_a_subject_is_in_one_split_unless_dev_spans_it_with_its_own(articles):
    tested = case(id="t", split="test", question="Et où donc ?", subject="bleu")
    spanning = case(id="s", question="Bleu ou S3NS ?", subject=["bleu", "s3ns"])

    assert problems(articles, tested, spanning) == []
    assert any("both splits" in line for line in problems(articles, tested, case()))


def test_out_of_domain_questions_have_no_subject_to_keep_apart(articles):
    outside = {**REFUSED, "kind": "out_of_domain", "refusal": "out_of_domain", "subject": "other"}
    both = (case(**outside), case(**outside, id="t", split="test", question="Quel temps ?"))

    assert problems(articles, *both) == []


def test_shares_are_counted_and_what_is_missing_is_said(articles):
    header = Header(today=TODAY, version=1)
    found = validate(QuestionFile(header=header, cases=(case(), case(id="x", question="?", **REFUSED))), articles)

    # one of two is refused, none is English
    assert found["shares"] == {"refused": 0.5, "english": 0.0, "follow_ups": 0.0, "time": 0.0}
    assert "2 questions, at least 300 are expected" in found["missing"]
    assert not any("refused" in line for line in found["missing"])
    assert any(line.startswith("missing: ") for line in validation_lines(found))


def test_the_shipped_gold_set_is_what_it_says():
    checkout = evaluation_folder().parent
    if not (checkout / "corpus").is_dir():
        pytest.skip("the checkout has no corpus")
    questions = read_questions(evaluation_folder() / "questions.jsonl")
    found = validate(questions, corpus_articles(checkout / "corpus", questions.header.today))

    assert found["problems"] == []
    assert found["missing"] == []

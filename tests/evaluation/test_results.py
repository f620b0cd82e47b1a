"""Results on disk: floors, comparisons, the README's table, the page."""

from __future__ import annotations

import re
import tomllib

import pytest

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat_evaluation.commands import evaluation_folder
from trusted_cloud_chat_evaluation.report import (
    END,
    START,
    replace_between_markers,
    report_page,
    results_table,
    summary_lines,
)
from trusted_cloud_chat_evaluation.results import (
    breaches,
    compare,
    folder_hash,
    read_result,
    set_name,
    without_cases,
    write_result,
)

RUN = {
    "date": "2026-11-24", "commit": "abc123", "machine": "Linux x86_64, 2 CPUs", "embedder": "e5",
    "settings": {"chunk_tokens": 200},
}  # fmt: skip


def result(**changes):
    cases = [
        {"id": "a", "question": "Où ?", "expected": ["Rennes"], "quotes": [{"quote": "À <b>Lyon</b>."}],
         "scores": {"right": 0.0, "hit@1": 1.0}},
        {"id": "b", "question": "Qui ?", "expected": "not_in_corpus", "refused": True, "reason": "not_in_corpus",
         "score": 0.2, "scores": {"right": 1.0}},
    ]  # fmt: skip
    kinds = {"fact": {"n": 1, "right": 0.0, "intervals": {"right": [0.0, 0.0]}}}
    return {
        "command": "answers", "split": "dev", "questions": 2, "articles": 6, "passages": 9, "cached_share": 0.5,
        "right": 0.5, "sum": 0.3, "threshold": 0.5, "hit@1": 1.0, "ms_p95": 41.2, "intervals": {"right": [0.1, 0.9]},
        "by_kind": kinds, "recall_curve": {"1": 0.5, "10": 1.0},
        "curve": [{"threshold": t, "hallucination": 1 - t, "error": t, "sum": 1.0} for t in (0.0, 1.0)],
        "reliability": [{"low": 0.2, "high": 0.3, "n": 2, "mean_score": 0.25, "answerable": 0.5}],
        "run": RUN, "primary": "right", "cases": cases, **changes,
    }  # fmt: skip


@pytest.fixture
def thresholds(tmp_path):
    file = tmp_path / "thresholds.toml"
    file.write_text('["answers.dev".floors]\nright = 0.5\n["answers.dev".ceilings]\nsum = 0.3\n')
    return file


def test_a_result_at_its_bounds_keeps_to_them(thresholds):
    assert breaches(result(), thresholds) == []


def test_figures_beyond_their_bounds_are_named(thresholds):
    worse = result(right=0.49, sum=None)

    assert breaches(worse, thresholds) == [
        "right is 0.49, its floor is 0.5",
        "sum is missing, its ceiling is 0.3",
    ]


def test_a_set_without_bounds_has_none(thresholds):
    assert breaches(result(split="test"), thresholds) is None


def test_bounds_are_floors_or_ceilings(tmp_path, thresholds):
    thresholds.write_text('["answers.dev".roofs]\nright = 0.5\n')
    with pytest.raises(UsageError, match="roofs"):
        breaches(result(), thresholds)
    with pytest.raises(UnusableError):
        breaches(result(), tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "answers.dev"), ({"split": None, "set": "fquad"}, "answers.fquad"), ({"split": None}, "answers.all")],
)
def test_a_result_is_named_by_command_and_set(changes, name):
    assert set_name(result(**changes)) == name


def test_a_comparison_lists_what_moved():
    new = result()
    new["cases"] = [
        {"id": "a", "scores": {"right": 1.0, "hit@1": 0.5}},
        {"id": "b", "scores": {"right": 1.0}},
        {"id": "c", "scores": {"right": 1.0}},
    ]
    found = compare(result(), new)

    assert (found["better"], found["worse"], found["questions"], found["only_new"]) == (["a"], [], 2, 1)
    # one better, none worse: 2 · (1/2) = 1
    assert found["mcnemar_p"] == 1.0
    assert found["metrics"]["hit@1"] == {"n": 1, "difference": -0.5, "low": -0.5, "high": -0.5, "p": 0.0}


@pytest.mark.parametrize(
    "old", [result(command="reading"), without_cases(result()), result(cases=[{"id": "z", "scores": {}}])]
)
def test_what_cannot_be_compared_is_said(old):
    with pytest.raises(UsageError):
        compare(old, result())


def test_a_result_is_read_as_it_was_written(tmp_path):
    write_result(result(), tmp_path / "deep" / "x.json")

    assert read_result(tmp_path / "deep" / "x.json") == result()


@pytest.mark.parametrize("content", ["{", "[]", '{"no": "command"}'])
def test_what_is_no_result_is_refused(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(UsageError):
        read_result(tmp_path / "x.json")


def test_a_hash_moves_with_names_and_contents(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("un")
    first = folder_hash(folder)
    (folder / "a.txt").rename(folder / "b.txt")
    renamed = folder_hash(folder)
    (folder / "b.txt").write_text("deux")

    assert len({first, renamed, folder_hash(folder)}) == 3


def test_the_readme_table_is_made_from_the_results(tmp_path):
    write_result(result(), tmp_path / "answers-dev.json")
    retrieval = {"command": "retrieval", "set": "fquad_valid", "questions": 3188, "hit@1": 0.756, "query_ms_p50": 17.2}
    write_result({**retrieval, "run": RUN}, tmp_path / "fquad.json")
    table = results_table(tmp_path)

    assert "| dev | 2 | – | – |" in table
    assert "| fquad_valid | 3,188 | – | 0.756 |" in table
    assert table.endswith("Measured 2026-11-24, commit abc123, Linux x86_64, 2 CPUs.")


def test_no_result_makes_no_table(tmp_path):
    with pytest.raises(UnusableError, match="--output"):
        results_table(tmp_path)


def test_the_table_stands_between_its_markers():
    text = f"before\n{START}\nold\n{END}\nafter\n"
    once = replace_between_markers(text, "| new |")

    assert once == f"before\n{START}\n| new |\n{END}\nafter\n"
    assert replace_between_markers(once, "| new |") == once
    with pytest.raises(UsageError, match="results:start"):
        replace_between_markers("no markers", "x")


def test_the_page_is_self_contained_and_escapes_what_it_shows():
    page = report_page(result(comparison=compare(result(), result())), {"a": "Où <ici> ?"})

    assert "À &lt;b&gt;Lyon&lt;/b&gt;." in page
    assert "Où &lt;ici&gt; ?" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="', page)


def test_a_page_needs_no_cases():
    assert "Evaluation: answers, dev" in report_page(without_cases(result()), {})


def test_the_summary_shows_figures_with_intervals_and_groups():
    lines = "\n".join(summary_lines(result(comparison=compare(result(), result())), {}))

    assert "2 questions, 6 articles, 9 passages (vectors 50% from the cache: speed estimated)" in lines
    assert re.search(r"right +0\.5000 +\[0\.100, 0\.900\]", lines)
    assert "0 better, 0 worse" in lines
    assert "fact" in lines


def test_the_docs_explain_every_figure_that_was_published_or_is_bounded():
    docs = evaluation_folder().parent / "docs" / "evaluation.md"
    if not docs.is_file():
        pytest.skip("there is no checkout")
    named = set(re.findall(r"`([^`\s]+)`", docs.read_text("utf-8")))
    published = [read_result(file) for file in (evaluation_folder() / "results").glob("*.json")]
    figures = {name for one in published for name, value in one.items() if isinstance(value, (int, float))}
    bounds = tomllib.loads((evaluation_folder() / "thresholds.toml").read_text("utf-8"))
    bounded = {name for one in bounds.values() for kind in one.values() for name in kind}

    assert figures <= named
    assert bounded <= figures
    assert all(bounds[f"answers.{split}"]["floors"]["validity"] == 1.0 for split in ("dev", "test"))

"""The README's results, made from `evaluation/results/*.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.evaluation.report import number
from trusted_cloud_chat.evaluation.results import read_result, what_of

START, END = "<!-- results:start -->", "<!-- results:end -->"

_TABLES = {
    "answers": ("Gold set", {
        "questions": "questions", "hit@5": "hit@5", "nDCG@10": "ndcg@10", "answer correct": "answer_correct",
        "citation precision": "citation_precision", "citation recall": "citation_recall", "quotes verbatim": "validity",
        "stale": "stale", "refusal F1, macro": "refusal_f1_macro", "hallucination + error": "sum",
        "words an answer": "answer_words_median", "ms, p95": "ms_p95",
    }),
    "styles": ("Pasted texts", {
        "questions": "questions", "first quote right": "first_right", "any right": "any_right", "precision": "precision",
        "hallucination": "hallucination", "error": "error", "nearest, answerable": "nearest_answerable",
        "nearest, not": "nearest_unanswerable", "refusal F1, macro": "refusal_f1_macro", "AUC": "auc",
    }),
    "retrieval": ("Retrieval", {
        "questions": "questions", "passages": "passages", "hit@1": "hit@1", "hit@5": "hit@5", "nDCG@10": "ndcg@10",
        "recall@100": "recall@100", "passages/s": "passages_per_second", "ms a query, p50": "query_ms_p50",
        "p95": "query_ms_p95",
    }),
    "reading": ("Reading: the sentence that holds the answer", {
        "questions": "questions", "named first": "first_sentence", "first two": "first_two_sentences",
        "within the right passage": "within_passage", "token F1": "f1",
    }),
    "refusal": ("Refusal", {
        "questions": "questions", "hallucination": "hallucination", "error": "error", "sum": "sum", "AUC": "auc",
    }),
}  # fmt: skip
"""Command → heading, and the label and the key of each column."""


def results_table(folder: Path) -> str:
    """One Markdown table a command, one row a file, in the order of the file names. Raises UnusableError."""
    results = [read_result(file) for file in sorted(folder.glob("*.json"))]
    if not results:
        raise UnusableError(f"no results in {folder}: write one with `evaluate … --output {folder}/NAME.json`")
    blocks = []
    for command, (heading, columns) in _TABLES.items():
        rows = [result for result in results if result["command"] == command]
        if rows:
            blocks.append(_block(heading, columns, rows))
    return "\n\n".join([*blocks, _provenance(results)])


def _block(heading: str, columns: Mapping[str, str], results: Sequence[dict[str, Any]]) -> str:
    rows = [[what_of(result), *(number(result.get(key), 3) for key in columns.values())] for result in results]
    rule = "|---|" + "---:|" * len(columns)
    head, *body = ("| " + " | ".join(cells) + " |" for cells in ([heading, *columns], *rows))
    return "\n".join([head, rule, *body])


def _provenance(results: Sequence[dict[str, Any]]) -> str:
    """Day, commit and machine; each once, the newest first."""
    runs = [result["run"] for result in results]
    dates = sorted({run["date"] for run in runs}, reverse=True)
    commits = dict.fromkeys(str(run["commit"]) for run in sorted(runs, key=lambda r: r["date"], reverse=True))
    machines = dict.fromkeys(run["machine"] for run in runs)
    return f"Measured {', '.join(dates)}, commit {', '.join(commits)}, {'; '.join(machines)}."


def replace_between_markers(text: str, table: str) -> str:
    """`text` with `table` between the two markers. Raises UsageError when they are not there, once each."""
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise UsageError(f"expected one {START} and, after it, one {END}")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    return f"{head}{START}\n{table}\n{END}{tail}"

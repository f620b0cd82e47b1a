"""Formats a result as tables for the terminal and a self-contained HTML page, and several results as the README's table."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat_evaluation.results import read_result, what_of

Row = tuple[str, ...]

_STYLE = """
:root { color-scheme: light dark } summary { cursor: pointer } div { overflow-x: auto }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #8888; vertical-align: top }
"""
_GROUP_COLUMNS = (
    "n", "right", "answer_correct", "citation_precision", "citation_recall", "hit@5", "ndcg@10", "hallucination", "error",
)  # fmt: skip


class ReportTable(NamedTuple):
    title: str
    head: Row
    rows: Sequence[Row]


def summary_lines(result: dict[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    """The figures with their 95 % intervals, groups and comparison. `texts`: question id → question."""
    yield f"evaluate {result['command']}, {what_of(result)}: {_extent(result)}"
    for table in _tables(result, texts):
        yield table.title
        widths = [max(map(len, column)) for column in zip(table.head, *table.rows, strict=True)]
        for row in (table.head, *table.rows):
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def report_page(result: dict[str, Any], texts: Mapping[str, str]) -> str:
    """The same tables, the failed questions and the run record, as HTML."""
    title = escape(f"Evaluation: {result['command']}, {what_of(result)}")
    measured_with = [(name, str(value)) for name, value in result["run"].items()]
    tables = [*_tables(result, texts), _missed(result, texts), ReportTable("Measured with", ("", ""), measured_with)]
    body = "".join(map(_html, tables))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>\n<p>{escape(_extent(result))}. Rates go from 0 to 1. In brackets: the interval "
        f"that contains 95 % of 1,000 bootstrap draws.</p>\n{body}</main></body></html>\n"
    )


def number(value: float | None, digits: int = 4) -> str:
    """A float with `digits` decimals, or three fewer from 2 on; an integer with separators; a dash for None."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits if abs(value) < 2 else digits - 3}f}"


def _extent(result: dict[str, Any]) -> str:
    if "passages" not in result:
        return f"{result['questions']} questions"
    cached = result.get("cached_share", 0)
    note = f" (vectors {cached:.0%} from the cache: speed estimated)" if cached >= 0.01 else ""
    return f"{result['questions']} questions, {result['articles']} articles, {result['passages']} passages{note}"


def _tables(result: dict[str, Any], texts: Mapping[str, str]) -> Iterator[ReportTable]:
    intervals = result.get("intervals", {})
    figures = [(name, value) for name, value in result.items() if isinstance(value, (int, float))]
    shown = [(name, number(value), _interval(intervals.get(name), "{:.3f}")) for name, value in figures]
    yield ReportTable("Figures", ("figure", "value", "95 %"), shown)
    if written := result.get("written"):
        both = [(name, number(row["quotes"]), number(row["written"])) for name, row in written.items()]
        yield ReportTable("Quotes alone and with the language model", ("figure", "quotes", "written"), both)
    if instead := result.get("quotes_instead"):
        why = [(told, number(count)) for told, count in instead.items()]
        yield ReportTable("Quotes shown instead of the model's text", ("notice", "questions"), why)
    for group in ("kind", "language"):
        if table := result.get(f"by_{group}"):
            columns = [column for column in _GROUP_COLUMNS if any(column in row for row in table.values())]
            rows = [(value, *(number(row.get(column)) for column in columns)) for value, row in table.items()]
            yield ReportTable(f"By {group}", (group, *columns), rows)
    if comparison := result.get("comparison"):
        yield _comparison(comparison)
        if moved := [(way, i, texts.get(i, "")) for way in ("better", "worse") for i in comparison[way]]:
            yield ReportTable("Questions that moved", ("", "id", "question"), moved)


def _interval(bounds: Sequence[float] | None, form: str) -> str:
    return f"[{form.format(bounds[0])}, {form.format(bounds[1])}]" if bounds else ""


def _comparison(found: dict[str, Any]) -> ReportTable:
    title = (
        f"Compared with {found['date']}, commit {found['commit']}, over {found['questions']} questions "
        f"({found['primary']}): {len(found['better'])} better, {len(found['worse'])} worse, "
        f"McNemar p = {found['mcnemar_p']:.3g}"
    )
    rows = [
        (name, f"{test['difference']:+.4f}", _interval((test["low"], test["high"]), "{:+.4f}"), f"{test['p']:.3g}")
        for name, test in found["metrics"].items()
        if test["difference"]
    ]
    return ReportTable(title, ("figure", "difference", "95 %", "p"), rows)


def _missed(result: dict[str, Any], texts: Mapping[str, str]) -> ReportTable:
    """The questions whose primary metric is 0, with the expected and the shown answer."""
    primary, rows = result.get("primary"), []
    for case in result.get("cases", []):
        if case["scores"].get(primary) == 0:
            expected = case.get("expected", "")
            expected = expected if isinstance(expected, str) else " / ".join(expected)
            shown = " | ".join(quote["quote"] for quote in case.get("quotes", []))
            if case.get("refused"):
                shown = f"refused ({case['reason']}), score {case['score']:.2f}"
            rows.append((case["id"], texts.get(case["id"], ""), expected, shown))
    return ReportTable(f"Questions with {primary} = 0: {len(rows)}", ("id", "question", "expected", "shown"), rows)


def _html(table: ReportTable) -> str:
    def cells(tag: str, row: Row) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

    body = "".join(cells("td", row) for row in table.rows)
    return (
        f"<details open><summary><strong>{escape(table.title)}</strong></summary><div><table>"
        f"<thead>{cells('th', table.head)}</thead><tbody>{body}</tbody></table></div></details>\n"
    )


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
    """One Markdown table per command, one row per file, sorted by file name. Raises UnusableError."""
    results = [read_result(file) for file in sorted(folder.glob("*.json"))]
    if not results:
        raise UnusableError(f"no results in {folder}: write one with `evaluate … --output {folder}/NAME.json`")
    blocks = []
    for command, (heading, columns) in _TABLES.items():
        of_it = [result for result in results if result["command"] == command]
        rows = [[what_of(result), *(number(result.get(key), 3) for key in columns.values())] for result in of_it]
        head, *body = ("| " + " | ".join(cells) + " |" for cells in ([heading, *columns], *rows))
        if rows:
            blocks.append("\n".join([head, "|---|" + "---:|" * len(columns), *body]))
    runs = [result["run"] for result in results]
    newest = sorted(runs, key=lambda run: run["date"], reverse=True)
    dates, commits = (dict.fromkeys(str(run[key]) for run in newest) for key in ("date", "commit"))
    machines = dict.fromkeys(run["machine"] for run in runs)
    blocks.append(f"Measured {', '.join(dates)}, commit {', '.join(commits)}, {'; '.join(machines)}.")
    return "\n\n".join(blocks)


def replace_between_markers(text: str, table: str) -> str:
    """`text` with `table` between the two markers. Raises UsageError unless each occurs once, in order."""
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise UsageError(f"expected one {START} and, after it, one {END}")
    return f"{text.partition(START)[0]}{START}\n{table}\n{END}{text.partition(END)[2]}"

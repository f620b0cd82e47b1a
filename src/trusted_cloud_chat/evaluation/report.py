"""A result as tables: the short ones for a terminal, all of them on one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from trusted_cloud_chat.evaluation.results import what_of

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


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Row
    rows: Sequence[Row]


def summary_lines(result: dict[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    """What was measured, each figure with its 95 % interval, groups, comparison. `texts`: question id → question."""
    yield f"evaluate {result['command']}, {what_of(result)}: {_extent(result)}"
    for table in _tables(result, texts):
        yield table.title
        widths = [max(map(len, column)) for column in zip(table.head, *table.rows, strict=True)]
        for row in (table.head, *table.rows):
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def report_page(result: dict[str, Any], texts: Mapping[str, str]) -> str:
    """The same with what went wrong and what it was measured with."""
    title = escape(f"Evaluation: {result['command']}, {what_of(result)}")
    measured_with = [(name, str(value)) for name, value in result["run"].items()]
    tables = [*_tables(result, texts), _missed(result, texts), Table("Measured with", ("", ""), measured_with)]
    body = "".join(map(_html, tables))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>\n<p>{escape(_extent(result))}. Rates go from 0 to 1. In brackets: the interval "
        f"that holds 95 % of 1,000 bootstrap draws.</p>\n{body}</main></body></html>\n"
    )


def number(value: float | None, digits: int = 4) -> str:
    """`digits` figures for a rate, three fewer decimals for what is larger; a dash for nothing."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits if abs(value) < 2 else digits - 3}f}"


def _extent(result: dict[str, Any]) -> str:
    if "passages" not in result:
        return f"{result['questions']} questions"
    cached = result.get("cached_share", 0)
    note = f" (vectors {cached:.0%} from the cache: speed estimated)" if cached >= 0.01 else ""
    return f"{result['questions']} questions, {result['articles']} articles, {result['passages']} passages{note}"


def _tables(result: dict[str, Any], texts: Mapping[str, str]) -> Iterator[Table]:
    """Every figure that is one number, groups, and the comparison with an earlier result."""
    intervals = result.get("intervals", {})
    figures = [(name, value) for name, value in result.items() if isinstance(value, (int, float))]
    shown = [(name, number(value), _interval(intervals.get(name), "{:.3f}")) for name, value in figures]
    yield Table("Figures", ("figure", "value", "95 %"), shown)
    if written := result.get("written"):
        both = [(name, number(row["quotes"]), number(row["written"])) for name, row in written.items()]
        yield Table("Quotes alone and with the language model", ("figure", "quotes", "written"), both)
    if instead := result.get("quotes_instead"):
        why = [(told, number(count)) for told, count in instead.items()]
        yield Table("The quotes instead of what the model wrote", ("told", "questions"), why)
    for group in ("kind", "language"):
        table: dict[str, dict[str, Any]] = result.get(f"by_{group}", {})
        columns = [column for column in _GROUP_COLUMNS if any(column in row for row in table.values())]
        rows = [(value, *(number(row.get(column)) for column in columns)) for value, row in table.items()]
        if rows:
            yield Table(f"By {group}", (group, *columns), rows)
    if comparison := result.get("comparison"):
        yield _comparison(comparison)
        moved = [(way, i, texts.get(i, "")) for way in ("better", "worse") for i in comparison[way]]
        if moved:
            yield Table("Questions that moved", ("", "id", "question"), moved)


def _interval(bounds: Sequence[float] | None, form: str) -> str:
    return f"[{form.format(bounds[0])}, {form.format(bounds[1])}]" if bounds else ""


def _comparison(found: dict[str, Any]) -> Table:
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
    return Table(title, ("figure", "difference", "95 %", "p"), rows)


def _missed(result: dict[str, Any], texts: Mapping[str, str]) -> Table:
    """The questions whose primary metric is 0, with what was shown."""
    primary = result.get("primary")
    missed = [case for case in result.get("cases", []) if case["scores"].get(primary) == 0]
    rows = [(case["id"], texts.get(case["id"], ""), _text(case.get("expected", "")), _shown(case)) for case in missed]
    return Table(f"Questions with {primary} = 0: {len(rows)}", ("id", "question", "expected", "shown"), rows)


def _text(expected: str | list[str]) -> str:
    return expected if isinstance(expected, str) else " / ".join(expected)


def _shown(case: dict[str, Any]) -> str:
    if case.get("refused"):
        return f"refused ({case['reason']}), score {case['score']:.2f}"
    return " | ".join(quote["quote"] for quote in case.get("quotes", []))


def _html(table: Table) -> str:
    def cells(tag: str, row: Row) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

    body = "".join(cells("td", row) for row in table.rows)
    return (
        f"<details open><summary><strong>{escape(table.title)}</strong></summary><div><table>"
        f"<thead>{cells('th', table.head)}</thead><tbody>{body}</tbody></table></div></details>\n"
    )

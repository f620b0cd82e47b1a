"""One self-contained HTML page for a result: tables, charts, what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from trusted_cloud_chat.evaluation.explanations import EXPLANATIONS
from trusted_cloud_chat.evaluation.plots import Bar, Series, bars, lines, reliability_chart
from trusted_cloud_chat.evaluation.results import what_of
from trusted_cloud_chat.evaluation.summary import number, passages_of

_STYLE = """
:root { --text: #1b1f24; --soft: #57606a; --page: #ffffff; --rule: #d5dae0; --a: #0b5cad; --b: #b3420e; --c: #2a7d3f }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e8eb; --soft: #a7b0ba; --page: #15181c; --rule: #3a4149; --a: #6cb0f5; --b: #f0965f; --c: #6fcf87 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1000px;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.2rem }
p, figcaption { color: var(--soft); max-width: 70ch }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .92rem }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } td.n { white-space: nowrap } th.n { max-width: 7.5rem }
figure { margin: 1rem 0; max-width: 640px } svg { width: 100%; height: auto; font: 12px system-ui, sans-serif }
svg text { fill: var(--text) } .grid { stroke: var(--rule) } .bar { fill: var(--a) } .dot { fill: var(--a); opacity: .8 }
.interval { stroke: var(--text); stroke-width: 2 } .line { fill: none; stroke-width: 2.5 }
.diagonal { stroke: var(--soft); stroke-dasharray: 4 4 } summary { cursor: pointer }
"""
_GROUP_COLUMNS = (
    "n", "right", "answer_correct", "citation_precision", "citation_recall", "hit@1", "hit@5", "ndcg@10",
    "hallucination", "error", "stale",
)  # fmt: skip
_MOST_LISTED = 200


def report_page(result: dict[str, Any], texts: Mapping[str, str]) -> str:
    """`texts`: question id → question."""
    name = what_of(result)
    title = f"Evaluation: {result['command']}, {name}"
    body = "\n".join(_sections(result, texts))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def _sections(result: dict[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    run = result["run"]
    yield (
        f"<p>{result['questions']} questions over {escape(passages_of(result))}. Measured on {run['date']} at commit "
        f"{escape(str(run['commit']))}, with the embedder {escape(run['embedder'])} on {escape(run['machine'])}.</p>"
    )
    yield "<h2>Figures</h2><p>Rates go from 0 to 1. In brackets: the interval that holds 95 % of 1,000 bootstrap draws.</p>"
    yield _figures(result)
    yield from _charts(result)
    for group in ("by_kind", "by_language"):
        if group in result:
            yield _group(group.removeprefix("by_"), result[group])
    if "comparison" in result:
        yield _comparison(result["comparison"], texts)
    yield _missed(result, texts)
    yield _settings(result)


def _figures(result: dict[str, Any]) -> str:
    intervals = result.get("intervals", {})
    rows = []
    for metric, meaning in EXPLANATIONS.items():
        if result.get(metric) is not None:
            bounds = intervals.get(metric)
            shown = f"[{number(bounds[0])}, {number(bounds[1])}]" if bounds else ""
            rows.append((metric, number(result[metric]), shown, meaning))
    return _table(("figure", "value", "95 %", "what it says"), rows, numeric=(1, 2))


def _charts(result: dict[str, Any]) -> Iterator[str]:
    if result.get("recall_curve"):
        points = [(float(k), v) for k, v in result["recall_curve"].items()]
        chart = lines(
            "Recall by depth", [Series("recall@k", points, "--a")], "k, first documents read", "recall", log_x=True
        )
        yield _figure("Recall by depth", chart, "Share of the documents that answer found among the first k.")
    if result.get("by_kind"):
        rows = [_bar(kind, row) for kind, row in result["by_kind"].items() if "right" in row]
        note = "Answered with a right quote, or refused where nothing answers; the thin line is the 95 % interval."
        yield _figure("Right, by kind of question", bars("Right, by kind of question", rows), note)
    if result.get("reliability"):
        chart = reliability_chart("Reliability of the refusal score", result["reliability"])
        note = (
            "Each dot is the questions whose score falls in one tenth of the scale, larger where there are more. On the "
            "dashed line the score is the probability that the corpus answers."
        )
        yield _figure("Reliability of the refusal score", chart, note)
    if result.get("curve"):
        series = [
            Series(name, [(point["threshold"], point[name]) for point in result["curve"]], color)
            for name, color in (("hallucination", "--b"), ("error", "--a"))
        ]
        note = (
            f"What refusing below each threshold would give. The dashed line is the product's, {result['threshold']:g}."
        )
        yield _figure(
            "Refusal by threshold",
            lines("Refusal by threshold", series, "threshold", "rate", marked=result["threshold"]),
            note,
        )


def _bar(label: str, row: dict[str, Any]) -> Bar:
    bounds = row["intervals"].get("right")
    return Bar(label, row["right"], (bounds[0], bounds[1]) if bounds else None, f"(n = {row['n']})")


def _group(label: str, table: dict[str, dict[str, Any]]) -> str:
    columns = [c for c in _GROUP_COLUMNS if any(c in row for row in table.values())]
    rows = [(value, *(_short(row.get(c)) for c in columns)) for value, row in table.items()]
    head = (label, *(column.replace("_", " ") for column in columns))
    return f"<h2>By {escape(label)}</h2>" + _table(head, rows, numeric=range(1, len(columns) + 1))


def _short(value: float | None) -> str:
    return f"{value:.2f}" if isinstance(value, float) else number(value)


def _comparison(comparison: dict[str, Any], texts: Mapping[str, str]) -> str:
    better, worse = comparison["better"], comparison["worse"]
    head = (
        f"<h2>Against {escape(str(comparison['date']))}, commit {escape(str(comparison['commit']))}</h2><p>Of "
        f"{comparison['questions']} questions {len(better)} got better and {len(worse)} worse "
        f"({escape(comparison['primary'])}); McNemar's exact p = {comparison['mcnemar_p']:.3g}.</p>"
    )
    rows = [
        (name, f"{t['difference']:+.4f}", f"[{t['low']:+.4f}, {t['high']:+.4f}]", f"{t['p']:.3g}", str(t["n"]))
        for name, t in comparison["metrics"].items()
    ]
    moved = [("better", i, texts.get(i, "")) for i in better] + [("worse", i, texts.get(i, "")) for i in worse]
    metrics = _table(("figure", "difference", "95 %", "p", "questions"), rows, numeric=(1, 2, 3, 4))
    return head + metrics + _folded(f"{len(moved)} questions moved", ("", "id", "question"), moved)


def _missed(result: dict[str, Any], texts: Mapping[str, str]) -> str:
    """The questions whose primary metric is 0, with what was shown for the gold set's own."""
    primary = result.get("primary")
    missed = [case for case in result.get("cases", []) if case["scores"].get(primary, 1.0) == 0]
    rows = [(case["id"], texts.get(case["id"], ""), _expected(case), _shown(case)) for case in missed]
    heading = f"<h2>What went wrong</h2><p>{len(missed)} questions with {escape(str(primary))} = 0.</p>"
    return heading + _folded("Show them", ("id", "question", "expected", "shown"), rows)


def _expected(case: dict[str, Any]) -> str:
    if "expected" in case:
        return case["expected"] if isinstance(case["expected"], str) else " / ".join(case["expected"])
    return {True: "an answer", False: "a refusal"}.get(case.get("answerable"), "")  # type: ignore[arg-type]


def _shown(case: dict[str, Any]) -> str:
    if case.get("refused"):
        return f"refused ({case.get('reason')}), score {case.get('score', 0):.2f}"
    return " | ".join(quote["quote"] for quote in case.get("quotes", []))


def _settings(result: dict[str, Any]) -> str:
    run = result["run"]
    rows = [(name, str(value)) for name, value in {**run, **run["settings"]}.items() if name != "settings"]
    return "<h2>Measured with</h2>" + _table(("", ""), rows)


def _figure(title: str, chart: str, note: str) -> str:
    return f"<h2>{escape(title)}</h2><figure>{chart}<figcaption>{escape(note)}</figcaption></figure>"


def _folded(label: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    more = f"<p>and {len(rows) - _MOST_LISTED} more</p>" if len(rows) > _MOST_LISTED else ""
    return f"<details><summary>{escape(label)}</summary>{_table(head, rows[:_MOST_LISTED])}{more}</details>"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numeric: range | tuple[int, ...] = ()) -> str:
    def cells(tag: str, row: tuple[str, ...]) -> str:
        kinds = [' class="n"' if i in numeric else "" for i in range(len(row))]
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    header = cells("th", head)
    return f'<div class="scroll"><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>'

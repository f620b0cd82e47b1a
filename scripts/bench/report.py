"""Formats the results as Markdown tables, and plots each figure against size in one SVG."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("onnxruntime", "torch", "sentence-transformers", "chromadb", "langchain-chroma", "tantivy", "numpy")
Figure = Callable[[dict[str, Any]], float | None]


def machine(threads: int) -> dict[str, str]:
    """Date, hardware, load and library versions of the run."""
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else math.nan
    busy = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "date": date.today().isoformat(),
        "processor": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        "threads": str(threads), "load before the run": busy,
        "versions": f"Python {platform.python_version()}, {versions}",
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def write(result: dict[str, Any], folder: Path) -> str:
    """Writes `bench.json`, `bench.md` and `bench.svg` in `folder`; returns the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    text = table(result)
    (folder / "bench.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), "utf-8")
    (folder / "bench.md").write_text(text, "utf-8")
    (folder / "bench.svg").write_text(charts(result["growth"]), "utf-8")
    return text


def table(result: dict[str, Any]) -> str:
    """The whole report."""
    parts = ["\n".join(f"- {name}: {value}" for name, value in result["machine"].items())]
    for name, side in result["side"].items():
        parts.append(f"### Side by side: {name}, {side['questions']} questions\n\n{_side(side)}")
    if result["growth"]:
        parts.append(f"### Growth\n\n{_growth(result['growth'])}")
    if result["writing"]:
        parts.append(f"### Writing\n\n{_writing(result['writing'])}")
    parts.append(f"The whole run took {result['seconds'] / 60:.1f} minutes.")
    return "\n\n".join(parts) + "\n"


def _side(side: dict[str, Any]) -> str:
    ours, tutorial = side["ours"], side["tutorial"]
    both: list[tuple[str, Figure, str, int]] = [
        ("ingest, s", lambda r: r["ingest_s"], ".1f", -1),
        ("ingest, CPU s", lambda r: r["ingest_cpu_s"], ".1f", -1),
        ("ingest without sentence vectors, s", lambda r: r.get("ingest_without_sentences_s", r["ingest_s"]), ".1f", -1),
        ("ingest, passages/s", lambda r: r["chunks"] / r["ingest_s"], ".1f", 1),
        ("question to passages, p50 ms", lambda r: r["search_ms"]["p50"], ".1f", -1),
        ("question to passages, p95 ms", lambda r: r["search_ms"]["p95"], ".1f", -1),
        ("process start to first answer (tutorial: first passages), s", lambda r: r["cold_s"], ".1f", -1),
        ("peak memory, MB", lambda r: r["peak_mb"], ".0f", -1),
    ]
    rows = [["", "tutorial", "ours", "times better"], ["passages", str(tutorial["chunks"]), str(ours["chunks"]), ""]]
    for label, figure, form, better in both:
        a, b = figure(tutorial), figure(ours)
        assert a is not None
        assert b is not None
        rows.append([label, format(a, form), format(b, form), f"{(b / a) ** better:.2f}"])
    for name in ("hit@1", "hit@5"):
        rows.append([name, f"{tutorial[name]:.3f}", f"{ours[name]:.3f}", ""])
    for label, name in (("first words", "first_words_ms"), ("whole answer", "answer_ms")):
        rows.append([f"question to {label}, p50 / p95 ms", "–", _pair(ours[name]), ""])
    rows.append(["unchanged corpus ingested again, s", "–", f"{ours['reingest_s']:.2f}", ""])
    return _markdown(rows)


_FIGURES: list[tuple[str, str, Figure, str]] = [
    ("question to passages, p50 ms", "ms", lambda r: r["search_ms"]["p50"], ".1f"),
    ("question to passages, p95 ms", "ms", lambda r: r["search_ms"]["p95"], ".1f"),
    ("first words, p50 ms", "ms", lambda r: r.get("first_words_ms", {}).get("p50"), ".1f"),
    ("whole answer, p50 ms", "ms", lambda r: r.get("answer_ms", {}).get("p50"), ".1f"),
    ("whole answer, p95 ms", "ms", lambda r: r.get("answer_ms", {}).get("p95"), ".1f"),
    ("one article added, s", "s", lambda r: r["add_s"], ".2f"),
    ("unchanged corpus again, s", "s", lambda r: r.get("reingest_s"), ".2f"),
    ("index filled, composed vectors, s", "s", lambda r: r["fill_s"], ".1f"),
    ("peak memory, asking, MB", "MB", lambda r: r["peak_mb"], ".0f"),
    ("peak memory of ingest, MB", "MB", lambda r: r.get("fill_peak_mb"), ".0f"),
    ("peak memory of serve, MB", "MB", lambda r: r.get("serve_mb"), ".0f"),
    ("the same after three generations, MB", "MB", lambda r: r.get("serve_reopened_mb"), ".0f"),
    ("disk, MB", "MB", lambda r: r["disk_mb"], ".0f"),
]


def _growth(growth: Sequence[dict[str, Any]]) -> str:
    columns = [(row["size"], who, row[who]) for who in ("ours", "tutorial") for row in growth if row[who]]
    rows = [
        ["", *(f"{who}, {size:,}" for size, who, _ in columns)],
        ["chunks", *(f"{r['chunks']:,}" for *_, r in columns)],
    ]
    for label, _, figure, form in _FIGURES:
        rows.append([label, *_cells([figure(r) for *_, r in columns], form)])
    for stage in ("understand", "embed", "vectors", "lexical", "fuse", "read", "answer"):
        rows.append([f"– {stage}, p50 ms", *_cells([r.get("stages_ms", {}).get(stage) for *_, r in columns], ".1f")])
    return _markdown(rows)


def _writing(rows: Sequence[dict[str, Any]]) -> str:
    head = ["", "s", "processor s", "peak memory, MB", "what was done"]
    cells = [
        [r["what"], f"{r['seconds']:.2f}", f"{r['processor_s']:.2f}", f"{r['peak_mb']:.0f}", r["done"]] for r in rows
    ]
    return _markdown([head, *cells])


def _cells(values: Sequence[float | None], form: str) -> list[str]:
    return ["–" if value is None else format(value, form) for value in values]


def _pair(quantiles: dict[str, float]) -> str:
    return f"{quantiles['p50']:.1f} / {quantiles['p95']:.1f}"


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


_WIDE, _HIGH, _ACROSS = 300, 190, 3
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 30, 26
_COLORS = {"ours": "#1d5fbf", "tutorial": "#b4471f"}


def charts(growth: Sequence[dict[str, Any]]) -> str:
    """One panel per figure, both axes logarithmic; blue: ours, red: the tutorial."""
    panels = []
    for number, (label, _, figure, _) in enumerate(_FIGURES):
        series = {
            who: [(row["size"], value) for row in growth if row[who] and (value := figure(row[who]))]
            for who in ("ours", "tutorial")
        }
        x, y = number % _ACROSS * _WIDE, number // _ACROSS * _HIGH
        panels.append(f'<g transform="translate({x} {y})">{_panel(label, series)}</g>')
    width, height = _WIDE * _ACROSS, _HIGH * -(-len(_FIGURES) // _ACROSS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        f"<title>Each figure against the number of chunks; blue: ours, red: tutorial</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _panel(label: str, series: dict[str, list[tuple[int, float]]]) -> str:
    points = [point for line in series.values() for point in line]
    parts = [f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(label)}</text>']
    if not points:
        return parts[0]
    sizes = sorted({size for size, _ in points})
    low, high = _decades([value for _, value in points])
    for tick in range(low, high + 1):
        y = _place(10.0**tick, 10.0**low, 10.0**high, _HIGH - _BOTTOM, _TOP)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{10.0**tick:g}</text>')
    for size in sizes:
        x = _place(size, sizes[0], sizes[-1], _LEFT + 8, _WIDE - _RIGHT - 20)
        parts.append(f'<text x="{x:.1f}" y="{_HIGH - 8}" text-anchor="middle">{size:,}</text>')
    for who, line in series.items():
        places = [
            (_place(size, sizes[0], sizes[-1], _LEFT + 8, _WIDE - _RIGHT - 20),
             _place(value, 10.0**low, 10.0**high, _HIGH - _BOTTOM, _TOP))
            for size, value in line
        ]  # fmt: skip
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{_COLORS[who]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_COLORS[who]}"/>' for x, y in places]
    return "".join(parts)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Exponents of the powers of ten around all values; at least one decade apart."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _place(value: float, low: float, high: float, at_low: float, at_high: float) -> float:
    """The coordinate of `value` on a logarithmic axis; a single size is at its start."""
    if high <= low:
        return at_low
    return at_low + math.log(value / low) / math.log(high / low) * (at_high - at_low)

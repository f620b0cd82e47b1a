"""Small charts as inline SVG: no script, no other file. Colours come from the page's variables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 520, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 28, 44


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    """0 to 1."""
    interval: tuple[float, float] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    label: str
    points: Sequence[tuple[float, float]]
    color: str
    """A variable of the page, such as `--a`."""


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1 with their interval as a thin line."""
    row, left, right = 24, 170, 90
    height = _TOP + row * len(rows) + 30
    scale = _WIDTH - left - right
    parts = []
    for place in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + place * scale
        parts.append(_line(x, _TOP, x, height - 26, "grid"))
        parts.append(_text(x, height - 10, f"{place:g}", "middle"))
    for i, bar in enumerate(rows):
        y = _TOP + i * row
        parts.append(_text(left - 8, y + 16, bar.label, "end"))
        parts.append(
            f'<rect class="bar" x="{left}" y="{y + 4}" width="{max(0.0, bar.value) * scale:.1f}" height="15"/>'
        )
        if bar.interval:
            low, high = (left + max(0.0, min(1.0, v)) * scale for v in bar.interval)
            parts.append(_line(low, y + 11.5, high, y + 11.5, "interval"))
        parts.append(_text(left + scale + 8, y + 16, f"{bar.value:.2f} {bar.note}".strip(), "start"))
    return _svg(title, height, parts)


def lines(
    title: str,
    series: Sequence[Series],
    x_label: str,
    y_label: str,
    *,
    log_x: bool = False,
    marked: float | None = None,
) -> str:
    """Lines from 0 to 1 upwards; `log_x` for depths such as 1, 10, 100; an upright line at `marked`."""
    xs = [x for s in series for x, _ in s.points]
    low, high = min(xs), max(xs)
    parts = _axes(x_label, y_label)
    for tick in _ticks(low, high, log_x=log_x):
        parts.append(_text(_x(tick, low, high, log_x=log_x), _HEIGHT - _BOTTOM + 16, f"{tick:g}", "middle"))
    if marked is not None:
        x = _x(marked, low, high, log_x=log_x)
        parts.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM, "diagonal"))
    for i, one in enumerate(series):
        path = " ".join(f"{_x(x, low, high, log_x=log_x):.1f},{_y(y):.1f}" for x, y in one.points)
        stroke = f'style="stroke: var({one.color})"'
        parts.append(f'<polyline class="line" {stroke} points="{path}"/>')
        x = _LEFT + 150 * i
        parts.append(f'<line class="line" {stroke} x1="{x}" y1="10" x2="{x + 20}" y2="10"/>')
        parts.append(_text(x + 26, 14, one.label, "start"))
    return _svg(title, _HEIGHT, parts)


def reliability_chart(title: str, bins: Sequence[dict[str, float]]) -> str:
    """Mean score against the share that is answerable: on the diagonal the score is a probability."""
    parts = _axes("score of the product", "share that the corpus answers")
    parts.append(_line(_x(0, 0, 1), _y(0), _x(1, 0, 1), _y(1), "diagonal"))
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(_text(_x(tick, 0, 1), _HEIGHT - _BOTTOM + 16, f"{tick:g}", "middle"))
    largest = max((b["n"] for b in bins), default=1)
    for b in bins:
        radius = 3 + 9 * math.sqrt(b["n"] / largest)
        x, y = _x(b["mean_score"], 0, 1), _y(b["answerable"])
        parts.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
            f"<title>{b['n']:g} questions, mean score {b['mean_score']:.2f}, {b['answerable']:.0%} answerable</title></circle>"
        )
    return _svg(title, _HEIGHT, parts)


def _axes(x_label: str, y_label: str) -> list[str]:
    parts = []
    for place in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_line(_LEFT, _y(place), _WIDTH - _RIGHT, _y(place), "grid"))
        parts.append(_text(_LEFT - 6, _y(place) + 4, f"{place:g}", "end"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x_label, "middle"))
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(f'<text transform="translate(13 {middle}) rotate(-90)" text-anchor="middle">{escape(y_label)}</text>')
    return parts


def _ticks(low: float, high: float, *, log_x: bool) -> list[float]:
    if log_x:
        return [tick for tick in (1, 2, 5, 10, 20, 50, 100) if low <= tick <= high]
    return [low + (high - low) * i / 4 for i in range(5)]


def _x(value: float, low: float, high: float, *, log_x: bool = False) -> float:
    if log_x:
        value, low, high = math.log(value), math.log(low), math.log(high)
    return _LEFT + (value - low) / ((high - low) or 1) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float) -> float:
    return _TOP + (1 - max(0.0, min(1.0, value))) * (_HEIGHT - _TOP - _BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH} {height:g}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{body}</svg>'
    )

"""A line of time as an SVG whose points open their quotes, the same as a table, and as CSV. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.events import Event, Slip, Timeline
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.web.escaping import escape, typeset
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.market_quotes import cards_html, opener, origin_of
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings
from trusted_cloud_chat.web.tabs.market_table import csv_text

_KEY = "line-"
_WIDTH, _LEFT, _RIGHT = 900, 96, 44
_TOP, _ROW, _GAP, _APART = 34, 26, 20, 26
_LABELLED = 190
"""Width that a point with a label takes."""
_LETTER = 7


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to places across."""

    first: date
    last: date

    def x(self, day: date) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def line_html(line: Timeline, today: date, market: Market, strings: Strings, said: MarketStrings) -> str:
    """The plot, the table, and the cards that both open."""
    citations = [event.citation for event in line.events]
    return (
        f'<div class="tcc-wide tcc-plot" tabindex="0" role="region" aria-label="{escape(said.line_title)}">'
        f"{_svg(line, today, market, said)}</div>{_legend(said)}"
        f'<details class="tcc-as-table"><summary>{escape(said.as_table)}</summary>{_table(line, market, said)}</details>'
        f"{cards_html(_KEY, citations, strings)}"
    )


def _svg(line: Timeline, today: date, market: Market, said: MarketStrings) -> str:
    scale = _scale(line, today)
    happened = [event for event in line.events if event.kind == "event"]
    stages = [event for event in line.events if event.kind == "stage"]
    promises = sorted((e for e in line.events if e.kind in ("promise", "passed")), key=lambda e: e.said.middle)
    y, parts = _TOP + _GAP, []
    for title, drawn in zip(
        said.lanes,
        (
            _points(happened, scale, said),
            _marks(stages, scale, market, said),
            _spans(promises, line.slips, scale, said),
        ),
        strict=True,
    ):
        shapes, height = drawn
        if not height:
            continue
        moved = f'<g transform="translate(0 {y})">'
        parts.append(f'{moved}<text class="tcc-lane" x="0" y="{_ROW / 2 + 4}">{escape(title)}</text>{shapes}</g>')
        y += height + _GAP
    return (
        f'<svg id="tcc-line" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}" role="group" lang="{said.language}" '
        f'aria-label="{escape(said.chart.format(name=line.name))}">{_ARROW}{_axis(scale, y, today, said)}{"".join(parts)}</svg>'
    )


_ARROW = (
    '<defs><marker id="tcc-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path class="tcc-head" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def _scale(line: Timeline, today: date) -> _Scale:
    days = [day for event in line.events for day in (*event.at.bounds, event.said.middle)] or [today]
    last = max(*days, today) + timedelta(days=45)
    return _Scale(min(days) - timedelta(days=30), last)


def _axis(scale: _Scale, height: int, today: date, said: MarketStrings) -> str:
    years = range(scale.first.year + 1, scale.last.year + 1)
    ticks = "".join(
        f'<line class="tcc-grid" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height}"/>'
        f'<text class="tcc-year" x="{x}" y="{_TOP - 14}" text-anchor="middle">{year}</text>'
        for year in years
        for x in [scale.x(date(year, 1, 1))]
    )
    x = scale.x(today)
    return (
        f'<g aria-hidden="true">{ticks}<line class="tcc-today" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height}">'
        f"<title>{escape(said.today)}</title></line></g>"
    )


def _levels(places: Iterable[tuple[float, float]]) -> Iterator[int]:
    """For each stretch, in order, the first level on which it touches none before it."""
    ends: list[float] = []
    for start, end in places:
        level = next((n for n, taken in enumerate(ends) if taken <= start), len(ends))
        ends[level : level + 1] = [end]
        yield level


def _points(events: Sequence[Event], scale: _Scale, said: MarketStrings) -> tuple[str, int]:
    places = [scale.x(event.at.middle) for event in events]
    levels = list(_levels((x, x + _APART) for x in places))
    shapes = "".join(
        _point(event, f'<circle class="tcc-hit" cx="{x}" cy="{y}" r="12"/><circle cx="{x}" cy="{y}" r="6"/>', said)
        for event, x, level in zip(events, places, levels, strict=True)
        for y in [level * _APART + _ROW / 2]
    )
    return shapes, (max(levels) + 1) * _APART if levels else 0


def _marks(events: Sequence[Event], scale: _Scale, market: Market, said: MarketStrings) -> tuple[str, int]:
    places = [scale.x(event.at.middle) for event in events]
    levels = list(_levels((x - 12, x + _LABELLED) for x in places))
    shapes = ""
    for event, x, level in zip(events, places, levels, strict=True):
        y = level * _APART + _ROW / 2
        label = market.stage(event.stage).label(said.language) if event.stage else ""
        shapes += _point(
            event,
            f'<rect class="tcc-hit" x="{x - 12}" y="{y - 12}" width="24" height="24"/>'
            f'<rect x="{x - 6}" y="{y - 6}" width="12" height="12" transform="rotate(45 {x} {y})"/>{_label(label, x, y)}',
            said,
            label,
        )
    return shapes, (max(levels) + 1) * _APART if levels else 0


def _label(text: str, x: float, y: float, left: float | None = None) -> str:
    """After `x`, or before `left` where it would not fit."""
    before = x + 16 + len(text) * _LETTER > _WIDTH
    place, anchor = ((x if left is None else left) - 14, "end") if before else (x + 14, "start")
    return f'<text x="{place}" y="{y + 4}" text-anchor="{anchor}">{escape(text)}</text>'


def _spans(promises: Sequence[Event], slips: Sequence[Slip], scale: _Scale, said: MarketStrings) -> tuple[str, int]:
    """A row a promise: from when it was announced to what it is for; arrows where a date has moved."""
    rows = {id(event): place * _ROW + _ROW / 2 for place, event in enumerate(promises)}
    shapes = ""
    for event in promises:
        y, told = rows[id(event)], scale.x(event.said.middle)
        x, end = scale.x(event.at.first), scale.x(event.at.last)
        wide = max(8.0, round(end - x, 1))
        shapes += _point(
            event,
            f'<rect class="tcc-hit" x="{min(told, x) - 6}" y="{y - 12}" width="{wide + abs(x - told) + 12}" height="24"/>'
            f'<line class="tcc-wait" x1="{told}" x2="{x}" y1="{y}" y2="{y}"/><circle class="tcc-told" cx="{told}" cy="{y}" r="4"/>'
            f'<rect x="{x}" y="{y - 6}" width="{wide}" height="12" rx="4"/>'
            f"{_label(event.at.spoken(said.language), x + wide - 6, y, min(told, x))}",
            said,
        )
    arrows = "".join(_arrow(slip, rows, scale, said) for slip in slips)
    return shapes + arrows, len(promises) * _ROW


def _arrow(slip: Slip, rows: dict[int, float], scale: _Scale, said: MarketStrings) -> str:
    x, end = scale.x(slip.old.at.last), scale.x(slip.new.at.middle)
    y, below = rows[id(slip.old)] + 6, rows[id(slip.new)] - 7
    title = f"{said.slip}: {slip_text(slip, said)}"
    return (
        f'<path class="tcc-slip" d="M{x - 3} {y}C{x - 3} {(y + below) / 2} {end} {(y + below) / 2} {end} {below}" '
        f'marker-end="url(#tcc-arrow)"><title>{escape(title)}</title></path>'
    )


def _point(event: Event, shape: str, said: MarketStrings, label: str = "") -> str:
    """A shape that opens its quote, by key too; what it says to a screen reader is what a pointer is told."""
    told = f"{said.event_kinds[event.kind]}, {event.at.spoken(said.language)}"
    told += f", {label}" if label else ""
    if event.kind in ("promise", "passed"):
        told += f" ({said.announced.format(said=event.said.spoken(said.language))})"
    name = f"{told} : {one_line(event.citation.quote)}"
    return (
        f'<g class="tcc-opens tcc-point tcc-{event.kind}" role="button" tabindex="0" '
        f'data-quote="{_KEY}{event.citation.n}" aria-label="{escape(name)}"><title>{escape(name)}</title>{shape}</g>'
    )


def slip_text(slip: Slip, said: MarketStrings) -> str:
    return f"{slip.old.at.spoken(said.language)} → {slip.new.at.spoken(said.language)}"


def _legend(said: MarketStrings) -> str:
    items = "".join(
        f'<li><span class="tcc-key tcc-{kind}" aria-hidden="true"></span>{escape(label)}</li>'
        for kind, label in (*said.event_kinds.items(), ("slip", said.slip), ("today", said.today))
    )
    return f'<ul class="tcc-legend" lang="{said.language}">{items}</ul><p class="tcc-note">{escape(said.line_says)}</p>'


def _table(line: Timeline, market: Market, said: MarketStrings) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in said.line_columns)
    later = {id(slip.new): slip for slip in line.slips}
    rows = "".join(_table_row(event, later.get(id(event)), market, said) for event in line.events)
    return (
        f'<div class="tcc-table tcc-wide" tabindex="0" role="region" aria-label="{escape(said.as_table)}">'
        f'<table lang="{said.language}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _table_row(event: Event, slip: Slip | None, market: Market, said: MarketStrings) -> str:
    kind = said.event_kinds[event.kind]
    if event.stage:
        kind += f" – {market.stage(event.stage).label(said.language)}"
    if slip is not None:
        kind += f" – {said.slip} ({slip_text(slip, said)})"
    told = event.said.spoken(said.language) if event.kind in ("promise", "passed") else ""
    quote = f'<span lang="{event.citation.article.language}">{typeset(one_line(event.citation.quote))}</span>'
    return (
        f'<tr><th scope="row">{escape(event.at.spoken(said.language))}</th><td>{escape(kind)}</td><td>{escape(told)}</td>'
        f"<td>{opener(_KEY, event.citation, quote)}</td><td>{escape(origin_of(event.citation, said.language))}</td></tr>"
    )


def to_csv(line: Timeline, market: Market, said: MarketStrings) -> str:
    """One line an event, with the words that prove it; a promise that moved names its new date."""
    moved = {id(slip.old): slip.new for slip in line.slips}
    lines = []
    for event in line.events:
        new, article = moved.get(id(event)), event.citation.article
        lines.append(
            (
                str(event.at.first),
                str(event.at.last),
                said.event_kinds[event.kind],
                market.stage(event.stage).label(said.language) if event.stage else "",
                event.said.spoken(said.language) if event.kind in ("promise", "passed") else "",
                new.at.spoken(said.language) if new else "",
                one_line(event.citation.quote),
                str(article.date or ""),
                origin_of(event.citation, said.language),
                article.url or "",
            )
        )
    return csv_text(said.csv_line_columns, lines, said.language)

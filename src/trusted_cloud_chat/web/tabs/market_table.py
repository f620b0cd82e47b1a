"""The offers as an HTML table whose cells open their sentences, filtered, and as CSV. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.wording import date_of, typographic
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.market import KnownFact, Offer, Promise, Told
from trusted_cloud_chat.output.market import fact_text, outcome_of, promise_text, source_of
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.spreadsheet import csv_text
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.market_quotes import Opened
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings

_LAST = "~"
"""Sorts behind everything."""
_SHOWN = 3
"""Entries of a cell before the rest is folded."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: everything."""

    provider: str = ""
    stage: str = ""
    text: str = ""


def chosen(rows: Sequence[Offer], filters: Filters, market: Market) -> list[Offer]:
    """The rows that meet every filter; the text is looked for in names, stages and quotes, accents and case aside."""
    wanted = fold(filters.text).split()
    return [
        row
        for row in rows
        if filters.provider in ("", row.provider)
        and filters.stage in ("", row.stage.id if row.stage else None)
        and all(word in _searched(row, market) for word in wanted)
    ]


def _searched(row: Offer, market: Market) -> str:
    stage = market.stage(row.stage.id) if row.stage else None
    told = [each.best for each in (*row.ownership, *row.technology, *row.customers)]
    told += [known for known in (row.newest, row.stage and row.stage.fact, row.since and row.since.best) if known]
    words = [row.provider, row.service or "", *((stage.fr, stage.en) if stage else ())]
    return fold(" ".join([*words, *(f"{known.fact.object or ''} {known.quote}" for known in told)]))


class Table:
    """The rows with the cards that their cells open, or a line that says that nothing meets the filters."""

    def __init__(self, market: Market, strings: Strings, said: MarketStrings) -> None:
        self._market, self._strings, self._said = market, strings, said
        self._language = said.language
        self._opened = Opened("state-")

    def html(self, rows: Sequence[Offer], total: int) -> str:
        said = self._said
        count = f'<p class="tcc-counted" role="status">{escape(said.counted.format(n=len(rows), total=total))}</p>'
        if not rows:
            return f'{count}<p class="tcc-nothing">{escape(said.nothing)}</p>'
        head = "".join(_column(title, said) for title in said.columns)
        body = "".join(map(self._row, rows))
        return (
            f'{count}<div class="tcc-table tcc-wide" tabindex="0" role="region" aria-label="{escape(said.state_title)}">'
            f'<table id="tcc-state" role="table" lang="{said.language}"><caption class="tcc-sr">{escape(said.state_title)}'
            f'</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody>'
            f"</table></div>{self._opened.cards(self._strings)}"
        )

    def _row(self, row: Offer) -> str:
        since = row.since.best if row.since else None
        cells = (
            (self._rank(row), self._stage(row), "tcc-stages"),
            (str(since.since.middle) if since and since.since else _LAST, self._since(row), ""),
            (str(row.expires.day.last_day) if row.expires else _LAST, self._expires(row), ""),
            (str(len(row.promises)) if row.promises else _LAST, self._list(map(self._promise, row.promises)), ""),
            *((_first(told), self._told(told), "") for told in (row.ownership, row.technology, row.customers)),
            (str(row.newest.said_on.middle) if row.newest and row.newest.said_on else _LAST, self._newest(row), ""),
        )
        none = f'<span class="tcc-none">{escape(self._said.not_found)}</span>'
        tds = "".join(
            f'<td role="cell" class="{classes}" data-label="{escape(title)}" data-sort="{escape(key)}">{html or none}</td>'
            for title, (key, html, classes) in zip(self._said.columns[1:], cells, strict=True)
        )
        service = f"<small>{escape(typographic(row.service))}</small>" if row.service else ""
        name = escape(row.provider) + service
        head = self._opened.button(row.newest, name) if row.newest else name
        key = escape(fold(f"{row.provider} {row.service or ''}"))
        return f'<tr role="row"><th scope="row" role="rowheader" data-sort="{key}">{head}</th>{tds}</tr>'

    def _rank(self, row: Offer) -> str:
        stages = [one.id for one in self._market.rows.stage]
        return f"{len(stages) - stages.index(row.stage.id):02d}" if row.stage else _LAST

    def _stage(self, row: Offer) -> str:
        """The stage, who says it and when, what other sources say against it, and the milestones that were passed."""
        if row.stage is None:
            return ""
        label = escape(self._market.stage(row.stage.id).label(self._language))
        html = self._opened.button(row.stage.fact, label, classes=f"tcc-stage tcc-is-{row.stage.id}")
        html += f"<small>{escape(source_of(row.stage.fact, self._language))}</small>"
        if row.reported:
            html += f'<small class="tcc-doubt">{escape(self._said.reported)}</small>'
        against = {id(told.newest): told.newest for pair in row.contradictions for told in pair}.values()
        if against:
            items = "".join(f"<li>{self._fact(known)}</li>" for known in against)
            html += (
                f'<small class="tcc-doubt">{escape(self._said.contradicted)}</small><ul class="tcc-steps">{items}</ul>'
            )
        steps = [stage for stage in row.milestones if stage is not row.stage and stage.id != row.stage.id]
        items = "".join(f"<li>{self._fact(stage.fact)}</li>" for stage in steps)
        return html + (f'<ol class="tcc-steps" aria-label="{escape(self._said.steps)}">{items}</ol>' if items else "")

    def _fact(self, known: KnownFact) -> str:
        text = escape(fact_text(known, self._market, self._language))
        return self._opened.button(known, f"{text} <small>{escape(source_of(known, self._language))}</small>")

    def _since(self, row: Offer) -> str:
        since = row.since.best.since if row.since else None
        return self._opened.button(row.since.best, escape(since.spoken(self._language))) if row.since and since else ""

    def _expires(self, row: Offer) -> str:
        if row.expires is None:
            return ""
        said = self._said
        note = f"{said.calculated}, {said.lapsed}" if row.expires.passed else said.calculated
        html = f"{escape(row.expires.day.spoken(said.language))}<small>{escape(note)}</small>"
        return self._opened.button(row.expires.fact, html, classes="tcc-lapsed" if row.expires.passed else "")

    def _promise(self, promise: Promise) -> str:
        text = promise_text(promise, self._market, self._language)
        html = self._opened.button(
            promise.fact, f"{escape(text)}<small>{escape(outcome_of(promise, self._language))}</small>"
        )
        proof = self._opened.button(promise.by, escape(self._said.proof)) if promise.by else ""
        return html + proof

    def _told(self, told: Iterable[Told]) -> str:
        return self._list(
            self._opened.button(known, escape(value)) for value, known in _values(told, self._said).items()
        )

    def _list(self, items: Iterable[str]) -> str:
        """The first of them; the rest is folded."""
        entries = [f"<li>{item}</li>" for item in items]
        first, rest = entries[:_SHOWN], entries[_SHOWN:]
        html = f'<ul class="tcc-cell">{"".join(first)}</ul>' if first else ""
        if rest:
            more = escape(self._said.more.format(n=len(rest)))
            html += f'<details><summary>{more}</summary><ul class="tcc-cell">{"".join(rest)}</ul></details>'
        return html

    def _newest(self, row: Offer) -> str:
        if row.newest is None:
            return ""
        said, *day = source_of(row.newest, self._language).rsplit(", ", 1)
        html = f"{escape(day[0] if day else said)}<small>{escape(said if day else '')}</small>"
        return self._opened.button(row.newest, html, classes="tcc-newest")


def _newest_first(told: Iterable[Told]) -> list[Told]:
    return sorted(told, key=lambda one: one.best.order, reverse=True)


def _first(told: Sequence[Told]) -> str:
    return fold(_newest_first(told)[0].best.fact.object or _LAST) if told else _LAST


def _values(told: Iterable[Told], said: MarketStrings) -> dict[str, KnownFact]:
    """What a cell says, the newest first, each once with the newest fact that says it."""
    found: dict[str, KnownFact] = {}
    for one in _newest_first(told):
        found.setdefault(_value(one.best, said), one.best)
    return found


def _value(known: KnownFact, said: MarketStrings) -> str:
    """« Thales, majoritaire », « EDF (terminé) »."""
    fact = known.fact
    parts = [fact.object, fact.value if fact.value and len(fact.value) < 60 else None]
    value = ", ".join(dict.fromkeys(part for part in parts if part)) or fact.value or said.not_found
    note = said.statuses.get(fact.status)
    return typographic(f"{value} ({note})" if note else value)


def _column(title: str, said: MarketStrings) -> str:
    return (
        '<th scope="col" role="columnheader" aria-sort="none"><button type="button" class="tcc-sort" '
        f'title="{escape(said.sort_by.format(column=title))}">{escape(title)}</button></th>'
    )


def to_csv(rows: Sequence[Offer], market: Market, said: MarketStrings) -> str:
    """One line a row, with the words that prove it; dates as they sort."""
    return csv_text(said.csv_columns, [_csv_row(row, market, said) for row in rows], said.language)


def _csv_row(row: Offer, market: Market, said: MarketStrings) -> list[str]:
    language, stage, newest = said.language, row.stage, row.newest
    since = row.since.best.since if row.since else None
    promised = [f"{promise_text(one, market, language)} ({outcome_of(one, language)})" for one in row.promises]
    return [
        row.provider,
        row.service or "",
        market.stage(stage.id).label(language) if stage else "",
        str(stage.fact.said_on or "") if stage else "",
        source_of(stage.fact, language).rsplit(", ", 1)[0] if stage else "",
        said.reported if row.reported else "",
        said.contradicted if row.contradictions else "",
        str(since or ""),
        str(row.expires.day) if row.expires else "",
        "; ".join(promised),
        *("; ".join(_values(told, said)) for told in (row.ownership, row.technology, row.customers)),
        one_line(newest.quote) if newest else "",
        source_of(newest, language) if newest else "",
        date_of(newest.article.date, language) if newest else "",
        (newest.article.url or "") if newest else "",
    ]

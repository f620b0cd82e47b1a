"""The state of qualifications as an HTML table, filtered, and as CSV. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.state import Row, Step, ranks
from trusted_cloud_chat.answering.wording import publisher_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.schema import Citation
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.spreadsheet import csv_text
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.market_quotes import cards_html, opener, origin_of
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings

_KEY = "state-"


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: everything."""

    provider: str = ""
    stage: str = ""
    text: str = ""


def chosen(rows: Sequence[Row], filters: Filters, market: Market) -> list[Row]:
    """The rows that meet every filter; the text is looked for in names, stages and quotes, accents and case aside."""
    wanted = fold(filters.text).split()
    return [
        row
        for row in rows
        if filters.provider in ("", row.provider)
        and filters.stage in ("", row.stage)
        and all(word in _searched(row, market) for word in wanted)
    ]


def _searched(row: Row, market: Market) -> str:
    stage = market.stage(row.stage)
    quotes = [step.citation.quote for step in row.steps]
    return fold(" ".join([row.provider, row.service or "", stage.fr, stage.en, row.newest.quote, *quotes]))


def table_html(rows: Sequence[Row], total: int, market: Market, strings: Strings, said: MarketStrings) -> str:
    """The table with the cards that its cells open, or a line that says that nothing meets the filters."""
    count = f'<p class="tcc-counted" role="status">{escape(said.counted.format(n=len(rows), total=total))}</p>'
    if not rows:
        return f'{count}<p class="tcc-nothing">{escape(said.nothing)}</p>'
    head = "".join(_column(title, place, said) for place, title in enumerate(said.columns))
    body = "".join(_row(row, market, said) for row in rows)
    citations = [one for row in rows for one in (row.newest, row.step.citation, *(s.citation for s in row.steps))]
    return (
        f'{count}<div class="tcc-table tcc-wide" tabindex="0" role="region" aria-label="{escape(said.state_title)}">'
        f'<table id="tcc-state" role="table" lang="{said.language}"><caption class="tcc-sr">{escape(said.state_title)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>{cards_html(_KEY, citations, strings)}'
    )


def _column(title: str, place: int, said: MarketStrings) -> str:
    order = "ascending" if place == 0 else "none"
    return (
        f'<th scope="col" role="columnheader" aria-sort="{order}"><button type="button" class="tcc-sort" '
        f'title="{escape(said.sort_by.format(column=title))}">{escape(title)}</button></th>'
    )


def _row(row: Row, market: Market, said: MarketStrings) -> str:
    none = f'<span class="tcc-none">{escape(said.not_found)}</span>'
    proof = row.step.citation
    service = opener(_KEY, row.naming, escape(row.service)) if row.service and row.naming else none
    since = opener(_KEY, proof, escape(row.since.spoken(said.language))) if row.since else none
    newest = f"{escape(_published(row.newest, said))}<small>{escape(publisher_of(row.newest.article, said.language))}</small>"
    cells = (
        (fold(row.service or "~"), service, ""),
        (f"{99 - ranks(market).get(row.stage, 0):02d}", _stage(row, market, said), "tcc-stages"),
        (str(row.since.middle) if row.since else "~", since, ""),
        (str(row.expires.last_day) if row.expires else "~", _expires(row, said) or none, ""),
        (_sortable(row.newest), opener(_KEY, row.newest, newest, classes="tcc-newest"), ""),
    )
    tds = "".join(
        f'<td role="cell" class="{classes}" data-label="{escape(title)}" data-sort="{escape(key)}">{html}</td>'
        for title, (key, html, classes) in zip(said.columns[1:], cells, strict=True)
    )
    name = opener(_KEY, row.newest, escape(row.provider))
    return f'<tr role="row"><th scope="row" role="rowheader" data-sort="{escape(fold(row.provider))}">{name}</th>{tds}</tr>'


def _stage(row: Row, market: Market, said: MarketStrings) -> str:
    """The stage, and the steps that led there where there are others."""
    label = escape(market.stage(row.stage).label(said.language))
    html = opener(_KEY, row.step.citation, label, classes=f"tcc-stage tcc-is-{row.stage}")
    others = [step for step in row.steps if step is not row.step]
    if not others:
        return html + (f"<small>{escape(_when(row.step, said))}</small>" if not row.step.at else "")
    items = "".join(f"<li>{_step(step, market, said)}</li>" for step in row.steps)
    return f'{html}<ol class="tcc-steps" aria-label="{escape(said.steps)}">{items}</ol>'


def _step(step: Step, market: Market, said: MarketStrings) -> str:
    label = escape(market.stage(step.stage).label(said.language))
    return opener(_KEY, step.citation, f"{label} <small>{escape(_when(step, said))}</small>")


def _when(step: Step, said: MarketStrings) -> str:
    """The day of the stage; where no article gives one, when it was said."""
    if step.at is not None:
        return step.at.spoken(said.language)
    return said.said[0 if step.said and step.said.day else 1].format(
        day=step.said.spoken(said.language) if step.said else ""
    )


def _expires(row: Row, said: MarketStrings) -> str:
    if row.expires is None:
        return ""
    note = f"{said.calculated}, {said.lapsed}" if row.expired else said.calculated
    html = f"{escape(row.expires.spoken(said.language))}<small>{escape(note)}</small>"
    return opener(_KEY, row.step.citation, html, classes="tcc-lapsed" if row.expired else "")


def _sortable(citation: Citation) -> str:
    return str(citation.article.dated.middle) if citation.article.dated else "~"


def _published(citation: Citation, said: MarketStrings) -> str:
    day: PartialDate | None = citation.article.date
    return day.spoken(said.language) if day else said.not_found


def to_csv(rows: Sequence[Row], market: Market, said: MarketStrings) -> str:
    """One line a row, with the words that prove it; dates as they sort."""
    lines = []
    for row in rows:
        steps = "; ".join(f"{market.stage(s.stage).label(said.language)} ({_when(s, said)})" for s in row.steps)
        article = row.newest.article
        lines.append(
            (
                row.provider,
                row.service or said.not_found,
                market.stage(row.stage).label(said.language),
                steps,
                str(row.since.whole or row.since.words) if row.since else said.not_found,
                str(row.expires) if row.expires else said.not_found,
                one_line(row.newest.quote),
                str(article.date or ""),
                origin_of(row.newest, said.language),
                article.url or "",
            )
        )
    return csv_text(said.csv_columns, lines, said.language)

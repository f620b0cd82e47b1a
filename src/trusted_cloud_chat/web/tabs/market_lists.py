"""What has changed, and the chronology of an actor as a table in words, with the sentences that they open. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.wording import attribution
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.market import Changes, Event
from trusted_cloud_chat.output.market import Line, empty_line, fact_text, outcome_of, promise_text, sections, source_of
from trusted_cloud_chat.web.escaping import escape, typeset
from trusted_cloud_chat.web.reader import read_button, wanted
from trusted_cloud_chat.web.spreadsheet import csv_text
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.market_quotes import Opened
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings

_OPEN = 12
"""Lines of a kind up to which they are not folded."""


def changes_html(changes: Changes, market: Market, strings: Strings, said: MarketStrings) -> str:
    """A list a kind, each line with its source; where nothing is new, when the corpus ends."""
    opened, html = Opened("news-"), ""
    if not (changes.stages or changes.due or changes.facts or changes.articles):
        html = f'<p class="tcc-nothing">{escape(empty_line(changes, said.language))}</p>'
    for title, lines in sections(changes, market, said.language):
        items = "".join(f"<li>{_line(line, opened, strings)}</li>" for line in lines)
        state = " open" if len(lines) <= _OPEN else ""
        html += f"<details{state}><summary>{escape(title)} ({len(lines)})</summary><ul>{items}</ul></details>"
    return f'<div class="tcc-changes" lang="{said.language}">{html}</div>{opened.cards(strings)}'


def _line(line: Line, opened: Opened, strings: Strings) -> str:
    if line.article:
        read = read_button(wanted(line.article), line.article.title, strings)
        return f"{typeset(line.text)} <small>{escape(attribution(line.article, strings.language))}</small> {read}"
    assert line.fact is not None
    source = f"<small>{escape(source_of(line.fact, strings.language))}</small>"
    return opened.button(line.fact, f"{escape(line.text)} {source}")


def chronology_html(events: Sequence[Event], market: Market, strings: Strings, said: MarketStrings) -> str:
    """Day, what, promise or fact, what became of it, and who says it; each line opens its sentence."""
    opened = Opened("line-")
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in said.line_columns)
    body = "".join(_event(event, opened, market, said) for event in events)
    return (
        f'<div class="tcc-table tcc-wide" tabindex="0" role="region" aria-label="{escape(said.line_title)}">'
        f'<table id="tcc-line" lang="{said.language}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f"{opened.cards(strings)}"
    )


def _event(event: Event, opened: Opened, market: Market, said: MarketStrings) -> str:
    known = event.promise.fact if event.promise else event.told.best
    day, what, kind, kept, source = _words(event, market, said)
    cells = (f"<td>{escape(kind)}</td>", f"<td>{_kept(event, kept, opened)}</td>", f"<td>{escape(source)}</td>")
    return f'<tr><th scope="row">{escape(day)}</th><td>{opened.button(known, escape(what))}</td>{"".join(cells)}</tr>'


def _kept(event: Event, kept: str, opened: Opened) -> str:
    by = event.promise.by if event.promise else None
    return opened.button(by, escape(kept)) if by else escape(kept)


def _words(event: Event, market: Market, said: MarketStrings) -> tuple[str, str, str, str, str]:
    language, promise = said.language, event.promise
    known = promise.fact if promise else event.told.best
    return (
        event.day.spoken(language) if event.day else said.not_found,
        promise_text(promise, market, language) if promise else fact_text(known, market, language, dated=False),
        said.promise if promise else said.event,
        outcome_of(promise, language) if promise else "",
        source_of(known, language),
    )


def to_csv(events: Sequence[Event], market: Market, said: MarketStrings) -> str:
    """One line an event, with its quote; days as they sort."""
    lines = []
    for event in events:
        known = event.promise.fact if event.promise else event.told.best
        words = _words(event, market, said)
        lines.append((str(event.day or ""), *words[1:], one_line(known.quote), known.article.url or ""))
    return csv_text(said.csv_line_columns, lines, said.language)

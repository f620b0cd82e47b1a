"""The panel of sources as HTML: a card for each cited article, then what was found and not cited. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.wording import attribution, on_page, said_by
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.language.blocks import Block
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage, Span
from trusted_cloud_chat.web.article_html import around, passage_html, text_html
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.escaping import escape, typeset
from trusted_cloud_chat.web.reader import origin_html, original_html, read_link
from trusted_cloud_chat.web.strings import NBSP, Strings

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A cited article version: its citations, and the blocks of its text that they stand in, in text order."""

    article: Article
    citations: tuple[Citation, ...]
    blocks: tuple[Block, ...]

    @property
    def quotes(self) -> tuple[tuple[int, Span], ...]:
        return tuple((c.n, Span(c.start, c.end)) for c in self.citations)


def panel_html(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """The whole panel: one section an answer, the last one shown; a marker of an older answer brings its own."""
    answered = [exchange for exchange in exchanges if exchange.answer is not None]
    sections = [_section(exchange, strings, hidden=exchange is not answered[-1]) for exchange in answered]
    body = "".join(sections) or f'<p class="tcc-nothing">{escape(strings.sources_empty)}</p>'
    return (
        f'<section class="tcc-panel" lang="{strings.language}" aria-labelledby="tcc-sources-title">'
        f'<header><h2 id="tcc-sources-title">{escape(strings.sources_title)}</h2>{_close(strings)}</header>{body}</section>'
    )


def cards_of(answer: Answer) -> list[Card]:
    """One card for each cited article version, in the order of its first citation."""
    groups: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.n):
        groups.setdefault(_key(citation.article), []).append(citation)
    return [_card_of(cited) for cited in groups.values()]


def uncited_of(answer: Answer) -> list[Passage]:
    """The passages that no quote of the answer was taken from, best first."""
    return [p for p in answer.passages if not any(_overlaps(c, p) for c in answer.citations)]


def _card_of(cited: Sequence[Citation]) -> Card:
    article = cited[0].article
    blocks = around(article.text, [(c.n, Span(c.start, c.end)) for c in cited])
    return Card(article, tuple(cited), tuple(blocks))


def _section(exchange: Exchange, strings: Strings, *, hidden: bool) -> str:
    answer = exchange.answer
    assert answer is not None
    day = answer.query.as_of or answer.query.today
    cards = "".join(_card(exchange.number, card, day, strings) for card in cards_of(answer))
    others = uncited_of(answer)
    if cards:
        rest = _details(strings.not_cited, others, day, strings)
    else:
        near = _one_per_article(others)[:_NEAREST]
        cards = f'<h3 class="tcc-near">{escape(strings.nearest)}</h3>' if near else ""
        cards += "".join(_passage(passage, day, strings) for passage in near)
        rest = _details(strings.further, [p for p in others if p not in near], day, strings)
    nothing = "" if answer.passages else f'<p class="tcc-nothing">{escape(strings.nothing_found)}</p>'
    question = typeset(strings.sources_of.format(question=_short(exchange.question)))
    return (
        f'<div class="tcc-sources" id="sources-{exchange.number}" tabindex="-1"{" hidden" if hidden else ""}>'
        f'<p class="tcc-for">{question}{_counted(answer, strings)}</p>{nothing}{cards}{rest}</div>'
    )


def _counted(answer: Answer, strings: Strings) -> str:
    """The day that ages are counted on, where it is not that of the question."""
    if answer.query.as_of is None:
        return ""
    day = spoken_day(answer.query.as_of, strings.language)
    return f" {escape(strings.ages_as_of.format(day=day))}"


def _close(strings: Strings) -> str:
    """Of the panel where it is a drawer, on a narrow screen."""
    return f'<button type="button" class="tcc-shut">{escape(strings.drawer_close)}</button>'


def _card(number: int, card: Card, day: date, strings: Strings) -> str:
    article = card.article
    badges = "".join(f'<span class="tcc-badge" id="source-{number}-{c.n}">{c.n}</span>' for c in card.citations)
    read = read_link(article, strings, card.citations, day)
    return (
        f'<article class="tcc-card" tabindex="-1"><header><span class="tcc-badges">{badges}</span>'
        f'<h3 lang="{article.language}">{typeset(article.title)}</h3></header>'
        f"{_origins(card, day, strings)}"
        f'<div class="tcc-passage" lang="{article.language}">{text_html(article.text, card.quotes, card.blocks)}</div>'
        f'<p class="tcc-card-acts">{read}{original_html(article, strings, card.citations[0])}'
        f'<a class="tcc-back" href="#answer-{number}">{escape(strings.back)}</a></p></article>'
    )


def _origins(card: Card, day: date, strings: Strings) -> str:
    """Who says the quotes, when and where, as it stands beside them in the answer; a line each where they differ."""
    said: dict[tuple[str, PartialDate | None], list[Citation]] = {}
    for citation in card.citations:
        said.setdefault((said_by(citation, strings.language), citation.said_on), []).append(citation)
    html = ""
    for (who, when), cited in said.items():
        pages = dict.fromkeys(on_page(card.article, c.start) for c in sorted(cited, key=lambda c: c.start))
        told = origin_html(card.article, strings, day, who=who + "".join(pages), when=when)
        numbers = " ".join(f"&#91;{c.n}&#93;" for c in cited) + NBSP if len(said) > 1 else ""
        html += f'<p class="tcc-origin">{numbers}{told}</p>'
    return html


def _details(title: str, passages: Sequence[Passage], day: date, strings: Strings) -> str:
    if not passages:
        return ""
    body = "".join(_passage(passage, day, strings) for passage in passages)
    summary = f'{escape(title)} <span class="tcc-count">({len(passages)})</span>'
    return f'<details class="tcc-uncited"><summary>{summary}</summary>{body}</details>'


def _passage(passage: Passage, day: date, strings: Strings) -> str:
    article = passage.article
    who = attribution(article, strings.language) + on_page(article, passage.chunk.start)
    relevance = escape(strings.relevance.format(score=f"{round(passage.score * 100)}{NBSP}%"))
    return (
        f'<article class="tcc-card tcc-plain"><h3 lang="{article.language}">{typeset(article.title)}</h3>'
        f'<p class="tcc-origin">{origin_html(article, strings, day, who=who)} '
        f'<span class="tcc-score">{relevance}</span></p>'
        f'<div class="tcc-passage" lang="{article.language}">{passage_html(article.text, passage.chunk)}</div>'
        f'<p class="tcc-card-acts">{read_link(article, strings, day=day)}'
        f"{original_html(article, strings)}</p></article>"
    )


def _overlaps(citation: Citation, passage: Passage) -> bool:
    chunk = passage.chunk
    return _key(citation.article) == _key(passage.article) and citation.start < chunk.end and chunk.start < citation.end


def _key(article: Article) -> tuple[str, str]:
    return article.article_id, article.version


def _one_per_article(passages: Sequence[Passage]) -> list[Passage]:
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(passage.article.article_id, passage)
    return list(first.values())


def _short(question: str) -> str:
    flat = " ".join(question.split())
    return flat if len(flat) <= 120 else flat[:120].rstrip() + "…"

"""The panel of sources as HTML: a card for each cited article, then what was found and not cited. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from trusted_cloud_chat.answering.wording import attribution, date_of, on_page, typographic
from trusted_cloud_chat.language.blocks import plain
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage, Source, Span
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.escaping import escape, link, marked, text_fragment, typeset
from trusted_cloud_chat.web.strings import NBSP, Strings

_NEAREST = 3
_SOURCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A cited article version: its citations, and the stretches of its text that hold them, in text order."""

    article: Article
    citations: tuple[Citation, ...]
    excerpts: tuple[Span, ...]


def panel_html(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """The whole panel: one section an answer, the last one shown; a marker of an older answer brings its own."""
    answered = [exchange for exchange in exchanges if exchange.answer is not None]
    sections = [_section(exchange, strings, hidden=exchange is not answered[-1]) for exchange in answered]
    body = "".join(sections) or f'<p class="tcc-nothing">{escape(strings.sources_empty)}</p>'
    return (
        f'<section class="tcc-panel" lang="{strings.language}" aria-labelledby="tcc-sources-title">'
        f'<h2 id="tcc-sources-title">{escape(strings.sources_title)}</h2>{body}</section>'
    )


def cards_of(answer: Answer) -> list[Card]:
    """One card for each cited article version, in the order of its first citation."""
    groups: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.n):
        groups.setdefault(_key(citation.article), []).append(citation)
    return [
        Card(cited[0].article, tuple(cited), tuple(_merged(_excerpt(c, answer.passages) for c in cited)))
        for cited in groups.values()
    ]


def uncited_of(answer: Answer) -> list[Passage]:
    """The passages that no quote of the answer was taken from, best first."""
    return [p for p in answer.passages if not any(_overlaps(c, p) for c in answer.citations)]


def _section(exchange: Exchange, strings: Strings, *, hidden: bool) -> str:
    answer = exchange.answer
    assert answer is not None
    cards = "".join(_card(exchange.number, card, strings) for card in cards_of(answer))
    others = uncited_of(answer)
    if cards:
        rest = _details(strings.not_cited, others, strings)
    else:
        near = _one_per_article(others)[:_NEAREST]
        cards = f'<h3 class="tcc-near">{escape(strings.nearest)}</h3>' if near else ""
        cards += "".join(_passage(passage, strings) for passage in near)
        rest = _details(strings.further, [p for p in others if p not in near], strings)
    nothing = "" if answer.passages else f'<p class="tcc-nothing">{escape(strings.nothing_found)}</p>'
    question = typeset(strings.sources_of.format(question=_short(exchange.question)))
    return (
        f'<div class="tcc-sources" id="sources-{exchange.number}" tabindex="-1"{" hidden" if hidden else ""}>'
        f'<p class="tcc-for">{question}</p>{nothing}{cards}{rest}</div>'
    )


def _card(number: int, card: Card, strings: Strings) -> str:
    article = card.article
    badges = "".join(f'<span class="tcc-badge" id="source-{number}-{c.n}">{c.n}</span>' for c in card.citations)
    spans = [(c.n, Span(c.start, c.end)) for c in card.citations]
    texts = "".join(
        f'<div class="tcc-passage" lang="{article.language}">'
        f"{marked(article.text[e.start : e.end], e.start, spans)}</div>"
        for e in card.excerpts
    )
    return (
        f'<article class="tcc-card" tabindex="-1"><header><span class="tcc-badges">{badges}</span>'
        f'<h3 lang="{article.language}">{typeset(article.title)}</h3></header>'
        f"{_origin(article, strings, starts=[c.start for c in card.citations])}{texts}{_links(card, strings)}"
        f'<p class="tcc-version">{escape(_version(article, strings))}</p>'
        f'<p class="tcc-up"><a class="tcc-back" href="#answer-{number}">{escape(strings.back)}</a></p></article>'
    )


def _origin(article: Article, strings: Strings, score: float | None = None, starts: Sequence[int] = ()) -> str:
    """Who says it and when, on which pages; what is found at `starts` stands there."""
    pages = "".join(dict.fromkeys(on_page(article, start) for start in sorted(starts)))
    kind = article.source_type
    label = strings.source_types.get(kind, kind) if kind else None
    chip = f'<span class="tcc-chip">{escape(label)}</span>' if label else ""
    relevance = strings.relevance.format(score=f"{round(score * 100)}{NBSP}%") if score is not None else ""
    tail = f' <span class="tcc-score">{escape(relevance)}</span>' if relevance else ""
    return f'<p class="tcc-origin">{chip}{escape(attribution(article, strings.language) + pages)}{tail}</p>'


def _links(card: Card, strings: Strings) -> str:
    """Where the article can be read, and what it was written from."""
    article = card.article
    html = ""
    if article.url:
        # The words of a synthesis are its own: they do not stand on the page of its source.
        own = article.source_type == "synthese"
        label = strings.source_link if own else strings.article_link
        deep = article.url if own else _opened_at(article.url, card.citations[0])
        html += f'<p class="tcc-read">{link(deep, escape(label), strings.new_tab)}</p>'
    if not article.sources:
        return html
    items = [f"<li>{_source(source, strings)}</li>" for source in article.sources]
    shown, others = items[:_SOURCES_SHOWN], items[_SOURCES_SHOWN:]
    html += f'<p class="tcc-from">{escape(strings.written_from)}</p><ul class="tcc-list">{"".join(shown)}</ul>'
    if others:
        more = strings.one_more_source if len(others) == 1 else strings.more_sources
        summary = escape(more.format(n=len(others)))
        html += f'<details><summary>{summary}</summary><ul class="tcc-list">{"".join(others)}</ul></details>'
    return html


def _opened_at(url: str, citation: Citation) -> str:
    """The address at the page that is quoted, of a PDF, or at the words."""
    page = page_of(citation.article.text, citation.start)
    if page is not None and "#" not in url and urlsplit(url).path.lower().endswith(".pdf"):
        return f"{url}#page={page}"
    return text_fragment(url, plain(citation.quote))


def _source(source: Source, strings: Strings) -> str:
    title = f", <cite>{escape(typographic(source.title))}</cite>" if source.title else ""
    dated = f", {escape(date_of(source.date, strings.language))}" if source.date else ""
    return link(source.url, escape(typographic(source.publisher)) + title, strings.new_tab) + dated


def _details(title: str, passages: Sequence[Passage], strings: Strings) -> str:
    if not passages:
        return ""
    body = "".join(_passage(passage, strings) for passage in passages)
    summary = f'{escape(title)} <span class="tcc-count">({len(passages)})</span>'
    return f'<details class="tcc-uncited"><summary>{summary}</summary>{body}</details>'


def _passage(passage: Passage, strings: Strings) -> str:
    article = passage.article
    return (
        f'<article class="tcc-card tcc-plain"><h3 lang="{article.language}">{typeset(article.title)}</h3>'
        f"{_origin(article, strings, passage.score, [passage.chunk.start])}"
        f'<div class="tcc-passage" lang="{article.language}">{typeset(passage.text)}</div>'
        f'<p class="tcc-version">{escape(_version(article, strings))}</p></article>'
    )


def _version(article: Article, strings: Strings) -> str:
    return strings.version.format(article_id=article.article_id, version=article.version[:12])


def _excerpt(citation: Citation, passages: Sequence[Passage]) -> Span:
    """The retrieved passages around a quote, joined; the quote alone where none was retrieved."""
    around = [p.chunk for p in passages if _overlaps(citation, p)]
    return Span(
        min([citation.start, *(chunk.start for chunk in around)]),
        max([citation.end, *(chunk.end for chunk in around)]),
    )


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


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

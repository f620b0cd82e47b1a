"""The quotes that cells and lines of the tab « Marché » open: cards, hidden until one is asked for. Pure."""

from __future__ import annotations

from trusted_cloud_chat.answering.wording import on_page, said_by
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.market import KnownFact
from trusted_cloud_chat.output.market import cited
from trusted_cloud_chat.schema import Citation, Span
from trusted_cloud_chat.web.escaping import escape, marked, typeset
from trusted_cloud_chat.web.reader import original_html, read_button, wanted
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.market_strings import MarketStrings


class Opened:
    """The sentences that a block of HTML opens, each once; `key` tells them from another block's."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._facts: dict[tuple[str, int], Citation] = {}

    def button(self, known: KnownFact, html: str, *, classes: str = "") -> str:
        """A button that opens the sentence of a fact; `html` is escaped already."""
        place = known.article.article_id, known.spans[0].start
        citation = self._facts.setdefault(place, cited(known, len(self._facts) + 1))
        return f'<button type="button" class="tcc-opens {classes}" data-quote="{self._key}{citation.n}">{html}</button>'

    def cards(self, strings: Strings) -> str:
        """A card for each; `market.js` shows a copy in the panel."""
        cards = (_card(self._key, citation, strings) for citation in self._facts.values())
        return f'<div hidden class="tcc-cards">{"".join(cards)}</div>'


def panel_html(market: MarketStrings) -> str:
    """The panel before anything is opened."""
    return (
        f'<section class="tcc-panel tcc-shown" lang="{market.language}" aria-labelledby="tcc-quote-title" tabindex="-1">'
        f'<header><h2 id="tcc-quote-title">{escape(market.quote_title)}</h2>'
        f'<button type="button" class="tcc-close">{escape(market.close)}</button></header>'
        f'<p class="tcc-nothing">{escape(market.quote_empty)}</p><div class="tcc-holds"></div></section>'
    )


def _card(key: str, citation: Citation, strings: Strings) -> str:
    article = citation.article
    around, said = _around(citation), Span(citation.start, citation.end)
    words = marked(article.text[around.start : around.end], around.start, [(citation.n, said)])
    kind = strings.source_types.get(article.source_type, article.source_type) if article.source_type else ""
    read = read_button(wanted(article, [citation]), article.title, strings)
    chip = f'<span class="tcc-chip">{escape(kind)}</span>' if kind else ""
    return (
        f'<article class="tcc-card" id="{key}{citation.n}" data-article="{escape(article.article_id)}" '
        f'data-version="{escape(article.version)}" data-start="{said.start}" data-end="{said.end}">'
        f'<h3 lang="{article.language}">{typeset(article.title)}</h3>'
        f'<p class="tcc-origin">{chip}{escape(said_by(citation, strings.language) + on_page(article, citation.start))}</p>'
        f'<div class="tcc-passage" lang="{article.language}">{words}</div>'
        f'<p class="tcc-card-acts">{read}{original_html(article, strings, citation)}</p></article>'
    )


def _around(citation: Citation) -> Span:
    """The paragraph that the quote stands in."""
    text = citation.article.text
    first, last = block_at(text, citation.start), block_at(text, citation.end - 1)
    starts = min(first.start, citation.start) if first else citation.start
    return Span(starts, max(last.end, citation.end) if last else citation.end)

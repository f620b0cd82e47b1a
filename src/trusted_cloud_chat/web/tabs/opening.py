"""An article opened beside a list or a table: its origin, its text, the quote in it. The one door to whatever shows an article."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.wording import attribution, date_of, on_page, typographic
from trusted_cloud_chat.language.blocks import plain
from trusted_cloud_chat.schema import Article, Source, Span
from trusted_cloud_chat.web.escaping import escape, link, marked, text_fragment, typeset
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.corpus_strings import CORPUS_STRINGS

CLOSE = '<button type="button" class="tcc-close" data-do="close">{label}</button>'


def open_article(article: Article, strings: Strings, quote: Span | None = None) -> str:
    """The panel of an article, the words of `quote` marked. Its heading takes the keyboard (`data-heading`)."""
    own = CORPUS_STRINGS[strings.language]
    spans = [(1, quote)] if quote else []
    paragraphs = marked(article.text, 0, spans).replace("&#10;&#10;", "</p><p>").replace("&#10;", "<br>")
    start = quote.start if quote else 0
    kind = strings.source_types.get(article.source_type or "", article.source_type or "")
    chip = f'<span class="tcc-chip">{escape(kind)}</span>' if kind else ""
    said = attribution(article, strings.language) + (on_page(article, start) if quote else "")
    return (
        f'<article class="tcc-open" lang="{strings.language}" aria-labelledby="tcc-open-title">'
        f"<header>{CLOSE.format(label=escape(own.close))}"
        f'<h2 id="tcc-open-title" tabindex="-1" data-heading lang="{article.language}">{typeset(article.title)}</h2></header>'
        f'<p class="tcc-origin">{chip}{escape(said)}</p>'
        f"{_address(article, strings, quote)}"
        f'<div class="tcc-text" lang="{article.language}"><p>{paragraphs}</p></div>'
        f"{_sources(article.sources, strings)}"
        f'<p class="tcc-version">{escape(strings.version.format(article_id=article.article_id, version=article.version[:12]))}</p>'
        "</article>"
    )


def _address(article: Article, strings: Strings, quote: Span | None) -> str:
    if not article.url:
        return ""
    own = article.source_type == "synthese"
    words = plain(article.text[quote.start : quote.end]) if quote and not own else ""
    deep = text_fragment(article.url, words) if words else article.url
    return f'<p class="tcc-read">{link(deep, escape(strings.source_link if own else strings.article_link), strings.new_tab)}</p>'


def _sources(sources: Sequence[Source], strings: Strings) -> str:
    if not sources:
        return ""
    items = "".join(f"<li>{_source(source, strings)}</li>" for source in sources)
    return f'<h3 class="tcc-from">{escape(strings.written_from)}</h3><ul class="tcc-list">{items}</ul>'


def _source(source: Source, strings: Strings) -> str:
    title = f", <cite>{escape(typographic(source.title))}</cite>" if source.title else ""
    dated = f", {escape(date_of(source.date, strings.language))}" if source.date else ""
    return link(source.url, escape(typographic(source.publisher)) + title, strings.new_tab) + dated

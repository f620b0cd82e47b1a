"""An article opened beside a list or a table: its origin, its text, the quote in it. The one door to whatever shows an article."""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat.language.stems import lexical_tokens, word_spans
from trusted_cloud_chat.schema import Article, Citation, Span
from trusted_cloud_chat.web.article_html import Quotes, text_html
from trusted_cloud_chat.web.escaping import escape, marked
from trusted_cloud_chat.web.reader import origin_html, original_html, sources_html, version_of
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.tabs.corpus_strings import CORPUS_STRINGS

CLOSE = '<button type="button" class="tcc-close" data-do="close">{label}</button>'


def open_article(article: Article, strings: Strings, quote: Span | None = None, words: str = "") -> str:
    """The panel of an article, the words of `quote` marked, or those of the `words` that were searched, in any form. Its heading
    takes the keyboard (`data-heading`).
    """
    own = CORPUS_STRINGS[strings.language]
    quotes = ((1, quote),) if quote else _found(words, article.text, article)
    title = marked(article.title, 0, _found(words, article.title, article))
    cited = Citation(1, article, quote.start, quote.end) if quote else None
    return (
        f'<article class="tcc-open" lang="{strings.language}" aria-labelledby="tcc-open-title">'
        f"<header>{CLOSE.format(label=escape(own.close))}"
        f'<h2 id="tcc-open-title" tabindex="-1" data-heading lang="{article.language}">{title}</h2></header>'
        f'<p class="tcc-origin">{origin_html(article, strings, date.today())}</p>'
        f'<p class="tcc-card-acts">{original_html(article, strings, cited)}</p>'
        f'<div class="tcc-text" lang="{article.language}">{text_html(article.text, quotes)}</div>'
        f"{sources_html(article.sources, strings)}"
        f'<p class="tcc-version">{escape(version_of(article, strings))}</p></article>'
    )


def _found(words: str, text: str, article: Article) -> Quotes:
    """The words of `text` that are one of `words`."""
    sought = set(lexical_tokens(words, article.language))
    return (
        [(1, Span(w.start, w.end)) for w in word_spans(text, article.language) if w.token in sought] if sought else []
    )

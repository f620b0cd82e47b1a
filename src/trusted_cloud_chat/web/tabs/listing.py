"""The articles as a table that a phone shows as cards. Gradio's own table shows no spoken dates in order of time, and no cards."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.wording import articles_count, date_of, grouped, publisher_of
from trusted_cloud_chat.schema import Article, Language
from trusted_cloud_chat.web.escaping import escape, typeset
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs.corpus_strings import CORPUS_STRINGS, CorpusStrings
from trusted_cloud_chat.web.tabs.shelf import SORT_KEYS, Holding, SortKey, Wanted

STEP = 50
"""Rows shown at first, and how many more at a time."""
ACTIONS = """element.addEventListener('click', event => {
  const part = event.target.closest('[data-do]');
  if (!part || !element.contains(part)) return;
  window.tccOpenedBy = part.dataset.do === 'close' ? window.tccOpenedBy : part.id;
  trigger({open: 'select', sort: 'apply', more: 'expand', close: 'clear', take: 'submit'}[part.dataset.do], {...part.dataset});
});"""
"""Buttons in the HTML become events of its component: `data-do` says which, `data-*` what is told with it."""


def title_html(title: str, says: str, language: Language) -> str:
    """The heading of a tab, and a line below it."""
    text = f"<p>{escape(says)}</p>" if says else ""
    return f'<div class="tcc-title" lang="{language}"><h2>{escape(title)}</h2>{text}</div>'


def listing_html(
    found: Sequence[Holding],
    of: int,
    wanted: Wanted,
    language: Language,
    *,
    shown: int = STEP,
    since: str | None = None,
) -> str:
    """The first `shown` of `found`, of `of` articles in all. What came after `since` is said to be new."""
    own = CORPUS_STRINGS[language]
    every = articles_count(of, language)
    count = every if len(found) == of else own.count_of.format(shown=grouped(len(found), language), articles=every)
    told = f'<p class="tcc-count-line" role="status" lang="{language}">{escape(count)}</p>'
    if not found:
        return f'{told}<p class="tcc-nothing">{escape(own.nothing)}</p>'
    head = "".join(_head(key, wanted, own) for key in SORT_KEYS)
    rows = "".join(_row(one, language, since) for one in found[:shown])
    left = len(found) - shown
    more = (
        f'<p><button type="button" class="tcc-quiet" id="tcc-more" data-do="more">{escape(own.more.format(n=min(left, STEP)))}</button></p>'
        if left > 0
        else ""
    )
    return (
        f'{told}<table class="tcc-articles" lang="{language}"><caption class="tcc-sr">{escape(own.heading)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"
    )


def _head(key: SortKey, wanted: Wanted, own: CorpusStrings) -> str:
    column = str(getattr(own, key))
    order = ("descending" if wanted.descending else "ascending") if wanted.sort == key else "none"
    title = escape(own.sort_by.format(column=column.lower()))
    return (
        f'<th scope="col" class="tcc-col-{key}" aria-sort="{order}"><button type="button" id="tcc-sort-{key}" data-do="sort" '
        f'data-key="{key}" title="{title}">{escape(column)}</button></th>'
    )


def _row(one: Holding, language: Language, since: str | None) -> str:
    article, own = one.article, CORPUS_STRINGS[language]
    kinds = STRINGS[language].source_types
    kind = kinds.get(article.source_type, article.source_type) if article.source_type else ""
    new = f'<span class="tcc-new">{escape(own.new)}</span>' if since is not None and one.arrived > since else ""
    number = own.quotable_one if one.quotable == 1 else own.quotable_many.format(n=grouped(one.quotable, language))
    return (
        f'<tr><td class="tcc-col-date">{escape(date_of(article.date, language))}</td>'
        f'<th scope="row" class="tcc-col-title"><button type="button" id="tcc-row-{escape(article.article_id)}" data-do="open" '
        f'data-article="{escape(article.article_id)}" lang="{article.language}">{typeset(article.title)}</button>{new}</th>'
        f'<td class="tcc-col-publisher">{escape(source_line(article, language))}</td>'
        f'<td class="tcc-col-type">{escape(kind)}</td><td class="tcc-col-language">{article.language}</td>'
        f'<td class="tcc-col-quotable"><span aria-hidden="true" class="tcc-number">{grouped(one.quotable, language)}</span>'
        f'<span class="tcc-spoken">{escape(number)}</span></td></tr>'
    )


def source_line(article: Article, language: Language) -> str:
    """« synthèse d’après LeMagIT (+8) »."""
    others = len(dict.fromkeys(source.publisher for source in article.sources)) - 1
    more = f" (+{others})" if article.source_type == "synthese" and others > 0 else ""
    return publisher_of(article, language) + more

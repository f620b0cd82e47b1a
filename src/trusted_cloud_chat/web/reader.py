"""An article's metadata as HTML, its age in words, and links that open it with quotes marked. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from trusted_cloud_chat.answering.wording import attribution, date_of, is_synthesis, more_sources, typographic
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.blocks import block_at, plain
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Article, Citation, Language, Source, Span
from trusted_cloud_chat.web.escaping import escape, link, part, safe_url, text_fragment
from trusted_cloud_chat.web.strings import Strings

_WEEKS_FROM_DAYS = 14
_YEARS_FROM_MONTHS = 24
"""Shorter ages are in months: « il y a 18 mois »."""
_NAMED: dict[Language, dict[str, tuple[str, str, str]]] = {
    "fr": {
        "day": ("aujourd’hui", "hier", "jours"), "week": ("", "", "semaines"),
        "month": ("ce mois-ci", "le mois dernier", "mois"), "year": ("cette année", "l’an dernier", "ans"),
    },
    "en": {
        "day": ("today", "yesterday", "days"), "week": ("", "", "weeks"),
        "month": ("this month", "last month", "months"), "year": ("this year", "last year", "years"),
    },
}  # fmt: skip
"""The current unit, the previous one, and the plural."""


def article_link(
    link: Callable[..., str], article: Article, spans: Sequence[Span] = (), *, numbers: Sequence[int] = (), **query: str
) -> str:
    """The address of an article with marked `spans`, by their `numbers` if given; `link` makes addresses."""
    told = [f"{span.start}-{span.end}" for span in spans]
    told = [f"{n}:{one}" for n, one in zip(numbers, told, strict=True)] if numbers else told
    first = f"#q{numbers[0] if numbers else 1}" if spans else ""
    return link(f"/articles/{article.article_id}", quote=told, **query) + first


def read_quote(told: str, n: int, article: Article) -> tuple[int, Span | None]:
    """A quote in an address: « 120-240 », « 3:120-240 » with its number, or its words; `n`: the default number."""
    number, _, place = told.rpartition(":")
    start, _, end = place.partition("-")
    if start.isdecimal() and end.isdecimal() and (not number or number.isdecimal()):
        span = Span(int(start), int(end))
        return int(number or n), span if span.start < span.end <= len(article.text) else None
    at = article.text.find(told)
    return n, Span(at, at + len(told)) if at >= 0 else None


def read_link(article: Article, strings: Strings, citations: Sequence[Citation] = (), day: date | None = None) -> str:
    """« Lire l’article », with the title for screen readers, in a new tab."""
    query = {"version": article.version, "day": day.isoformat() if day else ""}
    spans, numbers = [Span(c.start, c.end) for c in citations], [c.n for c in citations]
    href = article_link(_address, article, spans, numbers=numbers, lang="en" * (strings.language == "en"), **query)
    return part("read", href=href, article=article, strings=strings)


def _address(path: str, **query: Any) -> str:
    given = {key: value for key, value in query.items() if value}
    return quote(path) + (f"?{urlencode(given, doseq=True)}" if given else "")


def sourced(text: str, article: Article, strings: Strings, *, here: bool = False) -> str:
    """`text` as HTML; its « (+6) » links to the article's sources, in a new tab unless this is the article's page (`here`)."""
    more = more_sources(article)
    if not more or more not in text:
        return escape(text)
    before, _, rest = text.partition(more)
    page = "" if here else _address(f"/articles/{article.article_id}", lang="en" * (strings.language == "en"))
    return part("sourced", before=before, number=more.strip(" (+)"), rest=rest, page=page, strings=strings)


def origin_html(
    article: Article, strings: Strings, day: date, *, who: str = "", when: PartialDate | None = None, here: bool = False
) -> str:
    """One short line: kind of text, source, day, age; `who` and `when` of a reported statement; `here`: on the page of the article."""
    kind = article.source_type
    label = strings.source_types.get(kind, kind) if kind and not is_synthesis(article) else None
    who = who or attribution(article, strings.language)
    age = age_of(when or article.date, day, strings.language)
    return part("origin", kind=label, who=sourced(who[:1].upper() + who[1:], article, strings, here=here), age=age)


def original_html(article: Article, strings: Strings, citation: Citation | None = None) -> str:
    """« Ouvrir l’original », at the quoted words; for a synthesis the beginning of its main source."""
    if article.url is None or safe_url(article.url) is None:
        return ""
    if is_synthesis(article):
        return link(article.url, escape(strings.open_source), strings.new_tab)
    url = article.url if citation is None else _opened_at(article.url, article, citation.start, citation.end)
    return link(url, escape(strings.open_original), strings.new_tab)


def sources_html(sources: Sequence[Source], strings: Strings) -> str:
    """The sources of a synthesis."""
    if not sources:
        return ""
    told = strings.reader_written_from_one if len(sources) == 1 else strings.reader_written_from.format(n=len(sources))
    return part("written_from", title=told, sources=[_source(source, strings) for source in sources])


def _source(source: Source, strings: Strings) -> str:
    title = f", <cite>{escape(typographic(source.title))}</cite>" if source.title else ""
    dated = f", {escape(date_of(source.date, strings.language))}" if source.date else ""
    return link(source.url, escape(typographic(source.publisher)) + title, strings.new_tab) + dated


def _opened_at(url: str, article: Article, start: int, end: int) -> str:
    """The address at the quoted page of a PDF, or at words of one block, in a row its longest cell."""
    page = page_of(article.text, start)
    if page is not None and "#" not in url and urlsplit(url).path.lower().endswith(".pdf"):
        return f"{url}#page={page}"
    block = block_at(article.text, start)
    words = article.text[start : min(end, block.end) if block else end]
    return text_fragment(url, plain(max(words.split("|"), key=len)))


def age_of(published: PartialDate | None, day: date, language: Language) -> str:
    """« il y a 8 mois » on `day`, no finer than the date's precision; empty without a date or for a future one."""
    if published is None or published.first_day > day:
        return ""
    known = "year" if published.month is None else "month" if published.day is None else "day"
    months = (day.year - published.year) * 12 + day.month - (published.month or 1)
    months -= published.day is not None and day.day < published.day  # whole ones only
    days = (day - published.first_day).days
    unit, number = "day", days
    if known == "year":
        unit, number = "year", day.year - published.year
    elif months >= _YEARS_FROM_MONTHS:
        unit, number = "year", months // 12
    elif months or known == "month":
        unit, number = "month", months
    elif days >= _WEEKS_FROM_DAYS:
        unit, number = "week", days // 7
    this, before, several = _NAMED[language][unit]
    if unit == known and number < 2:
        return before if number else this
    if language == "fr":
        return f"il y a {number}\u00a0{several}"
    return f"{number}\u00a0{several if number > 1 else several[:-1]} ago"

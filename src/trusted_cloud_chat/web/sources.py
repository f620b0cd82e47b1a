"""The panel of sources; the origin, age and links of an article. HTML, pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from trusted_cloud_chat.answering import wording
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.language.blocks import block_at, plain
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.output.serialise import overlap
from trusted_cloud_chat.schema import Answer, Article, Citation, Language, Passage, Source, Span
from trusted_cloud_chat.web.article_html import around, passage_html, text_html
from trusted_cloud_chat.web.escaping import NBSP, Strings, escape, link, part, safe_url, text_fragment
from trusted_cloud_chat.web.handlers import Exchange

_NEAREST = 3
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


def panel_html(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """The whole panel: one section per answer."""
    sections = [_section(one.number, one.question, one.answer, strings) for one in exchanges if one.answer is not None]
    return part("panel", sections=sections, strings=strings)


def cards_of(answer: Answer) -> list[list[Citation]]:
    """The citations grouped by article version, one group per card, in the order of their first citations."""
    cards: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.n):
        cards.setdefault((citation.article.article_id, citation.article.version), []).append(citation)
    return list(cards.values())


def uncited_of(answer: Answer) -> list[Passage]:
    """The passages without a quote in the answer, best first."""
    return [p for p in answer.passages if not any(overlap(c, p) for c in answer.citations)]


def _section(number: int, question: str, answer: Answer, strings: Strings) -> dict[str, Any]:
    """The template's data for an answer. Ages count from the question's day, which is shown if the reader chose it."""
    day, chosen = answer.query.as_of or answer.query.today, answer.query.as_of
    cards = [_card(card, day, strings) for card in cards_of(answer)]
    others = uncited_of(answer)
    near: dict[str, Passage] = {}  # the first of each article
    for passage in () if cards else others:
        near.setdefault(passage.article.article_id, passage)
    nearest = list(near.values())[:_NEAREST]
    return {
        "number": number,
        "question": _short(question),
        "counted": strings.ages_as_of.format(day=spoken_day(chosen, strings.language)) if chosen else "",
        "read": bool(answer.passages),
        "cards": cards,
        "near": [_passage(passage, day, strings) for passage in nearest],
        "further": [_passage(passage, day, strings) for passage in others if passage not in nearest],
    }


def _card(cited: Sequence[Citation], day: date, strings: Strings) -> dict[str, Any]:
    article, quotes = cited[0].article, [(c.n, Span(c.start, c.end)) for c in cited]
    text, origins = text_html(article.text, quotes, around(article.text, quotes)), list(_origins(cited, day, strings))
    return _entry(article, cited, day, strings, text=text, origins=origins, relevance="")


def _passage(passage: Passage, day: date, strings: Strings) -> dict[str, Any]:
    article, chunk = passage.article, passage.chunk
    who = wording.attribution(article, strings.language) + wording.on_page(article, chunk.start)
    origins = [("", origin_html(article, strings, day, who=who))]
    relevance = strings.relevance.format(score=f"{round(passage.score * 100)}{NBSP}%")
    text = passage_html(article.text, chunk)
    return _entry(article, (), day, strings, text=text, origins=origins, relevance=relevance)


def _entry(article: Article, cited: Sequence[Citation], day: date, strings: Strings, **told: Any) -> dict[str, Any]:
    read, original = read_link(article, strings, cited, day), original_html(article, strings, *cited[:1])
    return {"article": article, "citations": cited, "read": read, "original": original, **told}


def _origins(card: Sequence[Citation], day: date, strings: Strings) -> Iterator[tuple[str, str]]:
    """Source, day and place of the quotes as in the answer; with their numbers if they differ."""
    article, said = card[0].article, dict[tuple[str, PartialDate | None], list[Citation]]()
    for citation in card:
        said.setdefault((wording.said_by(citation, strings.language), citation.said_on), []).append(citation)
    for (who, when), cited in said.items():
        pages = dict.fromkeys(wording.on_page(article, c.start) for c in sorted(cited, key=lambda c: c.start))
        numbers = " ".join(f"[{c.n}]" for c in cited) + NBSP if len(said) > 1 else ""
        yield numbers, origin_html(article, strings, day, who=who + "".join(pages), when=when)


def _short(question: str) -> str:
    flat = " ".join(question.split())
    return flat if len(flat) <= 120 else flat[:120].rstrip() + "…"


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
    href = article_link(address, article, spans, numbers=numbers, lang="en" * (strings.language == "en"), **query)
    return part("read", href=href, article=article, strings=strings)


def address(path: str, **query: Any) -> str:
    given = {key: value for key, value in query.items() if value}
    return quote(path) + (f"?{urlencode(given, doseq=True)}" if given else "")


def sourced(text: str, article: Article, strings: Strings, *, here: bool = False) -> str:
    """`text` as HTML; its « (+6) » links to the article's sources, in a new tab unless this is the article's page (`here`)."""
    more = wording.more_sources(article)
    if not more or more not in text:
        return escape(text)
    before, _, rest = text.partition(more)
    page = "" if here else address(f"/articles/{article.article_id}", lang="en" * (strings.language == "en"))
    return part("sourced", before=before, number=more.strip(" (+)"), rest=rest, page=page, strings=strings)


def origin_html(
    article: Article, strings: Strings, day: date, *, who: str = "", when: PartialDate | None = None, here: bool = False
) -> str:
    """One short line: kind of text, source, day, age; `who` and `when` of a reported statement; `here`: on the page of the article."""
    kind = article.source_type
    label = strings.source_types.get(kind, kind) if kind and not wording.is_synthesis(article) else None
    who = who or wording.attribution(article, strings.language)
    age = age_of(when or article.date, day, strings.language)
    return part("origin", kind=label, who=sourced(who[:1].upper() + who[1:], article, strings, here=here), age=age)


def original_html(article: Article, strings: Strings, citation: Citation | None = None) -> str:
    """« Ouvrir l’original », at the quoted words; for a synthesis the beginning of its main source."""
    if article.url is None or safe_url(article.url) is None:
        return ""
    if wording.is_synthesis(article):
        return link(article.url, escape(strings.open_source), strings.new_tab)
    url = article.url if citation is None else _opened_at(article.url, article, citation.start, citation.end)
    return link(url, escape(strings.open_original), strings.new_tab)


def sources_html(sources: Sequence[Source], strings: Strings) -> str:
    if not sources:
        return ""
    told = strings.reader_written_from_one if len(sources) == 1 else strings.reader_written_from.format(n=len(sources))
    return part("written_from", title=told, sources=[_source(source, strings) for source in sources])


def _source(source: Source, strings: Strings) -> str:
    title = f", <cite>{escape(wording.typographic(source.title))}</cite>" if source.title else ""
    dated = f", {escape(wording.date_of(source.date, strings.language))}" if source.date else ""
    return link(source.url, escape(wording.typographic(source.publisher)) + title, strings.new_tab) + dated


def _opened_at(url: str, article: Article, start: int, end: int) -> str:
    """`url` opened at the quoted page of a PDF, else at the quoted words of one block (of a table row the longest cell)."""
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
    months -= published.day is not None and day.day < published.day  # whole months only
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

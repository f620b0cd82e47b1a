"""The reader: a stored article as a dialog over the page, every quote of an answer marked in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from trusted_cloud_chat.answering.wording import attribution, date_of, is_synthesis, typographic
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.blocks import block_at, plain
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Article, Citation, Source, Span
from trusted_cloud_chat.web.ages import age_of
from trusted_cloud_chat.web.article_html import Quotes, text_html
from trusted_cloud_chat.web.escaping import escape, link, safe_url, text_fragment, typeset
from trusted_cloud_chat.web.evidence_strings import EVIDENCE, EvidenceStrings
from trusted_cloud_chat.web.strings import NBSP, Strings

_SOURCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a button opens, as it says in its attributes."""

    article: str
    """Its id."""
    version: str = ""
    """The version that is quoted; empty: the one that questions see now."""
    quotes: Quotes = ()
    """Numbered spans of that version."""
    shown: str = ""
    """The version to read, where it is another than the quoted one."""
    day: date | None = None
    """On which the age is counted; None: today."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Wanted:
        """From what the browser sent, which may be anything. Raises ValueError."""
        texts = {name: data.get(name) or "" for name in ("article", "version", "quotes", "shown", "day")}
        if not all(isinstance(text, str) for text in texts.values()):
            raise ValueError("an article to read is told in texts")
        quotes = tuple(_quote(one) for one in texts["quotes"].split())
        day = date.fromisoformat(texts["day"]) if texts["day"] else None
        return cls(texts["article"], texts["version"], quotes, texts["shown"], day)

    def attributes(self) -> str:
        """Of HTML; what `read` reads."""
        told = {
            "article": self.article, "version": self.version, "shown": self.shown,
            "quotes": " ".join(f"{n}:{span.start}:{span.end}" for n, span in self.quotes),
            "day": self.day.isoformat() if self.day else "",
        }  # fmt: skip
        return " ".join(f'data-{name}="{escape(value)}"' for name, value in told.items() if value)


@dataclass(frozen=True, slots=True)
class Opened:
    """An article version as it is to be read."""

    article: Article
    wanted: Wanted
    quotes: Quotes = ()
    """As they stand in this version."""
    lost: tuple[int, ...] = ()
    """Numbers of the quotes that this version no longer has."""
    live: str = ""
    """The version that questions see now; empty where the article is gone."""


def _quote(told: str) -> tuple[int, Span]:
    n, start, end = map(int, told.split(":"))
    return n, Span(start, end)


def wanted(
    article: Article, citations: Sequence[Citation] = (), *, day: date | None = None, now: bool = False
) -> Wanted:
    """`article` to be read with `citations` marked; `now`: in the version of now, whatever this one is."""
    quotes = tuple((c.n, Span(c.start, c.end)) for c in citations)
    return Wanted(article.article_id, "" if now else article.version, quotes, day=day)


def opened(what: Wanted, quoted: Article, shown: Article, live: Article | None) -> Opened:
    """`shown` with the quotes of `quoted`, which may be another version: then they are looked for word for word."""
    known = live.version if live else ""
    held = [(n, span) for n, span in what.quotes if 0 <= span.start < span.end <= len(quoted.text)]
    if shown.version == quoted.version:
        return Opened(shown, what, tuple(held), live=known)
    places = [(n, shown.text.find(quoted.text[s.start : s.end]), s.end - s.start) for n, s in held]
    found = tuple((n, Span(start, start + length)) for n, start, length in places if start >= 0)
    return Opened(shown, what, found, tuple(n for n, start, _ in places if start < 0), known)


def read_button(what: Wanted, title: str, strings: Strings, *, label: str = "") -> str:
    """What opens the reader, wherever it stands on the page: `label`, else « Lire l’article », with the title for screen readers."""
    named = label or EVIDENCE[strings.language].read_article
    return (
        f'<button type="button" class="tcc-read-button" aria-haspopup="dialog" {what.attributes()}>{escape(named)}'
        f'<span class="tcc-sr"> {escape(title)}</span></button>'
    )


def reader_html(read: Opened, strings: Strings, *, nonce: str) -> str:
    """The dialog; `reader.js` shows it as soon as it stands on the page with a `nonce` that is new."""
    article, said = read.article, EVIDENCE[strings.language]
    return _dialog(
        f'<h2 id="tcc-reader-title" tabindex="-1" lang="{article.language}">{typeset(article.title)}</h2>'
        f'<p class="tcc-origin">{origin_html(article, strings, read.wanted.day or date.today())}</p>'
        f"{_quotes_html(read, said)}",
        f"{_standing(read, strings)}"
        f'<div class="tcc-text" lang="{article.language}">{text_html(article.text, read.quotes)}</div>'
        f"<footer>{_original(read, strings)}{sources_html(article.sources, strings)}"
        f'<p class="tcc-version">{escape(version_of(article, strings))}</p></footer>',
        strings,
        nonce,
    )


def message_html(text: str, strings: Strings, *, nonce: str) -> str:
    """The dialog with a message in place of an article."""
    title = EVIDENCE[strings.language].read_article
    heading = f'<h2 id="tcc-reader-title" tabindex="-1" class="tcc-sr">{escape(title)}</h2>'
    return _dialog(heading, f'<p class="tcc-standing">{escape(text)}</p>', strings, nonce)


def origin_html(
    article: Article, strings: Strings, day: date, *, who: str = "", when: PartialDate | None = None
) -> str:
    """One short line: what kind of text, who says it, when, how long ago; `who` and `when` of a statement that the article reports."""
    kind = article.source_type
    label = strings.source_types.get(kind, kind) if kind and not is_synthesis(article) else None
    chip = f'<span class="tcc-chip">{escape(label)}</span>' if label else ""
    who = who or attribution(article, strings.language)
    age = age_of(when or article.date, day, strings.language)
    told = f'{NBSP}· <span class="tcc-age">{escape(age)}</span>' if age else ""
    return f"{chip}{escape(who[:1].upper() + who[1:])}{told}"


def original_html(article: Article, strings: Strings, citation: Citation | None = None) -> str:
    """« Ouvrir l’original », at the quoted words; of a synthesis the main source, at its beginning: its words are not ours."""
    said = EVIDENCE[strings.language]
    if article.url is None or safe_url(article.url) is None:
        return ""
    if is_synthesis(article):
        return link(article.url, escape(said.open_source), strings.new_tab)
    url = article.url if citation is None else _opened_at(article.url, article, citation.start, citation.end)
    return link(url, escape(said.open_original), strings.new_tab)


def version_of(article: Article, strings: Strings) -> str:
    return strings.version.format(article_id=article.article_id, version=article.version[:12])


def _dialog(heading: str, body: str, strings: Strings, nonce: str) -> str:
    close = escape(EVIDENCE[strings.language].reader_close)
    return (
        f'<dialog class="tcc-reader" lang="{strings.language}" aria-labelledby="tcc-reader-title" data-nonce="{escape(nonce)}">'
        f'<header><div>{heading}</div><button type="button" class="tcc-shut">{close}</button></header>{body}</dialog>'
    )


def _standing(read: Opened, strings: Strings) -> str:
    """How the version that is read stands to the quoted one and to the one of now; empty where they are one."""
    said, what = EVIDENCE[strings.language], read.wanted
    lines, other = [], ""
    if not read.live:
        lines = [said.reader_gone]
    elif read.article.version != read.live:
        lines = [said.reader_changed]
        other = _other(read, strings, read.live, said.read_now)
    elif what.version not in ("", read.live):
        lines = [said.reader_now, _kept(read, said)]
        other = _other(read, strings, "", said.read_quoted)
    text = " ".join(filter(None, lines))
    return f'<div class="tcc-standing" role="note"><p>{escape(text)}</p>{other}</div>' if text else ""


def _kept(read: Opened, said: EvidenceStrings) -> str:
    """Which quotes the version of now still has."""
    if not read.lost:
        return said.reader_kept_all if read.quotes else ""
    if not read.quotes:
        return said.reader_lost_all
    return said.reader_lost.format(numbers=", ".join(f"[{n}]" for n in read.lost))


def _other(read: Opened, strings: Strings, version: str, label: str) -> str:
    return read_button(replace(read.wanted, shown=version), read.article.title, strings, label=label)


def _quotes_html(read: Opened, said: EvidenceStrings) -> str:
    if not read.quotes:
        return ""
    links = "".join(f'<button type="button" data-quote="{n}">&#91;{n}&#93;</button>' for n, _ in read.quotes)
    title = escape(said.reader_quotes)
    return f'<nav class="tcc-jumps" aria-label="{title}"><span aria-hidden="true">{title}</span>{links}</nav>'


def _original(read: Opened, strings: Strings) -> str:
    html = original_html(read.article, strings)
    return f'<p class="tcc-read">{html}</p>' if html else ""


def sources_html(sources: Sequence[Source], strings: Strings) -> str:
    """What a synthesis was written from; more than three are folded."""
    if not sources:
        return ""
    said = EVIDENCE[strings.language]
    items = "".join(f"<li>{_source(source, strings)}</li>" for source in sources)
    told = said.reader_written_from_one if len(sources) == 1 else said.reader_written_from.format(n=len(sources))
    opened = " open" if len(sources) <= _SOURCES_SHOWN else ""
    return f'<details{opened}><summary>{escape(told)}</summary><ul class="tcc-list">{items}</ul></details>'


def _source(source: Source, strings: Strings) -> str:
    title = f", <cite>{escape(typographic(source.title))}</cite>" if source.title else ""
    dated = f", {escape(date_of(source.date, strings.language))}" if source.date else ""
    return link(source.url, escape(typographic(source.publisher)) + title, strings.new_tab) + dated


def _opened_at(url: str, article: Article, start: int, end: int) -> str:
    """The address at the page that is quoted, of a PDF, or at the words: those of one block, of a table's row its longest cell."""
    page = page_of(article.text, start)
    if page is not None and "#" not in url and urlsplit(url).path.lower().endswith(".pdf"):
        return f"{url}#page={page}"
    block = block_at(article.text, start)
    words = article.text[start : min(end, block.end) if block else end]
    return text_fragment(url, plain(max(words.split("|"), key=len)))

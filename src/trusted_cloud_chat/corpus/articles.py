"""Reads a file as an article, or as an article for each row of a table."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from trusted_cloud_chat.corpus.dateline import day_of_name, read_day, says_only_its_day, stated_date
from trusted_cloud_chat.corpus.drafts import Draft, drafts_of, written
from trusted_cloud_chat.corpus.formats import CONVERTED, READERS, TABLES, confined
from trusted_cloud_chat.corpus.front_matter import SUFFIX as COMPANION
from trusted_cloud_chat.corpus.front_matter import Companion, companion_of
from trusted_cloud_chat.corpus.origin import Origin, check_page
from trusted_cloud_chat.corpus.safe_files import MOST_BYTES
from trusted_cloud_chat.corpus.titles import of_name, sensible
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import article_sentences, plain
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import is_unicode, printable, visible
from trusted_cloud_chat.schema import Article, Language, Source, version_of

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt"})
SUFFIXES = MARKDOWN | PLAIN | READERS.keys() | TABLES.keys()
TOLD = SUFFIXES | CONVERTED.keys()
"""The suffixes that are read, and those that the report advises to convert."""

_TITLE_LENGTH, _TITLE_SAMPLE, _LEADING_SENTENCES = 80, 4000, 8
_LANGUAGE_SAMPLE = 100_000
_REPORTED_ROWS, _REASON = 3, 80
"""Maximum rows whose reasons are reported, and characters of each reason."""


@dataclass(frozen=True, slots=True)
class _File:
    """The properties shared by all articles of a file."""

    path: str
    """Relative to its root; for a fetched document, its address."""
    is_format: bool
    """Whether a format's reader reads it: only Markdown and plain text may begin with a date."""
    beside: Companion
    allow_undated: bool
    today: date
    notices: list[str]
    origin: Origin | None
    named: set[str] | None

    @property
    def companion(self) -> str:
        return f"{visible(PurePosixPath(self.path).name)}{COMPANION}"


def read_article(
    path: Path, root: Path, *, allow_undated: bool, today: date, notices: list[str] | None = None
) -> Article:
    """The article in `path`, the first one if it is a table: see `read_articles`."""
    return read_articles(path, root, allow_undated=allow_undated, today=today, notices=notices)[0]


def read_articles(
    path: Path,
    root: Path,
    *,
    allow_undated: bool,
    today: date,
    notices: list[str] | None = None,
    left_out: list[str] | None = None,
    named: set[str] | None = None,
    most_bytes: int = MOST_BYTES,
    origin: Origin | None = None,
) -> list[Article]:
    """The article in `path`, or those in the rows of a table. Raises ArticleError if the file cannot be used.

    For the report, `notices` receives remarks, `left_out` why rows are not articles, `named` the ids that the articles state themselves.
    """
    relative, suffix = path.relative_to(root).as_posix(), path.suffix.lower()
    if not is_unicode(relative):
        raise ArticleError("the file's name is not UTF-8: rename the file")
    if suffix in CONVERTED:
        kind = CONVERTED[suffix]
        raise ArticleError(
            f"{suffix} is not read: save it as {kind}, in an office program or with `soffice --convert-to {kind.lower()} FILE`"
        )
    notices = notices if notices is not None else []
    beside, is_format = companion_of(path, root), suffix in READERS or suffix in TABLES
    if is_format:
        drafts = drafts_of(confined.read(path, beside.table, most=most_bytes), notices)
    else:
        remarks: list[str] = []
        drafts = [written(path, remarks, most_bytes, markdown=suffix in MARKDOWN)]
        if suffix not in SUFFIXES and remarks:  # a given path may have any suffix
            kinds = ", ".join(sorted(SUFFIXES))
            raise ArticleError(f"{suffix or 'without a suffix'}: not a kind that is read ({kinds})")
        notices += remarks
    if origin and suffix == ".html":
        check_page(drafts[0].found.text)
    file = _File(origin.url if origin else relative, is_format, beside, allow_undated, today, notices, origin, named)
    if not any(draft.found.row for draft in drafts):
        return [_article(draft, file) for draft in drafts]
    articles, reasons = _rows(drafts, file)
    if not articles:
        raise ArticleError(reasons)
    if reasons and left_out is not None:
        left_out.append(str(ArticleError(reasons)))
    return articles


def _rows(drafts: list[Draft], file: _File) -> tuple[list[Article], str]:
    """The articles, one per row, and why the other rows are left out."""
    articles: dict[str, Article] = {}
    reasons: list[str] = []
    for draft in drafts:
        try:
            if draft.found.refused or (draft.unread_date and not file.allow_undated):
                raise ArticleError(draft.found.refused or draft.unread_date)
            article = _article(draft, file)
            if article.article_id in articles:
                raise ArticleError(f"a row before it has the same text, or its id {article.article_id!r}")
            articles[article.article_id] = article
        except ArticleError as error:
            reasons.append(f"line {draft.found.row}: {shortened(str(error), _REASON)}")
    if unread := sum(bool(draft.unread_date) for draft in drafts) * file.allow_undated:
        file.notices.append(f"the dates of {unread} of {len(drafts)} rows are not understood: expected 2024-01-15")
    more = f"; and {len(reasons) - _REPORTED_ROWS} more" if len(reasons) > _REPORTED_ROWS else ""
    report = f"{len(reasons)} of {len(drafts)} rows are not articles: {'; '.join(reasons[:_REPORTED_ROWS])}{more}"
    return list(articles.values()), report if reasons else ""


def _article(draft: Draft, file: _File) -> Article:
    beside, found = file.beside, draft.found
    fields = file.origin.complete(draft) if file.origin else draft.fields
    given = beside.model_dump(include=set(type(fields).model_fields), exclude_unset=True)
    # The table's description applies to rows without a value of their own.
    known = {key for key in given if not (found.row and getattr(fields, key))}
    fields = fields.model_copy(update={key: getattr(beside, key) for key in known})
    stated, body = fields.date, found.text
    if stated is None and not file.is_format:
        stated, body = _take_date_prefix(body)
    if not body.strip():
        raise ArticleError(f"there is no text{'' if file.is_format else ' after the front matter or the date'}")
    guesses = {key: guess for key, guess in found.guessed.items() if getattr(fields, key) is None}
    stated = stated or _likely_date(body, guesses, file)
    _check_date(stated, file, row=found.row > 0)
    if guesses:
        listed = ", ".join(f"{key} {shortened(value, _REASON)} ({source})" for key, (value, source) in guesses.items())
        correction = "" if file.origin else f"; {file.companion} beside it overrides this"
        file.notices.append(f"guessed: {listed}{correction}")
    if fields.url and "://" not in fields.url:
        file.notices.append(f"url « {shortened(fields.url, _REASON)} » is not an address: expected https://…")
    title = sensible(fields.title or "") or guesses.get("title", ("",))[0] or sensible(title_of(body))
    title = title or of_name(PurePosixPath(file.path).name)
    # Many programs write the same language into all files.
    likely: Language = "en" if str(found.fields.get("language", "")).lower() == "en" else "fr"
    return Article(
        article_id=_id(draft, file),
        version=version_of(body, title, stated),
        title=title,
        text=body,
        date=stated,
        publisher=fields.publisher or guesses.get("publisher", (None,))[0],
        url=fields.url,
        language=fields.language or detect_language(body[:_LANGUAGE_SAMPLE], likely),
        source_type=fields.source_type,
        sources=tuple(Source(**dict(source)) for source in fields.sources),
        path=file.path,
    )


def _likely_date(body: str, guesses: dict[str, tuple[str, str]], file: _File) -> PartialDate | None:
    """The date in the first or last lines, else in the file's name, else a guess; `guesses` keeps the guess that is used."""
    stated, guess = stated_date(body, file.today), guesses.pop("date", None)
    if stated is not None and not stated.guessed:
        return stated.day
    named = None if file.origin else day_of_name(PurePosixPath(file.path).name)
    if named is not None and named.first_day <= file.today:
        return named
    if stated is not None:
        guess = str(stated.day), stated.guessed
    day = read_day(guess[0]) if guess else None
    if guess is None or day is None or day.first_day > file.today:
        return None
    guesses["date"] = guess
    return replace(day, estimated=True)


def id_of(relative: str) -> str:
    """The id of an article that states none, from its file's path: on one line, without invisible characters."""
    stem = PurePosixPath(relative).with_suffix("").as_posix()
    return printable(stem).replace("\n", " ").replace("\t", " ") or visible(stem)


def _id(draft: Draft, file: _File) -> str:
    """The stated id, else the file's path without suffix; for a row the path and its id, or a hash of its words."""
    place = file.origin.article_id if file.origin else id_of(file.path)
    if not draft.found.row:
        own = file.beside.id or (draft.fields.id if not file.origin else None)
        if own and file.named is not None:
            file.named.add(own)
        return own or place
    base = file.beside.id or place
    words = "\x00".join((draft.fields.title or "", draft.found.text))
    return f"{base}/{draft.fields.id or hashlib.sha256(words.encode()).hexdigest()[:12]}"


def title_of(text: str) -> str:
    """The title of an article that states none: its first heading or sentence, cut at a word within 80 characters."""
    every = article_sentences(text)
    leading = every[:_LEADING_SENTENCES]
    spans = [span for span in leading if not says_only_its_day(text[span.start : span.end])] or every
    first = text[spans[0].start : min(spans[0].end, spans[0].start + _TITLE_SAMPLE)] if spans else ""
    sentence = " ".join(plain(first).split())
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[: _TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _take_date_prefix(text: str) -> tuple[PartialDate | None, str]:
    """`date 2024-01 Capgemini et…`, « date janvier 2024 Capgemini et… » → January 2024 and the text after it."""
    match = patterns.DATE_PREFIX.match(text)
    if match is None:
        return None, text
    try:
        return PartialDate.parse(match.group(1)), text[match.end() :]
    except ValueError as error:
        raise ArticleError(f"first line, {error}") from error


def _check_date(stated: PartialDate | None, file: _File, *, row: bool) -> None:
    if stated is not None:
        if stated.first_day > file.today:
            raise ArticleError(f"the date {stated} is in the future (today is {file.today.isoformat()})")
        return
    if file.allow_undated:
        return
    key, line = "`date: 2024-01-15` in", "« Publié le 15 janvier 2024 » among the first lines"
    if row:
        expected = f"a column of dates, named in {COMPANION[1:]} beside the file"
    elif file.origin:
        page = f"one in the head of the page, {line}, or one from a feed"
        expected = (
            f"{page}; save the page as a file and put {key} NAME{COMPANION} beside it, or unset TCC_REQUIRE_DATES"
        )
    else:
        own = "" if file.is_format else f"{key} the front matter, a first line that starts with `date 2024-01`, or "
        expected = (
            f"{own}{line}, or {key} {file.companion} beside it; without TCC_REQUIRE_DATES=1 it is read as undated"
        )
    raise ArticleError(f"no date: expected {expected}")

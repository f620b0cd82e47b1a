"""One file → one `Article`."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath

from trusted_cloud_chat.corpus.dateline import stated_date
from trusted_cloud_chat.corpus.decoding import decode
from trusted_cloud_chat.corpus.front_matter import FrontMatter, split_front_matter
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import article_sentences, plain
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.versions import version_of

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt"})
SUFFIXES = MARKDOWN | PLAIN

_TITLE_LENGTH = 80


def read_article(
    path: Path, root: Path, *, allow_undated: bool, today: date, notices: list[str] | None = None
) -> Article:
    """The article in `path`; without an `id` of its own it is named by its path under `root`.

    `notices` receives what a reader of the report should know, such as an encoding that is not UTF-8.
    Raises ArticleError when the file cannot be used.
    """
    relative = path.relative_to(root).as_posix()
    if not _is_unicode(relative):
        raise ArticleError("the file's name is not UTF-8: rename the file")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"the file cannot be read: {error.strerror}") from error
    decoded, encoding = decode(raw)
    text = printable(decoded)
    if notices is not None:
        if encoding != "utf-8":
            notices.append(f"read as {encoding}, not UTF-8")
        if text != decoded:
            notices.append("control characters and invisible ones are left out")
    fields, body = split_front_matter(text) if path.suffix.lower() in MARKDOWN else (FrontMatter(), text)
    stated, body = _take_date_prefix(body) if fields.date is None else (fields.date, body)
    stated = stated or stated_date(body, today)
    if not body.strip():
        raise ArticleError("there is no text after the front matter or the date: expected an article")
    _check_date(stated, allow_undated, today)
    title = fields.title or title_of(body)
    return Article(
        article_id=fields.id or PurePosixPath(relative).with_suffix("").as_posix(),
        version=version_of(body, title, stated),
        title=title,
        text=body,
        date=stated,
        publisher=fields.publisher,
        url=fields.url,
        language=fields.language or detect_language(body),
        source_type=fields.source_type,
        sources=tuple(source.to_source() for source in fields.sources),
        path=relative,
    )


def _is_unicode(name: str) -> bool:
    """Whether `name` can be stored and printed; the bytes of an old encoding are lone surrogates in Python."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def title_of(text: str) -> str:
    """The title of an article whose front matter has none: its first heading line or sentence, cut at 80 characters on a word."""
    spans = article_sentences(text)
    sentence = " ".join(plain(text[spans[0].start : spans[0].end]).split()) if spans else ""
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


def _check_date(stated: PartialDate | None, allow_undated: bool, today: date) -> None:
    if stated is None and not allow_undated:
        raise ArticleError(
            "no date: expected `date: 2024-01-15` in the front matter, a first line that starts with `date 2024-01`, or "
            "« Publié le 15 janvier 2024 » among the first lines; TCC_ALLOW_UNDATED=1 accepts articles without one"
        )
    if stated is not None and stated.first_day > today:
        raise ArticleError(f"the date {stated} is in the future (today is {today.isoformat()})")

"""The text of a file and its metadata, cleaned and validated field by field, before it becomes an article."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trusted_cloud_chat.corpus.dateline import read_day
from trusted_cloud_chat.corpus.decoding import DAMAGED, decode
from trusted_cloud_chat.corpus.formats import Found, too_much
from trusted_cloud_chat.corpus.front_matter import FrontMatter, split_front_matter, validated
from trusted_cloud_chat.corpus.markup import without_markup
from trusted_cloud_chat.corpus.safe_files import read_bytes
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import one_line, printable
from trusted_cloud_chat.language.pages import printable_pages

_NO_TEXT = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an archive",
    b"{\\rtf": "an RTF",
    b"\xd0\xcf\x11\xe0": "an Office file",
}
"""The first bytes of files that are not text, whatever their name."""


class Draft(NamedTuple):
    """A reader's output, cleaned, and its valid fields."""

    found: Found
    fields: FrontMatter

    @property
    def unread_date(self) -> str:
        """Why the date of a row cannot be read; empty if it can."""
        stated = self.found.fields.get("date") if self.found.row and self.fields.date is None else None
        return f"the date {day_of(stated)[:40]!r} is not understood: expected 2024-01-15" if stated else ""


def written(path: Path, notices: list[str], most: int, *, markdown: bool) -> Draft:
    """The draft in a text file of at most `most` bytes. `notices` receives remarks for the report. Raises ArticleError."""
    raw = read_bytes(path, most)
    kind = next((kind for begin, kind in _NO_TEXT.items() if raw.startswith(begin)), None)
    if kind is not None:
        raise ArticleError(f"the file is not text, it begins as {kind} does: give it the right suffix")
    decoded, encoding = decode(raw)
    if reason := too_much([decoded]):
        raise ArticleError(reason)
    text = printable(decoded)
    if encoding != "utf-8":
        notices.append(f"read as {encoding}" + ("" if encoding == DAMAGED else ", not UTF-8"))
    if text != decoded:
        notices.append("control and invisible characters are left out")
    if not markdown:
        return Draft(Found(text), FrontMatter())
    fields, body = split_front_matter(text, notices)
    return Draft(Found(without_markup(body)), fields)


def drafts_of(texts: Sequence[Found], notices: list[str]) -> list[Draft]:
    """The drafts of a format's reader, cleaned; invalid fields are reported and left out."""
    notices += [one_line(printable(notice)) for found in texts for notice in found.notices]
    return [_draft(found, notices) for found in texts]


def _draft(found: Found, notices: list[str]) -> Draft:
    stated = {key: day_of(value) if key == "date" else value for key, value in found.fields.items() if value}
    language = str(stated.pop("language", "")).lower()
    if language.isalpha() and language not in ("fr", "en"):
        notices.append(f"its stated language « {language} » is ignored: expected French or English")
    fitting = {key: value for key, value in stated.items() if fits(key, value)}
    if not found.row:
        unread = {key: one_line(printable(str(stated[key])))[:40] for key in stated.keys() - fitting}
        notices += [f"{key} « {value} » is not understood" for key, value in unread.items()]
    guesses = {key: (day_of(value) if key == "date" else value, why) for key, (value, why) in found.guessed.items()}
    found.guessed = {key: guess for key, guess in guesses.items() if key not in fitting and fits(key, guess[0])}
    found.text = printable_pages(found.text)
    return Draft(found, validated(FrontMatter, fitting))


def day_of(value: object) -> str:
    """`2024-03-12T08:00:00+01:00` → 2024-03-12; other values are unchanged."""
    return str(read_day(str(value)) or value)


def fits(key: str, value: Any) -> bool:
    try:
        validated(FrontMatter, {key: value})
    except ArticleError:
        return False
    return True

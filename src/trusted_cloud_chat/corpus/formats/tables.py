"""Reads CSV and JSONL: each row is an article, by the columns that `NAME.meta.yaml` names or by their usual names."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.dateline import rank_of
from trusted_cloud_chat.corpus.decoding import decode
from trusted_cloud_chat.corpus.formats import CELLS, ROWS, Found, TableForm, marks
from trusted_cloud_chat.corpus.titles import of_name
from trusted_cloud_chat.errors import ArticleError

_USUAL = {
    "id": ("id", "_id", "identifiant"),
    "title": ("title", "titre", "headline", "question"),
    "text": ("text", "texte", "content", "contenu", "body", "corps", "answer", "reponse", "réponse"),
    "date": (),  # by the names that `rank_of` knows
    "url": ("url", "link", "lien"),
    "publisher": ("publisher", "éditeur", "editeur", "source", "site"),
    "language": ("language", "langue", "lang"),
}
"""Usual names of columns, for a table without a description."""
_NO_ROW = "no row below the column names"
_MOST_NAMED = 20
_MOST_CHARACTERS = 10_000_000
"""Maximum characters of a cell."""
Row = tuple[int, Mapping[str, Any] | str]
"""The number of a row's last line, and its cells by column or the reason why it cannot be read."""


def read_csv(path: Path, table: TableForm) -> list[Found]:
    """The rows of a CSV whose first line names the columns."""
    text, _ = decode(path.read_bytes())
    csv.field_size_limit(_MOST_CHARACTERS)
    delimiter = table.delimiter or max(",;\t|", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        if names and not table.columns and "text" not in _columns(names, table):
            return [_figures(names, reader, path)]
        rows = ((reader.line_num, dict(zip(names, row, strict=False))) for row in reader if any(row))
        return _articles(rows, names, table, path)
    except csv.Error as error:
        raise ArticleError(f"line {reader.line_num} does not parse as CSV: {error}") from error


def _figures(names: list[str], rows: Iterable[list[str]], path: Path) -> Found:
    """A single article of all rows, if no column is a text."""
    lines = list(islice(rows, ROWS + 1))
    if len(lines) > ROWS or len(lines) * len(names) > CELLS:
        raise ArticleError(f"more than {ROWS:,} rows or {CELLS:,} cells, the maximum that is read")
    if not lines:
        raise ArticleError(_NO_ROW)
    notice = f"read as one table: {_described(path)}"
    return Found(marks.rows([names, *lines]), {"title": of_name(path.name)}, notices=[notice])


def read_jsonl(path: Path, table: TableForm) -> list[Found]:
    """The objects of a JSONL file, one in each line."""
    text, _ = decode(path.read_bytes())
    rows = list(islice(_objects(text), ROWS + 1))
    names = list(dict.fromkeys(name for _, row in rows[:100] if not isinstance(row, str) for name in row))
    return _articles(rows, names, table, path)


def _objects(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, f"does not parse as JSON: {error}"
        else:
            yield number, row if isinstance(row, dict) else "is not an object: expected one `{…}` per line"


def _articles(rows: Iterable[Row], names: list[str], table: TableForm, path: Path) -> list[Found]:
    columns = _columns(names, table)
    if "text" not in columns:
        raise ArticleError(f"which column is the text? {_named(names)}. {_described(path)}")
    found: list[Found] = []
    for number, row in rows:
        if len(found) == ROWS:
            raise ArticleError(f"more than {ROWS:,} rows, the maximum that is read")
        if isinstance(row, str):
            found.append(Found("", row=number, refused=row))
            continue
        text = "\n\n".join(filter(None, (_cell(row, name).strip() for name in columns["text"])))
        cells = {key: [" ".join(_cell(row, name).split()) for name in names] for key, names in columns.items()}
        fields = {key: " ".join(filter(None, values)) for key, values in cells.items() if key != "text"}
        found.append(Found(text, fields, row=number))
    if not found:
        raise ArticleError(_NO_ROW if names else "no row: expected one per article")
    if not table.columns:
        taken = ", ".join(f"{key}: {chosen[0]}" for key, chosen in columns.items())
        found[0].notices.append(
            f"columns recognised by their names: {taken}; `columns:` in {path.name}.meta.yaml overrides this"
        )
    return found


def _columns(names: list[str], table: TableForm) -> Mapping[str, Sequence[str]]:
    """The columns of each known field. Raises ArticleError if the description names a missing column."""
    for name in (name for chosen in table.columns.values() for name in chosen):
        if name.split(".")[0] not in names and name not in names:
            raise ArticleError(f"no column {name!r}, which its .meta.yaml names: {_named(names)}")
    lower = {name.lower(): name for name in reversed(names)}
    usual = {key: next((lower[name] for name in known if name in lower), "") for key, known in _USUAL.items()}
    usual["date"] = min(((rank, name) for name in names if (rank := rank_of(name)) is not None), default=(0, ""))[1]
    return table.columns or {key: (name,) for key, name in usual.items() if name}


def _described(path: Path) -> str:
    return (
        f"{path.name}.meta.yaml beside it can say which column is the text, `columns: {{title: …, text: …, date: …}}`"
    )


def _named(names: list[str]) -> str:
    if not names:
        return "there are no columns, since no line could be read"
    more = " …" if len(names) > _MOST_NAMED else ""
    return f"there are {', '.join(name[:40] for name in names[:_MOST_NAMED])}{more}"


def _cell(row: Mapping[str, Any], name: str) -> str:
    """The cell of a column; `metadata.date` is a key of the object in `metadata`."""
    value: Any = row.get(name)
    if value is None and "." in name:
        value = row
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return "\n\n".join(str(part) for part in value)
    return "" if value is None else str(value)

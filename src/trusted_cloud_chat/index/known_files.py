"""What each file of the corpus gave when it was last read, so that one that is as it was need not be read again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownFile:
    """`state` as the file system tells it, with all else that its articles depend on; `articles` by id and version; `notices` of its
    reader.
    """

    state: str
    articles: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]


class KnownFiles:
    """Over a catalog's connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def all(self, names: Iterable[str] | None = None) -> dict[str, KnownFile]:
        """By the file's path in the corpus, or only those of `names`; what does not read as what was written is left out."""
        query, found = "SELECT name, state, gave FROM files", {}
        if names is None:
            rows = self._db.execute(query).fetchall()
        else:
            rows = [row for one in names for row in self._db.execute(f"{query} WHERE name = ?", (one,))]
        for name, state, gave in rows:
            with suppress(ValueError, TypeError):
                articles, notices = json.loads(gave)
                known = tuple((one, version) for one, version in articles)
                found[str(name)] = KnownFile(state, known, tuple(notices))
        return found

    def note(self, files: Mapping[str, KnownFile], gone: Iterable[str] = ()) -> None:
        """In the place of what was noted of these files; `gone` are not there any more."""
        self._db.executemany("DELETE FROM files WHERE name = ?", [(name,) for name in gone])
        rows = [
            (name, file.state, json.dumps([file.articles, file.notices], ensure_ascii=False))
            for name, file in files.items()
        ]
        self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)

    def clear(self) -> None:
        """To be read anew, all of them: what is held is no longer what they gave."""
        self._db.execute("DELETE FROM files")

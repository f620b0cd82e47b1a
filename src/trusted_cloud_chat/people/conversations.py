"""Conversations of signed-in people, in a file of the home; how files with readers' data are opened.

No ingest run touches these files, and only the server's user can read them.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import HomeNotWritableError, StorageError

FILE = "conversations.sqlite3"
MOST_TALKS = 200
"""Maximum conversations per person, as in a browser; the oldest is replaced."""
MOST_OF_ALL = 20_000_000
"""Maximum characters of a person's conversations."""
_TITLE = 120
"""Maximum characters of a title made from a question."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS talks (person TEXT, name TEXT, title TEXT NOT NULL, at TEXT NOT NULL, packed TEXT NOT NULL, "
    "PRIMARY KEY (person, name))"
)
_TOO_MANY = """
SELECT name FROM (
    SELECT name, row_number() OVER newest AS place, sum(length(packed)) OVER (newest ROWS UNBOUNDED PRECEDING) AS size
    FROM talks WHERE person = :person WINDOW newest AS (ORDER BY name = :kept DESC, at DESC)
) WHERE place > 1 AND (place > :most OR size > :most_of_all)
"""
"""The oldest conversations beyond a person's limits; never the conversation just saved."""
_WAITS_S = 10


@contextmanager
def opened(file: Path, table: str, *, make: bool = False, anew: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection with the table, committed at the end. `make` creates a missing file, which otherwise counts as empty; `anew` finally
    rewrites the file without its deleted rows. Raises HomeNotWritableError, StorageError.
    """
    try:
        if make:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # questions are private
        place = file if file.exists() else ":memory:"
        with closing(sqlite3.connect(place, timeout=_WAITS_S)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")  # deleted rows are overwritten
            connection.execute(table)
            yield connection
            if anew:
                connection.commit()
                connection.execute("VACUUM")
    except OSError as error:
        raise HomeNotWritableError(f"{file} cannot be written: {error}") from error
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be used ({error}): move it away, and a new file is created") from error


def tells(value: Any, article_ids: Collection[str], says: Callable[[str], bool]) -> bool:
    """Whether a JSON value names one of these articles or contains their words (`says`)."""
    if isinstance(value, dict):
        return str(value.get("article_id")) in article_ids or tells(list(value.values()), article_ids, says)
    if isinstance(value, list):
        return any(tells(one, article_ids, says) for one in value)
    return isinstance(value, str) and says(value)


@dataclass(frozen=True, slots=True)
class KeptTalk:
    """A conversation; `packed` is the form of `web/kept.py`, empty in a list without texts."""

    name: str
    title: str
    at: str
    """When it was last saved, ISO 8601."""
    packed: str = ""


class Archive:
    """The conversations of a home; each person reaches only their own. Safe to use from several threads.

    Every method raises HomeNotWritableError or StorageError.
    """

    def __init__(self, home: Path, *, most: int = MOST_TALKS, most_of_all: int = MOST_OF_ALL) -> None:
        self._opened = partial(opened, home / FILE, _TABLE)
        self._most, self._most_of_all = most, most_of_all

    def talks(self, person: str, *, texts: bool = False) -> list[KeptTalk]:
        """Newest first."""
        packed = "packed" if texts else "''"
        with self._opened() as kept:
            rows = kept.execute(
                f"SELECT name, title, at, {packed} FROM talks WHERE person = ? ORDER BY at DESC, name", (person,)
            ).fetchall()
        return [KeptTalk(*row) for row in rows]

    def get(self, person: str, name: str) -> str | None:
        with self._opened() as talks:
            row = talks.execute("SELECT packed FROM talks WHERE person = ? AND name = ?", (person, name)).fetchone()
        return row and str(row[0])

    def put(self, person: str, talk: KeptTalk) -> tuple[str, ...]:
        """Save it; returns the names of the conversations that it replaces."""
        with self._opened(make=True) as talks:
            row = (person, talk.name, talk.title, talk.at, talk.packed)
            talks.execute("INSERT OR REPLACE INTO talks VALUES (?, ?, ?, ?, ?)", row)
            limits = {"person": person, "kept": talk.name, "most": self._most, "most_of_all": self._most_of_all}
            gone = tuple(str(name) for (name,) in talks.execute(_TOO_MANY, limits).fetchall())
            for name in gone:
                _delete(talks, person, name)
        return gone

    def rename(self, person: str, name: str, title: str) -> None:
        with self._opened() as talks:
            talks.execute("UPDATE talks SET title = ? WHERE person = ? AND name = ?", (title, person, name))

    def remove(self, person: str, name: str) -> None:
        with self._opened() as talks:
            _delete(talks, person, name)

    def forget(self, person: str) -> None:
        with self._opened() as talks:
            talks.execute("DELETE FROM talks WHERE person = ?", (person,))

    def forget_articles(self, article_ids: Collection[str], says: Callable[[str], bool]) -> int:
        """Delete all exchanges whose answers cite these articles or contain their words; returns their number."""
        count = 0
        with self._opened(anew=True) as talks:
            for key in talks.execute("SELECT person, name FROM talks").fetchall():
                row = talks.execute("SELECT name, title, at, packed FROM talks WHERE (person, name) = (?, ?)", key)
                talk = KeptTalk(*row.fetchone())
                left, gone = _without(talk, article_ids, says)
                count += gone
                if left is None:
                    _delete(talks, *key)
                elif left != talk:
                    changed = (left.title, left.packed, *key)
                    talks.execute("UPDATE talks SET title = ?, packed = ? WHERE (person, name) = (?, ?)", changed)
        return count


def _delete(talks: sqlite3.Connection, person: str, name: str) -> None:
    talks.execute("DELETE FROM talks WHERE person = ? AND name = ?", (person, name))


def _without(talk: KeptTalk, article_ids: Collection[str], says: Callable[[str], bool]) -> tuple[KeptTalk | None, int]:
    """What is left of a conversation, None if nothing is, and the number of removed exchanges."""
    try:
        read = json.loads(talk.packed)
        whole = [_unnamed(one, article_ids) for one in read["exchanges"]]
        kept = [one for one in whole if not tells(one, article_ids, says)]
        renamed = kept and (says(talk.title) or talk.title == _title(whole))
        title = _title(kept) if renamed else talk.title
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):  # the page could not open it either
        named = any(json.dumps(one, ensure_ascii=False) in talk.packed for one in article_ids)
        return (None, 1) if named or says(talk.packed) else (talk, 0)
    if kept == read["exchanges"]:
        return talk, 0
    packed = json.dumps({**read, "exchanges": kept}, ensure_ascii=False)
    return (replace(talk, title=title, packed=packed) if kept else None), len(whole) - len(kept)


def _unnamed(exchange: Any, article_ids: Collection[str]) -> Any:
    """The exchange without these articles among the passages that it does not cite."""
    answer = exchange.get("answer")
    if not answer:
        return exchange
    others = [
        {**one, "reprints": [other for other in one.get("reprints", ()) if other["article_id"] not in article_ids]}
        for one in answer.get("passages", ())
        if one["article"]["article_id"] not in article_ids
    ]
    return {**exchange, "answer": {**answer, "passages": others}}


def _title(exchanges: Sequence[Any]) -> str:
    """The default title of a conversation: its first question, cut as in `web/talks.js`."""
    question = " ".join(str(exchanges[0]["question"]).split())
    return question if len(question) <= _TITLE else f"{question[:_TITLE].rstrip()}…"

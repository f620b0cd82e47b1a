"""When each article first came: what is new since a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trusted_cloud_chat.schema import Article

_TABLE = "CREATE TABLE IF NOT EXISTS arrivals (article_id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class News:
    """What came into the index since a moment."""

    until: str
    """When the newest article came: the moment to ask from next time; empty where none is noted."""
    count: int
    articles: tuple[Article, ...]
    """The first of them, those published last first."""


class Arrivals:
    """Over a catalog's connection. An index of an earlier version has none: what it held before is never new."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def note(self, article_ids: Iterable[str]) -> None:
        """They came now; of one that came before and went, that stays."""
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        self.keep(dict.fromkeys(article_ids, at))

    def keep(self, moments: Mapping[str, str]) -> None:
        self._db.execute(_TABLE)
        self._db.executemany("INSERT OR IGNORE INTO arrivals VALUES (?, ?)", sorted(moments.items()))

    def all(self) -> dict[str, str]:
        """Article id → when it came, in an order that sorts."""
        return dict(self._db.execute("SELECT article_id, at FROM arrivals")) if self._noted() else {}

    def newest(self) -> str:
        """When the last one came; empty where none is noted."""
        row = self._db.execute("SELECT MAX(at) FROM arrivals").fetchone() if self._noted() else None
        return str(row[0]) if row and row[0] else ""

    def since(self, moment: str) -> list[str]:
        """Ids of the live articles that came after `moment`, those published last first."""
        if not self._noted():
            return []
        rows = self._db.execute(
            "SELECT article_id FROM arrivals JOIN versions USING (article_id) WHERE at > ? AND state = 'live' "
            "ORDER BY last_day DESC, article_id",
            (moment,),
        )
        return [str(row[0]) for row in rows]

    def forget(self, article_ids: Collection[str]) -> None:
        if self._noted():
            self._db.executemany("DELETE FROM arrivals WHERE article_id = ?", [(name,) for name in article_ids])

    def _noted(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'arrivals'").fetchone() is not None

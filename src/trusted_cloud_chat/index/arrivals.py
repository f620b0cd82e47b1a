"""When each article first came: what is new since a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trusted_cloud_chat.schema import Article


@dataclass(frozen=True, slots=True)
class News:
    """What came into the index since a moment."""

    until: str
    """When the newest article came: the moment to ask from next time; empty where none is noted."""
    count: int
    articles: tuple[Article, ...]
    """The first of them, those published last first."""


class Arrivals:
    """Over a catalog's connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def note(self, article_ids: Iterable[str]) -> None:
        """They came now; of one that came before and went, that stays."""
        self.keep(dict.fromkeys(article_ids, datetime.now(UTC).isoformat(timespec="microseconds")))

    def keep(self, moments: Mapping[str, str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO arrivals VALUES (?, ?)", sorted(moments.items()))

    def all(self) -> dict[str, str]:
        """Article id → when it came, in an order that sorts."""
        return dict(self._db.execute("SELECT article_id, at FROM arrivals"))

    def newest(self) -> str:
        """When the last one came; empty where none is noted."""
        return self._db.execute("SELECT MAX(at) FROM arrivals").fetchone()[0] or ""

    def since(self, moment: str) -> list[str]:
        """Ids of the live articles that came after `moment`, those published last first."""
        rows = self._db.execute(
            "SELECT article_id FROM arrivals JOIN versions USING (article_id) WHERE at > ? AND state = 'live' "
            "ORDER BY last_day DESC, article_id",
            (moment,),
        )
        return [str(row[0]) for row in rows]

    def forget(self, article_ids: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM arrivals WHERE article_id = ?", [(name,) for name in article_ids])

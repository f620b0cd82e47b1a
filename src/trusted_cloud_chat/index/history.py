"""The index's past: old versions, the previous generation, the arrivals of articles, the articles read from each file; and forgetting."""

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from trusted_cloud_chat.index.database import OF_A_VERSION, Database
from trusted_cloud_chat.index.records import VERSION_COLUMNS, article_of_row, article_row
from trusted_cloud_chat.index.trouble import decoding
from trusted_cloud_chat.schema import Article

_NOTED = len(VERSION_COLUMNS.split(",")) - 1
"""The columns noted for a version: all but the text."""


@dataclass(frozen=True, slots=True)
class Before:
    """How the generation before this one differed."""

    generation: int
    versions: dict[str, Article] = field(default_factory=dict)
    """Article id → its previous version, if it has since been deleted, changed or relabelled."""
    added: list[str] = field(default_factory=list)
    """Ids of articles added since."""
    missing: list[str] = field(default_factory=list)
    """Ids of articles whose previous version is no longer stored."""
    forgotten: int = 0
    """The number of articles forgotten since, whose ids are gone too."""


@dataclass(frozen=True, slots=True)
class News:
    """The articles that arrived since a moment."""

    until: str
    """When the newest article arrived, from which to ask next time; empty if none is noted."""
    count: int
    articles: tuple[Article, ...]
    """The first of these articles, latest publication first."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """The result of reading a file: `articles` by id and version, and `notices`; `state` covers everything that they depend on."""

    state: str
    articles: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]


class History:
    """The past in a catalog; call it within the transaction of the change that it belongs to."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # when articles arrived

    def arrive(self, moments: Mapping[str, str]) -> None:
        """Note when articles arrive, by id, unless they arrived before."""
        self._db.executemany("INSERT OR IGNORE INTO arrivals VALUES (?, ?)", sorted(moments.items()))

    def arrivals(self) -> dict[str, str]:
        """Article id → when it first arrived, as a sortable text."""
        return dict(self._db.execute("SELECT article_id, at FROM arrivals"))

    def arrived_since(self, moment: str | None) -> tuple[str, list[str]]:
        """When the newest article arrived, empty if none is noted; and the ids of the live articles that arrived after `moment`, latest
        publication first, none without a moment.
        """
        live = "arrivals JOIN versions USING (article_id) WHERE at > ? AND state = 'live'"
        rows = self._db.execute(f"SELECT article_id FROM {live} ORDER BY last_day DESC, article_id", (moment,))
        return self._db.execute("SELECT MAX(at) FROM arrivals")[0][0] or "", [str(row[0]) for row in rows]

    # what each file of the corpus gave

    def files(self) -> dict[str, KnownFile]:
        """By path in the corpus; unreadable notes are left out."""
        found = {}
        for name, state, gave in self._db.execute("SELECT name, state, gave FROM files"):
            with suppress(ValueError, TypeError):
                articles, notices = json.loads(gave)
                known = tuple((one, version) for one, version in articles)
                found[str(name)] = KnownFile(state, known, tuple(notices))
        return found

    def note_files(self, files: Mapping[str, KnownFile], gone: Iterable[str] = ()) -> None:
        """Replace the notes on `files`, and delete those on files that are `gone`."""
        self._db.executemany("DELETE FROM files WHERE name = ?", [(name,) for name in gone])
        rows = [
            (name, file.state, json.dumps([file.articles, file.notices], ensure_ascii=False))
            for name, file in files.items()
        ]
        self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)

    def forget_files(self) -> None:
        """Make the next run read every file again: the index no longer holds their articles."""
        self._db.execute("DELETE FROM files")

    # versions

    def note(
        self, generation: int, held: Mapping[str, Article], brought: Iterable[Article], gone: Iterable[str]
    ) -> None:
        """Note how `generation` differs from the next one, in which `brought` is added and `gone` is deleted."""
        after = {**{article.article_id: article for article in brought}, **dict.fromkeys(gone)}
        changed = [article_id for article_id in sorted(after) if after[article_id] != held.get(article_id)]
        # Rows without the text, which the version keeps: labels are overwritten when they change.
        entries = [[one, article_row(held[one])[:-1] if one in held else None] for one in changed]
        self._set_before({"generation": generation, "articles": entries})

    def before(self) -> Before | None:
        """The generation before this one; None if there is none, or its note has an old format."""
        noted = self._noted()
        if noted is None or noted["generation"] == 0 or any(e and len(e) != _NOTED for _, e in noted["articles"]):
            return None
        found = Before(noted["generation"], forgotten=noted.get("forgotten", 0))
        with decoding("the catalog"):
            for article_id, entry in noted["articles"]:
                key = (article_id, entry and entry[1])
                row = self._db.one("SELECT text FROM versions WHERE article_id = ? AND version = ?", key)
                if entry is None:
                    found.added.append(article_id)
                elif row is None:
                    found.missing.append(article_id)
                else:
                    found.versions[article_id] = article_of_row((*entry, str(row[0]), None))
        return found

    def prune(self, kept: int) -> None:
        """Keep the last `kept` old versions of each article."""
        numbered = (
            "SELECT article_id, version, ROW_NUMBER() OVER (PARTITION BY article_id ORDER BY rowid DESC) AS place "
            "FROM versions WHERE state = 'old'"
        )
        self._drop(self._db.execute(f"SELECT article_id, version FROM ({numbered}) WHERE place > ?", (kept,)))

    def forget(self, article_ids: Collection[str]) -> int:
        """Delete every version of these articles, and old versions of others with the same text; returns how many.

        SQLite overwrites them, and `Catalog.shrink` erases what is left.
        """
        these = "article_id IN (SELECT value FROM json_each(:ids))"
        same = f"state = 'old' AND likeness IN (SELECT likeness FROM versions WHERE {these})"
        query = f"SELECT article_id, version FROM versions WHERE {these} OR ({same})"
        doomed = set(self._db.execute(query, {"ids": json.dumps(list(article_ids))}))
        self._drop(doomed)
        self.forget_files()  # which name them
        self._db.execute("DELETE FROM leaving")  # names their chunks, which a refill erases
        self._db.executemany("DELETE FROM arrivals WHERE article_id = ?", [(one,) for one in article_ids])
        noted = self._noted()
        if noted is not None:
            kept, lost = [], noted.get("forgotten", 0)
            for article_id, entry in noted["articles"]:
                if article_id in article_ids or (entry and (article_id, entry[1]) in doomed):
                    lost += entry is not None  # an article of that generation
                else:
                    kept.append([article_id, entry])
            self._set_before({**noted, "articles": kept, "forgotten": lost})
        return len(doomed)

    def _drop(self, versions: Iterable[tuple[str, str]]) -> None:
        every = sorted(versions)
        for table in OF_A_VERSION:
            self._db.executemany(f"DELETE FROM {table} WHERE article_id = ? AND version = ?", every)

    def _noted(self) -> dict[str, Any] | None:
        row = self._db.one("SELECT value FROM meta WHERE key = 'before'")
        with decoding("the catalog"):
            return dict(json.loads(row[0])) if row else None

    def _set_before(self, noted: Mapping[str, Any]) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('before', ?)", (json.dumps(noted, ensure_ascii=False),))

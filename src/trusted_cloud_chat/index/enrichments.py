"""Enrichments in the catalog: as they were read, and their stored questions with vectors, by article id and version."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index.records import (
    QUESTION_COLUMNS,
    StoredQuestion,
    batches,
    content_of_row,
    content_row,
    question_of_row,
    question_row,
)
from trusted_cloud_chat.index.trouble import decoding
from trusted_cloud_chat.schema import Article, Enrichment


class Enrichments:
    """Over a catalog's connection; `name` is the catalog's, for what is told of damage."""

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        self._db, self._name = db, name

    def of(self, article_id: str, version: str) -> Enrichment | None:
        """What was written down about that version, live or old."""
        query = "SELECT article_id, version, content, sum FROM enrichments WHERE article_id = ? AND version = ?"
        row = self._db.execute(query, (article_id, version)).fetchone()
        with decoding(self._name):
            return content_of_row(row) if row else None

    def put(self, article: Article) -> None:
        """The enrichment that `article` carries, if any."""
        if article.enrichment is not None:
            row = content_row(article.article_id, article.version, article.enrichment)
            into = "INSERT OR REPLACE INTO enrichments (article_id, version, content, sum) VALUES (?, ?, ?, ?)"
            self._db.execute(into, row)

    def put_questions(self, stored: Iterable[StoredQuestion]) -> None:
        insert = f"INSERT OR REPLACE INTO questions ({QUESTION_COLUMNS}, sum) VALUES ({','.join('?' * 8)})"
        self._db.executemany(insert, map(question_row, stored))

    def questions_of(self, article_id: str, version: str) -> list[StoredQuestion]:
        """Those of a version that is live or pending."""
        return self._questions("article_id = ? AND version = ?", (article_id, version))

    def questions(self, ids: Collection[str]) -> dict[str, StoredQuestion]:
        found = (one for batch, places in batches(ids) for one in self._questions(f"question_id IN ({places})", batch))
        return {one.question_id: one for one in found}

    def live(self, kind: str) -> tuple[list[str], NDArray[np.float32]]:
        """The ids of the stored questions of live versions, and their vectors `(n, fewer)`."""
        query = (
            "SELECT question_id, vector FROM versions JOIN questions USING (article_id, version) "
            "WHERE state = 'live' AND kind = ? ORDER BY question_id"
        )
        rows = self._db.execute(query, (kind,)).fetchall()
        with decoding(self._name):
            packed = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
            return [question_id for question_id, _ in rows], packed.reshape(max(len(rows), 1), -1).astype(np.float32)

    def _questions(self, where: str, values: Sequence[str]) -> list[StoredQuestion]:
        rows = self._db.execute(f"SELECT {QUESTION_COLUMNS}, sum FROM questions WHERE {where} ORDER BY rowid", values)
        with decoding(self._name):
            return [question_of_row(row) for row in rows]

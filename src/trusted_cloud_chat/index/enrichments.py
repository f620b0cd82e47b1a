"""Enrichments in the catalog: as they were read, and their stored questions with vectors, by article id and version."""

import json
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index import records
from trusted_cloud_chat.index.database import Database
from trusted_cloud_chat.index.records import QUESTION_COLUMNS, StoredQuestion
from trusted_cloud_chat.index.trouble import decoding
from trusted_cloud_chat.schema import Article, Enrichment


class Enrichments:
    """Over a catalog's connection."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, article_id: str, version: str) -> Enrichment | None:
        """What was written down about that version, live or old."""
        query = "SELECT article_id, version, content, sum FROM enrichments WHERE article_id = ? AND version = ?"
        return next(self._db.decoded(records.content_of_row, query, (article_id, version)), None)

    def put(self, article: Article) -> None:
        """The enrichment that `article` carries, if any."""
        if article.enrichment is not None:
            row = records.content_row(article.article_id, article.version, article.enrichment)
            records.put(self._db, "enrichments", records.CONTENT_COLUMNS, [row])

    def put_questions(self, stored: Iterable[StoredQuestion]) -> None:
        records.put(self._db, "questions", QUESTION_COLUMNS, map(records.question_row, stored))

    def questions_of(self, article_id: str, version: str) -> list[StoredQuestion]:
        """Those of a version that is live or pending."""
        return self._questions("article_id = ? AND version = ?", article_id, version)

    def questions(self, ids: Collection[str]) -> dict[str, StoredQuestion]:
        found = self._questions("question_id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
        return {one.question_id: one for one in found}

    def live(self, kind: str) -> tuple[list[str], NDArray[np.float16]]:
        """The ids of the stored questions of live versions, and their vectors `(n, fewer)`."""
        query = (
            "SELECT question_id, vector FROM versions JOIN questions USING (article_id, version) "
            "WHERE state = 'live' AND kind = ? ORDER BY question_id"
        )
        with decoding(self._db.name):
            return records.stacked(self._db.execute(query, (kind,)))

    def _questions(self, where: str, *values: str) -> list[StoredQuestion]:
        query = f"SELECT {QUESTION_COLUMNS}, sum FROM questions WHERE {where} ORDER BY rowid"
        return list(self._db.decoded(records.question_of_row, query, values))

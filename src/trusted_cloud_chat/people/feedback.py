"""Readers' feedback on answers, in a file of its own that no ingest run touches."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from trusted_cloud_chat.people.own_file import opened, tells

Choice = Literal["right", "wrong_answer", "wrong_evidence", "missing"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
MOST_COMMENT = 2000
"""Most characters that are stored."""
FILE = "feedback.sqlite3"
_TABLE = "CREATE TABLE IF NOT EXISTS feedback (key TEXT PRIMARY KEY, at TEXT NOT NULL, choice TEXT NOT NULL, row TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on one answer, with everything that was shown of it."""

    choice: Choice
    question: str
    answer: str
    language: str
    outcome: str
    generation: int
    at: str = ""
    """When it was given, ISO 8601."""
    comment: str = ""
    person: str | None = None
    """The person, if signed in."""
    refusal_reason: str | None = None
    kind: str = "fact"
    """As the question was understood."""
    as_of: str | None = None
    turns: Sequence[Mapping[str, str]] = ()
    """Question and answer of what came before, oldest first."""
    citations: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    """`n`, `article_id`, `version`, `start`, `end`, `quote`."""


class FeedbackStore:
    """The feedback of a home. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE

    def keep(self, given: Feedback, key: str) -> None:
        """Store it under `key`, in place of earlier feedback on the same answer. Raises HomeNotWritableError, StorageError."""
        at = given.at or datetime.now(UTC).isoformat(timespec="seconds")
        row = {**asdict(given), "at": at, "comment": given.comment[:MOST_COMMENT]}
        with self._opened(make=True) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?)",
                (key, at, given.choice, json.dumps(row, ensure_ascii=False)),
            )

    def rows(self, choice: str | None = None) -> list[tuple[str, Feedback]]:
        """Key and feedback, newest first. Raises StorageError."""
        with self._opened() as connection:
            found = connection.execute(
                "SELECT key, row FROM feedback WHERE ? IS NULL OR choice = ? ORDER BY at DESC, key", (choice, choice)
            ).fetchall()
        return [(key, Feedback(**json.loads(row))) for key, row in found]

    def remove(self, keys: Sequence[str]) -> int:
        """Delete rows; returns their number. Raises StorageError."""
        with self._opened() as connection:
            return sum(connection.execute("DELETE FROM feedback WHERE key = ?", (key,)).rowcount for key in keys)

    def forget(self, article_ids: Collection[str], says: Callable[[str], bool]) -> int:
        """Delete feedback on answers that cite these articles or contain their words, also in earlier turns; returns their number. Raises
        StorageError.
        """
        with self._opened(anew=True) as connection:
            rows = connection.execute("SELECT key, row FROM feedback").fetchall()
            doomed = [(key,) for key, row in rows if tells(json.loads(row), article_ids, says)]
            connection.executemany("DELETE FROM feedback WHERE key = ?", doomed)
        return len(doomed)

    def _opened(self, *, make: bool = False, anew: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self._file, _TABLE, make=make, anew=anew)


def key_of(*parts: object) -> str:
    """An id for one answer in one conversation."""
    return sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:16]


def feedback_of(
    answer: Mapping[str, Any], choice: Choice, *, comment: str = "", person: str | None = None,
    turns: Sequence[Mapping[str, str]] = (),
) -> Feedback:  # fmt: skip
    """Feedback on an answer as `ask --json` prints it, perhaps incomplete."""
    query = answer.get("query") or {}
    return Feedback(
        choice=choice,
        question=str(answer["question"]),
        answer=str(answer.get("answer", "")),
        language=str(answer.get("language", "fr")),
        outcome=str(answer.get("outcome", "answered")),
        generation=int(answer.get("generation", 0)),
        comment=comment.strip(),
        person=person,
        refusal_reason=answer.get("refusal_reason"),
        kind=str(query.get("kind", "fact")),
        as_of=query.get("as_of"),
        turns=[{"question": turn["question"], "answer": turn.get("answer", "")} for turn in turns],
        citations=[
            {name: citation.get(name) for name in ("n", "article_id", "version", "start", "end", "quote")}
            for citation in answer.get("citations", ())
        ],
    )


def feedback_to_dict(key: str, given: Feedback) -> dict[str, Any]:
    return {"id": key, **asdict(given)}

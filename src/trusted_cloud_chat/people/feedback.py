"""Readers' feedback on answers, in a separate file that no ingest run touches."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from trusted_cloud_chat.people.own_file import opened, tells

Choice = Literal["right", "wrong_answer", "wrong_evidence", "missing"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
MOST_COMMENT = 2000
"""Maximum characters that are stored."""
FILE = "feedback.sqlite3"
_OF_A_CITATION = ("n", "article_id", "version", "start", "end", "quote")
_TABLE = "CREATE TABLE IF NOT EXISTS feedback (key TEXT PRIMARY KEY, at TEXT NOT NULL, choice TEXT NOT NULL, row TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on one answer, with the answer as it was shown."""

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
    """The kind of the question, as it was understood."""
    as_of: str | None = None
    turns: Sequence[Mapping[str, str]] = ()
    """Earlier questions and answers, oldest first."""
    citations: Sequence[Mapping[str, Any]] = ()
    """Each with the keys `_OF_A_CITATION`."""


class FeedbackStore:
    """The feedback of a home. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._opened = partial(opened, home / FILE, _TABLE)

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
        """Delete feedback on answers that cite these articles or contain their words, also in earlier turns; returns its amount."""
        with self._opened(anew=True) as connection:
            rows = connection.execute("SELECT key, row FROM feedback").fetchall()
            doomed = [(key,) for key, row in rows if tells(json.loads(row), article_ids, says)]
            connection.executemany("DELETE FROM feedback WHERE key = ?", doomed)
        return len(doomed)


def key_of(*parts: object) -> str:
    """An id for one answer in one conversation."""
    return sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:16]


def feedback_of(
    answer: Mapping[str, Any], choice: Choice, *, comment: str = "", person: str | None = None,
    turns: Sequence[Mapping[str, str]] = (),
) -> Feedback:  # fmt: skip
    """Feedback on an answer in the form of `ask --json`; `turns` are its earlier questions with their answers."""
    return Feedback(
        choice=choice,
        **{
            name: answer[name] for name in ("question", "answer", "language", "outcome", "generation", "refusal_reason")
        },
        **{name: value for name, value in (answer["query"] or {}).items() if name in ("kind", "as_of")},
        comment=comment.strip(),
        person=person,
        turns=[{"question": turn["question"], "answer": turn["answer"]} for turn in turns],
        citations=[{name: citation[name] for name in _OF_A_CITATION} for citation in answer["citations"]],
    )


def feedback_to_dict(key: str, given: Feedback) -> dict[str, Any]:
    return {"id": key, **asdict(given)}

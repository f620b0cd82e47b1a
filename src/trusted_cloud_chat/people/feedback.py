"""Readers' feedback on answers, in a separate file that no ingest run touches, and as rows of a gold set for a person to complete."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from trusted_cloud_chat.people.conversations import opened, tells
from trusted_cloud_chat.schema import RefusalReason

Choice = Literal["right", "wrong_answer", "wrong_evidence", "missing"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
MOST_COMMENT = 2000
"""Maximum characters that are stored."""
FILE = "feedback.sqlite3"
_OF_A_CITATION = ("n", "article_id", "version", "start", "end", "quote")
_TABLE = "CREATE TABLE IF NOT EXISTS feedback (key TEXT PRIMARY KEY, at TEXT NOT NULL, choice TEXT NOT NULL, row TEXT NOT NULL)"
UNKNOWN = "unknown"
_MOST_SHOWN = 300
_TIMED = ("status_now", "how_changed")
_KINDS = ("yes_no", "definition", "why", "how", "date", "number", "who", "list", "comparison", *_TIMED)
"""Kinds of questions that gold sets have; any other kind becomes `fact`."""
_REASONS = get_args(RefusalReason)


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
        """Delete feedback on answers that cite these articles or contain their words, also in earlier turns; returns the number of deleted rows."""
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
    """Feedback on an answer in the form of `ask --json`; `turns`: the questions before it, with their answers."""
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


def gold_rows(given: Iterable[tuple[str, Feedback]]) -> Iterator[dict[str, Any]]:
    """The header, then a row for each question with its latest feedback; `note` says what a person must fill in.

    The header's day is that of the newest feedback, which comes first in `given`.
    """
    asked: set[tuple[Any, ...]] = set()
    for key, one in given:
        if not asked:
            yield {"today": _day(one), "version": 1}
        question = (one.question, one.as_of, *(turn["question"] for turn in one.turns))
        if question not in asked:
            yield row_of(key, one)
        asked.add(question)


def row_of(key: str, given: Feedback) -> dict[str, Any]:
    """One row. A right answer is the gold answer; a wrong answer gives only the question."""
    right = given.choice == "right"
    refused = given.outcome != "answered"
    cited = [c for c in given.citations if c.get("article_id") and c.get("quote")] if right and not refused else []
    reason = given.refusal_reason if given.refusal_reason in _REASONS else None
    kind = "follow_up" if given.turns else given.kind if given.kind in _KINDS else "fact"
    return {
        "id": f"feedback-{key}",
        "split": "dev",
        "subject": UNKNOWN,
        "question": given.question,
        "language": given.language,
        "kind": kind,
        "turns": [dict(turn) for turn in given.turns],
        "as_of": given.as_of,
        "time": given.as_of is not None or kind in _TIMED,
        "standalone": None,
        "translation": None,
        "relevant": list(dict.fromkeys(c["article_id"] for c in cited)),
        "quotes": [{"article_id": c["article_id"], "quote": c["quote"]} for c in cited],
        "answers": [c["quote"] for c in cited],
        "stale": [],
        "refusal": reason if right and refused else None,
        "note": _note(given, right=right, refused=refused),
    }


def _note(given: Feedback, *, right: bool, refused: bool) -> str:
    if right:
        lacking = (
            "subject, and whether the reason of the refusal is right" if refused else "subject, and short `answers`"
        )
    else:
        lacking = "subject, relevant, quotes, answers (or refusal)"
    said = f" “{given.comment}”" if given.comment else ""
    shown = "" if right else f" Shown then: {given.answer[:_MOST_SHOWN]}"
    return f"TO FILL IN: {lacking}. Said on {_day(given)}, generation {given.generation}: {given.choice}.{said}{shown}"


def _day(given: Feedback) -> str:
    return datetime.fromisoformat(given.at).date().isoformat()

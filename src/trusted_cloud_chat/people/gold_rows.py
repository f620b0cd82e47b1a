"""Turns readers' feedback into rows of a gold set, with notes on what a person has to fill in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, get_args

from trusted_cloud_chat.people.feedback import Feedback
from trusted_cloud_chat.schema import RefusalReason

UNKNOWN = "unknown"
_MOST_SHOWN = 300
_TIMED = ("status_now", "how_changed")
_KINDS = ("yes_no", "definition", "why", "how", "date", "number", "who", "list", "comparison", *_TIMED)
"""Kinds of questions that gold sets have; any other kind becomes `fact`."""
_REASONS = get_args(RefusalReason)


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

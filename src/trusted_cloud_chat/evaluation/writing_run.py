"""What a chat model makes of the answers, beside what the quotes alone give: `evaluate answers --chat-model`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.evaluation.aggregate import Outcome, spread
from trusted_cloud_chat.evaluation.cases import Case
from trusted_cloud_chat.evaluation.matching import holds
from trusted_cloud_chat.evaluation.workbench import Workbench
from trusted_cloud_chat.schema import Answer, Sentence, Turn

STATUSES = ("proved", "unproved", "contradicted", "unsourced", "hinted")
"""Of sentences that state something, and of those not proved the ones without a source and with a hint apart; headings are not counted."""


def ask_and_time(bench: Workbench, case: Case, turns: Sequence[Turn]) -> tuple[Answer | None, dict[str, float]]:
    """The last answer, and the milliseconds until the `first` text, the model's where it writes, and until it was `whole`."""
    started = time.perf_counter()
    first: dict[bool, float] = {}
    answer = None
    for answer in _stream(bench, case, turns):
        if answer.answer:
            first.setdefault(bool(answer.evidence), _since(started))
    whole = _since(started)
    return answer, {"first": first.get(True, first.get(False, whole)), "whole": whole}


def writing_detail(case: Case, answer: Answer | None, times: dict[str, float]) -> dict[str, Any]:
    """What `writing_figures` needs of a case."""
    by_model = answer is not None and bool(answer.evidence)
    return {
        "first_ms": round(times["first"], 3),
        "said": bool(answer and any(holds(answer.answer, accepted) for accepted in case.answers)),
        "by_model": by_model,
        "instead": answer.notices[-1] if answer and answer.notices and not by_model else "",
        "statuses": dict(Counter(map(_kind, answer.sentences))) if answer and by_model else {},
    }


def writing_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Of the same questions, asked with a chat model or without one: the figures that stand side by side."""
    details = [outcome.detail for outcome in outcomes]
    answerable = [detail for detail in details if detail["answerable"]]
    others = [detail for detail in details if not detail["answerable"]]
    written = [detail for detail in details if detail["by_model"]]
    statuses: Counter[str] = sum((Counter(detail["statuses"]) for detail in written), Counter())
    claims = sum(statuses[status] for status in STATUSES)
    return {
        "said": _share(sum(detail["said"] for detail in answerable), len(answerable)),
        "refused_wrongly": _share(sum(detail["refused"] for detail in answerable), len(answerable)),
        "refused_rightly": _share(sum(detail["refused"] for detail in others), len(others)),
        "by_model": _share(len(written), len(details)),
        "sentences": claims,
        **{status: _share(statuses[status], claims) for status in STATUSES},
        **spread("first_ms", [detail["first_ms"] for detail in written or details]),
        **spread("ms", [detail["ms"] for detail in written or details]),
    }


def side_by_side(quotes: Sequence[Outcome], written: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Figure → `quotes` and `written`."""
    without, with_model = writing_figures(quotes), writing_figures(written)
    return {name: {"quotes": without[name], "written": value} for name, value in with_model.items()}


def quotes_instead(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Why the model's words were not shown, as the reader is told → how many questions."""
    return dict(Counter(told for outcome in outcomes if (told := outcome.detail["instead"])))


def _stream(bench: Workbench, case: Case, turns: Sequence[Turn]) -> Iterator[Answer]:
    with suppress(QuestionError):
        yield from bench.assistant.stream(case.question, turns=turns, today=bench.today, as_of=case.as_of)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _kind(sentence: Sentence) -> str:
    if sentence.status != "unproved" or not sentence.reason:
        return sentence.status
    return "hinted" if sentence.citations else "unsourced"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

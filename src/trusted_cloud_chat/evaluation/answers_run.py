"""`evaluate answers`: the gold set asked of the product over its corpus, as a user asks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from trusted_cloud_chat.evaluation.aggregate import Outcome, Share, by_group, mean_of, rounded, sum_of, summarise
from trusted_cloud_chat.evaluation.answer_shares import answer_shares, located
from trusted_cloud_chat.evaluation.cases import Case, QuestionFile
from trusted_cloud_chat.evaluation.classification import Scored, refusal_summary
from trusted_cloud_chat.evaluation.matching import count_words
from trusted_cloud_chat.evaluation.measurement import Measurement, Tell, indexing_figures, percentiles, tracked
from trusted_cloud_chat.evaluation.ranking import distinct, hit, ranking_scores, recall, recall_curve
from trusted_cloud_chat.evaluation.refusal_run import refusal_score
from trusted_cloud_chat.evaluation.workbench import Workbench, corpus_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer, Turn
from trusted_cloud_chat.serialise import citation_to_dict
from trusted_cloud_chat.settings import Settings

COMPOSITES = {
    "sum": sum_of("hallucination", "error"),
    "refusal_f1_macro": mean_of("refusal_f1", "answered_f1"),
}
GROUPS = ("kind", "language")
_NEEDS_BOTH = ("refusal_precision", "refusal_recall", "refusal_f1", "answered_f1", "refusal_f1_macro")


def measure_answers(
    settings: Settings, embedder: Embedder, questions: QuestionFile, cases: Sequence[Case], tell: Tell
) -> Measurement:
    """`cases` are asked of the whole corpus of `settings`, each on its own day."""
    today = questions.header.today
    with corpus_bench(settings, embedder, today, tell) as bench:
        if cases:
            bench.ask(cases[0].question, today=today)
        asked = [_ask(bench, case, today) for case in tracked(cases, "ask", tell)]
        indexing = indexing_figures(bench) | {"failed": len(bench.report.failed)}
    outcomes = [one.outcome for one in asked]
    scored = [Scored(o.detail["score"], o.detail["answerable"]) for o in outcomes]
    figures = {
        "questions": len(outcomes),
        "answerable": sum(s.answerable for s in scored),
        "threshold": settings.refusal_threshold,
        **summarise(outcomes, COMPOSITES),
        **lengths(outcomes),
        **rounded(refusal_summary(scored)),
        **percentiles([o.detail["ms"] for o in outcomes], "ms"),
        "recall_curve": recall_curve([(o.articles, o.case.relevant) for o in asked if o.articles is not None]),
        **indexing,
        **{f"by_{group}": _grouped(outcomes, group) for group in GROUPS},
    }
    return Measurement(figures, outcomes, "right", {case.id: case.question for case in cases})


def _grouped(outcomes: Sequence[Outcome], group: str) -> dict[str, Any]:
    """By group; how well refusals are told apart needs both sorts in the group."""
    table = by_group(outcomes, group, COMPOSITES)
    for row in table.values():
        if "error" not in row or "hallucination" not in row:
            for name in _NEEDS_BOTH:
                row.pop(name, None)
                row["intervals"].pop(name, None)
    return table


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case with what the product made of it."""

    case: Case
    outcome: Outcome
    articles: list[str] | None
    """Article ids, best first; None where there is nothing to find."""


def _ask(bench: Workbench, case: Case, today: date) -> _Asked:
    turns = tuple(Turn(turn.question, turn.answer) for turn in case.turns)
    started = time.perf_counter()
    answer = bench.ask(case.question, turns=turns, today=today, as_of=case.as_of)
    waited = (time.perf_counter() - started) * 1000
    shares = answer_shares(case, answer, bench.assistant)
    articles = None
    if case.answerable and case.relevant:
        passages = bench.search_deep(case.question, turns=turns, today=today, as_of=case.as_of)
        articles = distinct(p.article.article_id for p in passages)
        shares |= _ranking_shares(case, bench, articles, [p.chunk.chunk_id for p in passages])
        shares |= rewording_shares(case, bench, articles, today)
    groups: dict[str, str] = {"kind": case.kind, "language": case.language, "split": case.split}
    return _Asked(case, Outcome(case.id, shares, groups, _detail(case, answer, waited)), articles)


def _ranking_shares(case: Case, bench: Workbench, articles: list[str], chunks: list[str]) -> dict[str, Share]:
    """By article, and by the chunks that hold a gold quote."""
    scores = ranking_scores(articles, dict.fromkeys(case.relevant, 1.0))
    gold = located(case, bench)
    if gold:
        scores |= ranking_scores(chunks, dict.fromkeys(gold, 1.0), "quote_")
    return {name: (score, 1.0) for name, score in scores.items()}


def rewording_shares(case: Case, bench: Workbench, articles: list[str], today: date) -> dict[str, Share]:
    """The same question said otherwise: a follow-up in full, a question in the other language."""
    scores: dict[str, float] = {}
    if case.standalone:
        alone = _articles_found(bench, case.standalone, case.as_of, today)
        scores["follow_up_recall@5"] = recall(articles, case.relevant, 5)
        scores["standalone_recall@5"] = recall(alone, case.relevant, 5)
    if case.translation:
        other = _articles_found(bench, case.translation, case.as_of, today)
        french, english = (articles, other) if case.language == "fr" else (other, articles)
        scores["french_hit@5"] = hit(french, case.relevant, 5)
        scores["english_hit@5"] = hit(english, case.relevant, 5)
    return {name: (score, 1.0) for name, score in scores.items()}


def _articles_found(bench: Workbench, question: str, as_of: date | None, today: date) -> list[str]:
    found = bench.search_deep(question, today=today, as_of=as_of)
    return distinct(passage.article.article_id for passage in found)


def _detail(case: Case, answer: Answer | None, waited: float) -> dict[str, Any]:
    """What a reader wants to see of a case."""
    return {
        "question": case.question,
        "answerable": case.answerable,
        "refused": answer is None or answer.refused,
        "expected": case.refusal or list(case.answers),
        "reason": answer.refusal_reason if answer else None,
        "score": round(refusal_score(answer), 4) if answer else 0.0,
        "ms": round(waited, 3),
        "searched": answer.query.text if answer else "",
        "answer": answer.answer if answer else "",
        "quotes": [
            {key: value for key, value in citation_to_dict(c).items() if key in ("article_id", "quote", "date")}
            for c in (answer.citations if answer else ())
        ],
    }


def lengths(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Words of each quote, and of all quotes of each answer: median and p95."""
    quotes = [[count_words(q["quote"]) for q in o.detail["quotes"]] for o in outcomes if not o.detail["refused"]]
    answers = [sum(words) for words in quotes if words]
    flat = [count for words in quotes for count in words]
    return {
        f"{name}_words_{label}": float(np.percentile(values, q)) if values else None
        for name, values in (("quote", flat), ("answer", answers))
        for label, q in (("median", 50), ("p95", 95))
    }

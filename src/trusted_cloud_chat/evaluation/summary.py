"""A result as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trusted_cloud_chat.evaluation.results import what_of

_ORDER = (
    "hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@100",
    "quote_hit@1", "quote_hit@3", "quote_hit@5", "quote_hit@10", "quote_mrr@10", "quote_ndcg@10", "quote_recall@100",
    "follow_up_recall@5", "standalone_recall@5", "french_hit@5", "english_hit@5",
    "first_sentence", "first_two_sentences", "within_passage", "within_passage_first_two", "f1", "exact_match",
    "passage_hit@1", "passage_hit@5",
    "right", "answer_correct", "citation_precision", "citation_recall", "validity", "long_quotes", "stale",
    "quote_words_median", "quote_words_p95", "answer_words_median", "answer_words_p95",
    "faithful", "responsive", "clear", "unreadable", "hallucination", "error", "sum", "auc", "calibration_error", "threshold", "best_threshold", "best_sum",
    "refusal_precision", "refusal_recall", "refusal_f1", "refusal_f1_macro", "refusal_reason_correct",
    "ms_p50", "ms_p95", "passages_per_second", "query_ms_p50", "query_ms_p95",
)  # fmt: skip
_GROUP_COLUMNS = ("n", "right", "answer_correct", "citation_precision", "citation_recall", "hit@5", "ndcg@10")


def summary_lines(result: dict[str, Any]) -> Iterator[str]:
    """What was measured, each figure with its 95 % interval, groups, comparison."""
    name = what_of(result)
    over = f", {passages_of(result)}" if "passages" in result else ""
    yield f"evaluate {result['command']}, {name}: {result['questions']} questions{over}"
    intervals = result.get("intervals", {})
    for metric in _ORDER:
        if result.get(metric) is not None:
            low_high = intervals.get(metric)
            shown = f"   [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else ""
            yield f"  {metric:26}{number(result[metric]):>9}{shown}"
    for group in ("by_kind", "by_language"):
        if group in result:
            yield from group_lines(group.removeprefix("by_"), result[group])
    if "comparison" in result:
        yield from comparison_lines(result["comparison"])


def passages_of(result: dict[str, Any]) -> str:
    cached = result.get("cached_share", 0)
    note = f" (vectors {cached:.0%} from the cache: speed estimated)" if cached >= 0.01 else ""
    return f"{result.get('articles')} articles, {result.get('passages')} passages{note}"


def group_lines(label: str, table: dict[str, dict[str, Any]]) -> Iterator[str]:
    columns = [c for c in _GROUP_COLUMNS if any(c in row for row in table.values())]
    yield f"  {label:16}" + "".join(f"{column:>19}" for column in columns)
    for value, row in table.items():
        yield f"  {value:16}" + "".join(f"{number(row.get(column)):>19}" for column in columns)


def comparison_lines(comparison: dict[str, Any]) -> Iterator[str]:
    better, worse = comparison["better"], comparison["worse"]
    yield (
        f"compared with {comparison['date']}, commit {comparison['commit']}, over {comparison['questions']} questions "
        f"({comparison['primary']}): {len(better)} better, {len(worse)} worse, McNemar p = {comparison['mcnemar_p']:.3g}"
    )
    for label, ids in (("better", better), ("worse", worse)):
        if ids:
            yield f"  {label}: {', '.join(ids[:40])}{' …' if len(ids) > 40 else ''}"
    for metric, test in comparison["metrics"].items():
        if test["difference"]:
            low, high = test["low"], test["high"]
            yield f"  {metric:26}{test['difference']:>+9.4f}   [{low:+.4f}, {high:+.4f}]  p = {test['p']:.3g}"


def number(value: float | None) -> str:
    """Four figures for a rate, one decimal for what is larger; a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if abs(value) < 2 else f"{value:.1f}"

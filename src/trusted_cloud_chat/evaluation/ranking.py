"""Ranking metrics, as trec_eval and BEIR define them. A ranking is a list of ids, best first, none twice."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

HIT_AT = (1, 3, 5, 10)
CURVE_AT = (1, 2, 3, 5, 10, 20, 50, 100)
DEEPEST = 100


def hit(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 when one of the first `k` is relevant, else 0."""
    return float(any(name in relevant for name in ranked[:k]))


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant ids that stand among the first `k`. `relevant` is not empty."""
    return sum(name in relevant for name in ranked[:k]) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """One over the rank of the first relevant id; 0 when it is beyond `k`."""
    return next((1 / rank for rank, name in enumerate(ranked[:k], start=1) if name in relevant), 0.0)


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain with linear gains (Järvelin & Kekäläinen 2002, trec_eval's form)."""
    reached = _discounted(gains.get(name, 0.0) for name in ranked[:k])
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return reached / best if best else 0.0


def _discounted(gains: Iterable[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def ranking_scores(ranked: Sequence[str], gains: Mapping[str, float], prefix: str = "") -> dict[str, float]:
    """`hit@1/3/5/10`, `mrr@10`, `ndcg@10` and `recall@100` of one question; `gains` are positive."""
    scores = {f"{prefix}hit@{k}": hit(ranked, gains, k) for k in HIT_AT}
    scores[f"{prefix}mrr@10"] = reciprocal_rank(ranked, gains, 10)
    scores[f"{prefix}ndcg@10"] = ndcg(ranked, gains, 10)
    scores[f"{prefix}recall@{DEEPEST}"] = recall(ranked, gains, DEEPEST)
    return scores


def recall_curve(rankings: Sequence[tuple[Sequence[str], Collection[str]]]) -> dict[str, float]:
    """Mean recall at each depth of `CURVE_AT`, by depth; empty without rankings."""
    if not rankings:
        return {}
    return {str(k): sum(recall(r, relevant, k) for r, relevant in rankings) / len(rankings) for k in CURVE_AT}


def distinct(names: Iterable[str]) -> list[str]:
    """Each name once, where it stands first: a document ranks by its best passage."""
    return list(dict.fromkeys(names))

"""Metrics of rankings and of the refusal score: worked by hand, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat_evaluation.metrics import (
    auc,
    hit,
    ndcg,
    ranking_scores,
    recall,
    recall_curve,
    reciprocal_rank,
    refusal_summary,
)

RANKED = ["a", "b", "c", "d", "e"]


def test_a_hit_is_a_relevant_id_among_the_first():
    # c is third: not among the first two, among the first three
    assert hit(RANKED, {"c"}, 2) == 0
    assert hit(RANKED, {"c"}, 3) == 1


def test_recall_is_the_share_of_the_relevant_ids_found():
    # b and d of {b, d, z} are among the first four: 2/3
    assert recall(RANKED, {"b", "d", "z"}, 4) == pytest.approx(2 / 3)


def test_reciprocal_rank_takes_the_first_relevant_id():
    # c is third and d fourth: 1/3; beyond k it is 0
    assert reciprocal_rank(RANKED, {"c", "d"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"c"}, 2) == 0


def test_ndcg_counts_relevant_ids_that_were_not_found():
    # a is found first, z never: DCG = 1; IDCG = 1 + 1/log2(3) = 1.63093; 0.61315
    assert ndcg(RANKED, {"a": 1.0, "z": 1.0}, 10) == pytest.approx(0.61315, abs=1e-5)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=2, max_size=30), st.randoms())
def test_ndcg_agrees_with_scikit_learn(gains, random):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    names = [f"d{i}" for i in range(len(gains))]
    by_name = dict(zip(names, gains, strict=True))
    random.shuffle(names)
    scores = [[float(len(names) - i) for i in range(len(names))]]
    expected = metrics.ndcg_score([[by_name[name] for name in names]], scores, k=10)

    assert ndcg(names, {n: g for n, g in by_name.items() if g}, 10) == pytest.approx(expected)


def test_all_scores_of_a_question():
    # the only relevant id is second of two
    scores = ranking_scores(["a", "b"], {"b": 1.0})

    assert scores == {
        "hit@1": 0.0, "hit@3": 1.0, "hit@5": 1.0, "hit@10": 1.0, "mrr@10": 0.5,
        "ndcg@10": pytest.approx(1 / math.log2(3)), "recall@100": 1.0,
    }  # fmt: skip


def test_the_recall_curve_is_a_mean_at_each_depth():
    # first question: found at 1; second: one of two found at 3. At 1: (1 + 0)/2; at 3: (1 + 0.5)/2
    curve = recall_curve([(["a"], {"a"}), (["x", "y", "b"], {"b", "c"})])

    assert (curve["1"], curve["2"], curve["3"], curve["100"]) == (0.5, 0.5, 0.75, 0.75)


SCORES, ANSWERABLE = [0.9, 0.4, 0.4, 0.1], [True, True, False, False]
SUMMARY = refusal_summary(SCORES, ANSWERABLE)


def test_auc_needs_both_sorts():
    assert refusal_summary(SCORES[:2], ANSWERABLE[:2])["auc"] is None


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.7, 1.0]), st.booleans()), min_size=2).filter(
        lambda rows: len({answerable for _, answerable in rows}) == 2
    )
)
def test_auc_agrees_with_scikit_learn(rows):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    expected = metrics.roc_auc_score([answerable for _, answerable in rows], [score for score, _ in rows])
    good, bad = (np.array([score for score, answerable in rows if answerable is sort]) for sort in (True, False))

    assert auc(good, bad) == pytest.approx(expected)


def test_the_curve_says_what_each_threshold_would_give():
    curve = {point["threshold"]: point for point in SUMMARY["curve"]}

    assert len(curve) == 101
    # at 0 nothing is refused: every unanswerable question is answered
    assert (curve[0.0]["hallucination"], curve[0.0]["error"]) == (1.0, 0.0)
    # at 0.41: both unanswerable refused; one of two answerable refused
    assert (curve[0.41]["hallucination"], curve[0.41]["error"], curve[0.41]["sum"]) == (0.0, 0.5, 0.5)
    # a score equal to the threshold is answered
    assert curve[0.4]["hallucination"] == 0.5
    # the lowest sum is 0.5, first reached just above 0.1 (one of two unanswerable still answered, no error)
    assert (SUMMARY["best_threshold"], SUMMARY["best_sum"]) == (0.11, 0.5)


def test_reliability_bins_hold_mean_score_and_share():
    # [0.4, 0.5): scores 0.4 and 0.4, one of them answerable; 0.1 and 0.9 alone in theirs
    found = {(b["low"], b["n"], round(b["mean_score"], 6), b["answerable"]) for b in SUMMARY["reliability"]}

    assert found == {(0.1, 1, 0.1, 0.0), (0.4, 2, 0.4, 0.5), (0.9, 1, 0.9, 1.0)}
    # a score of 1 lies in the last bin
    assert refusal_summary([1.0], [True])["reliability"][0]["low"] == 0.9
    # (1·|0.1 - 0| + 2·|0.4 - 0.5| + 1·|0.9 - 1|) / 4 = 0.4 / 4
    assert SUMMARY["calibration_error"] == pytest.approx(0.1)

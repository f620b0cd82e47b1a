"""The refusal score as a classifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.evaluation.classification import (
    Scored,
    auc,
    calibration_error,
    refusal_summary,
    reliability,
    threshold_curve,
)

FOUR = [Scored(0.9, True), Scored(0.4, True), Scored(0.4, False), Scored(0.1, False)]


def test_auc_counts_the_pairs_in_the_right_order():
    # 0.9 > 0.4, 0.9 > 0.1, 0.4 = 0.4 (half), 0.4 > 0.1: 3.5 of 4 pairs
    assert auc(FOUR) == pytest.approx(3.5 / 4)


def test_auc_needs_both_sorts():
    assert auc(FOUR[:2]) is None


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.7, 1.0]), st.booleans()), min_size=2).filter(
        lambda rows: len({answerable for _, answerable in rows}) == 2
    )
)
def test_auc_agrees_with_scikit_learn(rows):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    expected = metrics.roc_auc_score([answerable for _, answerable in rows], [score for score, _ in rows])

    assert auc([Scored(*row) for row in rows]) == pytest.approx(expected)


def test_the_curve_says_what_each_threshold_would_give():
    curve = {point["threshold"]: point for point in threshold_curve(FOUR)}

    # at 0 nothing is refused: every unanswerable question is answered
    assert (curve[0.0]["hallucination"], curve[0.0]["error"]) == (1.0, 0.0)
    # at 0.41: both unanswerable refused; one of two answerable refused
    assert (curve[0.41]["hallucination"], curve[0.41]["error"], curve[0.41]["sum"]) == (0.0, 0.5, 0.5)
    # a score equal to the threshold is answered
    assert curve[0.4]["hallucination"] == 0.5


def test_reliability_bins_hold_mean_score_and_share():
    # [0.4, 0.5): scores 0.4 and 0.4, one of them answerable; 0.1 and 0.9 alone in theirs
    found = {(b.low, b.n, round(b.mean_score, 6), b.answerable) for b in reliability(FOUR)}

    assert found == {(0.1, 1, 0.1, 0.0), (0.4, 2, 0.4, 0.5), (0.9, 1, 0.9, 1.0)}


def test_a_score_of_one_lies_in_the_last_bin():
    assert reliability([Scored(1.0, True)])[0].low == 0.9


def test_calibration_error_is_the_mean_distance_from_the_share():
    # (1·|0.1 - 0| + 2·|0.4 - 0.5| + 1·|0.9 - 1|) / 4 = 0.4 / 4
    assert calibration_error(reliability(FOUR)) == pytest.approx(0.1)
    assert calibration_error([]) is None


def test_the_summary_names_the_best_threshold():
    # the lowest sum is 0.5, first reached just above 0.1 (one of two unanswerable still answered, no error)
    summary = refusal_summary(FOUR)

    assert (summary["best_threshold"], summary["best_sum"]) == (0.11, 0.5)

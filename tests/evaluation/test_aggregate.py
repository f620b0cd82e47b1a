"""From shares to rates, intervals and groups, and how far a figure could be chance."""

from __future__ import annotations

import numpy as np
import pytest

from trusted_cloud_chat_evaluation.aggregate import (
    Outcome,
    by_group,
    percentile_interval,
    resample_counts,
    rounded,
    some,
    summarise,
)
from trusted_cloud_chat_evaluation.results import mcnemar_exact, paired_bootstrap

OUTCOMES = [
    Outcome("a", {"right": (1.0, 1.0), "precision": (2.0, 3.0)}, {"kind": "date"}),
    Outcome("b", {"right": (0.0, 1.0), "precision": (0.0, 1.0)}, {"kind": "date"}),
    Outcome("c", {"right": (1.0, 1.0), "error": (1.0, 1.0)}, {"kind": "who"}),
]


def test_a_rate_is_the_sum_of_numerators_over_the_sum_of_denominators():
    summary = summarise(OUTCOMES)

    # (1 + 0 + 1) / 3
    assert summary["right"] == pytest.approx(2 / 3)
    # (2 + 0) / (3 + 1): c has no say
    assert summary["precision"] == 0.5


def test_a_metric_without_cases_is_null():
    assert summarise([Outcome("a", {"validity": (0.0, 0.0)})])["validity"] is None
    assert summarise([]) == {"intervals": {}}


def test_intervals_hold_the_rate():
    low, high = summarise(OUTCOMES * 20)["intervals"]["right"]

    assert low < 2 / 3 < high
    assert low > 0.5


def test_the_sum_needs_both_of_its_parts():
    answered = Outcome("d", {"hallucination": (1.0, 1.0)})

    assert summarise([*OUTCOMES, answered, Outcome("e", {"hallucination": (0.0, 1.0)})])["sum"] == 1.5
    assert "sum" not in summarise(OUTCOMES)


def test_groups_have_their_own_rates():
    table = by_group(OUTCOMES, "kind")

    assert (table["date"]["n"], table["date"]["right"]) == (2, 0.5)
    assert "precision" not in table["who"]


def test_an_outcome_as_json_gives_each_score_once():
    written = rounded(OUTCOMES[0].to_dict())

    assert written == {"id": "a", "kind": "date", "scores": {"right": 1.0, "precision": 0.666667}}


def test_a_limited_run_spreads_over_the_set():
    assert some(list(range(10)), 4) == [0, 2, 5, 7]
    assert some([1, 2], 5) == [1, 2]


def test_each_resample_draws_as_many_cases_as_there_are_and_always_the_same():
    counts = resample_counts(7, 20)

    assert counts.shape == (20, 7)
    assert (counts.sum(axis=1) == 7).all()
    assert (counts == resample_counts(7, 20)).all()


def test_the_interval_is_the_middle_95_percent():
    # of 0, 1, … 1000 the 2.5th percentile is 25 and the 97.5th 975; what is no number is left out
    values = np.append(np.arange(1001.0), np.nan)

    assert percentile_interval(values) == [25.0, 975.0]
    assert percentile_interval(np.array([np.nan])) is None


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        (8, 2, 2 * (1 + 10 + 45) / 1024),  # 2 · P(at most 2 of 10 heads)
        (3, 3, 1.0),
        (5, 0, 2 / 32),
        (0, 0, 1.0),
    ],
)
def test_mcnemar_is_an_exact_binomial_test(better, worse, p):
    assert mcnemar_exact(better, worse) == pytest.approx(p)


def test_a_paired_difference_that_never_varies_is_certain():
    # every question gains 0.5: each resample's mean is 0.5
    test = paired_bootstrap([(0.0, 0.5), (0.5, 1.0), (0.25, 0.75)])

    assert test == {"difference": 0.5, "low": 0.5, "high": 0.5, "p": 0.0}
    assert paired_bootstrap([(1.0, 1.0), (0.0, 0.0)])["p"] == 1.0

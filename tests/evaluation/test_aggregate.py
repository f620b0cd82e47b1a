"""From shares to rates, intervals and groups."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.evaluation.aggregate import Outcome, by_group, mean_of, rounded, sum_of, summarise

OUTCOMES = [
    Outcome("a", {"right": (1.0, 1.0), "precision": (2.0, 3.0)}, {"kind": "date"}),
    Outcome("b", {"right": (0.0, 1.0), "precision": (0.0, 1.0)}, {"kind": "date"}),
    Outcome("c", {"right": (1.0, 1.0), "error": (1.0, 1.0)}, {"kind": "who"}),
]


def test_a_rate_is_the_sum_of_numerators_over_the_sum_of_denominators():
    summary = summarise(OUTCOMES)

    # (1 + 0 + 1) / 3
    assert summary["right"] == pytest.approx(2 / 3, abs=1e-6)
    # (2 + 0) / (3 + 1): c has no say
    assert summary["precision"] == 0.5


def test_a_metric_without_cases_is_null():
    assert summarise([Outcome("a", {"validity": (0.0, 0.0)})])["validity"] is None


def test_intervals_hold_the_rate():
    low, high = summarise(OUTCOMES * 20)["intervals"]["right"]

    assert low < 2 / 3 < high
    assert low > 0.5


def test_composites_are_made_of_rates():
    composites = {
        "both": sum_of("right", "error"),
        "mean": mean_of("right", "error"),
        "none": sum_of("right", "absent"),
    }
    summary = summarise(OUTCOMES, composites)

    # right 2/3, error 1
    assert summary["both"] == pytest.approx(5 / 3, abs=1e-6)
    assert summary["mean"] == pytest.approx(5 / 6, abs=1e-6)
    assert "none" not in summary


def test_groups_have_their_own_rates():
    table = by_group(OUTCOMES, "kind")

    assert (table["date"]["n"], table["date"]["right"]) == (2, 0.5)
    assert "precision" not in table["who"]


def test_an_outcome_as_json_gives_each_score_once():
    written = OUTCOMES[0].to_dict()

    assert written == {"id": "a", "kind": "date", "scores": {"right": 1.0, "precision": 0.666667}}


def test_nothing_measured_gives_nothing():
    assert summarise([]) == {"intervals": {}}


def test_rounding_keeps_the_shape():
    assert rounded({"a": [1 / 3, 2], "b": None, "c": "x"}) == {"a": [0.333333, 2], "b": None, "c": "x"}

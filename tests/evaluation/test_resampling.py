"""Intervals and paired tests."""

from __future__ import annotations

import numpy as np
import pytest

from trusted_cloud_chat.evaluation.resampling import (
    mcnemar_exact,
    paired_bootstrap,
    percentile_interval,
    resample_counts,
)


def test_each_resample_draws_as_many_cases_as_there_are():
    counts = resample_counts(7, 20)

    assert counts.shape == (20, 7)
    assert (counts.sum(axis=1) == 7).all()


def test_resampling_is_seeded():
    assert (resample_counts(5) == resample_counts(5)).all()


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


def test_mcnemar_agrees_with_scipy_on_large_counts():
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")

    assert mcnemar_exact(1450, 1600) == pytest.approx(stats.binomtest(1450, 3050).pvalue)


def test_a_paired_difference_that_never_varies_is_certain():
    # every question gains 0.5: each resample's mean is 0.5
    test = paired_bootstrap([0.0, 0.5, 0.25], [0.5, 1.0, 0.75])

    assert test == {"difference": 0.5, "low": 0.5, "high": 0.5, "p": 0.0}


def test_no_difference_is_no_finding():
    assert paired_bootstrap([1.0, 0.0], [1.0, 0.0])["p"] == 1.0

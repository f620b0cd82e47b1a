"""A bounded bonus for the publication dates of passages; never a filter.

A question about the present prefers newer passages; a question that names a period prefers passages published in it.
Both bonuses are added to the fused score, in its unit: log odds of being the best passage.
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.periods import Period

NOW = 1.0
"""Bonus of the newest candidate for a question about the present."""
HALF_LIFE_DAYS = 365.0
"""Age, counted from the newest candidate, at which the bonus is halved."""
PUBLISHED = 0.3
"""Bonus of a passage published in a period of the question."""


def newness(published: Sequence[PartialDate | None]) -> NDArray[np.float32]:
    """1 for the newest, halved with each `HALF_LIFE_DAYS` of age, 0 without a date; `(len(published),)`."""
    days = [d.middle.toordinal() if d else None for d in published]
    newest = max((day for day in days if day is not None), default=0)
    ages = [np.inf if day is None else newest - day for day in days]
    share: NDArray[np.float32] = np.exp2(-np.array(ages, dtype=np.float32) / np.float32(HALF_LIFE_DAYS))
    return share


def in_periods(published: Sequence[PartialDate | None], periods: Collection[Period]) -> NDArray[np.float32]:
    """1 if the publication date overlaps a period of the question, else 0; `(len(published),)`."""
    return np.array([any(d and p.touches(d) for p in periods) for d in published], dtype=np.float32)


def time_bonus(
    published: Sequence[PartialDate | None], *, wants_now: bool, periods: Collection[Period]
) -> NDArray[np.float32]:
    """The bonus added to the fused score of each passage, `(len(published),)`; zeros without `wants_now` and `periods`."""
    bonus = np.zeros(len(published), dtype=np.float32)
    if wants_now:
        bonus += np.float32(NOW) * newness(published)
    if periods:
        bonus += np.float32(PUBLISHED) * in_periods(published, periods)
    return bonus

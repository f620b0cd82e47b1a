"""Reprints told from separate accounts of the same event, by the runs of words that two passages share.

Content words as the lexical index has them (no accents, case, typography or stop words) in runs of three: a reprint
with another title, a sentence more or other quotation marks keeps nearly all of its runs, an account written by
somebody else keeps few: over the shipped corpus, at most 0.31 of them between passages long enough to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.language import patterns

Shingles = frozenset[tuple[str, ...]]

_RUN = 3
_SHARED = 0.6
"""Share of the shorter passage's runs that the longer one must have (containment)."""
_FEWEST = 16
"""Runs below which a passage is too short to tell: a standing last line is no reprint."""


def shingles(words: Sequence[str]) -> Shingles:
    """The runs of three neighbouring words."""
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def is_reprint(one: Shingles, other: Shingles) -> bool:
    """Whether both are the same text but for a little; never where a figure or a date was changed."""
    fewest = min(len(one), len(other))
    if fewest < _FEWEST or len(one & other) < _SHARED * fewest:
        return False
    return not _figures_changed(one, other)


def _figures_changed(one: Shingles, other: Shingles) -> bool:
    """Whether a run of `one` stands in `other` with another number: that is news, not a reprint."""
    masked = {_masked(run) for run in other if any(map(patterns.DIGITS.search, run))}
    numbered = (run for run in one - other if any(map(patterns.DIGITS.search, run)))
    return any(_masked(run) in masked for run in numbered)


def _masked(run: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(patterns.DIGITS.sub("0", word) for word in run)

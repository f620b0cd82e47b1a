"""Tells reprints from separate accounts of the same event by the runs of words that two passages share.

Content words as the lexical index has them (no accents, case, typography or stop words) in runs of three: a reprint
with another title, a sentence more or other quotation marks keeps nearly all of its runs, an account written by
somebody else keeps few: over the shipped corpus, at most 0.31 of them between passages long enough to tell.
"""

from collections.abc import Sequence

from trusted_cloud_chat.language import patterns

Shingles = frozenset[tuple[str, ...]]

_RUN = 3
_SHARED = 0.6
"""Share of the shorter passage's runs that the longer one must have (containment)."""
_FEWEST = 16
"""Minimum number of runs: a shorter passage, such as a standing last line, is no reprint."""

_RENUMBERED = 0.02
"""Share of the runs with a figure that may have another figure: formats number sections and pages differently."""


def shingles(words: Sequence[str]) -> Shingles:
    """The runs of three neighbouring words."""
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def is_reprint(one: Shingles, other: Shingles) -> bool:
    """Whether both are nearly the same text; never if a figure or a date was changed."""
    fewest = min(len(one), len(other))
    if fewest < _FEWEST or len(one & other) < _SHARED * fewest:
        return False
    return not _figures_changed(*sorted((one, other), key=len))


def _figures_changed(one: Shingles, other: Shingles) -> bool:
    """Whether runs of `one` occur in `other` with another number: that is news, not a reprint."""
    masked, numbered = ([run for run in runs if any(map(patterns.DIGITS.search, run))] for runs in (other, one))
    elsewhere = set(map(_masked, masked))
    return sum(run not in other and _masked(run) in elsewhere for run in numbered) > _RENUMBERED * len(numbered)


def _masked(run: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(patterns.DIGITS.sub("0", word) for word in run)

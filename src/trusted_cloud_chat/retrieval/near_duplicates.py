"""Distinguishes reprints from independent reports of the same event by the shingles (word trigrams) that two passages share.

Shingles consist of index terms (no accents, case, typography or stop words). A reprint with another title, an extra
sentence or other quotation marks keeps nearly all shingles; an independent report shares few: at most 0.31 in the
shipped corpus, for passages of at least `_FEWEST` shingles.
"""

from collections.abc import Sequence

from trusted_cloud_chat.language import patterns

Shingles = frozenset[tuple[str, ...]]

_RUN = 3
_SHARED = 0.6
"""Minimum share of the shorter passage's shingles that the longer one has (containment)."""
_FEWEST = 16
"""Minimum number of shingles: a shorter passage, such as a boilerplate last line, is never a reprint."""

_RENUMBERED = 0.02
"""Maximum share of shingles whose number may differ: formats number sections and pages differently."""


def shingles(words: Sequence[str]) -> Shingles:
    """The distinct word trigrams."""
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def is_reprint(one: Shingles, other: Shingles) -> bool:
    """Whether both are nearly the same text, with the same figures and dates."""
    fewest = min(len(one), len(other))
    if fewest < _FEWEST or len(one & other) < _SHARED * fewest:
        return False
    return not _figures_changed(*sorted((one, other), key=len))


def _figures_changed(one: Shingles, other: Shingles) -> bool:
    """Whether shingles of `one` occur in `other` with another number: then it is an update, not a reprint."""
    masked, numbered = ([run for run in runs if any(map(patterns.DIGITS.search, run))] for runs in (other, one))
    elsewhere = set(map(_masked, masked))
    return sum(run not in other and _masked(run) in elsewhere for run in numbered) > _RENUMBERED * len(numbered)


def _masked(run: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(patterns.DIGITS.sub("0", word) for word in run)

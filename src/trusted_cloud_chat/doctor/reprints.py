"""Articles that are nearly the same text, found without comparing each with each."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.retrieval.near_duplicates import Shingles, is_reprint, shingles
from trusted_cloud_chat.schema import Article

_SAMPLE = 8
"""One run of words in so many is looked up: two texts that share six in ten share some of these too."""
_COMMON = 20
"""Articles from which a run is a standing phrase."""
_SHARED = 2
_HELD = 1000
"""Articles whose runs are kept while pairs are compared: an article in many pairs is not read for each of them."""


def reprints(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Pairs of ids, the older article first; in time and memory that grow with the texts alone."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        for run in {zlib.crc32(" ".join(run).encode()) for run in _runs(article)}:
            if run % _SAMPLE == 0:
                holders[run].append(place)
    shared = Counter(pair for places in holders.values() if len(places) <= _COMMON for pair in combinations(places, 2))
    candidates = sorted(pair for pair, count in shared.items() if count >= _SHARED)

    @lru_cache(maxsize=_HELD)
    def runs_of(place: int) -> Shingles:
        return _runs(articles[place])

    alike = [(articles[a], articles[b]) for a, b in candidates if is_reprint(runs_of(a), runs_of(b))]
    return [(one.article_id, other.article_id) for one, other in map(_older_first, alike)]


def _runs(article: Article) -> Shingles:
    return shingles(lexical_tokens(article.text, article.language))


def _older_first(pair: tuple[Article, Article]) -> tuple[Article, Article]:
    one, other = pair
    newer = one.date is None or (other.date is not None and other.date.last_day < one.date.last_day)
    return (other, one) if newer else (one, other)

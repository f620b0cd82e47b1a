"""Finds articles with nearly the same text, without comparing all pairs."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Literal

from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.retrieval.near_duplicates import Shingles, is_reprint, shingles
from trusted_cloud_chat.schema import Article

Kind = Literal["copy", "part", "source"]

_SAMPLE = 8
"""One run of words in eight is sampled: two texts that share six runs in ten also share some of the sample."""
_COMMON = 20
"""A run in more articles than this is a stock phrase."""
_SHARED = 2
_PART = 0.6
"""Greatest length of a part, relative to its whole."""
_HELD = 1000
"""Articles whose runs are cached while pairs are compared."""


def reprints(articles: Sequence[Article]) -> list[tuple[str, str, Kind]]:
    """Pairs of ids and their relation: a copy, the older one first; a part and its whole; a source and the article written from it.

    Time and memory grow linearly with the texts.
    """
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

    def told(a: int, b: int) -> tuple[str, str, Kind]:
        one, other = articles[a], articles[b]
        if _is_source(one, other) or _is_source(other, one):
            return one.article_id, other.article_id, "source"
        if min(len(runs_of(a)), len(runs_of(b))) < _PART * max(len(runs_of(a)), len(runs_of(b))):
            part, whole = (one, other) if len(runs_of(a)) < len(runs_of(b)) else (other, one)
            return part.article_id, whole.article_id, "part"
        if one.dated is None or (other.dated is not None and other.dated.last_day < one.dated.last_day):
            one, other = other, one
        return one.article_id, other.article_id, "copy"

    return [told(a, b) for a, b in candidates if is_reprint(runs_of(a), runs_of(b))]


def _is_source(article: Article, other: Article) -> bool:
    """Whether `other` names `article` as one of its sources."""
    return any(source.url and source.url in (article.url, article.path) for source in other.sources)


def _runs(article: Article) -> Shingles:
    return shingles(lexical_tokens(article.text, article.language))

"""Compares a question with stored questions: each of the nearest votes for the sentences that answer it."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index.records import StoredQuestion
from trusted_cloud_chat.index.snapshots import Snapshot, Within
from trusted_cloud_chat.schema import Vote

NEAREST = 15
"""Number of stored questions that vote; one stored with several articles counts once and votes for the sentences of all."""
_SEARCHED = 60
_ABSENT = 3
_SHARPNESS = 10.0
"""A cosine lower by 0.1 divides the vote by e."""
ANSWERED_BY = 0.75
"""Minimum cosine with which an answered stored question counts as the same as an absent one; fitted by `scripts/fit_evidence.py`."""
_LEAST = 0.55
"""Cosine that even an unrelated stored question may reach. Chosen on a third of `training/fit.jsonl`, over the corpus with half of its
sidecars."""
_LEAST_OF_SEVERAL = 0.35
"""The same for the mean of several embeddings (`Question.phrasings`), whose cosines are lower. With it, 0.75 of 93 follow-ups in
`training/fit.jsonl` have the right sentence first; with `_LEAST`, 0.71.
"""
_GRANTED, _NEARER = 0.72, 0.02
"""Minimum cosine to a stored question with a false premise, and how much nearer an answered one may be. In `training/fit.jsonl` none of
150 answerable questions passes, but 11 of 32 with a false premise do."""
Place = tuple[str, str, int]
"""Article id, version and start offset of a sentence."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Similarity to the stored questions in scope. Empty if no article has any."""

    votes: Mapping[Place, Vote]
    chunks: Mapping[str, float] = field(default_factory=dict)
    """Chunk id → sum of the votes for its sentences, each weighted by its `nearness`; 0 to 1."""
    answered: float = 0.0
    """Cosine of the nearest answered question."""
    absent: float = 0.0
    """Cosine of the nearest absent question that no article has answered since; 0 without any."""
    nearest_absent: str = ""
    premise: StoredQuestion | None = None
    """The matching stored question with a false premise; None without any."""

    @property
    def matched(self) -> str:
        """For the trace: the nearest question with its article, or the absent one if that is nearer."""
        if self.absent > self.answered:
            return f"« {self.nearest_absent} » (∅)"
        if not self.votes:
            return ""
        (article_id, *_), vote = max(self.votes.items(), key=lambda one: one[1].likeness)
        return f"« {vote.question} » ({article_id})"


NONE = Likeness({})


def likeness_to_stored(
    snapshot: Snapshot,
    mapped: NDArray[np.float32],
    as_of: date | None,
    within: Within = None,
    *,
    of_several: bool = False,
) -> Likeness:
    """The likeness of a question with the projection `mapped` `(dim,)` among the articles published by `as_of` and in `within`.
    `of_several`: `mapped` is the mean of several projections.
    """
    near = _first(snapshot.asked(mapped, _SEARCHED, "answered", as_of, within))
    if not near:
        return NONE
    absent = snapshot.asked(mapped, _ABSENT, "absent", as_of)
    best, cosine = next((one for one in absent if not is_answered(snapshot, one[0], as_of)), (None, 0.0))
    votes = _votes(near)
    chunks: dict[str, float] = defaultdict(float)
    for place, chunk_id in snapshot.catalog.chunks_at(votes).items():
        chunks[chunk_id] += votes[place].share * nearness(votes[place], of_several=of_several)
    premise = _premise(snapshot, mapped, near[0][1], as_of, within)
    return Likeness(votes, chunks, near[0][1], cosine, best.text if best else "", premise)


def nearness(vote: Vote, *, of_several: bool = False) -> float:
    """How much nearer its nearest question is than an unrelated one may be, 0 to 1."""
    least = _LEAST_OF_SEVERAL if of_several else _LEAST
    return max(0.0, (vote.likeness - least) / (1 - least))


def _premise(
    snapshot: Snapshot, mapped: NDArray[np.float32], answered: float, as_of: date | None, within: Within
) -> StoredQuestion | None:
    """The nearest question with a false premise, if about as near as the nearest answered question, whose cosine is `answered`."""
    least = max(_GRANTED, answered - _NEARER)
    near = snapshot.asked(mapped, 1, "premise", as_of, within)
    return next((stored for stored, cosine in near if cosine >= least and stored.spans), None)


def is_answered(snapshot: Snapshot, absent: StoredQuestion, as_of: date | None) -> bool:
    """Whether a live article published by `as_of` answers a question that was absent when it was written."""
    near = snapshot.asked(absent.vector.astype(np.float32), 1, "answered", as_of)
    return bool(near) and near[0][1] >= ANSWERED_BY


def _first(near: Sequence[tuple[StoredQuestion, float]]) -> list[tuple[StoredQuestion, float]]:
    """The entries with one of the `NEAREST` nearest texts; several articles may store the same text."""
    texts = list(dict.fromkeys(stored.text for stored, _ in near))[:NEAREST]
    return [one for one in near if one[0].text in texts]


def _votes(near: Sequence[tuple[StoredQuestion, float]]) -> dict[Place, Vote]:
    weights: dict[Place, float] = defaultdict(float)
    best: dict[Place, tuple[float, str, tuple[int, ...]]] = {}
    for stored, cosine in near:
        for span in stored.spans:
            place = stored.article_id, stored.version, span.start
            weights[place] += math.exp(_SHARPNESS * (cosine - near[0][1]))
            best.setdefault(place, (cosine, stored.text, tuple(one.start for one in stored.spans)))
    total = sum(weights.values())
    return {place: Vote(weight / total, *best[place]) for place, weight in weights.items()}

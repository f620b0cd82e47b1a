"""A calibrated relevance from 0 to 1: how likely a passage is to answer a question.

A logistic regression over the question and the passage alone, so that it depends neither on the other
candidates nor on the size of the corpus. Fitted by `scripts/calibrate.py`; coefficients in `data/relevance.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from trusted_cloud_chat.errors import UnusableError


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question and a passage."""

    cosine: float
    """Question to passage, -1 to 1."""
    best_sentence: float
    """Question to the passage's nearest sentence, -1 to 1."""
    overlap: float
    """Share of the question's rarity-weighted words in the passage or its title, 0 to 1."""

    def features(self) -> tuple[float, ...]:
        return (self.cosine, self.best_sentence, self.overlap)


@dataclass(frozen=True, slots=True)
class Relevance:
    """Logistic regression: `1 / (1 + exp(-(intercept + weights · features)))`."""

    intercept: float
    weights: tuple[float, ...]

    def score(self, evidence: Evidence) -> float:
        features = evidence.features()
        total = self.intercept + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def load_relevance() -> Relevance:
    """The shipped calibration; it is made with the bundled embedder and only a guide for others."""
    text = resources.files("trusted_cloud_chat.data").joinpath("relevance.json").read_text("utf-8")
    stored = json.loads(text)
    if len(stored["weights"]) != len(Evidence(0, 0, 0).features()):
        raise UnusableError("data/relevance.json does not fit this version: run `python scripts/calibrate.py`")
    return Relevance(float(stored["intercept"]), tuple(float(w) for w in stored["weights"]))


def overlap(question: Sequence[str], passage: Collection[str]) -> float:
    """Rarity-weighted share of the question's words that the passage has; 0 for a question without words."""
    weights = [rarity(token) for token in question]
    total = sum(weights)
    if total == 0:
        return 0.0
    return sum(w for token, w in zip(question, weights, strict=True) if token in passage) / total


def rarity(token: str) -> float:
    """Inverse document frequency of a stem in general French, 1 (in every passage) to about 8 (unseen)."""
    table, unseen = _rarities()
    return table.get(token, unseen)


@lru_cache(maxsize=1)
def _rarities() -> tuple[dict[str, float], float]:
    """Counted over PIAF's passages, not over our corpus: a word's weight does not move when articles come."""
    lines = resources.files("trusted_cloud_chat.data").joinpath("document_frequency.tsv").read_text("utf-8").splitlines()
    total = int(lines[0].split("\t")[1])
    counts = {token: int(count) for token, count in (line.split("\t") for line in lines[1:])}
    return {token: 1 + math.log(total / count) for token, count in counts.items()}, 1 + math.log(total)

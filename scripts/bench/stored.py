"""Measures the search among many stored questions. A vector is a random mix of two of our corpus's stored questions, with noise."""

from __future__ import annotations

import time
from importlib import resources
from typing import Any

import numpy as np

from bench.cases import timed
from bench.worker import peak_mb
from trusted_cloud_chat.index.nearest import Exact, Signs
from trusted_cloud_chat.models.embedder import unit

QUESTIONS, NEAREST, NOISE = 100, 15, 0.03


def search(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `stored` (a number) → CPU time of a search for the nearest sixty, and recall of the nearest fifteen."""
    with resources.files("trusted_cloud_chat.data").joinpath("question_vectors.npz").open("rb") as file:
        real = unit(np.load(file)["vectors"], 192)
    before = peak_mb()
    chance, count = np.random.default_rng(0), job["stored"]
    vectors = np.empty((count, real.shape[1]), np.float16)
    for start in range(0, count, 10_000):
        vectors[start : start + 10_000] = _drawn(real, min(10_000, count - start), chance)
    ids = [f"2026-01-01-un-article-compose-{n:07}@0123456789abcdef#q{n % 40}" for n in range(count)]
    searched, asked = Signs(ids, vectors), _drawn(real, QUESTIONS, chance)
    searched.query(asked[0], 60)
    took = round(peak_mb() - before)
    processor = time.process_time()
    seconds, found = timed(lambda: [searched.query(one, 60) for one in asked])
    each = (time.process_time() - processor) / QUESTIONS
    exact = Exact(ids, vectors)
    right = sum(
        len({one for one, _ in hits[:NEAREST]} & {one for one, _ in exact.query(vector, NEAREST)})
        for vector, hits in zip(asked, found, strict=True)
    )
    done = f"{each * 1000:.1f} ms CPU per search, {took} MB, {right / QUESTIONS / NEAREST:.4f} of the nearest {NEAREST}"
    return {
        "what": f"{count:,} stored questions searched",
        "seconds": seconds,
        "processor_s": each * QUESTIONS,
        "done": done,
    }


def _drawn(real: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """`(count, dim)`: random unit vectors."""
    first, second = (real[chance.integers(len(real), size=count)] for _ in range(2))
    mixed = first + chance.uniform(0, 1, (count, 1)) * second + NOISE * chance.standard_normal(first.shape)
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed.astype(np.float32)

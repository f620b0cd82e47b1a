"""Teach the kinds of questions from `training/kinds.jsonl`: `python scripts/train_kinds.py [--check]`.

Multinomial logistic regression. Prints the accuracy on each corpus left out of the fit in turn, then writes
`data/kinds.npz`, fitted on all; `--check` only prints.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from trusted_cloud_chat.question.kinds import features
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "training" / "kinds.jsonl"
STORED = ROOT / "src" / "trusted_cloud_chat" / "data" / "kinds.npz"
STRENGTH = 3.0
"""Inverse of the penalty on large weights; of 1, 3 and 10 the corpora left out are read alike (0.84)."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    rows = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]
    vectors = build_embedder(load_settings()).encode_queries([row["question"] for row in rows])
    mean = vectors.mean(axis=0)
    table = np.stack([features(row["question"], v, mean) for row, v in zip(rows, vectors, strict=True)])
    kinds, corpora = (np.array([row[key] for row in rows]) for key in ("kind", "corpus"))
    right = np.zeros(len(rows), dtype=bool)
    for corpus in sorted(set(corpora)):
        out = corpora == corpus
        right[out] = fit(table[~out], kinds[~out]).predict(table[out]) == kinds[out]
        print(f"{corpus:14} {out.sum():5} questions  accuracy {right[out].mean():.3f}")
    for kind in sorted(set(kinds)):
        print(f"{kind:14} {(kinds == kind).sum():5} questions  recall {right[kinds == kind].mean():.3f}")
    print(f"{'all':14} {len(rows):5} questions  accuracy {right.mean():.3f}")
    if not parser.parse_args().check:
        fitted = fit(table, kinds)
        arrays = {"weights": fitted.coef_, "bias": fitted.intercept_, "mean": mean}
        halves = {name: values.astype(np.float16) for name, values in arrays.items()}
        np.savez_compressed(STORED, kinds=fitted.classes_.astype(str), **halves)


def fit(table: np.ndarray, kinds: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=500).fit(table, kinds)


if __name__ == "__main__":
    main()

"""Train the question classifiers: `python scripts/train_questions.py kinds|intents [--check]`.

Multinomial logistic regression over `training/kinds.jsonl` or `training/intents.jsonl`. Prints the accuracy on each corpus, left out
of training in turn, then writes `data/kinds.npz` or `data/intents.npz`, trained on all data; `--check` only prints.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from trusted_cloud_chat.question.classifier import features
from trusted_cloud_chat.question.intents import LEAST_DOUBT, QUESTION
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

ROOT = Path(__file__).parents[1]
STORED = ROOT / "src" / "trusted_cloud_chat" / "data"
STRENGTH = 3.0
"""Inverse regularisation strength; 1, 3 and 10 give the same accuracy on the corpora left out."""
DOUBTS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)
"""Values of `LEAST_DOUBT` to compare."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("kinds", "intents"))
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    rows = kind_rows() if given.what == "kinds" else intent_rows()
    vectors = build_embedder(load_settings()).encode_queries([row["question"] for row in rows])
    mean = vectors.mean(axis=0)
    table = np.stack([features(row["question"], v, mean) for row, v in zip(rows, vectors, strict=True)])
    names, corpora = (np.array([row[key] for row in rows]) for key in ("name", "corpus"))
    classes, shares = left_out(table, names, corpora)
    report(classes[shares.argmax(axis=1)], names, corpora)
    if given.what == "intents":
        report_doubts(classes, shares, names)
    if not given.check:
        fitted = fit(table, names)
        arrays = {"weights": fitted.coef_, "bias": fitted.intercept_, "mean": mean}
        halves = {name: values.astype(np.float16) for name, values in arrays.items()}
        np.savez_compressed(STORED / f"{given.what}.npz", names=fitted.classes_.astype(str), **halves)


def kind_rows() -> list[dict[str, str]]:
    return [row | {"name": row["kind"]} for row in read("kinds")]


def intent_rows() -> list[dict[str, str]]:
    """The rows of intents; and rows of kinds as questions to the corpus: all of `evidence`, half of the others except `help`."""
    asked = [
        row for n, row in enumerate(read("kinds")) if row["kind"] == "evidence" or (n % 2 and row["kind"] != "help")
    ]
    return [*(row | {"name": row["intent"]} for row in read("intents")), *(row | {"name": QUESTION} for row in asked)]


def read(what: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (ROOT / "training" / f"{what}.jsonl").read_text("utf-8").splitlines()]


def fit(table: np.ndarray, names: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=500).fit(table, names)


def left_out(table: np.ndarray, names: np.ndarray, corpora: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns (class names, probabilities `(rows, names)`) from classifiers trained on the other corpora."""
    classes = np.array(sorted(set(names)))
    shares = np.zeros((len(names), len(classes)))
    for corpus in sorted(set(corpora)):
        out = corpora == corpus
        fitted = fit(table[~out], names[~out])
        shares[np.ix_(out, np.searchsorted(classes, fitted.classes_))] = fitted.predict_proba(table[out])
    return classes, shares


def report(told: np.ndarray, names: np.ndarray, corpora: np.ndarray) -> None:
    right = told == names
    for corpus in sorted(set(corpora)):
        line(corpus, corpora == corpus, right, "accuracy")
    for name in sorted(set(names)):
        line(name, names == name, right, "recall")
    line("all", np.ones(len(names), dtype=bool), right, "accuracy")


def line(name: str, among: np.ndarray, right: np.ndarray, measure: str) -> None:
    print(f"{name:14} {among.sum():5} questions  {measure} {right[among].mean():.3f}")


def report_doubts(classes: np.ndarray, shares: np.ndarray, names: np.ndarray) -> None:
    """Prints the effect of each minimum probability that a text is not a question to the corpus."""
    place = int(np.flatnonzero(classes == QUESTION)[0])
    doubt = 1 - shares[:, place]
    others = np.delete(classes, place)[np.delete(shares, place, axis=1).argmax(axis=1)]
    asked = names == QUESTION
    for least in DOUBTS:
        told = np.where(doubt >= least, others, QUESTION)
        right, shipped = told == names, "  (shipped)" if least == LEAST_DOUBT else ""
        figures = f"questions kept {right[asked].mean():.3f}, other intents right {right[~asked].mean():.3f}"
        print(f"doubt {least}: {figures}, not taken for a question {(told != QUESTION)[~asked].mean():.3f}{shipped}")


if __name__ == "__main__":
    main()

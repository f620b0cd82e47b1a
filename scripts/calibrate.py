"""Fit the ranking and the relevance of passages in `data/weights.json`. `scripts/calibrate_answers.py` fits the rest.

    python scripts/calibrate.py PIAF.json [--questions N]

Three families of data with equal weight, none of it reported as held out: PIAF's paragraphs with its own questions (Etalab, open
licence) and those of `training/general.jsonl`; the corpus with `training/questions.jsonl` and the gold set's dev split; the texts
of `training/texts`. Each is indexed with the product's chunking, embedder and retriever in a temporary home. Ranking: softmax
regression over the candidates of each question. Relevance: logistic regression of the best-ranked passage that answers against the
best-ranked one that does not. Cross-validated in five folds that never split an article of PIAF or of the corpus, a text or a
subject of the gold set; the shipped weights are fitted on all data.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from known_questions import WEIGHTS, Known, corpus_articles, general, gold_dev, piaf, texts, written
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from trusted_cloud_chat.index.snapshots import Snapshot
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retriever, evidence, ranking
from trusted_cloud_chat.retrieval.terms import term_weights
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat_evaluation.workbench import Workbench, set_bench

FAMILIES = {"PIAF": "PIAF", "general": "PIAF", "written": "corpus", "gold dev": "corpus", "texts": "texts"}
FOLDS = 5
PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Choice:
    """The n candidates of one question: `features` `(n, f)`, and `right` `(n,)`."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    group: str
    source: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The features of a question and a passage, and whether the passage answers."""

    features: tuple[float, ...]
    answers: bool
    group: str
    source: str


@dataclass(slots=True)
class Collected:
    passages: list[Choice]
    pairs: list[Pair]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=1000, help="maximum number per source")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = build_embedder(settings)
    found = Collected([], [])
    corpus, (pasted, on_them), (paragraphs, asked) = corpus_articles(settings), texts(), piaf(arguments.squad)
    for articles, sources in (
        (paragraphs, {"PIAF": asked, "general": general(arguments.squad)}),
        (corpus, {"written": written(corpus), "gold dev": gold_dev(corpus)}),
        (pasted, {"texts": on_them}),
    ):
        with set_bench(settings, embedder, articles, lambda *_: None) as bench:
            for source, known in sources.items():
                chosen = random.Random(1).sample(known, min(len(known), arguments.questions))
                collect(bench, embedder, tqdm(chosen, source, mininterval=30), source, found)
    found.passages = [
        replace(c, weight=w)
        for c, w in zip(found.passages, weights_of([c.source for c in found.passages]), strict=True)
    ]
    stored = json.loads(WEIGHTS.read_text()) | {
        "ranking": fit_choice("ranking", found.passages, ranking.RANKING_FEATURES),
        "relevance": fit_relevance(found.pairs),
    }
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n")


def weights_of(sources: Sequence[str]) -> list[float]:
    """A weight per question such that all families have the same total weight."""
    whole = Counter(FAMILIES[source] for source in sources)
    return [len(sources) / len(whole) / whole[FAMILIES[source]] for source in sources]


def collect(bench: Workbench, embedder: Embedder, asked: Iterable[Known], source: str, found: Collected) -> None:
    retriever = Retriever(bench.index, embedder, ranking.load_weights(), candidates=bench.settings.candidates)

    def use(snapshot: Snapshot) -> None:
        for known in asked:
            question = bench.assistant.read(known.text, turns=known.turns, today=known.today, as_of=known.as_of)
            if question.query.kind not in ("help", "evidence"):
                collect_passages(snapshot, retriever, bench.settings.candidates, known, question, source, found)

    bench.index.read(use)


def collect_passages(
    snapshot: Snapshot,
    retriever: Retriever,
    depth: int,
    known: Known,
    question: Question,
    source: str,
    found: Collected,
) -> None:
    weights = ranking.load_weights()
    embedded = retriever.embed(question)
    as_of = question.query.as_of
    near = snapshot.nearest(embedded.vector, depth, as_of)
    bm25 = dict(snapshot.matching(term_weights(question), depth, as_of))
    ids = list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *bm25]))
    candidates = snapshot.catalog.chunk_vectors(ids)
    if not candidates.ids:
        return
    table = ranking.first_step(candidates, embedded.vector, bm25)
    close = np.argsort(-table.fused, kind="stable")[: ranking.READ_CLOSELY]
    stored = snapshot.catalog.stored_chunks([candidates.ids[i] for i in close])
    matches = [ranking.match_chunk(embedded.words, stored[candidates.ids[i]]) for i in close]
    chunks = [stored[candidates.ids[i]].chunk for i in close]
    right = np.array([known.right(c.article_id, c.start, c.end) for c in chunks])
    if known.answers:
        features = ranking.ranking_features(table, close, matches)
        found.passages.append(Choice(features, right, known.group, source))
    ranked = ranking.rank(embedded.words, embedded.vector, snapshot.catalog, ids, bm25, ranking.READ_CLOSELY, weights)
    articles = snapshot.catalog.articles(r.stored.chunk.article_id for r in ranked)
    for answers in (True, False):
        for place in ranked:
            chunk = place.stored.chunk
            is_right = known.right(chunk.article_id, chunk.start, chunk.end)
            if is_right if answers else not is_right and chunk.article_id not in known.relevant:
                features_of = evidence(question, place, articles[chunk.article_id])
                found.pairs.append(Pair(features_of, answers, known.group, source))
                break


def fit_choice(name: str, choices: Sequence[Choice], features: Sequence[str]) -> dict[str, float]:
    """Softmax regression; prints how often the first candidate is right, over held-out folds."""
    folds = split([choice.group for choice in choices])
    hits: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        weights = solve([c for c in choices if folds[c.group] != fold])
        for choice in (c for c in choices if folds[c.group] == fold):
            hits.setdefault(choice.source, []).append(bool(choice.right[np.argmax(choice.features @ weights)]))
    weights = solve(choices)
    print(f"{name}: first candidate right, held out:", {source: round(np.mean(hit), 4) for source, hit in hits.items()})
    print(dict(zip(features, weights.round(3).tolist(), strict=True)))
    return {feature: round(float(w), 4) for feature, w in zip(features, weights, strict=True)}


def solve(choices: Sequence[Choice]) -> NDArray[np.float64]:
    used = [c for c in choices if c.right.any()]
    shares_of = np.array([c.weight for c in used])
    shares_of = shares_of / shares_of.sum()
    width = max(len(c.right) for c in used)
    count = used[0].features.shape[1]
    features = np.zeros((len(used), width, count))
    allowed = np.full((len(used), width), -1e9)
    right = np.zeros((len(used), width))
    for row, choice in enumerate(used):
        n = len(choice.right)
        features[row, :n], allowed[row, :n] = choice.features, 0.0
        right[row, :n] = choice.right / choice.right.sum()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights + allowed
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        value = -np.sum(shares_of[:, None] * right * np.log(np.maximum(shares, 1e-12))) + PENALTY * weights @ weights
        gradient = np.einsum("rwf,rw->f", features, shares_of[:, None] * (shares - right)) + 2 * PENALTY * weights
        return float(value), gradient

    found: NDArray[np.float64] = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B").x
    return found


def fit_relevance(pairs: Sequence[Pair]) -> dict[str, float]:
    """Logistic regression; prints the area under the curve and the error sum over held-out folds."""
    features = np.array([pair.features for pair in pairs])
    right = np.array([pair.answers for pair in pairs])
    weight = np.array(weights_of([pair.source for pair in pairs]))
    folds = split([pair.group for pair in pairs])
    fold_of = np.array([folds[pair.group] for pair in pairs])
    held_out = np.zeros(len(pairs))
    for fold in range(FOLDS):
        train, test = fold_of != fold, fold_of == fold
        model = LogisticRegression(C=10.0, max_iter=5000).fit(features[train], right[train], weight[train])
        held_out[test] = model.predict_proba(features[test])[:, 1]
    for name in FAMILIES:
        rows = [pair.source == name for pair in pairs]
        scores, truth = held_out[rows], right[rows]
        errors = np.mean(scores[~truth] >= 0.5) + np.mean(scores[truth] < 0.5)
        print(f"relevance, {name}: AUC held out {roc_auc_score(truth, scores):.4f}, error sum at 0.5: {errors:.4f}")
    model = LogisticRegression(C=10.0, max_iter=5000).fit(features, right, weight)
    weights = dict(zip(ranking.RELEVANCE_FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    print(weights)
    return {"intercept": round(float(model.intercept_[0]), 4)} | weights


def split(groups: Sequence[str]) -> dict[str, int]:
    names = sorted(set(groups))
    random.Random(0).shuffle(names)
    return {name: position % FOLDS for position, name in enumerate(names)}


if __name__ == "__main__":
    main()

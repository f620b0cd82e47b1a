"""Fit `data/weights.json`: the order of passages and their relevance. `scripts/calibrate_answers.py` fits the rest.

    python scripts/calibrate.py PIAF.json [--questions N]

Two sources, and nothing of what is reported as held out: PIAF's training questions (Etalab, open licence), and the
dev split of `evaluation/questions.jsonl`, each question of which counts as several of PIAF's. Both are indexed with the
product's own chunking, embedder and retriever in a temporary home. Ranking: softmax regression over the candidates of each
question. Relevance: logistic regression, the passage that answers against the best-ranked passage
that does not. Cross-validated in five folds that never split an article of PIAF or a subject of the gold set; what is
shipped is fitted on all of it.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from trusted_cloud_chat import ranking
from trusted_cloud_chat.corpus import corpus_files, read_article, version_of
from trusted_cloud_chat.corpus.articles import first_sentence
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.index import Index, open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.reading import Snapshot
from trusted_cloud_chat.indexing import fingerprint_of, to_lexical
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.retrieval import Retriever, evidence
from trusted_cloud_chat.schema import Article, Turn
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.staging import embed_articles
from trusted_cloud_chat.terms import term_weights
from trusted_cloud_chat.understanding import Understanding, understand
from trusted_cloud_chat.wiring import build_embedder

TARGET = Path(__file__).parents[1] / "src/trusted_cloud_chat/data/weights.json"
GOLD = Path(__file__).parents[1] / "evaluation/questions.jsonl"
GOLD_WEIGHT = 6.0
FOLDS = 5
PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Case:
    """A question and where its answers stand: (article id, start, end) of each right sentence or answer."""

    understood: Understanding
    answers: tuple[tuple[str, int, int], ...]
    group: str
    """PIAF's article or the gold set's subject: folds never split one."""
    weight: float
    other: Callable[[str], bool]
    """Whether an article certainly does not answer."""

    def right(self, article_id: str, start: int, end: int) -> bool:
        return any(i == article_id and a < end and start < b for i, a, b in self.answers)


@dataclass(frozen=True, slots=True)
class Choice:
    """One question's candidates: `features` `(n, f)`, which of them are right."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    group: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage that answers it or not."""

    features: tuple[float, ...]
    answers: bool
    group: str
    weight: float


@dataclass(slots=True)
class Collected:
    passages: list[Choice]
    pairs: list[Pair]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=6000)
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = build_embedder(settings)
    found = Collected([], [])
    for articles, cases in (piaf(arguments.squad, arguments.questions), gold(settings)):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            index_articles(home, articles, embedder, settings)
            index = Index(home, fingerprint_of(embedder, settings.chunk_tokens))
            collect(index, embedder, settings, cases, found)
            index.close()
    stored = json.loads(TARGET.read_text()) | {
        "ranking": fit_choice("ranking", found.passages, ranking.RANKING_FEATURES),
        "relevance": fit_relevance(found.pairs),
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n")


def piaf(path: Path, most: int) -> tuple[list[Article], list[Case]]:
    """Each distinct paragraph as an article, and `most` of the questions that have an answer."""
    articles: dict[str, Article] = {}
    asked = []
    for entry in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in entry["paragraphs"]:
            text, title = paragraph["context"], first_sentence(paragraph["context"])
            version = version_of(text, title, None)
            article = articles.setdefault(text, Article(f"p{len(articles)}", version, title, text, None))
            asked += [(qa, article.article_id, entry["title"]) for qa in paragraph["qas"] if qa["answers"]]
    random.Random(1).shuffle(asked)
    nobody = EntityBook([])
    cases = []
    for qa, article_id, title in asked[:most]:
        start, length = qa["answers"][0]["answer_start"], len(qa["answers"][0]["text"])
        understood = understand(qa["question"], today=date(2026, 1, 1), entities=nobody)
        cases.append(
            Case(understood, ((article_id, start, start + length),), title, 1.0, lambda i, own=article_id: i != own)
        )
    return list(articles.values()), cases


def gold(settings: Settings) -> tuple[list[Article], list[Case]]:
    """The corpus, and the dev split of the gold set."""
    articles = [
        read_article(f.path, f.root, allow_undated=False, today=date.today()) for f in corpus_files(settings.corpus)
    ]
    texts = {article.article_id: article.text for article in articles}
    lines = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    today, entities = date.fromisoformat(lines[0]["today"]), load_entities()
    cases = []
    for line in lines[1:]:
        if line["split"] != "dev" or line["kind"] == "out_of_domain":
            continue
        as_of = PartialDate.parse(line["as_of"]).last_day if line["as_of"] else None
        turns = [Turn(turn["question"]) for turn in line["turns"]]
        understood = understand(line["question"], turns=turns, today=today, as_of=as_of, entities=entities)
        answers: list[tuple[str, int, int]] = []
        for quote in line["quotes"] if line["refusal"] is None else []:
            start = texts[quote["article_id"]].find(quote["quote"])
            answers.append((quote["article_id"], start, start + len(quote["quote"])))
        known = set(line["relevant"])
        cases.append(Case(understood, tuple(answers), line["subject"], GOLD_WEIGHT, lambda i, k=known: i not in k))
    return articles, cases


def index_articles(home: Path, articles: Sequence[Article], embedder: Embedder, settings: Settings) -> None:
    versions = [LiveVersion(article, in_corpus=True) for article in articles]
    with open_writer(home, fingerprint_of(embedder, settings.chunk_tokens), to_lexical) as writer:
        for batch in embed_articles(versions, embedder, settings.chunk_tokens):
            writer.stage(batch)
        writer.commit(versions, [], [])


def collect(index: Index, embedder: Embedder, settings: Settings, cases: Sequence[Case], found: Collected) -> None:
    weights = ranking.load_weights()
    retriever = Retriever(index, embedder, weights, candidates=settings.candidates)

    def use(snapshot: Snapshot) -> None:
        for case in cases:
            collect_passages(snapshot, retriever, settings, case, weights, found)

    index.read(use)


def collect_passages(
    snapshot: Snapshot, retriever: Retriever, settings: Settings, case: Case, weights: ranking.Weights, found: Collected
) -> None:
    embedded = retriever.embed(case.understood)
    as_of = case.understood.query.as_of
    near = snapshot.nearest(embedded.vector, settings.candidates, as_of)
    bm25 = dict(snapshot.matching(term_weights(case.understood), settings.candidates, as_of))
    ids = list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *bm25]))
    stored = snapshot.catalog.stored_chunks(ids)
    candidates = [stored[chunk_id] for chunk_id in ids]
    table = ranking.first_step(candidates, embedded.vector, bm25)
    close = np.argsort(-table.fused, kind="stable")[: ranking.READ_CLOSELY]
    matches = [ranking.match_chunk(embedded.words, candidates[i]) for i in close]
    chunks = [candidates[i].chunk for i in close]
    right = np.array([case.right(c.article_id, c.start, c.end) for c in chunks])
    if case.answers:
        features = ranking.ranking_features(table, close, matches)
        found.passages.append(Choice(features, right, case.group, case.weight))
    ranked = ranking.rank(embedded.words, embedded.vector, candidates, bm25, ranking.READ_CLOSELY, weights)
    articles = snapshot.catalog.articles(r.stored.chunk.article_id for r in ranked)
    for answers in (True, False):
        for place in ranked:
            chunk = place.stored.chunk
            is_right = case.right(chunk.article_id, chunk.start, chunk.end)
            if is_right if answers else not is_right and case.other(chunk.article_id):
                known = evidence(case.understood, place, articles[chunk.article_id])
                found.pairs.append(Pair(known, answers, case.group, case.weight))
                break


def fit_choice(name: str, choices: Sequence[Choice], features: Sequence[str]) -> dict[str, float]:
    """Softmax regression; prints how often the first place is right, over held-out folds."""
    folds = split([choice.group for choice in choices])
    hits: list[tuple[bool, float]] = []
    for fold in range(FOLDS):
        weights = solve([c for c in choices if folds[c.group] != fold])
        held_out = [c for c in choices if folds[c.group] == fold]
        hits += [(bool(c.right[np.argmax(c.features @ weights)]), c.weight) for c in held_out]
    weights = solve(choices)
    rates = [np.mean([hit for hit, weight in hits if (weight == 1.0) == is_piaf]) for is_piaf in (True, False)]
    print(f"{name}: right in first place, held out: PIAF {rates[0]:.4f}, gold dev {rates[1]:.4f}")
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
    weight = np.array([pair.weight for pair in pairs])
    folds = split([pair.group for pair in pairs])
    fold_of = np.array([folds[pair.group] for pair in pairs])
    held_out = np.zeros(len(pairs))
    for fold in range(FOLDS):
        train, test = fold_of != fold, fold_of == fold
        model = LogisticRegression(C=10.0, max_iter=5000).fit(features[train], right[train], weight[train])
        held_out[test] = model.predict_proba(features[test])[:, 1]
    for name, rows in (("PIAF", weight == 1.0), ("gold dev", weight != 1.0)):
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

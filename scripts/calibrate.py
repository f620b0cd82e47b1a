"""Fit `data/weights.json`: the order of passages, their relevance, and the choice of sentences.

    python scripts/calibrate.py PIAF.json [--questions N]

PIAF (Etalab, open licence) is indexed with the product's own chunking, embedder and retriever in a temporary home.
Ranking and sentences: softmax regression over the candidates of each question. Relevance: logistic regression, the
passage that answers against the best-ranked passage that does not. Cross-validated over PIAF's articles, in five
folds; what is shipped is fitted on all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from trusted_cloud_chat import ranking
from trusted_cloud_chat.answering import selection
from trusted_cloud_chat.corpus import version_of
from trusted_cloud_chat.corpus.articles import first_sentence
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index, open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.reading import Snapshot
from trusted_cloud_chat.indexing import embed_articles, fingerprint_of, to_lexical
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.retrieval import Retriever, term_weights
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.understanding import understand
from trusted_cloud_chat.wiring import build_embedder

TARGET = Path(__file__).parents[1] / "src/trusted_cloud_chat/data/weights.json"
FOLDS = 5
PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    article_id: str
    answer: str
    start: int
    group: str
    """PIAF's article: folds never split one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question's candidates: `features` `(n, f)`, which of them are right."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    group: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=6000)
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = build_embedder(settings)
    articles, questions = read_squad(arguments.squad)
    random.Random(1).shuffle(questions)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        index_articles(home, articles, embedder, settings)
        index = Index(home, fingerprint_of(embedder, settings.chunk_tokens))
        passages, pairs, sentences = collect(index, embedder, settings, questions[: arguments.questions])
        index.close()
    stored = {
        "ranking": fit_choice("ranking", passages, ranking.RANKING_FEATURES),
        "relevance": fit_relevance(pairs),
        "sentences": fit_choice("sentences", sentences, selection.SENTENCE_FEATURES),
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n")


def read_squad(path: Path) -> tuple[list[Article], list[Question]]:
    """Each distinct paragraph as an article, and the questions that have an answer."""
    articles: dict[str, Article] = {}
    questions = []
    for entry in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in entry["paragraphs"]:
            text, title = paragraph["context"], first_sentence(paragraph["context"])
            article = articles.setdefault(
                text, Article(f"p{len(articles)}", version_of(text, title, None), title, text, None)
            )
            for qa in paragraph["qas"]:
                if qa["answers"]:
                    answer = qa["answers"][0]
                    questions.append(
                        Question(
                            qa["question"], article.article_id, answer["text"], answer["answer_start"], entry["title"]
                        )
                    )
    return list(articles.values()), questions


def index_articles(home: Path, articles: Sequence[Article], embedder: Embedder, settings: Settings) -> None:
    versions = [LiveVersion(article, in_corpus=True) for article in articles]
    with open_writer(home, fingerprint_of(embedder, settings.chunk_tokens), to_lexical) as writer:
        for version, chunks in embed_articles(versions, embedder, settings.chunk_tokens):
            writer.stage(version.article, chunks, in_corpus=True)
        writer.commit(versions, [], [])


def collect(
    index: Index, embedder: Embedder, settings: Settings, questions: Sequence[Question]
) -> tuple[list[Choice], list[tuple[tuple[float, ...], bool, str]], list[Choice]]:
    retriever = Retriever(index, embedder, ranking.load_weights(), candidates=settings.candidates)
    entities = EntityBook([])
    passages: list[Choice] = []
    pairs: list[tuple[tuple[float, ...], bool, str]] = []
    sentences: list[Choice] = []

    def use(snapshot: Snapshot) -> None:
        for question in questions:
            understood = understand(question.text, today=date(2026, 1, 1), entities=entities)
            embedded = retriever.embed(understood)
            near = snapshot.nearest(embedded.vector, settings.candidates)
            bm25 = dict(snapshot.matching(term_weights(understood), settings.candidates))
            ids = list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *bm25]))
            stored = snapshot.catalog.stored_chunks(ids)
            candidates = [stored[chunk_id] for chunk_id in ids]
            table = ranking.first_step(candidates, embedded.vector, bm25)
            close = np.argsort(-table.fused, kind="stable")[: ranking.READ_CLOSELY]
            matches = [ranking.match_chunk(embedded.words, candidates[i]) for i in close]
            right = np.array([holds(candidates[i].chunk, question) for i in close])
            features = ranking.ranking_features(table, close, matches)
            passages.append(Choice(features, right, question.group))
            order = np.argsort(-ranking.second_step(table, close, matches, ranking.load_weights()), kind="stable")
            same = np.array([candidates[i].chunk.article_id == question.article_id for i in close])
            for wanted in (right, ~same):
                place = next((p for p in order if wanted[p]), None)
                if place is not None:
                    i = close[place]
                    known = ranking.relevance_features(
                        float(table.cosine[i]), float(table.best_sentence[i]), matches[place]
                    )
                    pairs.append((known, bool(right[place]), question.group))
        for question in questions:
            understood = understand(question.text, today=date(2026, 1, 1), entities=entities)
            found = retriever.retrieve(understood, 8).passages
            candidates_ = [(p, i) for p in found for i in range(len(p.chunk.sentences))]
            if candidates_:
                right = np.array(
                    [
                        p.article.article_id == question.article_id
                        and p.chunk.sentences[i].start <= question.start < p.chunk.sentences[i].end
                        for p, i in candidates_
                    ]
                )
                sentences.append(Choice(selection.sentence_features(understood, candidates_), right, question.group))

    index.read(use)
    return passages, pairs, sentences


def holds(chunk: object, question: Question) -> bool:
    return (
        chunk.article_id == question.article_id  # type: ignore[attr-defined]
        and chunk.start <= question.start < chunk.end  # type: ignore[attr-defined]
    )


def fit_choice(name: str, choices: Sequence[Choice], features: Sequence[str]) -> dict[str, float]:
    """Softmax regression; prints how often the first place is right, over held-out folds."""
    folds = split([choice.group for choice in choices])
    hits = []
    for fold in range(FOLDS):
        weights = solve([c for c in choices if folds[c.group] != fold])
        held_out = [c for c in choices if folds[c.group] == fold]
        hits.append(np.mean([bool(c.right[np.argmax(c.features @ weights)]) for c in held_out]))
    weights = solve(choices)
    print(
        f"{name}: right in first place, held out: {np.mean(hits):.4f}",
        dict(zip(features, weights.round(3), strict=True)),
    )
    return {feature: round(float(w), 4) for feature, w in zip(features, weights, strict=True)}


def solve(choices: Sequence[Choice]) -> NDArray[np.float64]:
    used = [c for c in choices if c.right.any()]
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
        value = -np.sum(right * np.log(np.maximum(shares, 1e-12))) / len(used) + PENALTY * weights @ weights
        gradient = np.einsum("rwf,rw->f", features, shares - right) / len(used) + 2 * PENALTY * weights
        return float(value), gradient

    found: NDArray[np.float64] = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B").x
    return found


def fit_relevance(pairs: Sequence[tuple[tuple[float, ...], bool, str]]) -> dict[str, float]:
    """Logistic regression; prints the area under the curve over held-out folds."""
    features = np.array([known for known, _, _ in pairs])
    right = np.array([answers for _, answers, _ in pairs])
    folds = split([group for _, _, group in pairs])
    fold_of = np.array([folds[group] for _, _, group in pairs])
    areas, errors = [], []
    for fold in range(FOLDS):
        model = LogisticRegression(C=100.0, max_iter=5000).fit(features[fold_of != fold], right[fold_of != fold])
        scores = model.predict_proba(features[fold_of == fold])[:, 1]
        truth = right[fold_of == fold]
        areas.append(roc_auc_score(truth, scores))
        errors.append(np.mean(scores[~truth] >= 0.5) + np.mean(scores[truth] < 0.5))
    model = LogisticRegression(C=100.0, max_iter=5000).fit(features, right)
    print(f"relevance: AUC held out {np.mean(areas):.4f}, error sum at 0.5: {np.mean(errors):.4f}")
    weights = dict(zip(ranking.RELEVANCE_FEATURES, model.coef_[0], strict=True))
    print(weights)
    return {"intercept": round(float(model.intercept_[0]), 4)} | {n: round(float(w), 4) for n, w in weights.items()}


def split(groups: Sequence[str]) -> dict[str, int]:
    names = sorted(set(groups))
    random.Random(0).shuffle(names)
    return {name: position % FOLDS for position, name in enumerate(names)}


if __name__ == "__main__":
    main()

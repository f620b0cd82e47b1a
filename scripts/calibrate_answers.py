"""Fit the choice of sentences and the confidence of answers in `data/weights.json`, after `scripts/calibrate.py`.

    python scripts/calibrate_answers.py PIAF.json [--questions N]

On what the reader did not learn from: the fifth of PIAF's articles that `scripts/train_reader.py` holds out, and the dev
split of the gold set, each question of which counts as several of PIAF's. Sentences: softmax regression over those of the
passages read. Confidence: logistic regression over each question with the passages that the product finds, against
questions that nothing answers and the same questions with the passages that answer them taken away. Five folds that
never split an article of PIAF or a subject of the gold set; what is shipped is fitted on all of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from calibrate import FOLDS, GOLD, GOLD_WEIGHT, TARGET, Choice, fit_choice, split
from reader_data import held_out
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score

from trusted_cloud_chat.answering.confidence import CONFIDENCE_FEATURES, confidence_features
from trusted_cloud_chat.answering.reading import PassageReader, read_passages
from trusted_cloud_chat.answering.selection import SENTENCE_FEATURES, rank_sentences, sentence_features
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.evaluation.squad import read_squad
from trusted_cloud_chat.evaluation.workbench import SET_DAY, Workbench, corpus_bench, make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.schema import Passage, Turn
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.wiring import build_embedder

DEPTH = 16
"""Passages found, among which some are taken away."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages that the product reads for it."""

    understood: Understanding
    passages: tuple[Passage, ...]
    answers: tuple[tuple[str, int, int], ...]
    """(article, start, end) of what answers; none where nothing does."""
    group: str
    weight: float

    def right(self, passage: Passage, index: int) -> bool:
        span = passage.chunk.sentences[index]
        return any(i == passage.article.article_id and a < span.end and span.start < b for i, a, b in self.answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=2000)
    arguments = parser.parse_args()
    settings = load_settings()
    embedder, reader = build_embedder(settings), load_reader(settings.home, settings.threads)
    cases = [
        *piaf(settings, embedder, reader, arguments.squad, arguments.questions),
        *gold(settings, embedder, reader),
    ]
    stored = json.loads(TARGET.read_text())
    choices = [_choice(case) for case in cases if case.answers]
    stored["sentences"] = fit_choice("sentences", choices, SENTENCE_FEATURES)
    weights = Weights(stored["ranking"], stored["relevance"], stored["sentences"], {})
    stored["confidence"] = fit_confidence(cases, weights, load_entities(settings.aliases))
    TARGET.write_text(json.dumps(stored, indent=1) + "\n")


def piaf(settings: Settings, embedder: Embedder, reader: PassageReader, path: Path, most: int) -> Iterator[Case]:
    """Each held-out question twice: as it is, and with its passage taken away."""
    squad = read_squad(path)
    articles = [make_article(c.id, c.title, c.text) for c in squad.contexts]
    asked = [question for question in squad.questions if held_out(question.context.title)][:most]
    with set_bench(settings, embedder, articles, lambda *_: None) as bench:
        for question in asked:
            span = question.spans[0]
            answers = ((question.context.id, span.start, span.end),)
            yield from _both(bench, reader, question.text, answers, {question.context.id}, question.context.title, 1.0)


def gold(settings: Settings, embedder: Embedder, reader: PassageReader) -> Iterator[Case]:
    """The dev split; a question that is answered also with every article that answers taken away."""
    lines = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    today = date.fromisoformat(lines[0]["today"])
    with corpus_bench(settings, embedder, today, lambda *_: None) as bench:
        for line in lines[1:]:
            if line["split"] != "dev":
                continue
            answers = []
            for quote in line["quotes"] if line["refusal"] is None else []:
                article = bench.assistant.article(quote["article_id"])
                start = article.text.find(quote["quote"]) if article else 0
                answers.append((quote["article_id"], start, start + len(quote["quote"])))
            as_of = PartialDate.parse(line["as_of"]).last_day if line["as_of"] else None
            yield from _both(
                bench, reader, line["question"], tuple(answers), set(line["relevant"]), line["subject"], GOLD_WEIGHT,
                turns=[Turn(turn["question"]) for turn in line["turns"]], today=today, as_of=as_of,
            )  # fmt: skip


def _both(
    bench: Workbench,
    reader: PassageReader,
    question: str,
    answers: tuple[tuple[str, int, int], ...],
    relevant: set[str],
    group: str,
    weight: float,
    *,
    turns: Sequence[Turn] = (),
    today: date = SET_DAY,
    as_of: date | None = None,
) -> Iterator[Case]:
    understood = bench.assistant.understand(question, turns=turns, today=today, as_of=as_of)
    found = bench.search(question, DEPTH, turns=turns, today=today, as_of=as_of)
    if found is None:
        return
    without = tuple(p for p in found.passages if p.article.article_id not in relevant)
    kept = bench.settings.passages
    text = understood.query.text
    yield Case(understood, read_passages(reader, text, found.passages[:kept]), answers, group, weight)
    if answers and without:
        yield Case(understood, read_passages(reader, text, without[:kept]), (), group, weight / 2)


def _choice(case: Case) -> Choice:
    pairs = [(p, i) for p in case.passages if p.reading for i in range(len(p.chunk.sentences))]
    right = np.array([case.right(p, i) for p, i in pairs])
    return Choice(sentence_features(case.understood, pairs), right, case.group, case.weight)


def fit_confidence(cases: Sequence[Case], weights: Weights, entities: EntityBook) -> dict[str, float]:
    """Logistic regression; prints how well held-out folds are told apart."""
    rows = [
        (confidence_features(c.understood, c.passages, rank_sentences(c.understood, c.passages, weights), entities), c)
        for c in cases
    ]
    known = [(found, case) for found, case in rows if found is not None]
    features = np.array([found for found, _ in known])
    truth = np.array([bool(case.answers) for _, case in known])
    weight = np.array([case.weight for _, case in known])
    folds = split([case.group for _, case in known])
    fold_of = np.array([folds[case.group] for _, case in known])
    scores = np.zeros(len(known))
    for fold in range(FOLDS):
        train, test = fold_of != fold, fold_of == fold
        model = LogisticRegression(C=10.0, max_iter=5000).fit(features[train], truth[train], weight[train])
        scores[test] = model.predict_proba(features[test])[:, 1]
    asked_as_is = np.array([case.weight in (1.0, GOLD_WEIGHT) for _, case in known])
    for name, chosen in (("PIAF", weight < 2), ("gold dev", (weight > 2) & asked_as_is)):
        _report(name, scores[chosen], truth[chosen])
    model = LogisticRegression(C=10.0, max_iter=5000).fit(features, truth, weight)
    found = dict(zip(CONFIDENCE_FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    print(found)
    return {"intercept": round(float(model.intercept_[0]), 4)} | found


def _report(name: str, scores: np.ndarray, truth: np.ndarray) -> None:
    steps = np.arange(5, 96) / 100
    errors = [np.mean(scores[~truth] >= t) + np.mean(scores[truth] < t) for t in steps]
    macro = [f1_score(truth, scores >= t, average="macro") for t in steps]
    print(
        f"confidence, {name}: AUC held out {roc_auc_score(truth, scores):.4f}; least error sum {min(errors):.3f} at "
        f"{steps[int(np.argmin(errors))]:.2f}; best F1-macro {max(macro):.3f} at {steps[int(np.argmax(macro))]:.2f}"
    )


if __name__ == "__main__":
    main()

"""Fit the weights of stored questions, `asked` and `confidence_asked` in `data/weights.json`, after `scripts/fit_questions.py`.

    python scripts/fit_evidence.py [--most N]

The questions are those of `training/fit.jsonl`, written without sight of any stored question, over one index of the corpus with its
sidecars and the plain texts of `training/texts`. Stored questions that nearly equal one of these or of the gold set (Jaccard 0.6
over stems) are counted and left out. First it prints the cosine from which the nearest stored question has the same answer; copy it
to `ANSWERED_BY` in `retrieval/stored_questions.py`. Then it fits in three steps, each with the result of the previous one: the weight
of the votes in the ranking of passages (the best of a few values by reciprocal rank), in the ranking of sentences (softmax
regression beside the current score, whose weight stays) and in the confidence. The printed figures are cross-validated; near-alike
questions share a fold. They are still optimistic, since the features were chosen on the same data.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from calibrate import Choice, solve
from known_questions import GOLD, ROOT, TEXTS, WEIGHTS, Known, _spans
from sklearn.metrics import f1_score, roc_auc_score
from tqdm import tqdm

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.evidence.confidence import asked_features
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import VOTE_FEATURES, vote_features
from trusted_cloud_chat.question.intents import QUESTION
from trusted_cloud_chat.retrieval.ranking import Weights, load_weights
from trusted_cloud_chat.schema import EVERYTHING, Article, Turn
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.trace import Trace
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat_evaluation.cases import read_questions
from trusted_cloud_chat_evaluation.matching import alike, nearly_one_of, stems
from trusted_cloud_chat_evaluation.styles_run import read_texts
from trusted_cloud_chat_evaluation.workbench import Workbench, set_bench

FIT = ROOT / "training/fit.jsonl"
FOLDS = 5
SHOWN = 4
PASSAGE_WEIGHTS = (0.0, 6.0, 10.0, 14.0)
LIKENESS_WEIGHTS = [
    (own, near, to) for own in (0.7, 0.8, 0.9, 1.0) for near in range(9) for to in np.arange(-15, 1) / 10
]
NEUTRAL = {"intercept": 0.0, "unasked": 1.0, "nearer": 0.0, "follows": 0.0}
FOLLOWS = 0.6
"""Chosen on 50 follow-ups: with it, five more are answered correctly and two more incorrectly."""


@dataclass(frozen=True, slots=True)
class Case:
    known: Known
    kind: str
    evidence: Evidence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="maximum number of questions, evenly spread")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = build_embedder(settings)
    corpus = enriched_corpus(settings.corpus)
    plain, _ = read_texts(TEXTS)
    asked = fit_questions([*corpus, *plain])
    asked = asked[:: max(1, len(asked) // arguments.most)]
    corpus = without_alike(corpus, [known.text for known, _ in asked])
    folds = folds_of([known for known, _ in asked])
    stored = json.loads(WEIGHTS.read_text()) | {"asked": {}, "confidence_asked": NEUTRAL}
    with set_bench(settings, embedder, [*corpus, *plain], lambda *_: None) as bench:
        texts = {article.article_id for article in plain}
        print_answered_by(bench, [known for known, _ in asked if not known.relevant & texts], folds)
        stored["asked"] = {"passage": best_for_passages(bench, asked, stored), **dict.fromkeys(VOTE_FEATURES, 0.0)}
        cases = list(gathered(bench, asked, stored))
        stored["asked"] |= fit_sentences(cases, folds)
        cases = list(gathered(bench, asked, stored))
        stored["confidence_asked"] = fit_confidence(cases, folds, settings.refusal_threshold)
    report(cases)
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n")


def enriched_corpus(folder: Path) -> list[Article]:
    book, found = load_entities(), []
    for file in corpus_files(folder):
        article = read_article(file.path, file.root, allow_undated=False, today=date.today())
        found += Enricher(book)([article], file.path, file.root, [])
    return found


def fit_questions(articles: Sequence[Article]) -> list[tuple[Known, str]]:
    texts = {article.article_id: article.text for article in articles}
    asked = []
    for row in map(json.loads, FIT.read_text("utf-8").splitlines()):
        quotes = [] if row["unanswerable"] else [(q["article_id"], q["quote"]) for q in row["quotes"]]
        answers = _spans(texts, quotes)
        turns = tuple(Turn(turn["question"], turn.get("answer", "")) for turn in row["turns"])
        relevant = frozenset(article_id for article_id, _, _ in answers)
        day = date.fromisoformat(row["today"])
        kind = "unanswerable" if row["unanswerable"] else ("follow_up" if turns else row["kind"])
        kind = f"{kind}, {row['language']}"
        asked.append((Known(row["question"], row["question"], answers, relevant, turns=turns, today=day), kind))
    return asked


def without_alike(articles: Sequence[Article], asked: Sequence[str]) -> list[Article]:
    """`articles` without the stored questions that nearly equal one of `asked` or of the gold set."""
    gold = [case.question for case in read_questions(GOLD).cases]
    known = nearly_one_of([*asked, *gold])
    count, kept = 0, []
    for article in articles:
        if article.enrichment is None:
            kept.append(article)
            continue
        statements = []
        for statement in article.enrichment.statements:
            questions = tuple(question for question in statement.questions if not known(question))
            count += len(statement.questions) - len(questions)
            statements.append(replace(statement, questions=questions))
        absent = tuple(question for question in article.enrichment.absent if not known(question))
        count += len(article.enrichment.absent) - len(absent)
        kept.append(
            replace(article, enrichment=replace(article.enrichment, statements=tuple(statements), absent=absent))
        )
    print(f"{count} stored questions are left out, since they nearly equal a question that is asked")
    return kept


def folds_of(asked: Sequence[Known]) -> dict[Known, int]:
    """The fold of each question; near-alike questions share a fold."""
    kept: list[tuple[frozenset[str], int]] = []
    folds = {}
    for number, known in enumerate(asked):
        own = stems(known.text)
        folds[known] = next((fold for words, fold in kept if alike(own, words)), number % FOLDS)
        kept.append((own, folds[known]))
    return folds


def weights_of(stored: dict) -> Weights:
    return replace(load_weights(), asked=stored["asked"], confidence_asked=stored["confidence_asked"])


def use(bench: Workbench, weights: Weights) -> None:
    """Sets the weights of the bench's assistant."""
    assistant = bench.assistant
    assistant._weights = assistant._retriever._weights = assistant._gatherer._weights = weights
    assistant._talk = replace(assistant._talk, weights=weights)


def print_answered_by(bench: Workbench, asked: Sequence[Known], folds: dict[Known, int]) -> None:
    """Prints the cosine that best separates nearest stored questions with the same answer from others, by balanced accuracy."""
    near = [(cosine, same, folds[known]) for known in asked for cosine, same in _nearest_stored(bench, known)]
    cosines, same, fold_of = map(np.array, zip(*near, strict=True))
    steps = np.arange(50, 96) / 100

    def shares(among: np.ndarray) -> np.ndarray:
        """Balanced accuracy at each step."""
        found = [(np.mean(cosines[among & same] >= step), np.mean(cosines[among & ~same] < step)) for step in steps]
        return np.mean(found, axis=1)

    held = []
    for fold in range(FOLDS):
        best = int(np.argmax(shares(fold_of != fold)))
        held.append(shares(fold_of == fold)[best])
    every = shares(fold_of >= 0)
    print(
        f"answered by: {steps[np.argmax(every)]:.2f}, balanced accuracy {np.mean(held):.3f} on folds left out, at 0.80 "
        f"{every[30]:.3f}, area {roc_auc_score(same, cosines):.3f}, share with the same answer {np.mean(same):.2f} of {len(near)} questions"
    )


def _nearest_stored(bench: Workbench, known: Known) -> Iterator[tuple[float, bool]]:
    """The cosine of the nearest stored question, and whether it has the same answer."""
    retriever = bench.assistant._retriever
    read = bench.assistant.read(known.text, turns=known.turns, today=known.today)
    mapped = retriever.embed(read).mapped
    assert mapped is not None
    for stored, cosine in bench.index.read(lambda snapshot: snapshot.asked(mapped, 1, "answered")):
        spans = ((stored.article_id, span.start, span.end) for span in stored.spans)
        yield cosine, any(known.right(*span) for span in spans)


def best_for_passages(bench: Workbench, asked: Sequence[tuple[Known, str]], stored: dict) -> float:
    shares = {}
    for value in PASSAGE_WEIGHTS:
        use(bench, weights_of(stored | {"asked": {"passage": value, **dict.fromkeys(VOTE_FEATURES, 0.0)}}))
        ranks = []
        for known, _ in asked:
            if known.answers and (found := bench.search(known.text, SHOWN, turns=known.turns, today=known.today)):
                right = [known.right(p.article.article_id, p.chunk.start, p.chunk.end) for p in found.passages]
                ranks.append(right.index(True) + 1 if True in right else 0)
        shares[value] = float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))
        at = {k: np.mean([0 < rank <= k for rank in ranks]) for k in (1, SHOWN)}
        print(f"passages, weight {value}: first {at[1]:.3f}, among {SHOWN} {at[SHOWN]:.3f}, mrr {shares[value]:.3f}")
    best = max(shares.values())
    return min(value for value, share in shares.items() if share > best - 0.002)


def gathered(bench: Workbench, asked: Sequence[tuple[Known, str]], stored: dict) -> Iterator[Case]:
    use(bench, weights_of(stored))
    for known, kind in tqdm(asked, mininterval=30):
        read = bench.assistant.read(known.text, turns=known.turns, today=known.today)
        if read.query.intent == QUESTION:
            last = partial(bench.assistant._before, known.turns, known.today, None, EVERYTHING)
            evidence = bench.assistant._talk.evidence(read, last, Trace(), None, None)
            if evidence.ranked:
                yield Case(known, kind, evidence)


def fit_sentences(cases: Sequence[Case], folds: dict[Known, int]) -> dict[str, float]:
    choices = []
    for case in cases:
        pairs = [(one.passage, one.number) for one in case.evidence.ranked]
        before = np.array([one.score for one in case.evidence.ranked], dtype=np.float32)
        right = np.array(
            [
                case.known.right(one.passage.article.article_id, one.span.start, one.span.end)
                for one in case.evidence.ranked
            ]
        )
        features = np.column_stack([before, vote_features(pairs)])
        choices.append(Choice(features, right, case.known.group, "fit"))
    own = [folds[case.known] for case in cases]
    hits, plain = [], []
    for fold in range(FOLDS):
        weights = solve([c for c, n in zip(choices, own, strict=True) if n != fold])
        for choice in (c for c, n in zip(choices, own, strict=True) if n == fold and c.right.any()):
            hits.append(bool(choice.right[np.argmax(choice.features @ weights)]))
            plain.append(bool(choice.right[0]))
    weights = solve(choices)
    print(
        f"sentences: first right {np.mean(plain):.3f} without votes, {np.mean(hits):.3f} with, of {len(hits)} with a right candidate"
    )
    found = {name: round(float(w / weights[0]), 4) for name, w in zip(VOTE_FEATURES, weights[1:], strict=True)}
    print(found)
    return found


def fit_confidence(cases: Sequence[Case], folds: dict[Known, int], threshold: float) -> dict[str, float]:
    """Fits the weight of the confidence without stored questions, the weight of the margin of the nearest answered over the nearest absent
    question, and the intercept, for the best F1-macro at the threshold.
    """
    features = np.array([asked_features(c.evidence.confidence, c.evidence.likeness, follows=False)[:2] for c in cases])
    truth = np.array([bool(case.known.answers) for case in cases])
    fold_of = np.array([folds[case.known] for case in cases])
    least = np.log(threshold / (1 - threshold))
    logits = {w: w[0] * features[:, 0] + w[1] * features[:, 1] + w[2] for w in [(1.0, 0, 0.0), *LIKENESS_WEIGHTS]}

    def best(among: np.ndarray) -> tuple[float, float, float]:
        return max(logits, key=lambda w: f1_score(truth[among], logits[w][among] >= least, average="macro"))

    held = np.zeros(len(cases))
    for fold in range(FOLDS):
        held[fold_of == fold] = logits[best(fold_of != fold)][fold_of == fold]
    for name, seen in (("without stored questions", logits[1.0, 0, 0.0]), ("with, on folds left out", held)):
        print(
            f"confidence {name}: area {roc_auc_score(truth, seen):.3f}, F1-macro at {threshold} "
            f"{f1_score(truth, seen >= least, average='macro'):.3f}"
        )
    own, near, to = best(fold_of >= 0)
    found = {"intercept": float(to), "unasked": own, "nearer": float(near), "follows": FOLLOWS}
    print(found)
    return found


def report(cases: Sequence[Case]) -> None:
    kinds = defaultdict(list)
    for case in cases:
        if case.known.answers:
            right = [
                case.known.right(one.passage.article.article_id, one.span.start, one.span.end)
                for one in case.evidence.ranked[:3]
            ]
            kinds[case.kind].append((right[0], any(right)))
    for kind, rows in sorted(kinds.items()):
        first, among = np.mean(np.array(rows), axis=0)
        print(f"  {kind} ({len(rows)}): first right {first:.2f}, among three {among:.2f}")


if __name__ == "__main__":
    main()

"""Fit the ranking of sentences and the confidence in `data/weights.json`, after `scripts/calibrate.py`.

    python scripts/calibrate_answers.py PIAF.json [--questions N]

The data is what the reader was not trained on: the fifth of PIAF's articles, of the corpus and of the texts that
`scripts/train_reader.py` holds out, and the gold set's dev split. PIAF, the corpus and the texts have equal weight. Sentences:
softmax regression over the sentences of the passages read, from sources whose answers are all known. Confidence: logistic
regression over questions with the passages that the product retrieves; negatives are unanswerable questions and, if all answering
articles are known, the same questions without those. Each source is left out in turn and measured at the shipped thresholds; the
shipped weights are fitted on all data. With another `TCC_EMBEDDER` the question map is fitted too (`scripts/fit_questions.py`), so
that stored questions count.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from calibrate import Choice, fit_choice
from fit_questions import fit_map
from known_questions import (
    WEIGHTS,
    Known,
    across,
    corpus_articles,
    general,
    gold_dev,
    held_out,
    piaf,
    texts,
    written,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from tqdm import tqdm

from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.evidence.close_reading import PassageReader, closely, read_passages
from trusted_cloud_chat.evidence.confidence import CONFIDENCE_FEATURES, confidence_features
from trusted_cloud_chat.evidence.ranking import SENTENCE_FEATURES, rank_sentences, sentence_features
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.models.question_map import load_question_map
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.ranking import Weights, load_weights
from trusted_cloud_chat.schema import Passage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat_evaluation.workbench import Workbench, set_bench

DEPTH = 16
"""Number of passages retrieved, before answering ones are removed."""


FAMILIES = {
    "PIAF": "PIAF",
    "general": "PIAF",
    "written": "corpus",
    "across": "corpus",
    "gold dev": "corpus",
    "texts": "texts",
}
COMPLETE = ("PIAF", "across", "gold dev", "texts")
"""Sources whose answering articles are all known, so that no answer is left after their removal."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages that the product reads first."""

    source: str
    known: Known
    asked: Question
    passages: tuple[Passage, ...]
    taken_away: bool
    """Whether the answering passages were removed."""

    @property
    def answered(self) -> bool:
        return bool(self.known.answers) and not self.taken_away

    def right(self, passage: Passage, index: int) -> bool:
        span = passage.chunk.sentences[index]
        return self.known.right(passage.article.article_id, span.start, span.end)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=600, help="maximum number per source")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder, reader = build_embedder(settings), load_reader(settings.home, settings.threads)
    if load_question_map(embedder.identity) is None:
        fit_map(embedder)
    articles, asked = piaf(arguments.squad)
    corpus = corpus_articles(settings)
    pasted, on_them = texts()
    sets = {
        "PIAF": (articles, {"PIAF": asked, "general": general(arguments.squad)}),
        "corpus": (corpus, {"written": written(corpus), "across": across(corpus), "gold dev": gold_dev(corpus)}),
        "texts": (pasted, {"texts": on_them}),
    }
    cases: list[Case] = []
    for own, sources in sets.values():
        with set_bench(settings, embedder, own, lambda *_: None) as bench:
            for source, all_asked in sources.items():
                chosen = all_asked if source == "gold dev" else some(all_asked, arguments.questions)
                for known in tqdm(chosen, source, mininterval=30):
                    cases += [case for case in cases_of(bench, reader, source, known) if case.passages]
    stored = json.loads(WEIGHTS.read_text())
    shown = [case for case in cases if case.answered and case.source in COMPLETE]
    choices = [_choice(case, weight) for case, weight in zip(shown, weights_of(shown), strict=True)]
    stored["sentences"] = fit_choice("sentences", choices, SENTENCE_FEATURES)
    weights = replace(load_weights(), sentences=stored["sentences"])
    judged = list(judge(cases, weights, load_entities(settings.aliases)))
    bounds = settings.refusal_threshold, settings.nearest_threshold
    stored["confidence"] = fit_confidence(judged, bounds)
    WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n")


def some(questions: Sequence[Known], most: int) -> list[Known]:
    """A random sample of at most `most` questions about articles on which the reader was not trained."""
    kept = [known for known in questions if held_out(known.group)]
    random.Random(1).shuffle(kept)
    return kept[:most]


def cases_of(bench: Workbench, reader: PassageReader, source: str, known: Known) -> Iterator[Case]:
    """Yields the question with all its passages and, if all answering articles are known, without the passages of these.

    Articles that may answer, but in which no sentence is known to, are left out of both.
    """
    asked = {"turns": known.turns, "today": known.today, "as_of": known.as_of}
    found = bench.search(known.text, DEPTH, **asked)
    if found is None:
        return
    question = bench.assistant.read(known.text, **asked)

    def case(left_out: Set[str], *, taken_away: bool) -> Case:
        kept = [p for p in found.passages if p.article.article_id not in left_out][: bench.settings.passages]
        read = read_passages(reader, question.read_as, kept, closely(question.query))
        return Case(source, known, question, read, taken_away)

    answering = {article_id for article_id, _, _ in known.answers}
    yield case(known.relevant - answering, taken_away=False)
    if answering and source in COMPLETE:
        yield case(known.relevant, taken_away=True)


def weights_of(cases: Sequence[Case]) -> list[float]:
    """A weight per case such that all families have the same total; cases without their answering articles count half."""
    counts = [(FAMILIES[case.source], 0.5 if case.taken_away else 1.0) for case in cases]
    whole: dict[str, float] = {}
    for family, count in counts:
        whole[family] = whole.get(family, 0.0) + count
    return [len(cases) / len(whole) * count / whole[family] for family, count in counts]


def balanced(cases: Sequence[Case]) -> list[float]:
    """Like `weights_of`; within each source, cases with and without an answer have the same total weight.

    Confidence then does not depend on the share of answerable questions, and one threshold serves all sets.
    """
    counts = weights_of(cases)
    whole: dict[tuple[str, bool], float] = {}
    for case, count in zip(cases, counts, strict=True):
        whole[case.source, case.answered] = whole.get((case.source, case.answered), 0.0) + count

    def factor(case: Case) -> float:
        own, other = (whole.get((case.source, answered), 0.0) for answered in (case.answered, not case.answered))
        return (own + other) / own / 2

    return [count * factor(case) for case, count in zip(cases, counts, strict=True)]


def _choice(case: Case, weight: float) -> Choice:
    pairs = [(p, i) for p in case.passages if p.reading for i in range(len(p.chunk.sentences))]
    right = np.array([case.right(p, i) for p, i in pairs])
    return Choice(sentence_features(case.asked, pairs), right, case.known.group, case.source, weight)


def judge(cases: Sequence[Case], weights: Weights, entities: EntityBook) -> Iterator[tuple[tuple[float, ...], Case]]:
    """Yields the values of `CONFIDENCE_FEATURES` and the case, for each case with a sentence."""
    for case in cases:
        ranked = rank_sentences(case.asked, case.passages, weights)
        found = confidence_features(case.asked, case.passages, ranked, entities)
        if found is not None:
            yield found, case


def fit_confidence(known: Sequence[tuple[tuple[float, ...], Case]], bounds: tuple[float, float]) -> dict[str, float]:
    """Logistic regression; prints the results on each source, left out of the fit in turn."""
    features = np.array([found for found, _ in known])
    cases = [case for _, case in known]
    truth = np.array([case.answered for case in cases])
    print("confidence, each source left out in turn")
    for source in FAMILIES:
        own = np.array([case.source == source for case in cases])
        others = [case for case in cases if case.source != source]
        model = LogisticRegression(C=1.0, max_iter=9000).fit(features[~own], truth[~own], balanced(others))
        # PIAF has no unanswerable questions, so that those without their answering passages are used instead.
        asked = np.array([c.source == source and (source == "PIAF" or not c.taken_away) for c in cases])
        _report(source, model.predict_proba(features[asked])[:, 1], truth[asked], bounds)
    model = LogisticRegression(C=1.0, max_iter=9000).fit(features, truth, balanced(cases))
    found = dict(zip(CONFIDENCE_FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    print(found)
    return {"intercept": round(float(model.intercept_[0]), 4)} | found


def _report(name: str, scores: np.ndarray, truth: np.ndarray, bounds: tuple[float, float]) -> None:
    upper, lower = bounds
    between = (scores >= lower) & (scores < upper)
    steps = np.arange(5, 96) / 100
    macro = [f1_score(truth, scores >= t, average="macro") for t in steps]
    print(
        f"  {name} ({len(truth)}): AUC {roc_auc_score(truth, scores):.3f}; at {upper}: hallucination "
        f"{np.mean(scores[~truth] >= upper):.3f}, error {np.mean(scores[truth] < upper):.3f}, F1-macro "
        f"{f1_score(truth, scores >= upper, average='macro'):.3f}; between {np.mean(between):.3f}, answerable of those "
        f"{np.mean(truth[between]) if between.any() else 0:.3f}; best F1-macro {max(macro):.3f} at {steps[np.argmax(macro)]:.2f}"
    )


if __name__ == "__main__":
    main()

"""Fit what proves or contradicts a claim (`claims` in `data/weights.json`), after `scripts/export_judge.py`.

    python scripts/calibrate_claims.py [--check]

On the claims of `training/claims.jsonl` about articles that the judge was not taught on: one logistic regression over `CLAIM_FEATURES`
for « entailed », one for « contradicted ». Prints what they do on a fifth of the articles left out of the fit in turn, then writes what
is fitted on all; `--check` only prints.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

import numpy as np
from claim_data import CLAIMS
from claim_trials import Trial, trials
from known_questions import WEIGHTS, held_out
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models.bundled import load_judge
from trusted_cloud_chat.models.judge import CONTRADICTED, ENTAILED
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat.writing.verification import CLAIM_FEATURES, Compared, compare

STRENGTH = 0.1
"""Inverse of the penalty on large weights."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder, judge = build_embedder(settings), load_judge(settings.home, settings.threads)
    entities = load_entities(settings.aliases)
    found = trials(CLAIMS, embedder, entities, judge, settings.chunk_tokens)
    kept = [trial for trial in found if held_out(trial.article_id)]
    compared = [_compared(trial) for trial in tqdm(kept, mininterval=30)]
    features = np.array([one.features for one in compared])
    groups = [trial.article_id for trial in kept]
    fitted = {}
    for verdict, thresholds in ((ENTAILED, (0.3, 0.4, 0.5, 0.6, 0.7)), (CONTRADICTED, (0.5, 0.6, 0.7, 0.8))):
        truth = np.array([trial.label == verdict for trial in kept])
        model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=9000))
        shares = cross_val_predict(model, features, truth, groups=groups, cv=GroupKFold(5), method="predict_proba")
        for threshold in thresholds:
            report(f"{verdict} from {threshold}", shares[:, 1] >= threshold, kept, compared)
        model.fit(features, truth)
        scaler, regression = model.named_steps.values()
        weights = regression.coef_[0] / scaler.scale_
        intercept = regression.intercept_[0] - weights @ scaler.mean_
        named = dict(zip(CLAIM_FEATURES, (round(float(w), 4) for w in weights), strict=True))
        fitted[verdict] = {"intercept": round(float(intercept), 4), **named}
    print(json.dumps(fitted, indent=1))
    if not arguments.check:
        WEIGHTS.write_text(json.dumps({**json.loads(WEIGHTS.read_text()), "claims": fitted}, indent=1) + "\n")


def _compared(trial: Trial) -> Compared:
    return compare(trial.draft.claim, trial.language, [n - 1 for n in trial.draft.citations], trial.book)


def report(title: str, told: NDArray[np.bool_], kept: Sequence[Trial], compared: Sequence[Compared]) -> None:
    """The share of each label that is told so, without what the rules hold back."""
    told = told & ~np.array([one.held or one.against for one in compared])
    labels = np.array([trial.label for trial in kept])
    mood = np.array([trial.kind in ("polarity", "mood") and trial.label != ENTAILED for trial in kept])
    groups = {label: labels == label for label in sorted(set(labels))} | {"polarity and mood": mood}
    print(
        f"{title}: " + ", ".join(f"{name} {told[group].mean():.3f} of {group.sum()}" for name, group in groups.items())
    )


if __name__ == "__main__":
    main()

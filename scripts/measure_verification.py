"""How many faithful sentences are not proved, and how many wrong ones are caught, by kind and language.

    python scripts/measure_verification.py [--claims evaluation/verification_blind.jsonl] [--misses] [--json]

Each row of `evaluation/verification.jsonl`, and of the set beside it, is a sentence as a language model writes it, cited to the chunks that hold what decides it; it was
written, and labelled by two, without having read the checker. The first has been looked at since; the blind one is measured, never looked at for mending.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claim_trials import Trial, trials
from known_questions import ROOT

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models.bundled import load_judge
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat.writing.verification import Verdict, verify

MEASURED = ROOT / "evaluation/verification.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=Path, default=MEASURED, help="default: evaluation/verification.jsonl")
    parser.add_argument("--misses", action="store_true", help="list what was judged wrongly")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder, judge = build_embedder(settings), load_judge(settings.home, settings.threads)
    entities = load_entities(settings.aliases)
    judged = [
        (trial, verify(trial.draft, trial.language, trial.book))
        for trial in trials(arguments.claims, embedder, entities, judge, settings.chunk_tokens)
    ]
    rows = table(judged)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name, row in rows.items():
        print(f"{name:24} {row['count']:4}  proved {row['proved']:.3f}  contradicted {row['contradicted']:.3f}")
    if arguments.misses:
        for trial, verdict in judged:
            if (verdict.status in ("proved", "connective")) != (trial.label == "entailed"):
                print(f"{trial.label} {trial.kind} → {verdict.status} {verdict.reasons}\n  {trial.draft.text}")
                print("\n".join(f"  « {quote.text} »" for quote in verdict.quotes))


def table(judged: Sequence[tuple[Trial, Verdict]]) -> dict[str, dict[str, Any]]:
    """By label, by label and kind, by label and language: how many, and the shares proved and contradicted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for trial, verdict in judged:
        side = "faithful" if trial.label == "entailed" else "wrong"
        status = "proved" if verdict.status == "connective" else verdict.status
        for name in (side, f"{side} {trial.kind}", f"{side} {trial.language}", f"label {trial.label}"):
            groups[name].append(status)
    return {
        name: {
            "count": len(found),
            "proved": found.count("proved") / len(found),
            "contradicted": found.count("contradicted") / len(found),
        }
        for name, found in sorted(groups.items())
    }


if __name__ == "__main__":
    main()

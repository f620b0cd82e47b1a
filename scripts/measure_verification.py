"""How many right sentences the verification strikes, and how many corrupted ones it catches, on hand-written cases.

    python scripts/measure_verification.py [--split dev|test|all] [--misses] [--json]

Each case of `evaluation/verification.jsonl` is a right paraphrase of one or two quotes of our corpus and its corruptions
(another figure, date, entity, a negation put in or taken out), cited to the chunks that hold the quotes, as retrieval
would give them. A further corruption is made here: the right sentence cited to another passage, the nearest one that
does not hold the same figures and dates. Verbatim copies are refused. Limits are chosen on dev; test is only measured.
"""

from __future__ import annotations

import argparse
import functools
import json
import operator
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from trusted_cloud_chat.answering.evidence import EvidenceBook
from trusted_cloud_chat.answering.figures import figure_stands, moment_stands, read_figures
from trusted_cloud_chat.answering.verification import Limits, Verdict, verify
from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.corpus.articles import read_article
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.models import Embedder, load_embedder
from trusted_cloud_chat.schema import Passage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.text import fold

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "evaluation" / "verification.jsonl"
TODAY = date(2026, 11, 24)
CHUNK_TOKENS = 200
OTHER = "other passage"


@dataclass(frozen=True)
class Trial:
    """A sentence to verify; `kind` is the paraphrase's kind when it is right, else the corruption's."""

    case: str
    split: str
    kind: str
    right: bool
    language: str
    text: str
    passages: tuple[Passage, ...]


def load_trials(embedder: Embedder, split: str = "all") -> list[Trial]:
    """Every trial of the split, right ones first in each case. Raises ValueError for a case that does not fit."""
    passages = _passages(embedder)
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    cases = [case for case in cases if split in ("all", case["split"])]
    homes = [tuple(_home(quote, passages) for quote in case["quotes"]) for case in cases]
    vectors = {home.chunk.chunk_id: embedder.encode_passages([home.text])[0] for homes_ in homes for home in homes_}
    trials: list[Trial] = []
    for case, home in zip(cases, homes, strict=True):
        if any(fold(case["text"]) in fold(quote["quote"]) for quote in case["quotes"]):
            raise ValueError(f"{case['id']} is a verbatim copy")
        trials += _trials(case, tuple(dict.fromkeys(home)))
        other = _nearest_other(case, home, homes, vectors)
        trials.append(Trial(case["id"], case["split"], OTHER, False, case["language"], case["text"], (other,)))
    return trials


def judge(trials: Iterable[Trial], embedder: Embedder, entities: EntityBook, limits: Limits) -> list[Verdict]:
    """One verdict a trial, in order."""
    verdicts = []
    books: dict[tuple[str, ...], EvidenceBook] = {}
    for trial in trials:
        key = tuple(p.chunk.chunk_id for p in trial.passages)
        book = books.setdefault(key, EvidenceBook(trial.passages, embedder, entities, TODAY))
        language = "en" if trial.language == "en" else "fr"
        verdicts.append(verify(trial.text, language, range(len(trial.passages)), book, limits))
    return verdicts


def summarise(trials: Sequence[Trial], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Shares from 0 to 1 and counts, in all and by kind."""
    struck: dict[str, list[bool]] = defaultdict(list)
    caught: dict[str, list[bool]] = defaultdict(list)
    for trial, verdict in zip(trials, verdicts, strict=True):
        (struck if trial.right else caught)[trial.kind].append(not verdict.supported)
    return {
        "right": sum(map(len, struck.values())),
        "right_struck": _share(functools.reduce(operator.iadd, struck.values(), [])),
        "corrupted": sum(map(len, caught.values())),
        "corrupted_caught": _share(functools.reduce(operator.iadd, caught.values(), [])),
        "struck_by_kind": {kind: [_share(v), len(v)] for kind, v in sorted(struck.items())},
        "caught_by_kind": {kind: [_share(v), len(v)] for kind, v in sorted(caught.items())},
    }


def _share(outcomes: list[bool]) -> float:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else 0.0


def _passages(embedder: Embedder) -> dict[str, list[Passage]]:
    """Every chunk of the corpus as a retrieved passage, by article id."""
    found = {}
    for path in sorted((ROOT / "corpus").glob("*/*.md")):
        article = read_article(path, ROOT / "corpus", allow_undated=True, today=TODAY)
        chunks = chunk_article(article, embedder.count_tokens, CHUNK_TOKENS)
        found[article.article_id] = [Passage(chunk, article, 1, 1.0, ()) for chunk in chunks]
    return found


def _home(quote: dict[str, str], passages: dict[str, list[Passage]]) -> Passage:
    for passage in passages[quote["article_id"]]:
        if quote["quote"] in passage.text:
            return passage
    raise ValueError(f"the corpus no longer has {quote['quote']!r}")


def _trials(case: dict[str, Any], home: tuple[Passage, ...]) -> list[Trial]:
    shared = (case["language"],)
    right = Trial(case["id"], case["split"], case["kind"], True, *shared, case["text"], home)
    return [
        right,
        *(Trial(case["id"], case["split"], c["kind"], False, *shared, c["text"], home) for c in case["corruptions"]),
    ]


def _nearest_other(
    case: dict[str, Any], home: tuple[Passage, ...], homes: list[tuple[Passage, ...]], vectors: dict[str, Any]
) -> Passage:
    """The passage of another case nearest to this one's, but for those that give the same figures and dates."""
    stated = read_figures(case["text"], TODAY)
    own = vectors[home[0].chunk.chunk_id]
    ranked = sorted(
        {p.chunk.chunk_id: p for others in homes for p in others if p not in home}.values(),
        key=lambda p: -float(np.dot(own, vectors[p.chunk.chunk_id])),
    )
    for passage in ranked:
        theirs = read_figures(passage.text, TODAY)
        same = all(figure_stands(f, theirs.figures) for f in stated.figures) and all(
            moment_stands(m, theirs.moments) for m in stated.moments
        )
        if not same or not (stated.figures or stated.moments):
            return passage
    raise ValueError(f"no other passage for {case['id']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=["dev", "test", "all"], default="all")
    parser.add_argument("--misses", action="store_true", help="print what was struck wrongly or not caught")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    embedder = load_embedder(settings.embedder, settings.home, settings.threads)
    report = {}
    for split in ["dev", "test"] if options.split == "all" else [options.split]:
        trials = load_trials(embedder, split)
        verdicts = judge(trials, embedder, load_entities(), Limits())
        report[split] = summarise(trials, verdicts)
        if options.misses:
            for trial, verdict in zip(trials, verdicts, strict=True):
                if trial.right != verdict.supported:
                    _print_miss(trial, verdict)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    for split, row in report.items():
        print(f"{split}: {row['right_struck']:.1%} of {row['right']} right sentences struck; ", end="")
        print(f"{row['corrupted_caught']:.1%} of {row['corrupted']} corrupted ones caught")
        for name in ("struck_by_kind", "caught_by_kind"):
            print(f"  {name}: " + ", ".join(f"{kind} {share:.1%} of {n}" for kind, (share, n) in row[name].items()))


def _print_miss(trial: Trial, verdict: Verdict) -> None:
    print(f"{'STRUCK' if trial.right else 'MISSED'} {trial.case} {trial.kind}: {trial.text}")
    print(f"    {', '.join(verdict.reasons) or '-'}; cosine {verdict.cosine:.3f}, overlap {verdict.overlap:.2f}")
    for unit in verdict.quotes:
        print(f"    « {unit.reading.text} »")


if __name__ == "__main__":
    main()

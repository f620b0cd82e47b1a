"""How many right sentences the verification strikes, and how many corrupted ones it catches, on hand-written cases.

    python scripts/measure_verification.py [--split dev|test|all] [--misses] [--json]

Each case of `evaluation/verification.jsonl` is a right paraphrase of one or two quotes of our corpus and its corruptions
(another figure, date, entity, a negation put in or taken out), cited to the chunks that hold the quotes, as retrieval
would give them. A further corruption is made here: the right sentence cited to another passage, the nearest one that
does not hold the same figures and dates. Limits are chosen on dev; test is only measured.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.corpus.articles import read_article
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.models import Embedder, load_embedder
from trusted_cloud_chat.schema import Passage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.writing.evidence import EvidenceBook
from trusted_cloud_chat.writing.facts import read_facts
from trusted_cloud_chat.writing.verification import Verdict, verify

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 24)
CHUNK_TOKENS = 200
OTHER = "other passage"


@dataclass(frozen=True)
class Trial:
    """A sentence to verify; `kind` is the paraphrase's kind when it is right, else the corruption's."""

    case: str
    kind: str
    right: bool
    language: str
    text: str
    passages: tuple[Passage, ...]


def load_trials(embedder: Embedder, entities: EntityBook, split: str) -> list[Trial]:
    """Every trial of the split, the right one first in each case. Raises StopIteration where a quote is no longer there."""
    passages = _passages(embedder)
    lines = (ROOT / "evaluation" / "verification.jsonl").read_text("utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["split"] == split]
    homes = [tuple(dict.fromkeys(_home(quote, passages) for quote in case["quotes"])) for case in cases]
    vectors = {p.chunk.chunk_id: embedder.encode_passages([p.text])[0] for home in homes for p in home}
    trials = []
    for case, home in zip(cases, homes, strict=True):
        right = Trial(case["id"], case["kind"], True, case["language"], case["text"], home)
        wrong = [Trial(case["id"], c["kind"], False, case["language"], c["text"], home) for c in case["corruptions"]]
        others = {p.chunk.chunk_id: p for other in homes for p in other if p not in home}
        near = sorted(
            others.values(), key=lambda p, at=home[0]: -float(vectors[at.chunk.chunk_id] @ vectors[p.chunk.chunk_id])
        )
        other = next(p for p in near if not _holds(p, case["text"], entities))
        trials += [right, *wrong, Trial(case["id"], OTHER, False, case["language"], case["text"], (other,))]
    return trials


def _passages(embedder: Embedder) -> dict[str, list[Passage]]:
    """Every chunk of the corpus as a retrieved passage, by article id."""
    found = {}
    for path in sorted((ROOT / "corpus").glob("*/*.md")):
        article = read_article(path, ROOT / "corpus", allow_undated=True, today=TODAY)
        chunks = chunk_article(article, embedder.count_tokens, CHUNK_TOKENS)
        found[article.article_id] = [Passage(chunk, article, 1, 1.0, ()) for chunk in chunks]
    return found


def _home(quote: dict[str, str], passages: dict[str, list[Passage]]) -> Passage:
    return next(passage for passage in passages[quote["article_id"]] if quote["quote"] in passage.text)


def _holds(passage: Passage, text: str, entities: EntityBook) -> bool:
    """Whether the passage gives the figures and dates of `text`, which has some."""
    said, told = (read_facts(each, "fr", TODAY, entities) for each in (text, passage.text))
    figures = all(figure.stands(told.figures) for figure in said.figures)
    return bool(said.figures or said.moments) and figures and all(m.stands(told.moments) for m in said.moments)


def judge(trials: Iterable[Trial], embedder: Embedder, entities: EntityBook) -> list[Verdict]:
    """One verdict a trial, in order."""
    books: dict[tuple[str, ...], EvidenceBook] = {}
    verdicts = []
    for trial in trials:
        key = tuple(p.chunk.chunk_id for p in trial.passages)
        book = books.setdefault(key, EvidenceBook(trial.passages, embedder, entities, TODAY))
        language = "en" if trial.language == "en" else "fr"
        verdicts.append(verify(trial.text, language, range(len(trial.passages)), book))
    return verdicts


def summarise(trials: Sequence[Trial], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """`struck`, of right sentences, and `caught`, of corrupted ones: counts [how many, of how many], in all and by kind."""
    rows: dict[str, dict[str, list[int]]] = {
        "struck": defaultdict(lambda: [0, 0]),
        "caught": defaultdict(lambda: [0, 0]),
    }
    for trial, verdict in zip(trials, verdicts, strict=True):
        for kind in ("all", trial.kind):
            row = rows["struck" if trial.right else "caught"][kind]
            row[0] += not verdict.supported
            row[1] += 1
    return {name: dict(sorted(kinds.items())) for name, kinds in rows.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=["dev", "test", "all"], default="all")
    parser.add_argument("--misses", action="store_true", help="print what was struck wrongly or not caught")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    embedder = load_embedder(settings.embedder, settings.home, settings.threads)
    entities, report = load_entities(), {}
    for split in ["dev", "test"] if options.split == "all" else [options.split]:
        trials = load_trials(embedder, entities, split)
        verdicts = judge(trials, embedder, entities)
        report[split] = summarise(trials, verdicts)
        for trial, verdict in zip(trials, verdicts, strict=True):
            if options.misses and trial.right != verdict.supported:
                print(f"{'STRUCK' if trial.right else 'MISSED'} {trial.case} {trial.kind}: {trial.text}")
                print(
                    f"    {', '.join(verdict.reasons) or '-'}", *(f"    « {q.text} »" for q in verdict.quotes), sep="\n"
                )
    if options.json:
        print(json.dumps(report))
        return
    for split, rows in report.items():
        for name, kinds in rows.items():
            shares = (f"{kind} {n / of:.1%} of {of}" for kind, (n, of) in kinds.items())
            print(f"{split} {name}: " + ", ".join(shares))


if __name__ == "__main__":
    main()

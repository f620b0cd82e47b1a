"""What each rule is worth: `python scripts/ablate.py FOLDER… [--most N] [--only RULE…] [--json FILE]`.

A folder holds `corpus/` (articles) and `questions.jsonl`, a line a question: `question`, `answerable`, and of an answerable one
`article`, or `articles`, and `quotes` or `answers` (a right quote shares words with one of `quotes`, or holds one of `answers` and
stands in the article). Every question is asked with all rules; then each rule that fired anywhere is switched off and the
questions that it fired on are asked again. Printed: what changes when a rule goes, over all folders.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.evaluation.matching import holds, token_f1
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_assistant, build_embedder, run_ingest

TODAY = date(2026, 11, 24)
SAME = 0.5
"""Token F1 from which a quote is the one that was looked for, as in `evaluate answers`."""
WITHOUT = "-"
"""The run with every rule."""


@dataclass(frozen=True)
class Row:
    """How one question went."""

    answerable: bool
    answered: bool
    first: bool
    any: bool
    rules: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", default=None)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    embedder = build_embedder(load_settings())
    runs: dict[str, list[dict[str, Row]]] = {}
    for folder in options.folders:
        settings = load_settings(home=folder / "home", corpus=folder / "corpus")
        (folder / "home").mkdir(exist_ok=True)
        run_ingest(settings, embedder=embedder, today=TODAY)
        lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()[: options.most]
        for rule, rows in ablate(settings, embedder, [json.loads(line) for line in lines], options.only).items():
            runs.setdefault(rule, []).append(rows)
        print_table(runs, [f.name for f in options.folders[: len(runs[WITHOUT])]])
    if options.json:
        options.json.write_text(json.dumps({rule: [summary(rows) for rows in sets] for rule, sets in runs.items()}))


def ablate(
    settings: Settings, embedder: Embedder, questions: Sequence[dict], only: Sequence[str] | None
) -> dict[str, dict[str, Row]]:
    """Rule → how every question went without it; under `WITHOUT` with all of them."""
    every = build_assistant(settings, embedder)
    base = {q["question"]: ask(every, q) for q in questions}
    runs = {WITHOUT: base}
    for rule in sorted(frozenset().union(*(row.rules for row in base.values())) & frozenset(only or every_rule(base))):
        without = build_assistant(settings, embedder, index=every._index, disabled={rule})
        fired = [q for q in questions if rule in base[q["question"]].rules]
        runs[rule] = {**base, **{q["question"]: ask(without, q) for q in fired}}
    every.close()
    return runs


def every_rule(base: dict[str, Row]) -> frozenset[str]:
    return frozenset(rule for row in base.values() for rule in row.rules)


def ask(assistant: Assistant, question: dict) -> Row:
    answer = assistant.ask(question["question"], today=TODAY)
    flags = [right(question, c.quote, c.article.article_id) for c in answer.citations] if question["answerable"] else []
    answered = not answer.refused and bool(answer.citations)
    rules = frozenset(line.rule for line in answer.trace)
    return Row(question["answerable"], answered, answered and flags[:1] == [True], answered and any(flags), rules)


def right(question: dict, quote: str, article_id: str) -> bool:
    if any(token_f1(quote, gold) >= SAME or gold in quote for gold in question.get("quotes", ())):
        return True
    articles = question.get("articles") or [question.get("article")]
    here = question.get("anywhere") or article_id in articles
    answers = question.get("answers", ())
    return here and (any(holds(quote, answer) for answer in answers) if answers else not question.get("quotes"))


def summary(rows: dict[str, Row]) -> dict[str, float]:
    """Shares: first and any quote right of the answerable; F1 of answering and refusing, averaged; both errors."""
    good = [row for row in rows.values() if row.answerable]
    bad = [row for row in rows.values() if not row.answerable]
    kept, said = sum(row.answered for row in good), sum(row.answered for row in rows.values())
    refused = sum(not row.answered for row in bad)
    answered_f1 = 2 * kept / max(1, said + len(good))
    refused_f1 = 2 * refused / max(1, len(rows) - said + len(bad))
    return {
        "first": sum(row.first for row in good) / max(1, len(good)),
        "any": sum(row.any for row in good) / max(1, len(good)),
        "f1_macro": (answered_f1 + refused_f1) / 2,
        "error": 1 - kept / max(1, len(good)),
        "hallucination": 1 - refused / max(1, len(bad)),
        "questions": len(rows),
    }


def print_table(runs: dict[str, list[dict[str, Row]]], names: Sequence[str]) -> None:
    """A row a rule: the set's figures with all rules, and by how much they change without it."""
    base = [summary(rows) for rows in runs[WITHOUT]]
    print("| without | fired on | " + " | ".join(names) + " |")
    print("|---|---:|" + "---|" * len(names))
    print("| – | | " + " | ".join(f"{s['first']:.3f} {s['any']:.3f} {s['f1_macro']:.3f}" for s in base) + " |")
    for rule in sorted(set(runs) - {WITHOUT}):
        sets = runs[rule] if len(runs[rule]) == len(base) else []
        fired = sum(rule in row.rules for rows in runs[WITHOUT] for row in rows.values())
        cells = [
            " ".join(f"{s[name] - b[name]:+.3f}" for name in ("first", "any", "f1_macro"))
            for s, b in zip(map(summary, sets), base, strict=False)
        ]
        print(f"| `{rule}` | {fired} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()

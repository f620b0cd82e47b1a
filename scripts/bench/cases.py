"""Articles in a folder and real questions whose answering articles are known."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat_evaluation.cases import read_questions, read_squad

HITS_AT = (1, 5)


def gold(questions: Path, limit: int) -> list[dict[str, Any]]:
    """Answerable dev questions of the gold set without turns and `as_of`: `text`, `relevant` article ids."""
    cases = [c for c in read_questions(questions).cases if c.split == "dev" and c.answerable and not c.turns]
    return [{"text": c.question, "relevant": list(c.relevant)} for c in cases if c.as_of is None][:limit]


def squad(file: Path, folder: Path, limit: int) -> list[dict[str, Any]]:
    """Writes the passages of a SQuAD file as articles under `folder`; returns at most `limit` questions, evenly spread."""
    read = read_squad(file)
    asked = read.questions
    for context in read.contexts:
        write_article(folder, context.id, context.title, context.text)
    taken = asked[:: max(1, len(asked) // limit)][:limit]
    return [{"text": q.text, "relevant": [q.context.id]} for q in taken]


def write_article(folder: Path, name: str, title: str, text: str, day: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    head = f"id: {json.dumps(name)}\ntitle: {json.dumps(title, ensure_ascii=False)}\n"
    head += f"date: {day}\n" if day else ""
    file = folder / f"{name}.md"
    file.write_text(f"---\n{head}---\n{text}\n", "utf-8")
    return file


def articles(corpus: Path) -> list[Article]:
    return [read_article(f.path, f.root, allow_undated=True, today=date.today()) for f in corpus_files(corpus)]


def hits(found: Sequence[Sequence[str]], questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Share of questions with an answering article among the first passages; `found`: article ids, best first."""
    return {
        f"hit@{k}": statistics.mean(
            bool(set(ids[:k]) & set(q["relevant"])) for ids, q in zip(found, questions, strict=True)
        )
        for k in HITS_AT
    }


def latencies(ask: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """p50 and p95 in ms; each question is asked once, after the first five as a warm-up."""
    for text in texts[:5]:
        ask(text)
    return quantiles([timed(lambda text=text: ask(text))[0] * 1000 for text in texts])  # type: ignore[misc]


def quantiles(milliseconds: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(milliseconds, share)), 2) for share in (50, 95)}


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Returns (seconds, result of `run`)."""
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result

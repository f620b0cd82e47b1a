"""The jobs of this project: a whole ingest, then questions, as in a user's process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.cases import hits, latencies, quantiles, timed
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors, Vectors
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_assistant, build_embedder, run_ingest

PASSAGES = 8


class WithoutSentences(Embedder):
    """The same embedder with zero vectors for sentences, to measure the cost of sentence vectors."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        self.identity, self.dimensions, self.max_tokens = real.identity, real.dimensions, real.max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._real.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), self.dimensions), dtype=np.float32)

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        return self._real.encode_passage_words(texts)

    def count_tokens(self, text: str) -> int:
        return self._real.count_tokens(text)


def home_at(folder: Path, models: Path) -> Path:
    """A `TCC_HOME` that shares the unpacked embedder under `models`."""
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(models)
    return folder


def side(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home` (new), `models`, `corpus`, `questions` → ingest seconds, hits, latencies."""
    folder, models = Path(job["home"]), Path(job["models"])
    settings = load_settings(corpus=Path(job["corpus"]))
    shared = home_at(folder, models)
    embedder = build_embedder(settings.model_copy(update={"home": shared}))
    embedder.encode_passages(["Un premier texte, pour que tout soit chargé."] * 4)
    bare = settings.model_copy(update={"home": home_at(folder.with_name(folder.name + "-bare"), models)})
    without, _ = timed(lambda: run_ingest(bare, embedder=WithoutSentences(embedder), today=date.today()))
    ours = settings.model_copy(update={"home": shared})
    cpu = time.process_time()
    seconds, report = timed(lambda: run_ingest(ours, embedder=embedder, today=date.today()))
    cpu = time.process_time() - cpu
    again, _ = timed(lambda: run_ingest(ours, embedder=embedder, today=date.today()))
    assistant = build_assistant(ours, embedder)
    try:
        return {
            "chunks": report.chunks, "ingest_s": seconds, "ingest_cpu_s": cpu, "ingest_without_sentences_s": without,
            "reingest_s": again, **questions(assistant, job["questions"]),
        }  # fmt: skip
    finally:
        assistant.close()


def questions(assistant: Assistant, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """p50 and p95 in ms from question to passages, first words and whole answer; p50 of each stage."""
    texts = [question["text"] for question in asked]
    search = latencies(lambda text: assistant.search(text, PASSAGES), texts)
    found = [assistant.search(text, PASSAGES) for text in texts]
    stages = {
        name: [r.timings_ms[name] for r in found] for name in ("understand", "embed", "vectors", "lexical", "fuse")
    }
    first, whole = [], []
    answering: dict[str, list[float]] = {"read": [], "answer": []}
    for text in texts:
        started = time.perf_counter()
        growing = assistant.stream(text)
        last = next(growing)
        first.append((time.perf_counter() - started) * 1000)
        for last in growing:  # noqa: B007 (`last` is read below)
            pass
        whole.append((time.perf_counter() - started) * 1000)
        for name, values in answering.items():
            values.append(last.timings_ms.get(name, 0.0))
    return {
        **hits([[p.article.article_id for p in r.passages] for r in found], asked),
        "search_ms": search, "first_words_ms": quantiles(first), "answer_ms": quantiles(whole),
        "stages_ms": {name: quantiles(values)["p50"] for name, values in {**stages, **answering}.items()},
    }  # fmt: skip


def settings_at(home: Path, corpus: Path) -> Settings:
    return load_settings(home=home, corpus=corpus)

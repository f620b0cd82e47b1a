"""The jobs of this project on a composed corpus of a given size."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.cases import timed, write_article
from bench.compose import SENTENCES, ComposedEmbedder, Lines, write_corpus
from bench.product import home_at, questions, settings_at
from trusted_cloud_chat.wiring import build_assistant, build_embedder, run_ingest

EMBEDDED_FOR_REAL = 2000
_ADDED = 3


def fill(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `size`, `home` (new), `models`, `corpus` (new), `lines` → the time to fill and update an index, and its size."""
    home, corpus, size = Path(job["home"]), Path(job["corpus"]), job["size"]
    settings = settings_at(home_at(home, Path(job["models"])), corpus)
    lines = Lines.load(Path(job["lines"]))
    written = write_corpus(lines, corpus, size, settings.chunk_tokens)
    real = build_embedder(settings)
    composed = ComposedEmbedder(real, lines, real_chunks=size <= EMBEDDED_FOR_REAL)
    seconds, report = timed(lambda: run_ingest(settings, embedder=composed, today=date.today()))
    adding = []
    for number in range(_ADDED):
        text = "\n".join(random.Random(number).sample(lines.sentences, SENTENCES))
        added = write_article(home / "added", f"ajout-{number}", f"Ajout {number}", text, "2026-01-15")
        # The real embedder, since a user's new article is not cached either.
        adding.append(timed(lambda path=added: run_ingest(settings, [path], embedder=real, today=date.today()))[0])  # type: ignore[misc]
    again, unchanged = timed(lambda: run_ingest(settings, embedder=composed, today=date.today()))
    assert unchanged.unchanged == written
    return {"chunks": report.chunks, "articles": written, "fill_s": seconds, "add_s": median(adding),
            "reingest_s": again, "disk_mb": megabytes(home / "index")}  # fmt: skip


def ask(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home`, `corpus`, `questions` → latencies, in a process that does nothing else."""
    settings = settings_at(Path(job["home"]), Path(job["corpus"]))
    assistant = build_assistant(settings)
    try:
        measured = questions(assistant, job["questions"])
    finally:
        assistant.close()
    # Hit rates of real questions on composed articles are meaningless.
    return {name: value for name, value in measured.items() if not name.startswith("hit@")}


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6

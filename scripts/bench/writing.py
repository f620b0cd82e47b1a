"""Measures the write path on large corpora: nothing changed, one article edited, opening an index, pages of HTML and PDF, small files and a
large one; and the search among stored questions. Each measure runs in its own process.

`CheapEmbedder` makes the vectors, so that only reading, comparing and writing are measured; it counts the embedded passages.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.cases import timed, write_article
from bench.cheap import CheapEmbedder
from bench.filling import fill, sentence, vocabulary, write_articles
from bench.product import settings_at
from bench.worker import run_job
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.wiring import run_ingest

SIZE, QUICK_SIZE = (10_000, 10), (60, 3)
"""Number of articles, and chunks per article."""
PAGES, QUICK_PAGES = (1_000, 20), (10, 1)
"""Number of HTML pages, and of PDF files with ten pages each."""
FILES, QUICK_FILES = (1_000, 8_000), (10, 60)
"""Number of small files, and of lines in one large file (1.2 MB)."""
STORED, QUICK_STORED = (20_000, 80_000, 400_000), (100, 40_000)
"""Numbers of stored questions: about those of our corpus, then four for each of 20,000 and 100,000 passages."""
_PDF_PAGES, _LINES = 10, 40


def measure(folder: Path, only: str | None, *, quick: bool) -> list[dict[str, Any]]:
    """One row per measure: `what`, `seconds`, `processor_s`, `peak_mb`, and `done`, what was done."""
    rows: list[dict[str, Any]] = []
    place = {"home": str(folder / "write-home"), "corpus": str(folder / "write-corpus")}
    if only in (None, "unchanged", "edited", "opening"):
        articles, chunks = QUICK_SIZE if quick else SIZE
        rows.append(run_job("writing.prepare", {**place, "articles": articles, "chunks": chunks}))
    if only in (None, "unchanged"):
        rows.append(run_job("writing.ingest", {**place, "what": "every file read, nothing new"}))
        rows.append(run_job("writing.ingest", {**place, "what": "unchanged"}))
    if only in (None, "edited"):
        rows.append(run_job("writing.ingest", {**place, "what": "one edited, by its path", "edit": True, "path": True}))
        rows.append(run_job("writing.ingest", {**place, "what": "one edited, whole corpus", "edit": True}))
    if only in (None, "opening"):
        rows.append(run_job("writing.opening", place))
    if only in (None, "pages"):
        html, pdf = QUICK_PAGES if quick else PAGES
        for kind, files in (("html", html), ("pdf", pdf)):
            pages = {"home": str(folder / f"{kind}-home"), "corpus": str(folder / f"{kind}-corpus")}
            rows.append(run_job("writing.pages", {**pages, "kind": kind, "files": files}))
    if only in (None, "files"):
        small, lines = QUICK_FILES if quick else FILES
        of_files = {"home": str(folder / "files-home"), "corpus": str(folder / "files-corpus")}
        rows.append(run_job("writing.files", {**of_files, "files": small, "lines": lines}))
    if only in (None, "stored"):
        rows += [run_job("stored.search", {"stored": stored}) for stored in (QUICK_STORED if quick else STORED)]
    return rows


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home` (new), `corpus` (new), `articles`, `chunks` per article → an index of all."""
    write_articles(Path(job["corpus"]), job["articles"], job["chunks"])
    settings = settings_at(Path(job["home"]), Path(job["corpus"]))
    return _row("filled, without chunking and embedding", lambda: f"{fill(settings):,} chunks")


def ingest(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home`, `corpus`, `what` → one ingest run; `edit`: adds a line to an article first, `path`: ingests only that file."""
    settings, embedder = settings_at(Path(job["home"]), Path(job["corpus"])), CheapEmbedder()
    edited = next(settings.corpus.rglob("*.md"))
    if job.get("edit"):
        with edited.open("a", encoding="utf-8") as file:
            file.write(f"Une phrase est venue le {time.time_ns()}, et rien d’autre n’a changé.\n")
    paths = [edited] if job.get("path") else []

    def run() -> str:
        report = run_ingest(settings, paths, embedder=embedder, today=date.today())
        done = f"{report.unchanged:,} unchanged, {len(report.changed)} changed"
        return f"{done}, {report.embedded} of {report.chunks:,} chunks embedded"

    return _row(job["what"], run)


def opening(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home`, `corpus` → the time to open an index for the first search of a process."""
    settings, embedder = settings_at(Path(job["home"]), Path(job["corpus"])), CheapEmbedder()
    vector = embedder.encode_queries(["nuage"])[0]
    index = Index(settings.home, fingerprint_of(embedder, settings.chunk_tokens))

    def search() -> str:
        index.read(lambda snapshot: snapshot.nearest(vector, 10))
        return (
            f"then {timed(lambda: index.read(lambda snapshot: snapshot.nearest(vector, 10)))[0] * 1000:.0f} ms a search"
        )

    row = _row("opened for reading, and searched", search)
    index.close()
    return row


def pages(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home` (new), `corpus` (new), `kind` (html, pdf), `files` → a whole ingest."""
    settings, write = settings_at(Path(job["home"]), Path(job["corpus"])), {"html": _html, "pdf": _pdf}[job["kind"]]
    settings.corpus.mkdir(parents=True)
    chooser = random.Random(2)
    words = vocabulary(chooser)
    for number in range(job["files"]):
        write(settings.corpus / f"page-{number:04}.{job['kind']}", number, lambda: sentence(chooser, words))
    count = job["files"] * (_PDF_PAGES if job["kind"] == "pdf" else 1)

    def run() -> str:
        seconds, report = timed(lambda: run_ingest(settings, embedder=CheapEmbedder(), today=date.today()))
        assert not report.failed, report.failed[:3]
        return f"{count / seconds:.1f} pages/s, {len(report.added)} articles, {report.chunks} chunks"

    row = _row(f"{count:,} pages of {job['kind'].upper()}", run)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    row["done"] += f"; reader process {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit:.0f} MB"
    return row


def files(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home` (new), `corpus` (new), `files` of one chunk each and one text of `lines` → a whole ingest."""
    settings, chooser = settings_at(Path(job["home"]), Path(job["corpus"])), random.Random(3)
    words = vocabulary(chooser)
    write_articles(settings.corpus, job["files"], 1)
    text = "\n".join(sentence(chooser, words) for _ in range(job["lines"]))
    write_article(settings.corpus, "loi", "Une loi", text, "2025-01-15")

    def run() -> str:
        report = run_ingest(settings, embedder=CheapEmbedder(), today=date.today())
        assert not report.failed, report.failed[:3]
        return f"{len(report.added):,} articles, the largest of {len(text) / 1e6:.1f} MB; {report.chunks:,} chunks"

    return _row(f"{job['files']:,} small files and a large one", run)


def _html(path: Path, number: int, line: Callable[[], str]) -> None:
    paragraphs = "".join(f"<p>{' '.join(line() for _ in range(4))}</p>" for _ in range(_LINES // 4))
    menu = "".join(f'<li><a href="/{n}">Rubrique {n}</a></li>' for n in range(30))
    head = (
        f"<title>Page {number}</title><meta property='article:published_time' content='2025-03-{1 + number % 28:02}'>"
    )
    path.write_text(
        f"<!doctype html><html lang=fr><head>{head}</head><body><nav><ul>{menu}</ul></nav><article><h1>Page {number}</h1>"
        f"{paragraphs}</article><footer>Mentions légales</footer></body></html>",
        "utf-8",
    )


def _pdf(path: Path, number: int, line: Callable[[], str]) -> None:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(f"Rapport {number}")
    for page in range(_PDF_PAGES):
        text = canvas.beginText(60, 780)
        text.textLine(f"Publié le 12 mars 2025. Rapport {number}, page {page + 1}.")
        for _ in range(_LINES):
            text.textLine(line()[:90])
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()


def _row(what: str, run: Callable[[], str]) -> dict[str, Any]:
    processor = time.process_time()
    seconds, done = timed(run)
    return {"what": what, "seconds": seconds, "processor_s": time.process_time() - processor, "done": done}

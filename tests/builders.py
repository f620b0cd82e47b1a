"""Builds small articles, corpora and indexes as real files."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tantivy
import yaml

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.snapshots import Index, Snapshot
from trusted_cloud_chat.index.store import StoreFolder, home_id
from trusted_cloud_chat.index.vectors import VectorIndex, open_server
from trusted_cloud_chat.ingestion import IngestReport, IngestRun, fingerprint_of, foresee, ingest
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.settings import load_settings

if TYPE_CHECKING:  # worker processes start twice as fast without these imports
    from trusted_cloud_chat.answering.assistant import Assistant
    from trusted_cloud_chat.models.reader import Reader

TODAY = date(2026, 11, 24)
"""The current day in tests."""

TINY = {
    "bleu-2024-01.txt": (
        "date 2024-01 Bleu, la société commune de Capgemini et d’Orange, a lancé son activité commerciale. "
        "La plateforme s’adresse à l’État, aux hôpitaux et aux opérateurs d’importance vitale. "
        "La qualification SecNumCloud 3.2 de Bleu n’est pas attendue avant 2025.\n\n"
        "Jean Coumaros dirige l’entreprise. « Les clients préparent déjà leur migration », assure-t-il.\n"
    ),
    "bleu/jalon-j0.md": """---
title: "Bleu franchit le jalon J0 de SecNumCloud"
publisher: Trusted Cloud Chat
date: 2025-04-17
language: fr
source_type: synthese
sources:
  - {publisher: Clubic, title: "Bleu en route vers SecNumCloud", url: "https://clubic.example/bleu", date: 2025-04-17}
  - {publisher: InCyber, date: 2025-04}
---
Bleu a franchi le jalon J0 de la qualification SecNumCloud 3.2 le 17 avril 2025. Bleu sera qualifié SecNumCloud au
premier semestre 2026, selon le calendrier que l’entreprise annonce. Ses centres opérationnels se trouvent à Paris et à
Rennes.
""",
    "s3ns-qualification.md": """---
title: "S3NS obtient la qualification SecNumCloud"
publisher: Gazette du Nuage
date: 2025-12-19
url: https://gazette.example/s3ns
source_type: presse
---
S3NS, filiale de Thales, a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS. Thales
détient la majorité du capital de S3NS. Google Cloud fournit la technologie, sans accès aux données des clients.
""",
    "health-data-hub.md": """---
title: "Le Health Data Hub change d’hébergeur"
publisher: Gazette du Nuage
date: 2026-02
source_type: presse
---
Le Health Data Hub quitte Microsoft Azure pour un hébergeur qualifié. Le marché porte sur 6,2 M€ en quatre ans. La CNIL
avait demandé cette migration à cause du droit américain.
""",
    "outscale.md": """---
id: outscale-2019
title: "3DS Outscale, premier qualifié"
publisher: Revue des Infrastructures
date: 2019
source_type: presse
---
3DS Outscale est le premier fournisseur à avoir obtenu la qualification SecNumCloud, en 2019. Sa maison mère est
Dassault Systèmes. L’offre est hébergée en France, dans des centres de données de la région parisienne.
""",
    "aws-sovereign-cloud.md": """---
title: "AWS opens its European Sovereign Cloud"
publisher: Infrastructure Review
date: 2026-01-15
language: en
source_type: press
---
AWS opened its European Sovereign Cloud in Brandenburg in January 2026. The company invests €7.8 billion in Germany
through 2040. Only residents of the European Union operate the service.
""",
}


_HELD = {"attribute": "qualification", "value": "SecNumCloud 3.2"}
TOLD: dict[str, dict[str, list[dict[str, str]]]] = {
    "bleu/jalon-j0": {
        "Bleu a franchi le jalon J0": [
            {"subject": "Bleu", "attribute": "milestone", "value": "J0", "date": "2025-04-17"}
        ],
        "Bleu sera qualifié SecNumCloud": [{"subject": "Bleu", **_HELD, "due": "2026-06", "status": "planned"}],
    },
    "s3ns-qualification": {
        "S3NS, filiale de Thales": [{"subject": "S3NS", **_HELD, "service": "PREMI3NS", "date": "2025-12-17"}],
        "Thales\ndétient la majorité": [{"subject": "S3NS", "attribute": "ownership", "object": "Thales"}],
        "Google Cloud fournit": [{"subject": "S3NS", "attribute": "technology", "object": "Google Cloud"}],
    },
    "outscale": {
        "3DS Outscale est le premier": [
            {"subject": "3DS Outscale", "attribute": "qualification", "value": "SecNumCloud", "date": "2019"}
        ],
    },
}
"""Sidecars of the tiny corpus: article → words of a sentence → its facts."""


def write_told(corpus: Path) -> Path:
    """Writes the sidecars of `TOLD` beside the articles of the tiny corpus."""
    for name, told in TOLD.items():
        write_sidecar(corpus / name, told)
    return corpus


def write_sidecar(article: Path, told: dict[str, list[dict[str, str]]]) -> Path:
    """Writes the sidecar of an article. `told`: words of a sentence → its facts."""
    rows: list[dict[str, Any]] = [{"format": 1}, *({"quote": words, "facts": facts} for words, facts in told.items())]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return write(article.parent / f"{article.name}.enrichment.jsonl", lines + "\n")


def write_tiny_corpus(folder: Path) -> Path:
    for name, text in TINY.items():
        write(folder / name, text)
    return folder


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_article(folder: Path, name: str, text: str, *, date: str | None = "2025-01-15", **fields: Any) -> Path:
    """Writes a Markdown article; `fields` go to its front matter unchanged."""
    head = {**({"date": date} if date else {}), **fields}
    block = yaml.safe_dump(head, allow_unicode=True, sort_keys=False) if head else ""
    return write(folder / f"{name}.md", f"---\n{block}---\n{text}\n")


def run(home: Path, corpus: Path, embedder: Embedder, *paths: Path, **options: Any) -> IngestReport:
    """Runs one ingest with small chunks; `options` are `chunk_tokens` and fields of `IngestRun`."""
    chunk_tokens = options.pop("chunk_tokens", 60)
    return ingest(run_of(home, corpus, *paths, **options), embedder, chunk_tokens)


def foreseen(home: Path, corpus: Path, *paths: Path, **options: Any) -> IngestReport:
    """The report that `run` would give, without running."""
    return foresee(run_of(home, corpus, *paths, **options))


def is_fresh(home: Path, corpus: Path) -> bool:
    """Whether a run would have nothing to do, as `ingest --if-needed` asks."""
    try:
        return foreseen(home, corpus).is_idle
    except IndexDamagedError:
        return False


def run_of(home: Path, corpus: Path, *paths: Path, today: date = TODAY, **options: Any) -> IngestRun:
    return IngestRun(home, corpus, today, paths=paths, **options)


@lru_cache(maxsize=1)
def reader_of(embedder_home: Path) -> Reader:
    """The bundled reader, loaded once for all tests; it has no state."""
    from trusted_cloud_chat.models.bundled import load_reader

    return load_reader(embedder_home, threads=2)


@contextmanager
def assistant_over(folder: Path, embedder_home: Path, embedder: Embedder, **settings: Any) -> Iterator[Assistant]:
    """The assistant over the articles of `folder/corpus`."""
    from trusted_cloud_chat.wiring import build_assistant, run_ingest

    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(embedder_home / "models")
    chosen = load_settings(home=home, corpus=folder / "corpus", **settings)
    run_ingest(chosen, embedder=embedder, today=TODAY)
    assistant = build_assistant(chosen, embedder, reader=reader_of(embedder_home))
    yield assistant
    assistant.close()


def use_server() -> None:
    """If TCC_CHROMA_URL is set, puts every index that is opened without a server on that server."""
    url, made = os.environ.get("TCC_CHROMA_URL", ""), StoreFolder.__init__

    def on_server(self: StoreFolder, home: Path, server: str | ChromaServer = "") -> None:
        made(self, home, server or url)

    if url:
        StoreFolder.__init__ = on_server  # type: ignore[method-assign]


def collections_of(home: Path) -> list[Any]:
    """The Chroma collections of this home on the server of TCC_CHROMA_URL; empty if it is not set."""
    if not (url := os.environ.get("TCC_CHROMA_URL", "")):
        return []
    of_home, every = home_id(home / "index"), open_server(ChromaServer(url)).list_collections()
    return [found for found in every if (found.metadata or {}).get("home") == of_home]


def environment(**settings: object) -> dict[str, str]:
    """The environment for another process: without `TCC_` variables except `settings` and TCC_CHROMA_URL."""
    ours = {name for name in os.environ if name.upper().startswith("TCC_")} - {"TCC_CHROMA_URL"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        name: str(value) for name, value in settings.items()
    }


def copy_home(home: Path, to: Path) -> Path:
    """Copies a home, with its vectors on the server if there is one; returns `to`."""
    shutil.copytree(home, to)
    stores = StoreFolder(to)
    if stores.server:
        with closing(stores.catalog(stores.in_use() or 0, read_only=False)) as catalog:
            stores.refill(catalog, lambda *_: None)
    return to


def lose_vectors(home: Path) -> None:
    """Deletes the home's vectors from Chroma, in its folder or on the server."""
    for folder in home.glob("index/*/*/chroma"):
        shutil.rmtree(folder)
    for collection in collections_of(home):
        open_server(ChromaServer(os.environ["TCC_CHROMA_URL"])).delete_collection(collection.name)


def open_index(home: Path, embedder: Embedder) -> Index:
    """Opens the index that `run` wrote."""
    return Index(home, fingerprint_of(embedder, 60))


def found_texts(index: Index, embedder: Embedder, question: str, k: int = 50) -> dict[str, str]:
    """Chunk id → text of the results of both searches for `question`, in one snapshot."""

    def use(snapshot: Snapshot) -> dict[str, str]:
        vector = embedder.encode_queries([question])[0]
        weights = dict.fromkeys(lexical_tokens(question), 1.0)
        ids = {hit for hit, _ in [*snapshot.nearest(vector, k), *snapshot.matching(weights, k)]}
        stored = snapshot.catalog.stored_chunks(sorted(ids)).values()
        articles = snapshot.catalog.articles(s.chunk.article_id for s in stored)
        return {s.chunk.chunk_id: articles[s.chunk.article_id].text[s.chunk.start : s.chunk.end] for s in stored}

    return index.read(use)


def held(home: Path) -> dict[str, int]:
    """The number of chunks in each of the three stores, live or not, without those retired by the last run; and of staged versions."""
    stores = StoreFolder(home)
    with closing(stores.open()) as catalog:
        made, leaving = stores.derived(catalog), set(catalog.leaving())
        searcher = made.words()._searcher
        words = {searcher.doc(at)["chunk_id"][0] for _, at in searcher.search(tantivy.Query.all_query(), 10_000).hits}
        with closing(made.vectors()) as vectors:
            return {
                "live": catalog.count_chunks(),
                "catalog": catalog._count("SELECT COUNT(*) FROM chunks"),
                "vectors": len(vectors.ids() - leaving),
                "lexical": len(words - leaving),
                "pending": len(catalog.staged()),
            }


def put_vectors(index: VectorIndex, ids: list[str], vectors: np.ndarray) -> None:
    """Adds vectors without texts and metadata."""
    index._count = None
    index._call(index._collection.upsert, ids=ids, embeddings=vectors)


def by_the_clock(folder: Path, change: Callable[[], object]) -> None:
    """Runs `change`, and sets the mtime of all files that it changes in `folder` to `time.time()`, which `make test-days` fakes."""

    def dates() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}

    before = dates()
    change()
    for path, changed in dates().items():
        if before.get(path) != changed:
            os.utime(path, (time.time(),) * 2)

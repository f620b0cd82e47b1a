"""The same index with its vectors on a Chroma server, as TCC_CHROMA_URL names it."""

from __future__ import annotations

from pathlib import Path

import chromadb
import numpy as np
import pytest

from builders import run as run_here
from builders import write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.ingestion import IngestReport, fingerprint_of


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("un", "deux"):
        write_article(tmp_path / "corpus", name, f"L’article {name} parle du nuage.")
    return tmp_path / "corpus"


def run(home: Path, corpus: Path, url: str, *, rebuild: bool = False) -> IngestReport:
    return run_here(home, corpus, HashedEmbedder(), chroma_url=url, rebuild=rebuild)


def near(home: Path, url: str, text: str) -> set[str]:
    embedder = HashedEmbedder()
    index = Index(home, fingerprint_of(embedder, 60), url)
    vector: np.ndarray = embedder.encode_queries([text])[0]
    hits = index.read(lambda snapshot: snapshot.nearest(vector, 10))
    index.close()
    return {hit.split("@")[0] for hit, _ in hits}


def collections(url: str) -> set[str]:
    client = chromadb.HttpClient(host="127.0.0.1", port=int(url.rsplit(":", 1)[1]))
    return {collection.name for collection in client.list_collections()}


def test_runs_and_questions(tmp_path: Path, corpus: Path, chroma_server: str) -> None:
    """Articles come, change and go through the server, and no vectors lie in TCC_HOME."""
    home = tmp_path / "home"
    run(home, corpus, chroma_server)
    write_article(corpus, "trois", "L’article trois parle du nuage.")
    (corpus / "un.md").unlink()

    report = run(home, corpus, chroma_server)

    assert (report.added, report.deleted, report.embedded) == (["trois"], ["un"], 1)
    assert near(home, chroma_server, "nuage") == {"deux", "trois"}
    assert not (home / "index/1/made-1/chroma").exists()


def test_two_homes_share_a_server(tmp_path: Path, corpus: Path, chroma_server: str) -> None:
    """Two indexes on one server do not see, or sweep, each other's vectors."""
    run(tmp_path / "one", corpus, chroma_server)
    write_article(tmp_path / "other-corpus", "ailleurs", "Un autre nuage.")
    run(tmp_path / "two", tmp_path / "other-corpus", chroma_server)

    assert near(tmp_path / "one", chroma_server, "nuage") == {"un", "deux"}
    assert near(tmp_path / "two", chroma_server, "nuage") == {"ailleurs"}


def test_rebuilds_leave_no_collection_behind(tmp_path: Path, corpus: Path, chroma_server: str) -> None:
    """The collection that a rebuild replaced is deleted from the server by the next run."""
    home, before = tmp_path / "home", collections(chroma_server)
    for _ in range(3):
        run(home, corpus, chroma_server, rebuild=True)
    run(home, corpus, chroma_server)

    assert len(collections(chroma_server) - before) == 1
    assert near(home, chroma_server, "nuage") == {"un", "deux"}

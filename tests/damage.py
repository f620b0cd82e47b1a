"""Damages to the files of a home, and what each command makes of them.

As a script it is a process of its own, that answers one JSON line for each JSON line {"step", "home", "corpus", "url"}. Every
step takes place in a fork, so that a library that ends the process is seen as « crash », and none is told to the next.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KINDS = ("deleted", "emptied", "halved", "flipped", "zeroed")
LOCKS = (".lock", ".tantivy-meta.lock", ".tantivy-writer.lock", "catalog.db-shm", "catalog.db-wal")
"""Files without content, and those that SQLite has only while somebody reads: nothing in them can be damaged."""
QUESTION = "nuage qualification données Bleu"


def files_of(home: Path) -> list[str]:
    """Every file of the home's index that holds something, by its path in the home."""
    every = sorted(path for path in (home / "index").rglob("*") if path.is_file())
    return [path.relative_to(home).as_posix() for path in every if path.name not in LOCKS]


def damage(path: Path, kind: str) -> None:
    """One of `KINDS`; the same bits of the same file each time."""
    content = bytearray(path.read_bytes())
    if kind == "deleted":
        path.unlink()
        return
    if kind == "emptied":
        content.clear()
    elif kind == "halved":
        del content[len(content) // 2 :]
    elif kind == "zeroed":
        content[:4096] = bytes(min(4096, len(content)))
    elif content:
        chance = random.Random(f"{path.name[-12:]} {len(content)}")
        for _ in range(20):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


class Commands:
    """The process that runs the steps."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what Rust says of a panic
            text=True,
        )

    def __enter__(self) -> Commands:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self, step: str, home: Path, corpus: Path, url: str = "") -> dict[str, Any]:
        """`outcome` (answer, message, traceback, crash) and `found`: what came back, or what went wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"step": step, "home": str(home), "corpus": str(corpus), "url": url}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


def _ask(home: Path, corpus: Path, url: str) -> dict[str, Any]:
    """The articles that each of the two searches finds, when asked for all, and the text of every one."""
    from fakes import HashedEmbedder
    from trusted_cloud_chat.index import Index
    from trusted_cloud_chat.ingestion import fingerprint_of
    from trusted_cloud_chat.language.stems import lexical_tokens

    embedder = HashedEmbedder()
    index = Index(home, fingerprint_of(embedder, 60), url)
    words = {token: 1.0 for path in corpus.rglob("*.*") for token in lexical_tokens(path.read_text())}

    def use(snapshot: Any) -> dict[str, Any]:
        near = [hit for hit, _ in snapshot.nearest(embedder.encode_queries([QUESTION])[0], 50)]
        matching = [hit for hit, _ in snapshot.matching(words, 50)]
        articles = snapshot.catalog.articles(hit.rpartition("@")[0] for hit in [*near, *matching])
        stored = snapshot.catalog.stored_chunks(near)
        snapshot.catalog.chunk_vectors(near)
        return {
            "near": sorted({hit.rpartition("@")[0] for hit in near}),
            "matching": sorted({hit.rpartition("@")[0] for hit in matching}),
            "texts": {name: article.text for name, article in sorted(articles.items())},
            "chunks": len(stored),
        }

    try:
        return index.read(use)
    finally:
        index.close()


def _doctor(home: Path, corpus: Path, url: str) -> Any:
    """The lines of doctor about the index; `ok` where it has nothing to complain of."""
    from fakes import HashedEmbedder
    from trusted_cloud_chat import doctor
    from trusted_cloud_chat.settings import load_settings

    settings = load_settings(home=home, corpus=corpus, chroma_url=url, chunk_tokens=60)
    checks = doctor.index_checks(settings, HashedEmbedder)
    return {"ok": all(check.ok for check in checks), "lines": [f"{check.name}: {check.found}" for check in checks]}


def _fix(home: Path, corpus: Path, url: str) -> list[str]:
    """What `doctor --fix` says that it did."""
    from trusted_cloud_chat import doctor
    from trusted_cloud_chat.settings import load_settings

    return doctor.mend(load_settings(home=home, corpus=corpus, chroma_url=url, chunk_tokens=60))


def _ingest(home: Path, corpus: Path, url: str, *, rebuild: bool = False) -> Any:
    from builders import run
    from fakes import HashedEmbedder

    return run(home, corpus, HashedEmbedder(), chroma_url=url, rebuild=rebuild).to_dict()


def _ingest_copied(home: Path, corpus: Path, url: str) -> Any:
    """A run that leaves what the home was at each of its points in `points` beside it."""
    from other_process import copy_at_points

    copy_at_points(home, home.with_name("points"))
    return _ingest(home, corpus, url)


STEPS: dict[str, Callable[[Path, Path, str], Any]] = {
    "ask": _ask,
    "doctor": _doctor,
    "fix": _fix,
    "ingest": _ingest,
    "ingest, copied": _ingest_copied,
    "rebuild": lambda home, corpus, url: _ingest(home, corpus, url, rebuild=True),
}


def _outcome(asked: dict[str, str]) -> dict[str, Any]:
    from trusted_cloud_chat.errors import TrustedCloudChatError

    try:
        found = STEPS[asked["step"]](Path(asked["home"]), Path(asked["corpus"]), asked["url"])
    except TrustedCloudChatError as error:
        return {"outcome": "message", "found": f"{type(error).__name__}: {error}"}
    except BaseException:
        return {"outcome": "traceback", "found": traceback.format_exc()}
    return {"outcome": "answer", "found": found}


def _in_a_fork(asked: dict[str, str]) -> dict[str, Any]:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        with os.fdopen(writes, "w") as pipe:
            json.dump(_outcome(asked), pipe)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    crashed: dict[str, Any] = {"outcome": "crash", "found": f"status {os.waitstatus_to_exitcode(status)}"}
    return json.loads(told) if told else crashed


def _lines() -> Iterator[dict[str, str]]:
    for line in sys.stdin:
        yield json.loads(line)


def main() -> None:
    from trusted_cloud_chat.isolation import isolate

    isolate()
    import builders  # (loaded once, for all forks)
    import fakes  # noqa: F401
    from trusted_cloud_chat import doctor  # noqa: F401
    from trusted_cloud_chat.index import vectors

    # Chroma writes its graph to disk past a thousand vectors: here at once, so that there is one to damage.
    vectors._HNSW.update(sync_threshold=3, batch_size=3)
    builders.use_server()
    for asked in _lines():
        print(json.dumps(_in_a_fork(asked)), flush=True)


if __name__ == "__main__":
    main()

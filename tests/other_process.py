"""Runs ingests, which can be killed at a point, or a reader in another process for tests.

python other_process.py fork             runs each input line (JSON: home, corpus, step, die or seconds) in a fork, so that a library that ends
                                         the process gives « crash » and later steps start clean; one JSON line out
python other_process.py read HOME        one question per input line, one JSON line out
python other_process.py hold HOME        holds the writer's lock until its input ends
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from trusted_cloud_chat.isolation import isolate

isolate()

from builders import found_texts, open_index, run, use_server  # noqa: E402
from damage import QUESTION  # noqa: E402
from fakes import HashedEmbedder  # noqa: E402
from trusted_cloud_chat import doctor  # noqa: E402
from trusted_cloud_chat.errors import TrustedCloudChatError  # noqa: E402
from trusted_cloud_chat.index import index_writer, lexical, store, vectors  # noqa: E402
from trusted_cloud_chat.ingestion import fingerprint_of, staging  # noqa: E402
from trusted_cloud_chat.language.stems import lexical_tokens  # noqa: E402
from trusted_cloud_chat.settings import load_settings  # noqa: E402

POINTS = {
    "staged": (index_writer.IndexWriter, "stage", "after", 1),
    "all-staged": (index_writer.IndexWriter, "commit", "before", 1),
    "vectors-written": (vectors.VectorIndex, "put", "after", 1),
    "words-written": (lexical.LexicalIndex, "update", "after", 1),
    "cleaned": (vectors.VectorIndex, "delete", "after", 1),
    "sealed": (store.Derived, "seal", "after", 1),
    "in-transaction": (index_writer.Catalog, "retire", "after", 1),
    "live": (index_writer.IndexWriter, "_flip", "after", 1),
}
"""Points at which a run can be killed: (object, function, before or after it, number of the call)."""


def at_points(act: Callable[[str], None], *points: str) -> None:
    """Makes a run call `act` with the name of each of `points`, once, when it reaches that point."""
    for point in points:
        _at(*POINTS[point], partial(act, point))


def _at(owner: Any, name: str, when: str, at: int, act: Callable[[], None]) -> None:
    original, calls = getattr(owner, name), 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == at:
            act()
        result = original(*args, **kwargs)
        if when == "after" and calls == at:
            act()
        return result

    setattr(owner, name, wrapped)


def kill(_point: str) -> None:
    """Sends SIGKILL to this process: no `finally`, no `atexit`, as if memory ran out."""
    os.kill(os.getpid(), signal.SIGKILL)


def copy_at_points(home: Path, copies: Path) -> None:
    """Copies the home on disk to `copies/POINT` when a run reaches each point."""

    def copy(point: str) -> None:
        if not (copies / point).exists():
            # By another process: closing one of SQLite's files here would release its locks.
            subprocess.run(["cp", "-r", str(home), str(copies / point)], check=True)

    staging._STAGE_TEXTS = 2
    copies.mkdir()
    at_points(copy, *POINTS)


def _ask(home: Path, corpus: Path) -> dict[str, Any]:
    """The articles that each of the two searches finds with a query that matches all, and their texts."""
    embedder = HashedEmbedder()
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

    with closing(open_index(home, embedder)) as index:
        return index.read(use)


def _doctor(home: Path, corpus: Path) -> Any:
    """Doctor's lines about the index; `ok`: whether it found no problem."""
    checks = doctor.index_checks(load_settings(home=home, corpus=corpus, chunk_tokens=60), HashedEmbedder)
    return {"ok": all(check.ok for check in checks), "lines": [f"{check.name}: {check.found}" for check in checks]}


def _ingest(home: Path, corpus: Path, *, rebuild: bool = False) -> Any:
    return run(home, corpus, HashedEmbedder(), rebuild=rebuild).to_dict()


def _ingest_copied(home: Path, corpus: Path) -> Any:
    """A run that copies the home at each point to the folder `points` beside it."""
    copy_at_points(home, home.with_name("points"))
    return _ingest(home, corpus)


STEPS: dict[str, Callable[[Path, Path], Any]] = {
    "ask": _ask,
    "doctor": _doctor,
    "fix": lambda home, corpus: doctor.mend(load_settings(home=home, corpus=corpus, chunk_tokens=60)),
    "ingest": _ingest,
    "ingest, copied": _ingest_copied,
    "rebuild": lambda home, corpus: _ingest(home, corpus, rebuild=True),
}


def _outcome(asked: dict[str, Any]) -> dict[str, Any]:
    os.environ["TCC_CHROMA_URL"] = asked["server"]  # the test set it after this process started
    use_server()
    if asked.get("quiet"):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # hides Rust's panic messages
        # Chroma writes its graph to disk from a thousand vectors on: here at once, to have a file to damage.
        vectors._HNSW.update(sync_threshold=3, batch_size=3)
    if asked.get("seconds"):
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"])  # SIGALRM ends the process without clean-up, like a kill
    if asked.get("die"):
        staging._STAGE_TEXTS = 2  # makes two batches of the tests' four short articles
        at_points(kill, asked["die"])
    try:
        found = STEPS[asked["step"]](Path(asked["home"]), Path(asked["corpus"]))
    except TrustedCloudChatError as error:
        return {"outcome": "message", "found": f"{type(error).__name__}: {error}"}
    except BaseException:
        return {"outcome": "traceback", "found": traceback.format_exc()}
    return {"outcome": "answer", "found": found}


def _fork(asked: dict[str, Any]) -> dict[str, Any]:
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
    _, status, used = os.wait4(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    return {
        **(json.loads(told) if told else {"outcome": "crash", "found": f"status {ended}"}),
        "ended": ended,
        "peak": used.ru_maxrss * 1024,
        "worked_s": used.ru_utime + used.ru_stime,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("fork", "read", "hold"))
    parser.add_argument("home", type=Path, nargs="?")
    given = parser.parse_args()
    embedder = HashedEmbedder()
    if given.action == "fork":
        for line in sys.stdin:
            print(json.dumps(_fork(json.loads(line))), flush=True)
        return
    use_server()
    if given.action == "hold":
        with index_writer.open_writer(store.StoreFolder(given.home), fingerprint_of(embedder, 60)):
            print("held", flush=True)
            sys.stdin.read()
        return
    index = open_index(given.home, embedder)
    for question in sys.stdin:
        texts = found_texts(index, embedder, question.strip())
        print(json.dumps({"generation": index.coverage().generation, "texts": sorted(texts.values())}), flush=True)
    index.close()


if __name__ == "__main__":
    main()

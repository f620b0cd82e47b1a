"""What tests run in a process of its own: an ingest run that can be killed at a point, or a reader.

python other_process.py ingest HOME CORPUS [--die POINT] [--rebuild]
python other_process.py read HOME        one question a line in, one JSON line out
python other_process.py hold HOME        holds the writer's lock until its input ends
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from trusted_cloud_chat.isolation import isolate

isolate()

from builders import found_texts, open_index, run  # noqa: E402
from fakes import HashedEmbedder  # noqa: E402
from trusted_cloud_chat.index import lexical, store, vectors, writing  # noqa: E402
from trusted_cloud_chat.index.writing import open_writer  # noqa: E402
from trusted_cloud_chat.ingestion import (  # noqa: E402
    fingerprint_of,
    staging,
    to_lexical,
)

POINTS = {
    "between-stores": (writing, "upsert", "after", 2),
    "staged": (writing.IndexWriter, "stage", "after", 1),
    "all-staged": (writing.IndexWriter, "commit", "before", 1),
    "lexical-written": (lexical.LexicalIndex, "update", "after", 1),
    "in-transaction": (writing.Catalog, "set_state", "after", 1),
    "live": (writing.IndexWriter, "_flip", "after", 1),
    "one-store-cleaned": (None, "", "", 0),
    "not-named": (store.StoreFolder, "swap", "before", 1),
}
"""Where a run dies: object, function, before or after it, at which call."""


def die_at(point: str) -> None:
    """SIGKILL to ourselves: no `finally`, no `atexit`, as when the machine's memory runs out."""
    if point == "one-store-cleaned":
        _die_after_first_cleaning()
        return
    owner, name, when, at = POINTS[point]
    original, calls = getattr(owner, name), 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == at:
            kill()
        result = original(*args, **kwargs)
        if when == "after" and calls == at:
            kill()
        return result

    setattr(owner, name, wrapped)


def _die_after_first_cleaning() -> None:
    """After the dead chunks have left the first of the two stores, whichever that is."""
    delete, update = vectors.VectorIndex.delete, lexical.LexicalIndex.update

    def deleting(self: Any, chunk_ids: Any) -> None:
        delete(self, chunk_ids)
        kill()

    def updating(self: Any, documents: Any, deleted: Any = ()) -> None:
        update(self, documents, deleted)
        if deleted:
            kill()

    vectors.VectorIndex.delete = deleting  # type: ignore[method-assign]
    lexical.LexicalIndex.update = updating  # type: ignore[method-assign]


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("ingest", "read", "hold"))
    parser.add_argument("home", type=Path)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--die", choices=POINTS)
    parser.add_argument("--rebuild", action="store_true")
    given = parser.parse_args()
    embedder = HashedEmbedder()
    if given.action == "ingest":
        if given.die:
            staging._STAGE_TEXTS = 2  # the four short articles of the tests are two batches
            die_at(given.die)
        print(json.dumps(run(given.home, given.corpus, embedder, rebuild=given.rebuild).to_dict()))
        return
    if given.action == "hold":
        with open_writer(given.home, fingerprint_of(embedder, 60), to_lexical):
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

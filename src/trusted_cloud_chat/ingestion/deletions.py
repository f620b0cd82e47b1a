"""Deletions that look like a mistake: they are asked about before anything is embedded."""

from __future__ import annotations

from pathlib import Path

from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.ingestion.changes import ToDo

_SHARE = 1 / 3
_HANDFUL = 3
_MOST_NAMED = 10


def doubtful(todo: ToDo, live: Live, corpus: Path) -> str | None:
    """What to say before a run takes away more than a third of what the index has from the corpus, and more than a few; else None.

    Articles whose text stays, under another id, do not count.
    """
    whole = sum(held.in_corpus for held in live.held.values())
    if len(todo.lost) < _HANDFUL or len(todo.lost) <= _SHARE * whole:
        return None
    named = ", ".join(todo.lost[:_MOST_NAMED])
    more = len(todo.lost) - _MOST_NAMED
    return (
        f"this run would delete {len(todo.lost)} of the {whole} articles that the index has from the corpus: {named}"
        f"{f' and {more} more' if more > 0 else ''}. Their files are not in {corpus}. If you replaced the corpus, or removed "
        "them, it is right: go on with `trusted-cloud-chat ingest --allow-deletions` (with `--dry-run` it lists them all and "
        "changes nothing). If not, put the files back, or set TCC_CORPUS to the folder that has them"
    )

"""Damages the files of a home."""

from __future__ import annotations

import random
from pathlib import Path

KINDS = ("deleted", "emptied", "halved", "flipped", "zeroed")
LOCKS = (".lock", ".tantivy-meta.lock", ".tantivy-writer.lock", "catalog.db-shm", "catalog.db-wal")
"""Lock files without content, and files that SQLite has only while the database is open: they cannot be damaged."""
QUESTION = "nuage qualification données Bleu"


def files_of(home: Path) -> list[str]:
    """The paths, relative to the home, of all index files that can be damaged."""
    every = sorted(path for path in (home / "index").rglob("*") if path.is_file())
    return [path.relative_to(home).as_posix() for path in every if path.name not in LOCKS]


def damage(path: Path, kind: str) -> None:
    """Damages a file in one of the ways of `KINDS`; reproducible."""
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

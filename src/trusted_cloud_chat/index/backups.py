"""An earlier release's index, kept as it was before a run of this one changes its form."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from pathlib import Path

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.archive import write_archive
from trusted_cloud_chat.index.store import Store, remove_tree
from trusted_cloud_chat.index.trouble import told

KEPT = 2
"""How many there are at most: the oldest goes."""


def backups(home: Path) -> list[Path]:
    """Oldest first; `import` reads each."""
    return sorted((home / "backups").glob("*.zip"), key=lambda path: path.stat().st_mtime)


def back_up(home: Path, store: Store) -> None:
    """Keep what `store` holds; nothing of one that is damaged. Raises StorageError."""
    with suppress(IndexDamagedError), closing(store.catalog(read_only=True)) as catalog:
        with told(str(home / "backups"), IndexDamagedError, ""):
            (home / "backups").mkdir(exist_ok=True)
        write_archive(
            catalog, home / "backups" / f"generation-{catalog.generation}-{time.strftime('%Y%m%d-%H%M%S')}.zip"
        )
        for older in backups(home)[:-KEPT]:
            older.unlink()


def drop_backups(home: Path) -> None:
    """They may hold what was to be forgotten."""
    remove_tree(home / "backups")

"""What of enrichment is kept under `TCC_HOME`: sidecars of a corpus that cannot be written, drafts of runs, rows that were struck."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT, beside

_FOLDER = "enrichment"
_STRUCK = "struck.txt"


@dataclass(frozen=True, slots=True)
class EnrichmentHome:
    """The folder `enrichment` of a home; nothing is made before something is written."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> EnrichmentHome:
        return cls(home / _FOLDER)

    def place_of(self, path: Path) -> Path:
        """Where the sidecar of `path` is kept when it cannot lie beside it."""
        return self.folder / f"{_digest(str(path))}{ENRICHMENT}"

    def found(self, path: Path) -> Path | None:
        """The sidecar of `path`: beside it, else here."""
        place = next(iter(beside(path, ENRICHMENT)), None) or self.place_of(path)
        return place if place.exists() or place.is_symlink() else None

    def draft(self, key: str) -> Path:
        """What a model wrote of one portion of an article."""
        return self.folder / "drafts" / f"{key}.json"

    def strike(self, article_id: str, quote: str) -> None:
        """Leave a row out from now on, whoever writes it again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _STRUCK).open("a", encoding="utf-8") as file:
            file.write(f"{_row(article_id, quote)}\n")

    def is_struck(self, article_id: str, quote: str) -> bool:
        return _row(article_id, quote) in self._struck()

    def _struck(self) -> set[str]:
        try:
            return set((self.folder / _STRUCK).read_text("utf-8").split())
        except FileNotFoundError:
            return set()

    @property
    def state(self) -> str:
        """Tells whether what is kept here for readers has changed; empty where there is nothing."""
        told = "".join(sorted(self._marks()))
        return _digest(told) if told else ""

    def _marks(self) -> Iterator[str]:
        for place in self.folder.glob("*.*") if self.folder.is_dir() else ():
            if place.name.endswith((ENRICHMENT, _STRUCK)):
                yield f"{place.name}:{place.stat().st_mtime_ns}:{place.stat().st_size}\n"


def _row(article_id: str, quote: str) -> str:
    return _digest(f"{article_id}\x00{' '.join(quote.split())}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

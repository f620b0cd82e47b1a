"""What enrichment keeps under `TCC_HOME`: the sidecars of a corpus that cannot be written, and drafts of runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT, beside

_FOLDER = "enrichment"


@dataclass(frozen=True, slots=True)
class EnrichmentHome:
    """The folder `enrichment` of a home; created when something is written."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> EnrichmentHome:
        return cls(home / _FOLDER)

    def place_of(self, path: Path) -> Path:
        """The place of the sidecar of `path` if it cannot be written beside it."""
        return self.folder / f"{_digest(str(path))}{ENRICHMENT}"

    def found(self, path: Path) -> Path | None:
        """The sidecar of `path`: beside it, else here."""
        place = next(iter(beside(path, ENRICHMENT)), None) or self.place_of(path)
        return place if place.exists() or place.is_symlink() else None

    def draft(self, key: str) -> Path:
        """The draft of one portion of an article."""
        return self.folder / "drafts" / f"{key}.json"

    @property
    def state(self) -> str:
        """A digest that changes with the sidecars here; empty if there are none."""
        places = sorted(self.folder.glob(f"*{ENRICHMENT}"))
        told = [f"{place.name}:{place.stat().st_mtime_ns}:{place.stat().st_size}" for place in places]
        return _digest("\n".join(told)) if told else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

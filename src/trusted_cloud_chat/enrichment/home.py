"""The files of enrichment under `TCC_HOME`: sidecars of a read-only corpus, and drafts of runs."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT, beside

_STRUCK = "struck.txt"
_KEY = 24
"""Digits of a digest in a name."""


@dataclass(frozen=True, slots=True)
class EnrichmentHome:
    """The folder `enrichment` of a home, created when needed."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> "EnrichmentHome":
        return cls(home / "enrichment")

    def place_of(self, path: Path) -> Path:
        """Where the sidecar of `path` is written if the folder of `path` is read-only."""
        return self.folder / f"{digest_of(str(path))[:_KEY]}{ENRICHMENT}"

    def found(self, path: Path) -> Path | None:
        """The sidecar of `path`: beside it, else here."""
        place = next(iter(beside(path, ENRICHMENT)), None) or self.place_of(path)
        return place if place.exists() or place.is_symlink() else None

    def draft(self, key: str) -> Path:
        return self.folder / "drafts" / f"{key}.json"

    def struck(self) -> frozenset[str]:
        """The keys of rows that an administrator struck from all sidecars."""
        place = self.folder / _STRUCK
        return frozenset(place.read_text("utf-8").split()) if place.exists() else frozenset()

    def strike(self, key: str) -> None:
        """Leave the row out of all sidecars from now on."""
        if not key.isalnum() or key in self.struck():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _STRUCK).open("a", encoding="utf-8") as place:
            place.write(f"{key}\n")

    @property
    def state(self) -> str:
        """A digest of the sidecars here and of struck rows; empty if there are none."""
        places = sorted([*self.folder.glob(f"*{ENRICHMENT}"), *self.folder.glob(_STRUCK)])
        states = [f"{place.name}:{place.stat().st_mtime_ns}:{place.stat().st_size}" for place in places]
        return digest_of("\n".join(states))[:_KEY] if states else ""


def row_key(article_id: str, sentence: str) -> str:
    """Identifies the rows about a sentence by a digest, from which the sentence cannot be recovered."""
    return digest_of(f"{article_id}\x00{' '.join(sentence.split())}")[:_KEY]


def digest_of(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()

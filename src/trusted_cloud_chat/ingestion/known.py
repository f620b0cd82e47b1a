"""Files that are as they were when they were last read: their articles are taken from the index, and nothing is parsed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import CorpusFile
from trusted_cloud_chat.corpus.front_matter import places_of
from trusted_cloud_chat.index import Catalog
from trusted_cloud_chat.index.known_files import KnownFile
from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.index.records import Held
from trusted_cloud_chat.schema import Article

_READING = ("corpus", "enrichment", "language", "particulars", "dates.py", "schema.py")
"""What of this program makes articles of files,"""
_LIBRARIES = (
    "beautifulsoup4", "charset-normalizer", "htmldate", "odfdo", "pypdfium2", "python-calamine", "python-docx",
    "python-pptx", "striprtf", "trafilatura",
)  # fmt: skip
"""and what else does."""
_SETTLED_S = 2.0
"""How old a change must be before file times tell one from the next."""


class Known:
    """What a run knows of the files before it reads them, and what it learns."""

    def __init__(self, noted: Mapping[str, KnownFile], live: Live, rules: str) -> None:
        """`rules`: what of the settings files are read by."""
        self._noted, self._live = noted, live
        self._by = hashlib.sha256(reading_rules() + rules.encode()).hexdigest()[:16]
        self._settled = time.time() - _SETTLED_S
        self._states: dict[str, str] = {}
        self._learnt: dict[str, tuple[list[Article], list[str]]] = {}

    def recall(self, file: CorpusFile) -> tuple[list[Held], list[str]] | None:
        """The articles of a file that is as it was, as the index holds them, and its notices; None for one that must be read."""
        if not file.in_corpus:
            return None
        name = file.name
        state = self._states[name] = self._state(file)
        noted = self._noted.get(name)
        if noted is None or not state or noted.state != state:
            return None
        held = [self._held(file, *known) for known in noted.articles]
        whole = [one for one in held if one is not None]
        return (whole, list(noted.notices)) if len(whole) == len(held) else None

    def _held(self, file: CorpusFile, article_id: str, version: str) -> Held | None:
        held = self._live.held.get(article_id)
        same = held and held.in_corpus and held.version == version and file.root / held.path == file.path
        return held if same else None

    def came_from(self, one: Held) -> bool:
        """Whether the index has the article of this id from the same file."""
        held = self._live.held.get(one.article_id)
        return held is not None and held.path == one.path

    def learn(self, file: CorpusFile, articles: list[Article], notices: list[str]) -> None:
        """What reading it gave, where nothing of it failed."""
        if self._states.get(file.name):
            self._learnt[file.name] = articles, notices

    def note(self, catalog: Catalog, *, whole_corpus: bool) -> None:
        """Remember it for the next run, but for articles that are not held as they were read: a copy, one that kept another id.

        To be called after the commit: what a killed run has read is read again.
        """
        learnt = {article.article_id for articles, _ in self._learnt.values() for article in articles}
        held = catalog.articles(learnt) if learnt else {}
        lasting = {
            name: KnownFile(self._states[name], tuple((a.article_id, a.version) for a in articles), tuple(notices))
            for name, (articles, notices) in self._learnt.items()
            if all(held.get(article.article_id) == article for article in articles)
        }
        gone = [name for name in self._noted if name not in self._states] if whole_corpus else []
        if lasting or gone:
            with catalog.transaction():
                catalog.files.note(lasting, gone)

    def _state(self, file: CorpusFile) -> str:
        """What the file system tells of it and of what stands beside it about it: any write changes that. Empty for a change so young
        that the next one might have the same time.
        """
        states = [self._by]
        for path in (str(file.path), *places_of(file.path)):
            try:
                found = os.stat(path)  # noqa: PTH116  (fast)
            except OSError:
                states.append("")
                continue
            if max(found.st_mtime, found.st_ctime) > self._settled:
                return ""
            states.append(f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}")
        return "|".join(states)


@lru_cache(maxsize=1)
def reading_rules() -> bytes:
    """A digest of the program's part that reads, and of the libraries that it reads with: another one may read otherwise."""
    digest = hashlib.sha256(__version__.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for name in _READING:
        _add(digest, resources.files("trusted_cloud_chat") / name)
    return digest.digest()


def _add(digest: Any, place: Traversable) -> None:
    if place.is_dir():
        for inner in sorted(place.iterdir(), key=lambda inner: inner.name):
            if inner.name != "__pycache__":
                _add(digest, inner)
    else:
        digest.update(place.name.encode() + b"\x00" + place.read_bytes())

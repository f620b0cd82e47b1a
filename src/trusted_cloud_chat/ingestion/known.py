"""Files that are as they were when they were last read: their articles are taken from the index, and nothing is parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import CorpusFile
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.index import Catalog
from trusted_cloud_chat.index.known_files import KnownFile
from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.schema import Article

_READING = ("corpus", "language", "dates.py", "schema.py")
"""What of this program makes articles of files,"""
_LIBRARIES = (
    "beautifulsoup4",
    "charset-normalizer",
    "htmldate",
    "odfdo",
    "pypdfium2",
    "python-calamine",
    "python-docx",
    "python-pptx",
    "striprtf",
    "trafilatura",
)
"""and what else does."""


class Known:
    """What a run knows of the files before it reads them, and what it learns."""

    def __init__(self, noted: Mapping[str, KnownFile], live: Live, **options: Any) -> None:
        """`options` are those that files are read with; the day counts for none that was read once."""
        said = "\x00".join(f"{key}={options[key]}" for key in sorted(options) if key != "today")
        self._noted, self._live, self._most = noted, live, options["most_bytes"]
        self._salt = reading_rules() + said.encode()
        self._digests: dict[str, bytes] = {}
        self._learnt: dict[str, tuple[list[Article], list[str]]] = {}

    def recall(self, file: CorpusFile) -> tuple[list[Article], list[str]] | None:
        """The articles of a file that is as it was, as the index holds them, and its notices; None for one that must be read."""
        if not file.in_corpus:
            return None
        name, digest = file.name, self._digest(file)
        if digest is None:
            return None
        noted = self._noted.get(name)
        self._digests[name] = digest
        if noted is None or noted.digest != digest:
            return None
        held = [self._held(file, *known) for known in noted.articles]
        articles = [article for article in held if article is not None]
        return (articles, list(noted.notices)) if len(articles) == len(held) else None

    def _held(self, file: CorpusFile, article_id: str, version: str) -> Article | None:
        held = self._live.held.get(article_id)
        if held is None or not held.in_corpus or held.version != version or file.root / held.path != file.path:
            return None
        return self._live[article_id].article

    def came_from(self, article: Article) -> bool:
        """Whether the index has the article of this id from the same file."""
        held = self._live.held.get(article.article_id)
        return held is not None and held.path == article.path

    def learn(self, file: CorpusFile, articles: list[Article], notices: list[str]) -> None:
        """What reading it gave, where nothing of it failed."""
        if file.name in self._digests:
            self._learnt[file.name] = articles, notices

    def note(self, catalog: Catalog, *, whole_corpus: bool) -> None:
        """Remember it for the next run, but for articles that are not held as they were read: a copy, one that kept another id.

        To be called after the commit: what a killed run has read is read again.
        """
        held = catalog.articles(article.article_id for articles, _ in self._learnt.values() for article in articles)
        lasting = {
            name: KnownFile(self._digests[name], tuple((a.article_id, a.version) for a in articles), tuple(notices))
            for name, (articles, notices) in self._learnt.items()
            if all(held.get(article.article_id) == article for article in articles)
        }
        gone = [name for name in self._noted if name not in self._digests] if whole_corpus else []
        if lasting or gone:
            with catalog.transaction():
                catalog.files.note(lasting, gone)

    def _digest(self, file: CorpusFile) -> bytes | None:
        """Of all that its articles depend on; None where it cannot be read, which its reader will tell."""
        digest = hashlib.sha256(self._salt)
        try:
            for name, content in file.contents(self._most):
                digest.update(f"{name}\x00{len(content)}\x00".encode(errors="surrogateescape"))
                digest.update(content)
        except (ArticleError, OSError):
            return None
        return digest.digest()


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

"""What is live as a run begins: of every article what tells which file is which, and the article itself where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.health import whole, whole_rows
from trusted_cloud_chat.index.records import LiveVersion, article_of
from trusted_cloud_chat.index.trouble import decoding
from trusted_cloud_chat.schema import Article

_BEGINNING = 60
_HEAD = 150
"""Characters, or bytes of UTF-8, that hold the beginning of nearly every text, whatever white space stands among them."""


class Held(NamedTuple):
    """An article without its text."""

    article_id: str
    version: str
    path: str
    date: str | None
    in_corpus: bool
    beginning: str
    """Of its text, as `beginning_of` gives it."""


class Live(Mapping[str, LiveVersion]):
    """By article id, in the order of the ids; what is asked of each is in `held`, for the texts of thousands take long to read."""

    def __init__(self, held: Mapping[str, Held], read: Callable[[str], LiveVersion]) -> None:
        self.held, self._read = held, read

    @classmethod
    def of(cls, versions: Mapping[str, LiveVersion]) -> Live:
        """Articles that are at hand."""
        held = {article_id: held_of(v.article, in_corpus=v.in_corpus) for article_id, v in versions.items()}
        return cls(held, versions.__getitem__)

    def __getitem__(self, article_id: str) -> LiveVersion:
        """Raises IndexDamagedError where its text is no longer what was stored."""
        if article_id not in self.held:
            raise KeyError(article_id)
        return self._read(article_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


def read_live(catalog: Catalog, *, texts: bool) -> Live:
    """What is live in `catalog`, every text looked at; with `texts` they are all kept at hand. Raises IndexDamagedError."""
    with decoding("the catalog"):
        if texts:
            read = [LiveVersion(article_of(row), bool(row[-1])) for row in whole_rows(catalog)]
            return Live.of({v.article.article_id: v for v in sorted(read, key=lambda v: v.article.article_id)})
        held = sorted(_held_in(row) for row in whole_rows(catalog))

    def one(article_id: str) -> LiveVersion:
        version = catalog.contents.live_of([article_id])[article_id]
        whole(version.article)
        return version

    return Live({article.article_id: article for article in held}, one)


def _held_in(row: Sequence[Any]) -> Held:
    article_id, version, _, text, date, *_, path, in_corpus = row
    if {type(article_id), type(path)} != {str}:
        raise TypeError("a column is no text")
    return Held(article_id, version, path, date, bool(in_corpus), beginning_of(text))


def held_of(article: Article, *, in_corpus: bool) -> Held:
    date = str(article.date) if article.date else None
    return Held(article.article_id, article.version, article.path, date, in_corpus, beginning_of(article.text))


def beginning_of(text: str | bytes) -> str:
    """The first characters of a text, or of its UTF-8, white space made even: what is compared before whole texts are."""
    head = text[:_HEAD]
    even = _even(head)
    return (even if len(even) >= _BEGINNING or len(head) == len(text) else _even(text))[:_BEGINNING]


def _even(text: str | bytes) -> str:
    return " ".join((text if isinstance(text, str) else text.decode(errors="ignore")).split())

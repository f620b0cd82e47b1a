"""What is live as a run begins: of every article what tells which file is which, and the article itself where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import Held, LiveVersion, held_of


class Live(Mapping[str, LiveVersion]):
    """By article id, in the order of the ids; what is asked of each is in `held`, for the texts of thousands take long to read."""

    def __init__(self, held: Mapping[str, Held], read: Callable[[str], LiveVersion]) -> None:
        self.held, self._read = held, read

    @classmethod
    def of(cls, versions: Mapping[str, LiveVersion]) -> Live:
        """Articles that are at hand."""
        held = {article_id: held_of(v.article, in_corpus=v.in_corpus) for article_id, v in versions.items()}
        return cls(held, versions.__getitem__)

    @classmethod
    def in_catalog(cls, catalog: Catalog) -> Live:
        return cls({held.article_id: held for held in catalog.held()}, lambda one: catalog.live([one])[one])

    def __getitem__(self, article_id: str) -> LiveVersion:
        """Raises IndexDamagedError where it is no longer what was stored."""
        if article_id not in self.held:
            raise KeyError(article_id)
        return self._read(article_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

"""What is live: as a run begins, of every article what tells which file is which; while a question is asked, which chunks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from trusted_cloud_chat.index.records import Held, LiveVersion, chunk_version, held_of


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
        """Raises IndexDamagedError where it is no longer what was stored."""
        if article_id not in self.held:
            raise KeyError(article_id)
        return self._read(article_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


class LiveVersions:
    """Which chunks are live in one generation, and the last day of each one's date; looked up once for each article."""

    def __init__(
        self,
        look_up: Callable[[Collection[str]], dict[str, tuple[str, str | None]]],
        known: dict[str, tuple[str, str | None] | None],
    ) -> None:
        self._look_up, self._known = look_up, known

    def among(
        self, chunk_ids: Iterable[str], as_of: date | None = None, within: Collection[tuple[str, str]] | None = None
    ) -> set[str]:
        """Those of `chunk_ids` that are live and, with `as_of`, published by that day and, with `within`, of one of those versions."""
        versions = {chunk_id: chunk_version(chunk_id) for chunk_id in chunk_ids}
        unknown = {article_id for article_id, _ in versions.values() if article_id not in self._known}
        if unknown:
            self._known.update({**dict.fromkeys(unknown), **self._look_up(unknown)})
        day = as_of.isoformat() if as_of else None
        return {
            chunk_id
            for chunk_id, key in versions.items()
            if self._is_live(key, day) and (within is None or key in within)
        }

    def is_dated(self, chunk_id: str) -> bool:
        """Whether the chunk's article is live and has a date."""
        return bool(self.among([chunk_id], date.max))

    def _is_live(self, key: tuple[str, str], day: str | None) -> bool:
        version, last_day = self._known[key[0]] or (None, None)
        return version == key[1] and (day is None or (last_day is not None and last_day <= day))

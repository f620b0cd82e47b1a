"""What an ingest run reports."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from trusted_cloud_chat.errors import counted, shortened
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import Article

_NAMED = 3
"""Articles that are named where many lack the same."""


@dataclass(slots=True)
class IngestReport:
    """What a run did; lists hold article ids."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    duplicates: list[dict[str, str]] = field(default_factory=list)
    """`path`, and `duplicate_of`: the article id that has the same text."""
    failed: list[dict[str, str]] = field(default_factory=list)
    """`path` and `reason`."""
    notices: list[dict[str, str]] = field(default_factory=list)
    """`path` and `message`: read, but worth a look. Those of a run itself have a `kind`, and what is told by it."""
    renamed: list[dict[str, str]] = field(default_factory=list)
    """`path`, and the `article_id` that it keeps."""
    skipped: dict[str, int] = field(default_factory=dict)
    """Files of a kind that is not read, by kind: `.docx`."""
    unknown_names: list[dict[str, str]] = field(default_factory=list)
    """`name` of a provider that no list of names has, and `article_id`: an added or changed article about it."""
    chunks: int = 0
    embedded: int = 0
    """Chunks embedded by this run."""
    generation: int = 0
    seconds: float = 0.0
    fetched: int = 0
    """Documents that came from the web."""
    dry_run: bool = False
    """What a run would do; nothing was embedded or written."""
    stopped: str | None = None
    """Why a run would stop, where `dry_run` foresees that."""
    new: list[dict[str, str | None]] = field(default_factory=list)
    """What `added` names, with `article_id`, `title`, `publisher` and `date`."""

    def add(self, article: Article) -> None:
        """Tell of an article that was not there."""
        self.added.append(article.article_id)
        day = article.date.iso if article.date else None
        self.new.append(
            {"article_id": article.article_id, "title": article.title, "publisher": article.publisher, "date": day}
        )

    def ask_for(self, articles: Iterable[Article]) -> None:
        """Tell which of `articles` lack what is shown with each of their quotes."""
        lacking: dict[str, list[str]] = {"date": [], "publisher": [], "url": []}
        for article in articles:
            lacking["date"] += [] if article.date else [article.article_id]
            lacking["publisher"] += [] if article.publisher else [article.article_id]
            lacking["url"] += [] if article.url or any(s.url for s in article.sources) else [article.article_id]
        for key, ids in lacking.items():
            if ids:
                named = ", ".join(shortened(one, 60) for one in ids[:_NAMED])
                named += f" (+{len(ids) - _NAMED})" if len(ids) > _NAMED else ""
                many = f"{counted(len(ids), 'article')} {'has' if len(ids) == 1 else 'have'} no {key}: {named}"
                message = f"{many}; it may stand as `{key}:` in the front matter, or in NAME.meta.yaml beside the file"
                self.notices.append({"path": "articles", "message": message, "kind": f"lacks_{key}", "named": named})

    def note_refill(self, why: str) -> None:
        """Tell that vectors and words are made anew."""
        message = f"made anew from what is stored, nothing is embedded again for it: {why}"
        self.notices.append({"path": "index", "message": message})

    def unread(self) -> Callable[[str], bool]:
        """Tells of a path under the corpus whether it has failed, or a folder above it: what is stored for it stays."""
        failed = {failure["path"] for failure in self.failed}
        return lambda path: not failed.isdisjoint(map(visible, (path, *map(str, PurePosixPath(path).parents))))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

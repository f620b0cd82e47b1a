"""Fetches documents before a run reads files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.errors import IndexEmptyError, UsageError
from trusted_cloud_chat.fetching import Fetched, Held, Rules, fetch, is_address, load, save
from trusted_cloud_chat.fetching import originals as originals_of
from trusted_cloud_chat.ingestion.removal import held
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.schema import Article


@contextmanager
def fetched(
    home: Path, urls: Sequence[str], *, originals: bool, rules: Rules, progress: Progress | None = None
) -> Iterator[Fetched]:
    """Fetch `urls` and, with `originals`, the pages that indexed articles name as sources; files exist within the block only.

    Raises UsageError if the index names no page.
    """
    live = _live(home)
    wanted = [Origin(url) for url in urls]
    if originals:
        named = originals_of(live)
        if not named:
            raise UsageError(
                "no article of the index names a page as its source: run `trusted-cloud-chat ingest` first"
            )
        wanted = [*wanted, *named]
    with TemporaryDirectory(prefix="trusted-cloud-chat-") as folder:
        yield fetch(wanted, Path(folder), rules=rules, state=load(home), held=_by_address(live), progress=progress)


def remember(home: Path, done: Fetched, failed: Collection[str]) -> None:
    """Note after a run which documents the next one fetches only if changed; `failed` are the paths that the run could not use."""
    state = load(home)
    done.remember(state, _by_address(_live(home)), failed)
    save(home, state)


def _live(home: Path) -> list[Article]:
    try:
        return held(home)[1]
    except IndexEmptyError:
        return []


def _by_address(live: Sequence[Article]) -> Held:
    found: dict[str, set[str]] = defaultdict(set)
    for article in live:
        if is_address(article.path):
            found[article.path].add(article.version)
    return found

"""Fetches documents before a run reads files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.errors import IndexEmptyError, UsageError
from trusted_cloud_chat.fetching import Fetched, Held, Rules, fetch, load, save
from trusted_cloud_chat.fetching import originals as originals_of
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion.removal import held
from trusted_cloud_chat.progress import Progress


@contextmanager
def fetched(
    home: Path, urls: Sequence[str], *, originals: bool, rules: Rules, progress: Progress | None = None
) -> Iterator[Fetched]:
    """Fetch `urls` and, with `originals`, the pages that indexed articles name as sources; files exist within the block only.

    Raises UsageError if the index names no page.
    """
    wanted = [Origin(url) for url in urls]
    if originals:
        with suppress(IndexEmptyError):
            wanted += originals_of(held(home)[1])
        if len(wanted) == len(urls):
            raise UsageError(
                "no article of the index names a page as its source: run `trusted-cloud-chat ingest` first"
            )
    with TemporaryDirectory(prefix="trusted-cloud-chat-") as folder:
        yield fetch(wanted, Path(folder), rules=rules, state=load(home), held=_held(home), progress=progress)


def remember(home: Path, done: Fetched, failed: Collection[str]) -> None:
    """Note after a run which documents the next one fetches only if changed; `failed` are the paths that the run could not use."""
    state = load(home)
    done.remember(state, _held(home), failed)
    save(home, state)


def _held(home: Path) -> Held:
    found: dict[str, set[str]] = defaultdict(set)
    with suppress(IndexEmptyError), closing(StoreFolder(home).open()) as catalog:
        for one in catalog.outlines().values():
            found[one.path].add(one.version)
    return found

"""Fetches documents into a folder: pages, and those that feeds and sitemaps list."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

from trusted_cloud_chat.corpus import CorpusFile, Origin
from trusted_cloud_chat.corpus.formats import Found
from trusted_cloud_chat.corpus.formats.confined import read as read_confined
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.fetching.answers import LISTING, OfflineError, parsed, read_as
from trusted_cloud_chat.fetching.client import Client, Rules
from trusted_cloud_chat.fetching.state import LISTINGS_DEEP, FetchState, Remembered, conditions_of
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.progress import Progress, tell_nobody

Held = Mapping[str, Collection[str]]
"""Address → the versions of its articles in the index."""
_ALL_BYTES = 1_000_000_000
"""Maximum bytes of all documents of one run."""
_OFFLINE = 3
"""Minimum number of addresses, none of them reached, that are reported in one line."""


@dataclass
class Fetched:
    """The result of a run: files for the readers, and the outcome of each address."""

    files: list[CorpusFile] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    """`path`, the address, and `reason`."""
    notices: list[dict[str, str]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    documents: dict[str, Remembered] = field(default_factory=dict)
    waits: dict[str, float] = field(default_factory=dict)

    def remember(self, state: FetchState, held: Held, failed: Collection[str] = ()) -> None:
        """Update `state` for the next run; `held` is the index after this run, `failed` are the documents that it could not use.

        A failed document keeps its earlier state; a feed with a failed page is forgotten, so that the page is retried.
        """
        lost = {*failed, *(failure["path"] for failure in self.failed)}
        for url, known in self.documents.items():
            if visible(url) in lost:
                continue
            pages = known.pages if lost.isdisjoint(map(visible, known.pages)) else []
            versions = [] if pages else sorted(held.get(url, ()))
            state.documents.pop(url, None)  # the latest come last
            state.documents[url] = known.model_copy(update={"pages": pages, "versions": versions})
        state.waits = dict(self.waits)


def fetch(
    wanted: Sequence[Origin], folder: Path, *, rules: Rules, state: FetchState, held: Held, progress: Progress | None
) -> Fetched:
    """Fetch `wanted`, and what feeds and sitemaps list, into `folder`; conditionally if `state` remembers it and the index holds it."""
    return asyncio.run(_Run(folder, rules, state, held, progress or tell_nobody).all(wanted))


class _Run:
    def __init__(self, folder: Path, rules: Rules, state: FetchState, held: Held, tell: Progress) -> None:
        self._folder, self._rules, self._state, self._held, self._tell = folder, rules, state, held, tell
        self._client = Client(rules, state.waits)
        self._fetched = Fetched()
        self._asked: dict[str, int] = {}
        """All addresses of this run, in the order of the report."""
        self._done = self._bytes = self._offline = 0
        self._room = rules.most_pages

    async def all(self, wanted: Sequence[Origin]) -> Fetched:
        async with self._client.transport:
            await self._each(wanted, LISTINGS_DEEP + 1)
        fetched, order = self._fetched, self._asked
        fetched.files.sort(key=lambda file: order[file.name])
        fetched.failed.sort(key=lambda failure: order[failure["path"]])
        if self._offline == len(order) >= _OFFLINE:
            reason = f"no host of the {len(order)} addresses was reached: is this machine online? Nothing was fetched, the index is unchanged"
            fetched.failed = [{"path": "the network", "reason": reason}]
        fetched.waits = dict(self._client.waits)
        return fetched

    async def _each(self, wanted: Sequence[Origin], listings: int) -> None:
        """Fetch new addresses concurrently; `listings` is the maximum depth of nested feeds and sitemaps."""
        fresh = {origin.url: origin for origin in reversed(wanted) if origin.url not in self._asked}
        self._asked |= {url: n for n, url in enumerate(reversed(fresh), start=len(self._asked))}
        await asyncio.gather(*(self._one(origin, listings) for origin in reversed(fresh.values())))

    async def _one(self, wanted: Origin, listings: int) -> None:
        try:
            await self._take(wanted, listings)
        except Exception as error:  # a library's error must not stop the other addresses
            self._offline += isinstance(error, OfflineError)
            if not isinstance(error, ArticleError):
                error = ArticleError(f"our mistake, please report it: {type(error).__name__}: {error}")
            self._fetched.failed.append({"path": wanted.url, "reason": str(error)})
        self._done += 1
        self._tell("fetch", self._done, len(self._asked))

    async def _take(self, wanted: Origin, listings: int) -> None:
        fetched, known = self._fetched, self._state.still(wanted.url, self._held)
        same = known is not None and wanted.changed and wanted.changed == known.changed  # according to its feed
        got = None if same else await self._client.get(wanted.url, known.conditions if known else {})
        if known is not None and (got is None or got.status == HTTPStatus.NOT_MODIFIED):
            fetched.unchanged.append(wanted.url)
            fetched.documents[wanted.url] = known.model_copy(update={"changed": wanted.changed})
            return
        assert got is not None
        self._bytes += len(got.body)
        if self._bytes > _ALL_BYTES:
            raise ArticleError(f"more than {_ALL_BYTES / 1e9:g} GB in one run: fetch the rest in another")
        suffix, body = read_as(got.url, got.headers, got.body, self._rules.most_bytes)
        path = self._folder / f"{self._asked[wanted.url]}{suffix}"
        path.write_bytes(body)
        remembered = Remembered(conditions=conditions_of(got.headers), changed=wanted.changed)
        if suffix == LISTING:
            remembered.pages = await self._listed(wanted, got.url, path, listings)
        else:
            fetched.files.append(CorpusFile(path, self._folder, False, origin=replace(wanted, final=got.url)))
        fetched.documents[wanted.url] = remembered

    async def _listed(self, wanted: Origin, url: str, path: Path, listings: int) -> list[str]:
        """Fetch the pages of a feed or sitemap. Returns their addresses, or none if there are too many: the next run starts over."""
        if not listings:
            raise ArticleError("a feed or a sitemap where a page was expected: give its own address")
        entries = await asyncio.to_thread(read_confined, path, most=self._rules.most_bytes)
        every = [page for page in (_page(entry, url) for entry in entries) if page]
        pages = every[: self._room]
        self._room -= len(pages)
        messages = []
        if without := len(entries) - len(every):
            messages = [f"{without} of its {len(entries)} entries have no page address and are not read"]
        if len(pages) < len(every):
            messages.append(
                f"lists {len(every)} pages, of which the newest {len(pages)} are fetched: TCC_MAX_PAGES can allow more"
            )
        self._fetched.notices += [{"path": wanted.url, "message": message} for message in messages]
        await self._each(pages, listings - 1 if entries[0].notices else 0)
        return [page.url for page in pages] if len(pages) == len(every) else []


def _page(entry: Found, url: str) -> Origin | None:
    """The page of an entry in the listing at `url`; None if it has no valid address."""
    try:
        link = str(entry.fields["url"]).strip().replace(" ", "%20")
        address = str(parsed(urljoin(url, link))) if link else ""
    except (ArticleError, ValueError):
        return None
    title, day = (str(entry.fields.get(key) or "") for key in ("title", "date"))
    changed = entry.guessed.get("changed", ("",))[0]
    return Origin(address, title=title, date=day, changed=changed) if address else None

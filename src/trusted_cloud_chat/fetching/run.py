"""Addresses → documents in a folder: pages, and what feeds and sitemaps list."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

from trusted_cloud_chat.corpus import CorpusFile, Origin
from trusted_cloud_chat.corpus.formats.confined import read as read_confined
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.fetching.answers import OfflineError, parsed
from trusted_cloud_chat.fetching.client import Client
from trusted_cloud_chat.fetching.kinds import LISTING, read_as
from trusted_cloud_chat.fetching.rules import ALL_BYTES, LISTINGS_DEEP, Rules
from trusted_cloud_chat.fetching.state import FetchState, Remembered, conditions_of
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.progress import Progress, tell_nobody

Held = Mapping[str, Collection[str]]
"""Address → the versions of the articles that the index holds from it."""
_OFFLINE = 3
"""Number of addresses from which one line reports that none was reached, instead of one each."""


@dataclass
class Fetched:
    """The result of a run: files for the readers, and the outcome of each address."""

    files: list[CorpusFile] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    """`path`, the address, and `reason`."""
    notices: list[dict[str, str]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Addresses whose page is unchanged in the index."""
    documents: dict[str, Remembered] = field(default_factory=dict)
    waits: dict[str, float] = field(default_factory=dict)

    def remember(self, state: FetchState, held: Held, failed: Collection[str] = ()) -> None:
        """Note in `state` what to ask for next time; `held` is what the index holds after the run, `failed` what it could not use.

        For a failure the state of the indexed version is kept; a feed with a failed page is forgotten, so that the page is
        retried although the feed has not changed.
        """
        lost = {*failed, *(failure["path"] for failure in self.failed)}
        for url, known in self.documents.items():
            if visible(url) in lost:
                continue
            pages = known.pages if lost.isdisjoint(map(visible, known.pages)) else []
            versions = [] if pages else sorted(held.get(url, ()))
            state.documents.pop(url, None)  # the newest come last
            state.documents[url] = known.model_copy(update={"pages": pages, "versions": versions})
        state.waits = dict(self.waits)


def fetch(
    wanted: Sequence[Origin],
    folder: Path,
    *,
    rules: Rules,
    state: FetchState,
    held: Held,
    progress: Progress | None = None,
) -> Fetched:
    """The documents at `wanted`, as files in `folder`; for a feed or a sitemap those that it lists. Failures are not raised.

    What `state` remembers and the index still holds is requested conditionally.
    """
    return asyncio.run(_Run(folder, rules, state, held, progress or tell_nobody).all(wanted))


class _Run:
    def __init__(self, folder: Path, rules: Rules, state: FetchState, held: Held, tell: Progress) -> None:
        self._folder, self._rules, self._state, self._held, self._tell = folder, rules, state, held, tell
        self._client = Client(rules, state.waits)
        self._fetched = Fetched()
        self._asked: dict[str, int] = {}
        """Every address of this run, in the order of the report."""
        self._done = self._bytes = self._offline = 0
        self._room = rules.most_pages

    async def all(self, wanted: Sequence[Origin]) -> Fetched:
        async with self._client:
            await self._each(wanted, LISTINGS_DEEP + 1)
        fetched, order = self._fetched, self._asked
        fetched.files.sort(key=lambda file: order[file.name])
        fetched.failed.sort(key=lambda failure: order[failure["path"]])
        if self._offline == len(order) >= _OFFLINE:
            reason = f"no host of the {len(order)} addresses was reached: is this machine online? Nothing was fetched, the index is as it was"
            fetched.failed = [{"path": "the network", "reason": reason}]
        fetched.waits = dict(self._client.waits)
        return fetched

    async def _each(self, wanted: Sequence[Origin], listings: int) -> None:
        """Fetch the addresses that are new, concurrently; `listings`: how deep feeds and sitemaps may be nested."""
        fresh = {one.url: one for one in reversed(wanted) if one.url not in self._asked}
        for url in reversed(fresh):
            self._asked[url] = len(self._asked)
        await asyncio.gather(*(self._one(one, listings) for one in reversed(fresh.values())))

    async def _one(self, wanted: Origin, listings: int) -> None:
        reason = ""
        try:
            await self._take(wanted, listings)
        except ArticleError as error:
            self._offline += isinstance(error, OfflineError)
            reason = str(error)
        except Exception as error:  # a library's error must not stop the other addresses
            reason = f"our mistake, please report it: {type(error).__name__}: {error}"
        if reason:
            self._fetched.failed.append({"path": wanted.url, "reason": str(ArticleError(reason))})
        self._done += 1
        self._tell("fetch", self._done, len(self._asked))

    async def _take(self, wanted: Origin, listings: int) -> None:
        fetched, known = self._fetched, self._state.still(wanted.url, self._held)
        same = known is not None and wanted.changed and wanted.changed == known.changed  # its feed says so
        got = None if same else await self._client.get(wanted.url, known.conditions if known else {})
        if known is not None and (got is None or got.status == HTTPStatus.NOT_MODIFIED):
            fetched.unchanged.append(wanted.url)
            fetched.documents[wanted.url] = known.model_copy(update={"changed": wanted.changed})
            return
        assert got is not None
        self._bytes += len(got.body)
        if self._bytes > ALL_BYTES:
            raise ArticleError(f"more than {ALL_BYTES / 1e9:g} GB in one run: fetch the rest in another")
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
        """Fetch the pages of a feed or sitemap, the newest if there are too many; returns their addresses.

        Returns none if some were left out, so that the next run requests all of them again.
        """
        if not listings:
            raise ArticleError("a feed or a sitemap where a page was expected: give its own address")
        found = await asyncio.to_thread(read_confined, path, most=self._rules.most_bytes)
        all_pages = [one for one in (_entry(entry, url) for entry in found) if one]
        if len(all_pages) < len(found):
            without = len(found) - len(all_pages)
            self._note(wanted, f"{without} of its {len(found)} entries have no address of a page, and are not read")
        pages = all_pages[: self._room]
        self._room -= len(pages)
        if len(pages) < len(all_pages):
            self._note(
                wanted,
                f"lists {len(all_pages)} pages, of which {len(pages)} are fetched, the newest: TCC_MAX_PAGES allows for more",
            )
        await self._each(pages, listings - 1 if found[0].notices else 0)
        return [page.url for page in pages] if len(pages) == len(all_pages) else []

    def _note(self, wanted: Origin, message: str) -> None:
        self._fetched.notices.append({"path": wanted.url, "message": message})


def _entry(found: Found, url: str) -> Origin | None:
    """The page that an entry of the listing at `url` names; None if it is not an address."""
    try:
        said = str(found.fields["url"]).strip()
        address = str(parsed(urljoin(url, said.replace(" ", "%20")))) if said else ""
    except (ArticleError, ValueError):
        return None
    if not address:
        return None
    title, day = (str(found.fields.get(key) or "") for key in ("title", "date"))
    return Origin(address, title=title, date=day, changed=found.guessed.get("changed", ("",))[0])

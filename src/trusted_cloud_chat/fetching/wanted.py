"""Requested addresses: given one by one, listed in a file, or named by articles as their sources."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.corpus.decoding import decode
from trusted_cloud_chat.corpus.safe_files import read_bytes
from trusted_cloud_chat.errors import ArticleError, UsageError, shortened
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import Article

_WEB = ("http://", "https://")
_SHOWN = 80
"""Characters shown of a line that is not an address."""


def is_address(given: str) -> bool:
    return given.lower().startswith(_WEB)


def parted(given: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Separate paths and addresses. Raises UsageError for an unsupported scheme."""
    for one in given:
        if "://" in one and not is_address(one) and not Path(one).exists():
            raise UsageError(f"{one}: only addresses that begin with http:// or https:// are fetched")
    return [Path(one) for one in given if not is_address(one)], [one for one in given if is_address(one)]


def listed(file: Path) -> list[str]:
    """The addresses in a file, one a line; empty lines and comments (# at the start or after a space) are skipped.

    A line that is not an address is returned too, shortened, and fails when it is fetched. Raises UsageError for a file without any address.
    """
    try:
        raw = read_bytes(file)
        lines = decode(raw)[0].splitlines() if raw.strip() else []
    except ArticleError as error:
        raise UsageError(f"--urls {file}: {error}") from None
    bare = (" ".join(takewhile(lambda word: not word.startswith("#"), line.split())) for line in lines)
    found = [line for line in bare if line]
    if not any(map(is_address, found)):
        what = f"{found[0][:_SHOWN]!r} is no address" if found else "there is no address in it"
        raise UsageError(f"--urls {file}: {what}; expected lines such as https://example.org/page")
    return [line if is_address(line) else shortened(visible(line), _SHOWN) for line in found]


def originals(articles: Iterable[Article]) -> list[Origin]:
    """The distinct pages that `articles` name as their sources, with what the articles say about them."""
    found: dict[str, Origin] = {}
    for article in articles:
        for source in article.sources:
            if source.url and is_address(source.url):
                day = str(source.date) if source.date else ""
                found.setdefault(source.url, Origin(source.url, "", source.publisher, source.title or "", day))
    return list(found.values())

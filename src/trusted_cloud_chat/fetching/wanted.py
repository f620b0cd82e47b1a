"""Collects requested addresses: from arguments, from a file, or from the sources of articles."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.corpus.decoding import decode
from trusted_cloud_chat.corpus.safe_files import read_bytes
from trusted_cloud_chat.errors import ArticleError, UsageError, shortened
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import Article

_SHOWN = 80
"""Maximum characters shown of an invalid line."""


def is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def parted(given: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Separate paths and addresses. Raises UsageError for an unsupported scheme."""
    for one in given:
        if "://" in one and not is_address(one) and not Path(one).exists():
            raise UsageError(f"{one}: only addresses that begin with http:// or https:// are fetched")
    return [Path(one) for one in given if not is_address(one)], [one for one in given if is_address(one)]


def listed(file: Path) -> list[str]:
    """The lines of a file of addresses, without comments (# at the start or after a space). An invalid line fails when it is fetched.

    Raises UsageError for a file without any address.
    """
    try:
        raw = read_bytes(file)
        lines = decode(raw)[0].splitlines() if raw.strip() else []
    except ArticleError as error:
        raise UsageError(f"--urls {file}: {error}") from None
    bare = (" ".join(takewhile(lambda word: not word.startswith("#"), line.split())) for line in lines)
    lines = [line for line in bare if line]
    if not any(map(is_address, lines)):
        what = f"{lines[0][:_SHOWN]!r} is not an address" if lines else "there is no address in it"
        raise UsageError(f"--urls {file}: {what}; expected lines such as https://example.org/page")
    return [line if is_address(line) else shortened(visible(line), _SHOWN) for line in lines]


def originals(articles: Iterable[Article]) -> list[Origin]:
    """The distinct pages that `articles` name as their sources, with their metadata there."""
    pages: dict[str, Origin] = {}
    for source in (source for article in articles for source in article.sources):
        if source.url and is_address(source.url):
            day = str(source.date) if source.date else ""
            pages.setdefault(source.url, Origin(source.url, "", source.publisher, source.title or "", day))
    return list(pages.values())

"""Which addresses are asked for: given one by one, listed in a file, or named by articles as their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.corpus.decoding import decode
from trusted_cloud_chat.corpus.opening import read_bytes
from trusted_cloud_chat.errors import ArticleError, UsageError
from trusted_cloud_chat.schema import Article

_WEB = ("http://", "https://")


def is_address(given: str) -> bool:
    return given.lower().startswith(_WEB)


def parted(given: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Paths, and addresses. Raises UsageError for an address of another kind."""
    for one in given:
        if "://" in one and not is_address(one) and not Path(one).exists():
            raise UsageError(f"{one}: only addresses that begin with http:// or https:// are fetched")
    return [Path(one) for one in given if not is_address(one)], [one for one in given if is_address(one)]


def listed(file: Path) -> list[str]:
    """The addresses in a file, one a line; empty lines and those that begin with # are left out. Raises UsageError."""
    try:
        lines = decode(read_bytes(file))[0].splitlines()
    except ArticleError as error:
        raise UsageError(f"--urls {file}: {error}") from None
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    wrong = next((line for line in found if not is_address(line)), None)
    if wrong is not None or not found:
        what = f"{wrong[:80]!r} is no address" if wrong else "there is no address in it"
        raise UsageError(f"--urls {file}: {what}; expected lines such as https://example.org/page")
    return found


def originals(articles: Iterable[Article]) -> list[Origin]:
    """The pages that `articles` name as their sources, each once, with what they say of it."""
    found: dict[str, Origin] = {}
    for article in articles:
        for source in article.sources:
            if source.url and is_address(source.url):
                day = str(source.date) if source.date else ""
                found.setdefault(source.url, Origin(source.url, "", source.publisher, source.title or "", day))
    return list(found.values())

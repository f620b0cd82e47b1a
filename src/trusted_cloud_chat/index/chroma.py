"""What is known of Chroma without loading it: where a server is, and what stands beside each vector for readers of other programs.

Our own searches read the catalog; no text or label decides an answer.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from trusted_cloud_chat.schema import Article, Chunk

Labels = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """`url` may hold user, password and a path; `token` and `ca`, a file of authorities that are trusted, are optional.

    False where there is none: vectors are embedded. As text it is the address without user and password.
    """

    url: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca: str = ""

    @classmethod
    def of(cls, given: str | ChromaServer) -> ChromaServer:
        return given if isinstance(given, ChromaServer) else cls(given)

    def __bool__(self) -> bool:
        return bool(self.url)

    def __str__(self) -> str:
        address = urlsplit(self.url)
        return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()

    def options(self) -> dict[str, Any]:
        """What `chromadb.HttpClient` takes. Chroma cuts nothing off a host that is a whole address."""
        address = urlsplit(self.url)
        tls, host = address.scheme == "https", address.netloc.rpartition("@")[2]
        port = address.port or (443 if tls else 8000)
        place = host if address.port else f"{host}:{port}"
        return {
            "host": f"{address.scheme}://{place}{unquote(address.path).rstrip('/')}",
            "port": port,
            "ssl": tls,
            "headers": self._headers(),
        }

    def _headers(self) -> dict[str, str]:
        """A token by both names that servers and proxies know it by; a user takes the first one's place."""
        address, headers = urlsplit(self.url), {}
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token}
        if address.username is not None:
            known = f"{unquote(address.username)}:{unquote(address.password or '')}"
            headers["Authorization"] = f"Basic {base64.b64encode(known.encode()).decode()}"
        return headers


NO_SERVER = ChromaServer()


def labels_of(article: Article, chunk: Chunk) -> Labels:
    """Whose words a chunk is; None where the article does not tell, so that a label that went is taken off again."""
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "publisher": article.publisher,
        "date": str(article.date) if article.date else None,
        # Chroma compares numbers only: « published by 30 June 2025 » is {"last_day": {"$lte": 20250630}}.
        "last_day": day_label(article.date.last_day) if article.date else None,
        "url": article.url,
        "language": article.language,
        "source_type": article.source_type,
        "start": chunk.start,
        "end": chunk.end,
    }


def day_label(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def quoted_text(article: Article, chunk: Chunk) -> str:
    """The chunk word for word, and not as it is embedded with title and date: so it can be quoted, and offsets hold."""
    return article.text[chunk.start : chunk.end]

"""Describes Chroma without loading it: the server's address, and the text and labels stored for other programs.

Our own searches read the catalog: no text or label in Chroma decides an answer.
"""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from trusted_cloud_chat.schema import Article, Chunk

AT_ONCE = 2000
"""Chunks written at once; Chroma accepts some 5,000."""


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A server's `url`, possibly with user, password and path; an optional `token` and file `ca` of trusted authorities.

    False without a URL: Chroma is embedded. As text, the address without user and password.
    """

    url: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca: str = ""

    @classmethod
    def of(cls, given: "str | ChromaServer") -> "ChromaServer":
        return given if isinstance(given, ChromaServer) else cls(given)

    def __bool__(self) -> bool:
        return bool(self.url)

    def __str__(self) -> str:
        address = urlsplit(self.url)
        return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()

    def options(self) -> dict[str, Any]:
        """The arguments of `chromadb.HttpClient`, which accepts a whole address as host."""
        address, headers = urlsplit(self.url), {}
        tls, host = address.scheme == "https", address.netloc.rpartition("@")[2]
        port = address.port or (443 if tls else 8000)
        place = host if address.port else f"{host}:{port}"
        if self.token:  # under both names in use; a user and password replace the first
            headers = {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token}
        if address.username is not None:
            known = f"{unquote(address.username)}:{unquote(address.password or '')}"
            headers["Authorization"] = f"Basic {base64.b64encode(known.encode()).decode()}"
        where = f"{address.scheme}://{place}{unquote(address.path).rstrip('/')}"
        return {"host": where, "port": port, "ssl": tls, "headers": headers}


def labels_of(article: Article, chunk: Chunk) -> dict[str, str | int | None]:
    """The labels of a chunk; None removes a label."""
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "publisher": article.publisher,
        "date": str(article.date) if article.date else None,
        # Chroma compares numbers only: « published by 30 June 2025 » is {"last_day": {"$lte": 20250630}}.
        "last_day": int(f"{article.date.last_day:%Y%m%d}") if article.date else None,
        "url": article.url,
        "language": article.language,
        "source_type": article.source_type,
        "start": chunk.start,
        "end": chunk.end,
    }

"""The version of an article: a hash of what is embedded of it, which also tells whether a stored text is still the same."""

from __future__ import annotations

import hashlib

from trusted_cloud_chat.dates import PartialDate


def version_of(text: str | bytes, title: str, published: PartialDate | str | None) -> str:
    """Sixteen hexadecimal digits that change when the text (a string, or its UTF-8), the title or the date does."""
    digest = hashlib.sha256(text.encode() if isinstance(text, str) else text)
    digest.update(f"\x00{title}\x00{published or ''}".encode())
    return digest.hexdigest()[:16]

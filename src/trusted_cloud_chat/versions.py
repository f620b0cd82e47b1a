"""The version of an article: a hash of what is embedded of it, which also tells whether a stored text is still the same."""

from __future__ import annotations

import hashlib

from trusted_cloud_chat.dates import PartialDate


def version_of(text: str, title: str, published: PartialDate | str | None) -> str:
    """Sixteen hexadecimal digits that change when the text, the title or the date does."""
    parts = "\x00".join((text, title, str(published or "")))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]

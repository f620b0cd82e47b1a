"""What the vector store says of a chunk besides its vector, for readers of other programs: text and labels.

Our own searches read the catalog; nothing here decides an answer.
"""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat.schema import Article, Chunk

Labels = dict[str, str | int | None]


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

"""What the word index gets of a chunk."""

from __future__ import annotations

from trusted_cloud_chat.index import LexicalDocument, StoredChunk
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.schema import Article


def to_lexical(article: Article, stored: StoredChunk) -> LexicalDocument:
    """The words of a chunk and of its article's title, in the article's language."""
    text = article.text[stored.chunk.start : stored.chunk.end]
    return LexicalDocument(
        stored.chunk.chunk_id,
        lexical_tokens(article.title, article.language),
        lexical_tokens(text, article.language),
    )

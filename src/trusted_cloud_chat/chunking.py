"""`Article` → `Chunk`s: whole sentences and blocks up to the token limit, with exact offsets."""

from collections.abc import Callable

from trusted_cloud_chat.language.blocks import article_sentences, block_at, context_of, shown
from trusted_cloud_chat.language.headings import heading_path
from trusted_cloud_chat.language.sentences import trim
from trusted_cloud_chat.schema import Article, Chunk, Span

CHUNKING = "blocks-2"
"""Version of these rules, stored in the index; the next run rebuilds an index with another version."""

_MOST_OVER = 240
"""Maximum number of characters of headings embedded with a chunk."""
TokenCounter = Callable[[str], int]
_LONGEST_TOKEN = 100
"""Characters."""


def chunk_article(article: Article, count_tokens: TokenCounter, max_tokens: int) -> list[Chunk]:
    """Chunks in text order, disjoint; every sentence of the article lies in exactly one.

    A sentence longer than `max_tokens` is cut at a space, so that nothing is truncated silently.
    """
    sentences = [
        piece
        for span in article_sentences(article.text)
        for piece in _fit(article.text, span, count_tokens, max_tokens)
    ]
    groups = _group(article.text, sentences, count_tokens, max_tokens)
    return [
        Chunk(
            chunk_id=f"{article.article_id}@{article.version}#{ordinal}",
            article_id=article.article_id,
            version=article.version,
            ordinal=ordinal,
            start=group[0].start,
            end=group[-1].end,
            sentences=tuple(group),
        )
        for ordinal, group in enumerate(groups)
    ]


def embedded_text(article: Article, chunk: Chunk) -> str:
    """The text embedded for a chunk: title, date and headings resolve references such as « la plateforme »."""
    heading = title_over(article, chunk.start)
    if article.dated is not None:
        heading = f"{heading} ({article.dated.spoken(article.language)})"
    return f"{heading}\n{article.text[chunk.start : chunk.end]}"


def title_over(article: Article, start: int) -> str:
    """The article's title and the headings above `text[start:]`: a provision of a law needs its book."""
    block = block_at(article.text, start)
    over = [*heading_path(article.text, start), block.under if block else ""]
    over = [said for said in dict.fromkeys(over) if said and said != article.title]
    while len(over) > 1 and sum(map(len, over)) > _MOST_OVER:
        over.pop(1 if len(over) > 2 else 0)  # the outermost and the innermost heading matter most
    return " – ".join([article.title, *over])


def sentence_text(article: Article, sentence: Span) -> str:
    """A sentence without Markdown, with the header it depends on: « Tarif | 2024 : Adulte | 5 € »."""
    context, said = context_of(article.text, sentence.start), shown(article.text, sentence.start, sentence.end)
    return f"{context}{'' if context.endswith('?') else ':'} {said}" if context else said


def _group(text: str, sentences: list[Span], count: TokenCounter, limit: int) -> list[list[Span]]:
    """Consecutive sentences within `limit`, filled evenly so that no chunk is a lone leftover."""
    sizes = [count(text[s.start : s.end]) for s in sentences]
    total = sum(sizes)
    parts = max(1, -(-total // limit))
    target = total / parts
    groups: list[list[Span]] = []
    current: list[Span] = []
    filled = 0
    for sentence, size in zip(sentences, sizes, strict=True):
        over = filled + size > limit
        enough = filled >= target or (filled + size / 2 > target and filled > 0)
        if current and (over or enough):
            moved = [current.pop()] if len(current) > 1 and _is_heading(text, current[-1]) else []
            groups.append(current)
            current, filled = moved, sum(count(text[s.start : s.end]) for s in moved)
            if current and filled + size > limit:  # the heading fills a chunk by itself
                groups.append(current)
                current, filled = [], 0
        current.append(sentence)
        filled += size
    if current:
        groups.append(current)
    return groups


def _is_heading(text: str, sentence: Span) -> bool:
    """A heading starts a chunk and never ends it."""
    block = block_at(text, sentence.start)
    return block is not None and block.kind == "heading"


def _fit(text: str, span: Span, count: TokenCounter, limit: int) -> list[Span]:
    """`span`, cut into pieces of at most `limit` tokens."""
    size = span.end - span.start
    # The tokens of a longer text are not counted: they would take a hundred times its memory.
    if size < 2 or (size <= limit * _LONGEST_TOKEN and count(text[span.start : span.end]) <= limit):
        return [span]
    middle = (span.start + span.end) // 2
    cut = text.rfind(" ", span.start + 1, middle + 1)
    cut = cut if cut > span.start else middle
    pieces = trim(text, span.start, cut), trim(text, cut, span.end)
    return [part for piece in pieces if piece.start < piece.end for part in _fit(text, piece, count, limit)]

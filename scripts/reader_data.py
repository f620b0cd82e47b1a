"""What the reader learns from: questions, each with passages that answer it and passages that nearly do.

The passages that nearly do are the product's own best-ranked chunks without the answer, so that the reader learns to tell
"about the same thing" from "says it".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from known_questions import Known

from trusted_cloud_chat.evaluation.workbench import set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Article, Chunk
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.text import fold

DEPTH = 12
"""Best-ranked chunks among which the near misses are found."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A chunk as the reader sees it. Spans are offsets into `text`."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    right: tuple[int, ...]
    """Numbers of the sentences that answer; none in a near miss."""
    answer: tuple[int, int] | None
    """Where the shortest answer stands, if it is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question; `right` is empty where nothing answers it."""

    question: str
    group: str
    """PIAF's article, or the corpus article: what is held out is held out by group."""
    right: tuple[Passed, ...]
    near: tuple[Passed, ...]


Chunks = dict[str, tuple[Article, list[Chunk]]]


def examples(
    articles: Sequence[Article], asked: Sequence[Known], embedder: Embedder, settings: Settings
) -> Iterator[Example]:
    """Each question with the chunks that answer it and what the product's own search finds beside them."""
    with set_bench(settings, embedder, articles, lambda *_: None) as bench:
        chunks = {article.article_id: (article, bench.chunks_of(article)) for article in articles}
        for known in asked:
            found = bench.search(known.text, DEPTH, today=known.today)
            if found is not None:
                yield _example(known, [(p.article, p.chunk) for p in found.passages], chunks)


def _example(known: Known, found: Sequence[tuple[Article, Chunk]], chunks: Chunks) -> Example:
    own = {article_id for article_id, _, _ in known.answers}
    beside = [(chunks[i][0], chunk) for i in own for chunk in chunks[i][1]]
    right = [_passed(article, chunk, known) for article, chunk in beside if _holds(chunk, known)]
    near = [
        (a, c) for a, c in found if not _holds(c, known) and (a.article_id in own or not _says(a, c, known, chunks))
    ]
    kept = {(a.article_id, c.start) for a, c in near}
    near += [(a, c) for a, c in beside if not _holds(c, known) and (a.article_id, c.start) not in kept]
    return Example(known.text, known.group, tuple(right), tuple(_passed(a, c, known) for a, c in near))


def _holds(chunk: Chunk, known: Known) -> bool:
    return known.right(chunk.article_id, chunk.start, chunk.end)


def _says(article: Article, chunk: Chunk, known: Known, chunks: Chunks) -> bool:
    """Whether a chunk of another article may answer too: it holds the answer's words, or nobody knows."""
    if not known.answers:
        return False
    if known.short is None:
        return True
    article_id, start, end = known.short
    return fold(chunks[article_id][0].text[start:end]) in fold(article.text[chunk.start : chunk.end])


def _passed(article: Article, chunk: Chunk, known: Known) -> Passed:
    base = chunk.start
    spans = [(a, b) for i, a, b in known.answers if i == article.article_id]
    right = tuple(n for n, s in enumerate(chunk.sentences) if any(a < s.end and s.start < b for a, b in spans))
    answer = None
    if known.short is not None and known.short[0] == article.article_id:
        start, end = known.short[1] - base, known.short[2] - base
        answer = (start, end) if start >= 0 and end <= chunk.end - base else None
    sentences = tuple((s.start - base, s.end - base) for s in chunk.sentences)
    return Passed(article.title, article.text[base : chunk.end], sentences, right, answer)

"""What the reader learns from: questions, each with passages that answer it and passages that nearly do.

The passages that nearly do are the product's own best-ranked chunks without the answer, so that the reader learns to tell
"about the same thing" from "says it".
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calibrate import index_articles

from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.corpus import corpus_files, read_article, version_of
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.indexing import fingerprint_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.ranking import load_weights
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.schema import Article, Chunk
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import understand

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


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    group: str
    spans: tuple[tuple[str, int, int], ...]
    """(article, start, end) of each sentence or passage that answers."""
    answer: tuple[str, int, int] | None
    own_text: str
    """The text that `answer` counts in."""
    today: date


HELD_OUT = 5
"""One PIAF article in so many is not learnt from."""


def held_out(group: str) -> bool:
    return zlib.crc32(group.encode()) % HELD_OUT == 0


Chunks = dict[str, tuple[Article, list[Chunk]]]


def piaf(path: Path) -> tuple[list[Article], list[Asked]]:
    """Each paragraph of a SQuAD file as an article, and its questions."""
    articles: dict[str, Article] = {}
    asked = []
    for entry in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in entry["paragraphs"]:
            text, title = paragraph["context"], entry["title"]
            article = articles.setdefault(
                text, Article(f"p{len(articles)}", version_of(text, title, None), title, text, None)
            )
            for qa in paragraph["qas"]:
                if qa["answers"]:
                    start = qa["answers"][0]["answer_start"]
                    span = (article.article_id, start, start + len(qa["answers"][0]["text"]))
                    asked.append(Asked(qa["question"], entry["title"], (span,), span, text, date(2026, 1, 1)))
    return list(articles.values()), asked


def written(path: Path, settings: Settings) -> tuple[list[Article], list[Asked]]:
    """The corpus, and the questions written about it for training."""
    articles = [
        read_article(f.path, f.root, allow_undated=False, today=date.today()) for f in corpus_files(settings.corpus)
    ]
    by_id = {article.article_id: article for article in articles}
    asked = []
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    today = date.fromisoformat(lines[0]["today"])
    for line in lines[1:]:
        text = by_id[line["article_id"]].text
        spans = []
        for quote in line["quotes"]:
            start = text.index(quote)
            spans.append((line["article_id"], start, start + len(quote)))
        answer = None
        if line["answer"]:
            start = next(a + text[a:b].index(line["answer"]) for _, a, b in spans if line["answer"] in text[a:b])
            answer = (line["article_id"], start, start + len(line["answer"]))
        asked.append(Asked(line["question"], line["article_id"], tuple(spans), answer, text, today))
    return articles, asked


def examples(
    articles: Sequence[Article], asked: Sequence[Asked], embedder: Embedder, settings: Settings
) -> Iterator[Example]:
    """Each question with the chunks that answer it and what the product's own search finds beside them."""
    entities = load_entities() if any(article.date for article in articles) else EntityBook([])
    chunks = {a.article_id: (a, chunk_article(a, embedder.count_tokens, settings.chunk_tokens)) for a in articles}
    with tempfile.TemporaryDirectory() as folder:
        index_articles(Path(folder), articles, embedder, settings)
        index = Index(Path(folder), fingerprint_of(embedder, settings.chunk_tokens))
        retriever = Retriever(index, embedder, load_weights(), candidates=settings.candidates)
        for question in asked:
            understood = understand(question.question, today=question.today, entities=entities)
            found = retriever.retrieve(understood, DEPTH).passages
            yield _example(question, [(p.article, p.chunk) for p in found], chunks)
        index.close()


def _example(asked: Asked, found: Sequence[tuple[Article, Chunk]], chunks: Chunks) -> Example:
    own = {article_id for article_id, _, _ in asked.spans}
    beside = [(chunks[i][0], chunk) for i in own for chunk in chunks[i][1]]
    right = [_passed(article, chunk, asked) for article, chunk in beside if _holds(chunk, asked)]
    near = [(a, c) for a, c in found if not _holds(c, asked) and (a.article_id in own or not _says(a, c, asked))]
    kept = {(a.article_id, c.start) for a, c in near}
    near += [(a, c) for a, c in beside if not _holds(c, asked) and (a.article_id, c.start) not in kept]
    return Example(asked.question, asked.group, tuple(right), tuple(_passed(a, c, asked) for a, c in near))


def _holds(chunk: Chunk, asked: Asked) -> bool:
    return any(i == chunk.article_id and a < chunk.end and chunk.start < b for i, a, b in asked.spans)


def _says(article: Article, chunk: Chunk, asked: Asked) -> bool:
    """Whether a chunk of another article may answer too: it holds the answer's words, or nobody knows."""
    if not asked.spans:
        return False
    if asked.answer is None:
        return True
    _, start, end = asked.answer
    return fold(asked.own_text[start:end]) in fold(article.text[chunk.start : chunk.end])


def _passed(article: Article, chunk: Chunk, asked: Asked) -> Passed:
    base = chunk.start
    spans = [(a, b) for i, a, b in asked.spans if i == article.article_id]
    right = tuple(n for n, s in enumerate(chunk.sentences) if any(a < s.end and s.start < b for a, b in spans))
    answer = None
    if asked.answer is not None and asked.answer[0] == article.article_id:
        start, end = asked.answer[1] - base, asked.answer[2] - base
        answer = (start, end) if start >= 0 and end <= chunk.end - base else None
    sentences = tuple((s.start - base, s.end - base) for s in chunk.sentences)
    return Passed(article.title, article.text[base : chunk.end], sentences, right, answer)

"""Writes articles and fills an index with them quickly, so that other measures can start from a large index.

An article has one sentence per line. Its chunks, of `LINES` lines each, are staged as in an ingest run, without chunking and embedding.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.cases import write_article
from bench.cheap import CheapEmbedder
from trusted_cloud_chat.corpus import CorpusFile, corpus_files, read_article
from trusted_cloud_chat.index.index_writer import open_writer
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.schema import Article, Chunk, Span
from trusted_cloud_chat.settings import Settings

LINES = 5
"""Lines per chunk: about 200 tokens."""
_AT_ONCE = 250
_WORDS = 6000


def write_articles(folder: Path, articles: int, chunks: int) -> None:
    """Writes `articles` files of `chunks` chunks each, a thousand per folder, with random words; all texts differ."""
    chooser = random.Random(1)
    words = vocabulary(chooser)
    for number in range(articles):
        lines = [sentence(chooser, words) for _ in range(chunks * LINES)]
        name, day = f"compose-{number:06}", f"{2015 + number % 11}-{1 + number % 12:02}-15"
        write_article(folder / f"{number // 1000:03}", name, f"Article {number}", "\n".join(lines), day)


def vocabulary(chooser: random.Random) -> list[str]:
    """Random words."""
    return [_word(chooser) for _ in range(_WORDS)]


def sentence(chooser: random.Random, words: Sequence[str]) -> str:
    return " ".join(["Le", *chooser.choices(words, k=18), "de", "la", *chooser.choices(words, k=6)]) + "."


def _word(chooser: random.Random) -> str:
    return "".join(chooser.choice("bcdfglmnprstv") + chooser.choice("aeiouéè") for _ in range(chooser.randint(1, 4)))


def fill(settings: Settings) -> int:
    """Indexes the corpus with random vectors; returns the number of chunks."""
    embedder, files = CheapEmbedder(), corpus_files(settings.corpus)
    fingerprint = fingerprint_of(embedder, settings.chunk_tokens)
    with open_writer(StoreFolder(settings.home), fingerprint) as writer:
        staged: list[Article] = []
        for start in range(0, len(files), _AT_ONCE):
            batch = list(_read(files[start : start + _AT_ONCE]))
            writer.stage(chunk for article in batch for chunk in _chunks(article))
            staged += batch
        writer.commit(staged, [])
    index = Index(settings.home, fingerprint)
    chunks = index.coverage().chunks
    index.close()
    return chunks


def _read(files: Sequence[CorpusFile]) -> Iterator[Article]:
    for file in files:
        yield read_article(file.path, file.root, allow_undated=True, today=date.today())


def _chunks(article: Article) -> list[StoredChunk]:
    spans, start = [], 0
    for line in article.text.splitlines(keepends=True):
        spans.append(Span(start, start + len(line.rstrip("\n"))))
        start += len(line)
    chance = np.random.default_rng(abs(hash(article.version)))
    stored = []
    for ordinal, first in enumerate(range(0, len(spans), LINES)):
        own = tuple(spans[first : first + LINES])
        chunk_id = f"{article.article_id}@{article.version}#{ordinal}"
        chunk = Chunk(chunk_id, article.article_id, article.version, ordinal, own[0].start, own[-1].end, own)
        vectors = chance.standard_normal((1 + len(own), CheapEmbedder.dimensions)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        stored.append(StoredChunk(chunk, vectors[0].astype(np.float16), vectors[1:].astype(np.float16)))
    return stored

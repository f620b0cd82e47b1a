"""Article → chunks with their vectors, staged in the index: the slow half of an ingest run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np

from trusted_cloud_chat.chunking import chunk_article, embedded_text, sentence_text
from trusted_cloud_chat.index import Catalog, IndexWriter, StoredChunk
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.language.lexical import word_spans
from trusted_cloud_chat.late_interaction import gather_words, pack
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.schema import Article, Chunk

Embedded = tuple[LiveVersion, list[StoredChunk]]

T = TypeVar("T")
_STAGE_TEXTS = 256
_HEADING_SHARE = 4
"""At most this part (a quarter) of the embedder's tokens goes to the title and the date."""


def embed_and_stage(
    versions: Sequence[LiveVersion], writer: IndexWriter, embedder: Embedder, chunk_tokens: int, tell: Progress
) -> int:
    """Chunk, embed and stage what an interrupted run has not staged already; the number of chunks embedded.

    Chunks that an article had already, word for word under the same title and date, keep their vectors.
    """
    todo = [version for version in versions if not writer.is_pending(version.article)]
    done, embedded, before = len(versions) - len(todo), 0, _Before(writer.catalog, embedder)
    tell("embed", done, len(versions))
    for batch in _one_ahead(embed_articles(todo, embedder, chunk_tokens, before)):
        writer.stage(batch)
        done += len(batch)
        embedded += sum(len(stored) for _, stored in batch)
        tell("embed", done, len(versions))
    return embedded - before.kept


class _Before:
    """What the articles were before, to be looked up chunk by chunk; `kept` counts what was found."""

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        self._catalog, self._embedder, self.kept = catalog, embedder, 0

    def among(self, article: Article, chunks: Iterable[Chunk]) -> dict[str, StoredChunk]:
        """Those of `chunks` that the live version has too, by id, with its vectors."""
        live = self._catalog.article(article.article_id)
        stored = self._catalog.chunks_of(live.article_id, live.version) if live else []
        if live is None or not stored:
            return {}
        known = {_embedded(live, one.chunk, self._embedder): one for one in stored}
        pairs = ((chunk, known.get(_embedded(article, chunk, self._embedder))) for chunk in chunks)
        found = {chunk.chunk_id: replace(one, chunk=chunk) for chunk, one in pairs if one is not None}
        self.kept += len(found)
        return found


def _embedded(article: Article, chunk: Chunk, embedder: Embedder) -> tuple[str, ...]:
    """All that the vectors of a chunk depend on."""
    return (article.language, _fitted(article, chunk, embedder), *(sentence_text(article, s) for s in chunk.sentences))


def embed_articles(
    versions: Sequence[LiveVersion], embedder: Embedder, chunk_tokens: int, before: _Before | None = None
) -> Iterator[list[Embedded]]:
    """The versions with their chunks and vectors, in batches that keep the embedder's threads busy."""
    for batch in _by_size(versions):
        chunked = [(version, _chunks(version.article, embedder, chunk_tokens)) for version in batch]
        kept: dict[str, StoredChunk] = {}
        if before is not None:
            for version, chunks in chunked:
                kept |= before.among(version.article, chunks)
        fresh = [(version, [chunk for chunk in chunks if chunk.chunk_id not in kept]) for version, chunks in chunked]
        for part in _parts(fresh):
            kept |= {one.chunk.chunk_id: one for _, stored in _vectorise(part, embedder) for one in stored}
        yield [(version, [kept[chunk.chunk_id] for chunk in chunks]) for version, chunks in chunked]


def _parts(fresh: Sequence[tuple[LiveVersion, list[Chunk]]]) -> Iterator[list[tuple[LiveVersion, list[Chunk]]]]:
    """`fresh`, but of a long article so many chunks at a time: what an embedder tells of their words takes a megabyte each."""
    yield [one for one in fresh if len(one[1]) <= _STAGE_TEXTS]
    for version, chunks in fresh:
        if len(chunks) > _STAGE_TEXTS:
            yield from ([(version, chunks[at : at + _STAGE_TEXTS])] for at in range(0, len(chunks), _STAGE_TEXTS))


def _one_ahead(items: Iterator[T]) -> Iterator[T]:
    """`items`, the next one made in a thread while the caller works on this one."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]  # not `end`


def _by_size(versions: Iterable[LiveVersion]) -> Iterator[list[LiveVersion]]:
    """Batches of about `_STAGE_TEXTS` texts to embed, so that threads are busy and a killed run loses little."""
    batch: list[LiveVersion] = []
    size = 0
    for version in versions:
        batch.append(version)
        size += 1 + len(version.article.text) // 150
        if size >= _STAGE_TEXTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _chunks(article: Article, embedder: Embedder, chunk_tokens: int) -> list[Chunk]:
    heading = _heading_tokens(article, embedder)
    room = embedder.max_tokens - heading - 8  # prefix, special tokens, newline
    return chunk_article(article, embedder.count_tokens, min(chunk_tokens, room))


def _heading_tokens(article: Article, embedder: Embedder) -> int:
    empty = Chunk("", "", "", 0, 0, 0, ())
    return min(embedder.count_tokens(embedded_text(article, empty)), embedder.max_tokens // _HEADING_SHARE)


def _vectorise(chunked: list[tuple[LiveVersion, list[Chunk]]], embedder: Embedder) -> list[Embedded]:
    """One call of the embedder for the batch's chunks, one for all their sentences."""
    passages = [_fitted(v.article, chunk, embedder) for v, chunks in chunked for chunk in chunks]
    sentences = [sentence_text(v.article, s) for v, chunks in chunked for chunk in chunks for s in chunk.sentences]
    vectors, tokens = embedder.encode_passage_words(passages)
    distinct = {text: row for row, text in enumerate(dict.fromkeys(sentences))}
    sentence_vectors = embedder.encode_passages(list(distinct)).astype(np.float16)
    passage, sentence = 0, 0
    batch = []
    for version, chunks in chunked:
        stored = []
        for chunk in chunks:
            own = sentence_vectors[[distinct[text] for text in sentences[sentence : sentence + len(chunk.sentences)]]]
            words = _words(version.article, chunk, passages[passage], tokens[passage])
            stored.append(StoredChunk(chunk, vectors[passage].astype(np.float16), own, *words))
            passage += 1
            sentence += len(chunk.sentences)
        batch.append((version, stored))
    return batch


def _words(
    article: Article, chunk: Chunk, passage: str, tokens: TokenVectors | None
) -> tuple[tuple[str, ...], bytes, bytes]:
    """The words of a chunk, the sentence of each, and their packed vectors if there are any."""
    heading = len(passage) - (chunk.end - chunk.start)
    spans = word_spans(passage, article.language)
    if tokens is not None:
        gathered = gather_words(passage, tokens, article.language)
        packed, found = pack(gathered.vectors), gathered.tokens
        spans = spans[: len(found)]
    else:
        packed, found = b"", tuple(word.token for word in spans)
    positions = np.array([word.start - heading + chunk.start for word in spans], dtype=np.int64)
    starts = np.array([s.start for s in chunk.sentences], dtype=np.int64)
    numbers = np.searchsorted(starts, positions, side="right") - 1
    return found, numbers.astype(np.int16).tobytes(), packed


def _fitted(article: Article, chunk: Chunk, embedder: Embedder) -> str:
    """The text to embed; a title that leaves no room for the chunk is cut, the chunk never is."""
    text = embedded_text(article, chunk)
    while embedder.count_tokens(text) > embedder.max_tokens - 6 and "\n" in text:
        heading, _, body = text.partition("\n")
        text = f"{heading[: len(heading) // 2]}\n{body}" if len(heading) > 8 else body
    return text

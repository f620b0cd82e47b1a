"""Articles → chunks with vectors, staged in the index: the slow half of a run."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import chunk_article, embedded_text, sentence_text
from trusted_cloud_chat.enrichment.sidecar import digest_of_rows
from trusted_cloud_chat.index import Catalog, IndexWriter, Staged, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.records import QuestionKind
from trusted_cloud_chat.language.stems import word_spans
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors
from trusted_cloud_chat.models.late_interaction import gather_words, pack
from trusted_cloud_chat.models.question_map import load_question_map
from trusted_cloud_chat.progress import Progress, spoken_time
from trusted_cloud_chat.schema import Article, Chunk, Span, Statement, enrichment_of

T = TypeVar("T")
Vector = NDArray[np.float16]
_STAGE_TEXTS = 256
_LOG = logging.getLogger(__name__)
_MANY = 3000
"""Chunks from which a run announces its duration, after the first batch."""
_LONG, _SLICE, _CHUNK = 300_000, 64, 600
"""Characters from which a text is long; its chunks per batch; characters per chunk, before any is known."""
_QUESTIONS = 50_000
"""Vectors of stored questions kept for other articles with the same questions: 30 MB."""
_HEADING_SHARE = 4
"""At most a quarter of the embedder's tokens goes to title and date."""


def embed_and_stage(
    articles: Sequence[Article], writer: IndexWriter, embedder: Embedder, chunk_tokens: int, meter: Meter
) -> int:
    """Chunk, embed and stage what an interrupted run has not staged, long texts last; returns the number of chunks embedded.

    Chunks, sentences and stored questions whose embedded text is unchanged keep their vectors.
    """
    todo = [writer.catalog.with_enrichment(article) for article in articles if not is_done(article, writer)]
    embedding = Embedding(writer.catalog, embedder, chunk_tokens)
    for batch in _one_ahead(embedding.batches(todo)):
        writer.stage(batch)
        meter.add(batch)
    return embedding.embedded


def is_long(article: Article) -> bool:
    """Whether other articles should not wait for it: it is staged in parts, so that a stopped run resumes there."""
    return len(article.text) > _LONG


def is_done(article: Article, writer: IndexWriter) -> bool:
    """Whether an interrupted run has staged all of it. A long text is always staged again, with the vectors that are there."""
    return writer.is_staged(article) and not is_long(article)


class Meter:
    """Reports progress of embedding, with a total estimated from the text that is left; announces the duration of long runs."""

    def __init__(self, todo: Iterable[Article], tell: Progress) -> None:
        self._characters, self._tell = sum(len(article.text) for article in todo), tell
        self._chunks = self._done = 0
        self._began = time.perf_counter()
        tell("embed", 0, self._total)

    @property
    def _total(self) -> int:
        each = self._done / self._chunks if self._chunks else _CHUNK
        return self._chunks + math.ceil(max(0, self._characters - self._done) / each)

    def add(self, batch: Sequence[Staged]) -> None:
        """Count a staged batch."""
        chunks, is_first = [stored.chunk for one in batch for stored in one.chunks], self._chunks == 0
        self._chunks += len(chunks)
        self._done += sum(chunk.end - chunk.start for chunk in chunks)
        self._tell("embed", self._chunks, self._total)
        if is_first and self._total >= _MANY:
            seconds = (time.perf_counter() - self._began) * self._total / max(1, self._chunks)
            _LOG.warning(
                "about %s passages are to be embedded, which takes about %s on this machine; Ctrl+C stops it, and the next run goes on from there",
                f"{self._total:,}", spoken_time(seconds),
            )  # fmt: skip

    def end(self) -> None:
        """Report that all are embedded."""
        self._tell("embed", self._chunks, self._chunks)


class Embedding:
    """Turns articles into staged versions, reusing vectors from `catalog`."""

    def __init__(self, catalog: Catalog, embedder: Embedder, chunk_tokens: int) -> None:
        self._catalog, self._embedder, self._chunk_tokens = catalog, embedder, chunk_tokens
        self.question_map = load_question_map(embedder.identity)
        self.embedded = 0
        """The number of chunks embedded."""
        self._chunk_vectors: dict[tuple[str, str], StoredChunk] = {}
        """By language and embedded text: what the articles of a batch can reuse, as of their sentences."""
        self._sentence_vectors: dict[str, Vector] = {}
        self._question_vectors: dict[str, Vector] = {}

    def batches(self, articles: Iterable[Article]) -> Iterator[list[Staged]]:
        """The versions with chunks, stored questions and vectors, in batches that keep the embedder's threads busy.

        A long text is a batch of its own for every `_SLICE` chunks; its questions come with the last.
        """
        for batch in _by_size(articles):
            self._chunk_vectors, self._sentence_vectors = {}, {}
            if len(self._question_vectors) > _QUESTIONS:
                self._question_vectors.clear()
            for article in batch:
                self._recall(article)
            chunks = [self._chunks(article) for article in batch]
            size = _SLICE if is_long(batch[0]) else max(map(len, chunks))
            whole, start = False, 0
            while not whole:
                parts = [(article, some[start : start + size]) for article, some in zip(batch, chunks, strict=True)]
                start += size
                whole = start >= max(map(len, chunks))
                stored = self._vectorise(parts)
                questions = self._questions([article for article, _ in parts]) if whole else {}
                yield [
                    Staged(article, stored[article.article_id], questions.get(article.article_id, ()))
                    for article in batch
                ]

    def _recall(self, article: Article) -> None:
        """Collect vectors of the live version and, of a long text, of what a stopped run has staged."""
        if is_long(article):
            self._recall_chunks(article)
        live = self._catalog.article(article.article_id)
        if live is None:
            return
        live = self._catalog.with_enrichment(live)
        self._recall_chunks(live)
        of_map = self.question_map and digest_of_rows(live.enrichment, self.question_map.digest)
        if of_map == enrichment_of(live.version):  # else another map made its vectors
            stored = self._catalog.questions_of(live.article_id, live.version)
            self._question_vectors |= {one.text: one.vector for one in stored}

    def _recall_chunks(self, article: Article) -> None:
        said = _said(article)
        for one in self._catalog.chunks_of(article.article_id, article.version):
            self._chunk_vectors[article.language, self._fitted(article, one.chunk)] = one
            self._sentence_vectors.update(
                zip((said(s) for s in one.chunk.sentences), one.sentence_vectors, strict=True)
            )

    def _chunks(self, article: Article) -> list[Chunk]:
        embedder, empty = self._embedder, Chunk("", "", "", 0, 0, 0, ())
        heading = min(embedder.count_tokens(embedded_text(article, empty)), embedder.max_tokens // _HEADING_SHARE)
        room = embedder.max_tokens - heading - 8  # prefix, special tokens, newline
        return chunk_article(article, embedder.count_tokens, min(self._chunk_tokens, room))

    def _fitted(self, article: Article, chunk: Chunk) -> str:
        """The text to embed: a title that leaves no room for the chunk is cut, the chunk never."""
        text = embedded_text(article, chunk)
        while self._embedder.count_tokens(text) > self._embedder.max_tokens - 6 and "\n" in text:
            heading, _, body = text.partition("\n")
            text = f"{heading[: len(heading) // 2]}\n{body}" if len(heading) > 8 else body
        return text

    def _vectorise(self, parts: Sequence[tuple[Article, Sequence[Chunk]]]) -> dict[str, list[StoredChunk]]:
        """Article id → chunks with vectors, with one call of the embedder for new chunks and one for new sentences."""
        texts = {chunk.chunk_id: self._fitted(article, chunk) for article, chunks in parts for chunk in chunks}
        fresh = [
            c.chunk_id
            for a, chunks in parts
            for c in chunks
            if (a.language, texts[c.chunk_id]) not in self._chunk_vectors
        ]
        self.embedded += len(fresh)
        vectors, tokens = self._embedder.encode_passage_words([texts[chunk_id] for chunk_id in fresh])
        new = {chunk_id: (vectors[n].astype(np.float16), tokens[n]) for n, chunk_id in enumerate(fresh)}
        said = {article.article_id: _said(article) for article, _ in parts}
        sentences = (said[article.article_id](s) for article, chunks in parts for c in chunks for s in c.sentences)
        _fill(self._sentence_vectors, sentences, self._embedder.encode_passages)
        found: dict[str, list[StoredChunk]] = {article.article_id: [] for article, _ in parts}
        for article, chunks in parts:
            for chunk in chunks:
                own = np.stack([self._sentence_vectors[said[article.article_id](s)] for s in chunk.sentences])
                if chunk.chunk_id in new:
                    vector, of_tokens = new[chunk.chunk_id]
                    words = _words(article, chunk, texts[chunk.chunk_id], of_tokens)
                    one = StoredChunk(chunk, vector, own, *words)
                else:
                    had = self._chunk_vectors[article.language, texts[chunk.chunk_id]]
                    one = replace(had, chunk=chunk, sentence_vectors=own)
                found[article.article_id].append(one)
        return found

    def _questions(self, articles: Sequence[Article]) -> dict[str, list[StoredQuestion]]:
        """Article id → stored questions, each text embedded once; empty if no map was fitted for the embedder."""
        if (question_map := self.question_map) is None:
            return {}
        asked = [(article, asked_of(article)) for article in articles]
        texts = (text for _, one in asked for _, text in one)
        _fill(self._question_vectors, texts, lambda new: question_map.stored(new, self._embedder.encode_queries))
        found = {}
        for article, of_it in asked:
            key = (article.article_id, article.version)
            found[key[0]] = [
                StoredQuestion("@".join(key) + f"#q{n}", *key, kind, text, tuple(spans), self._question_vectors[text])
                for n, ((kind, text), spans) in enumerate(of_it.items())
            ]
        return found


def _fill(known: dict[str, Vector], texts: Iterable[str], embed: Callable[[list[str]], NDArray[np.float32]]) -> None:
    """Embed each unknown text once."""
    if missing := [text for text in dict.fromkeys(texts) if text not in known]:
        known.update(zip(missing, embed(missing).astype(np.float16), strict=True))


def _said(article: Article) -> Callable[[Span], str]:
    """The text to embed for a sentence: its self-contained form if there is one, else its words."""
    alone = {span: s.alone for s in _statements(article) if s.alone for span in s.spans}
    return lambda sentence: alone.get(sentence) or sentence_text(article, sentence)


def _statements(article: Article) -> tuple[Statement, ...]:
    return article.enrichment.statements if article.enrichment else ()


def asked_of(article: Article) -> dict[tuple[QuestionKind, str], list[Span]]:
    """Each stored question of the article once, with all sentences that answer it."""
    asked: dict[tuple[QuestionKind, str], list[Span]] = {}
    for statement in _statements(article):
        for question in statement.questions:
            asked.setdefault(("answered", question), []).extend(statement.spans)
    if article.enrichment:
        asked |= {("absent", question): [] for question in article.enrichment.absent}
        asked |= {("premise", premise.question): list(premise.spans) for premise in article.enrichment.premises}
    return asked


def _one_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield `items` while a thread makes the next one."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]  # not `end`


def _by_size(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Batches of about `_STAGE_TEXTS` texts to embed, so that threads stay busy and a killed run loses little; long ones last, alone."""
    batch: list[Article] = []
    size = 0
    for article in sorted(articles, key=is_long):
        if batch and (size >= _STAGE_TEXTS or is_long(article)):
            yield batch
            batch, size = [], 0
        batch.append(article)
        size += 1 + len(article.text) // 150
    if batch:
        yield batch


def _words(
    article: Article, chunk: Chunk, passage: str, tokens: TokenVectors | None
) -> tuple[tuple[str, ...], bytes, bytes]:
    """The words of a chunk, the number of each one's sentence, and their packed vectors if there are any."""
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

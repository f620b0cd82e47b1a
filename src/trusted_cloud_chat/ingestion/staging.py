"""Article → chunks with their vectors, staged in the index: the slow half of an ingest run."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import chunk_article, embedded_text, sentence_text
from trusted_cloud_chat.index import Catalog, IndexWriter, LiveVersion, Staged, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.records import QuestionKind
from trusted_cloud_chat.language.stems import word_spans
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors
from trusted_cloud_chat.models.late_interaction import gather_words, pack
from trusted_cloud_chat.models.question_map import load_question_map
from trusted_cloud_chat.progress import Progress, spoken_time
from trusted_cloud_chat.schema import Article, Chunk, Span, Statement

T = TypeVar("T")
Vector = NDArray[np.float16]
_STAGE_TEXTS = 256
_LOG = logging.getLogger(__name__)
_MANY, _TRIED = 3000, 32
"""Passages from which a run says beforehand how long it takes, and those that tell it."""
_LONG, _SLICE, _CHUNK = 300_000, 64, 600
"""Characters from which a text is long, chunks of it that are staged at a time, and characters of a chunk before any is known."""
_QUESTIONS = 50_000
"""Stored questions whose vectors are kept for other articles that answer them too: some 30 MB."""
_HEADING_SHARE = 4
"""At most this part (a quarter) of the embedder's tokens goes to the title and the date."""


def embed_and_stage(
    versions: Sequence[LiveVersion],
    writer: IndexWriter,
    embedder: Embedder,
    chunk_tokens: int,
    tell: Progress,
    before_long: Callable[[], object] | None = None,
) -> int:
    """Chunk, embed and stage what an interrupted run has not staged already; the number of chunks embedded.

    Long texts come last, each part of them staged by itself, so that a run that is stopped goes on from there; `before_long` is called
    when all others are staged. Chunks that an article had already, word for word under the same title and date, keep their vectors; so do its sentences and
    stored questions.
    """
    todo = [_with_enrichment(v, writer.catalog) for v in versions if not writer.is_pending(v.article)]
    embedding, meter = Embedding(writer.catalog, embedder, chunk_tokens), _Meter(todo, tell)
    _forecast(todo, embedding, meter.total)
    for some in ([v for v in todo if not is_long(v.article)], [v for v in todo if is_long(v.article)]):
        if before_long and some and is_long(some[0].article):
            before_long()
        for batch in _one_ahead(embedding.batches(some)):
            writer.stage(batch)
            meter.add(batch)
    writer.catalog.set_meta("question_map", embedding.question_map.digest if embedding.question_map else "")
    return embedding.embedded


def is_long(article: Article) -> bool:
    """Whether it takes so long that others should not wait for it."""
    return len(article.text) > _LONG


class _Meter:
    """Tells how many passages are embedded; how many there will be is known of what is done, and estimated of the rest."""

    def __init__(self, todo: Sequence[LiveVersion], tell: Progress) -> None:
        self._left, self._tell = sum(len(v.article.text) for v in todo), tell
        self._chunks = self._characters = self._of_this = 0
        tell("embed", 0, self.total)

    @property
    def total(self) -> int:
        each = self._characters / self._chunks if self._characters and self._chunks else _CHUNK
        return self._chunks + math.ceil(max(0, self._left) / each)

    def add(self, batch: Sequence[Staged]) -> None:
        for one in batch:
            said = sum(stored.chunk.end - stored.chunk.start for stored in one.chunks)
            self._chunks += len(one.chunks)
            self._characters += said
            part = len(one.version.article.text) - self._of_this if one.whole else said
            self._left -= part
            self._of_this = 0 if one.whole else self._of_this + part
        self._tell("embed", self._chunks, self.total)


def _forecast(todo: Sequence[LiveVersion], embedding: Embedding, total: int) -> None:
    """Say before a run of many passages how long it will take here, by what a few of them take."""
    if total < _MANY:
        return
    longest = max((version.article for version in todo), key=lambda article: len(article.text))
    seconds = embedding.seconds_a_chunk(longest) * total
    _LOG.warning(
        "about %s passages are to be embedded, which takes about %s on this machine; Ctrl+C stops it, and the next run goes on from there",
        f"{total:,}", spoken_time(seconds),
    )  # fmt: skip


def _with_enrichment(version: LiveVersion, catalog: Catalog) -> LiveVersion:
    """An old version that comes back has its enrichment in the catalog."""
    article = version.article
    if article.enrichment is not None or not article.is_enriched:
        return version
    return replace(
        version, article=replace(article, enrichment=catalog.enrichments.of(article.article_id, article.version))
    )


@dataclass(slots=True)
class _Known:
    """What of some articles need not be embedded again, by the texts that it depends on."""

    chunks: dict[tuple[str, str], StoredChunk] = field(default_factory=dict)
    """(language, what is embedded of it) → the chunk with the vectors of itself and its words;"""
    sentences: dict[str, Vector] = field(default_factory=dict)


class Embedding:
    """Articles → what is staged of them; what `catalog` has of them already is taken from there."""

    def __init__(self, catalog: Catalog, embedder: Embedder, chunk_tokens: int) -> None:
        self._catalog, self._embedder, self._chunk_tokens = catalog, embedder, chunk_tokens
        self.question_map = load_question_map(embedder.identity)
        self.embedded = 0
        """Chunks that had no vector."""
        self._question_vectors: dict[str, Vector] = {}

    def batches(self, versions: Iterable[LiveVersion]) -> Iterator[list[Staged]]:
        """The versions with their chunks, stored questions and vectors, in batches that keep the embedder's threads busy; a long one, so
        many chunks at a time, with its questions at the end.
        """
        for batch in _by_size(versions):
            known, whole, start = _Known(), False, 0
            if len(self._question_vectors) > _QUESTIONS:
                self._question_vectors.clear()
            for article in (version.article for version in batch):
                self._recall(article, known)
            chunks = [self._chunks(version.article) for version in batch]
            size = _SLICE if is_long(batch[0].article) else max(map(len, chunks))
            while not whole:
                parts = [(v.article, some[start : start + size]) for v, some in zip(batch, chunks, strict=True)]
                start += size
                whole = start >= max(map(len, chunks))
                stored = self._vectorise(parts, known)
                questions = self._questions([article for article, _ in parts]) if whole else {}
                yield [
                    Staged(v, stored[v.article.article_id], questions.get(v.article.article_id, ()), whole)
                    for v in batch
                ]

    def seconds_a_chunk(self, article: Article) -> float:
        """How long it takes, by a few of this article's."""
        few = replace(article, enrichment=None, text=article.text[: _TRIED * _CHUNK])
        chunks, began, embedded = self._chunks(few), time.perf_counter(), self.embedded
        self._vectorise([(few, chunks)], _Known())
        self.embedded = embedded
        return (time.perf_counter() - began) / max(1, len(chunks))

    def _recall(self, article: Article, known: _Known) -> None:
        """What the live version of the article has; of a long one what a run that was stopped has staged too."""
        if is_long(article):
            self._recall_chunks(article, known)
        live = self._catalog.article(article.article_id)
        if live is None:
            return
        live = replace(live, enrichment=self._catalog.enrichments.of(live.article_id, live.version))
        self._recall_chunks(live, known)
        if self.question_map and self._catalog.meta("question_map") == self.question_map.digest:
            stored = self._catalog.enrichments.questions_of(live.article_id, live.version)
            self._question_vectors |= {one.text: one.vector for one in stored}

    def _recall_chunks(self, article: Article, known: _Known) -> None:
        said = _said(article)
        for one in self._catalog.chunks_of(article.article_id, article.version):
            known.chunks[article.language, self._fitted(article, one.chunk)] = one
            known.sentences.update(zip((said(s) for s in one.chunk.sentences), one.sentence_vectors, strict=True))

    def _chunks(self, article: Article) -> list[Chunk]:
        embedder, empty = self._embedder, Chunk("", "", "", 0, 0, 0, ())
        heading = min(embedder.count_tokens(embedded_text(article, empty)), embedder.max_tokens // _HEADING_SHARE)
        room = embedder.max_tokens - heading - 8  # prefix, special tokens, newline
        return chunk_article(article, embedder.count_tokens, min(self._chunk_tokens, room))

    def _fitted(self, article: Article, chunk: Chunk) -> str:
        """The text to embed; a title that leaves no room for the chunk is cut, the chunk never is."""
        text = embedded_text(article, chunk)
        while self._embedder.count_tokens(text) > self._embedder.max_tokens - 6 and "\n" in text:
            heading, _, body = text.partition("\n")
            text = f"{heading[: len(heading) // 2]}\n{body}" if len(heading) > 8 else body
        return text

    def _vectorise(
        self, parts: Sequence[tuple[Article, Sequence[Chunk]]], known: _Known
    ) -> dict[str, list[StoredChunk]]:
        """Article id → its chunks with their vectors: one call of the embedder for what is new of the chunks, one for what is new of
        all their sentences.
        """
        texts = {chunk.chunk_id: self._fitted(article, chunk) for article, chunks in parts for chunk in chunks}
        fresh = [
            c.chunk_id for a, chunks in parts for c in chunks if (a.language, texts[c.chunk_id]) not in known.chunks
        ]
        self.embedded += len(fresh)
        vectors, tokens = self._embedder.encode_passage_words([texts[chunk_id] for chunk_id in fresh])
        new = {chunk_id: (vectors[n].astype(np.float16), tokens[n]) for n, chunk_id in enumerate(fresh)}
        said = {article.article_id: _said(article) for article, _ in parts}
        sentences = (said[article.article_id](s) for article, chunks in parts for c in chunks for s in c.sentences)
        _fill(known.sentences, sentences, self._embedder.encode_passages)
        found: dict[str, list[StoredChunk]] = {article.article_id: [] for article, _ in parts}
        for article, chunks in parts:
            for chunk in chunks:
                own = np.stack([known.sentences[said[article.article_id](s)] for s in chunk.sentences])
                if chunk.chunk_id in new:
                    vector, of_tokens = new[chunk.chunk_id]
                    words = _words(article, chunk, texts[chunk.chunk_id], of_tokens)
                    one = StoredChunk(chunk, vector, own, *words)
                else:
                    had = known.chunks[article.language, texts[chunk.chunk_id]]
                    one = replace(had, chunk=chunk, sentence_vectors=own)
                found[article.article_id].append(one)
        return found

    def _questions(self, articles: Sequence[Article]) -> dict[str, list[StoredQuestion]]:
        """Article id → its stored questions; none where no map was fitted for the embedder. One that several articles answer is
        embedded once.
        """
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
    """Embed those of `texts` that are not known, each once."""
    if missing := [text for text in dict.fromkeys(texts) if text not in known]:
        known.update(zip(missing, embed(missing).astype(np.float16), strict=True))


def _said(article: Article) -> Callable[[Span], str]:
    """What is embedded of a sentence: what it says by itself, where that was written down, else its words."""
    alone = {span: s.alone for s in _statements(article) if s.alone for span in s.spans}
    return lambda sentence: alone.get(sentence) or sentence_text(article, sentence)


def _statements(article: Article) -> tuple[Statement, ...]:
    return article.enrichment.statements if article.enrichment else ()


def asked_of(article: Article) -> dict[tuple[QuestionKind, str], list[Span]]:
    """Each stored question of the article once, with all sentences that answer it, or correct its premise."""
    asked: dict[tuple[QuestionKind, str], list[Span]] = {}
    for statement in _statements(article):
        for question in statement.questions:
            asked.setdefault(("answered", question), []).extend(statement.spans)
    if article.enrichment:
        asked |= {("absent", question): [] for question in article.enrichment.absent}
        asked |= {("premise", premise.question): list(premise.spans) for premise in article.enrichment.premises}
    return asked


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
        if size >= _STAGE_TEXTS or is_long(version.article):
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


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

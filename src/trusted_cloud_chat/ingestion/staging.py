"""Article → chunks with their vectors, staged in the index: the slow half of an ingest run."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from trusted_cloud_chat.models.question_map import QuestionMap, load_question_map
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
    question_map = load_question_map(embedder.identity)
    embedded, before, meter = 0, _Before(writer.catalog, embedder, question_map), _Meter(todo, tell)
    _forecast(todo, embedder, chunk_tokens, meter.total)
    for some in ([v for v in todo if not is_long(v.article)], [v for v in todo if is_long(v.article)]):
        if before_long and some and is_long(some[0].article):
            before_long()
        for batch in _one_ahead(embed_articles(some, embedder, chunk_tokens, before)):
            writer.stage(batch)
            embedded += sum(len(one.chunks) for one in batch)
            meter.add(batch)
    writer.catalog.set_meta("question_map", question_map.digest if question_map else "")
    return embedded - before.kept


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


def _forecast(todo: Sequence[LiveVersion], embedder: Embedder, chunk_tokens: int, total: int) -> None:
    """Say before a run of many passages how long it will take here, by what a few of them take."""
    if total < _MANY:
        return
    few = replace(max(todo, key=lambda v: len(v.article.text)).article, enrichment=None)
    few = replace(few, text=few.text[: _TRIED * _CHUNK])
    chunks = _chunks(few, embedder, chunk_tokens)
    began = time.perf_counter()
    _vectorise([(few, chunks)], {few.article_id: _Known()}, embedder)
    seconds = (time.perf_counter() - began) / max(1, len(chunks)) * total
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
    """What need not be embedded again, by the texts that it depends on."""

    chunks: dict[tuple[str, str], StoredChunk] = field(default_factory=dict)
    """(language, what is embedded of it) → the chunk with the vectors of itself and its words;"""
    sentences: dict[str, Vector] = field(default_factory=dict)
    questions: dict[str, Vector] = field(default_factory=dict)


class _Before:
    """What the articles were before; `kept` counts the chunks that stay as they are."""

    def __init__(self, catalog: Catalog, embedder: Embedder, question_map: QuestionMap | None) -> None:
        self._catalog, self._embedder, self._map, self.kept = catalog, embedder, question_map, 0

    def of(self, article: Article) -> _Known:
        """What the live version of the article has."""
        found = _Known()
        live = self._catalog.article(article.article_id)
        stored = self._catalog.chunks_of(live.article_id, live.version) if live else []
        if is_long(article):  # what a run that was stopped has staged of it
            said = _said(article)
            for one in self._catalog.chunks_of(article.article_id, article.version):
                found.chunks[article.language, _fitted(article, one.chunk, self._embedder)] = one
                found.sentences.update(zip((said(s) for s in one.chunk.sentences), one.sentence_vectors, strict=True))
        if live is None or not stored:
            return found
        live = replace(live, enrichment=self._catalog.enrichments.of(live.article_id, live.version))
        said = _said(live)
        for one in stored:
            found.chunks[live.language, _fitted(live, one.chunk, self._embedder)] = one
            found.sentences.update(zip((said(s) for s in one.chunk.sentences), one.sentence_vectors, strict=True))
        if self._map and self._catalog.meta("question_map") == self._map.digest:
            found.questions = {
                one.text: one.vector for one in self._catalog.enrichments.questions_of(live.article_id, live.version)
            }
        return found


def _said(article: Article) -> Callable[[Span], str]:
    """What is embedded of a sentence: what it says by itself, where that was written down, else its words."""
    alone = {span: s.alone for s in _statements(article) if s.alone for span in s.spans}
    return lambda sentence: alone.get(sentence) or sentence_text(article, sentence)


def _statements(article: Article) -> tuple[Statement, ...]:
    return article.enrichment.statements if article.enrichment else ()


def embed_articles(
    versions: Sequence[LiveVersion], embedder: Embedder, chunk_tokens: int, before: _Before | None = None
) -> Iterator[list[Staged]]:
    """The versions with their chunks, stored questions and vectors, in batches that keep the embedder's threads busy."""
    question_map = load_question_map(embedder.identity)
    for batch in _by_size(versions):
        chunked = [(version.article, _chunks(version.article, embedder, chunk_tokens)) for version in batch]
        if before and len(batch) == 1 and is_long(batch[0].article):
            yield from _sliced(batch[0], chunked[0][1], before, embedder)
            continue
        known = {article.article_id: before.of(article) if before else _Known() for article, _ in chunked}
        stored = _vectorise(chunked, known, embedder)
        if before:
            before.kept += sum(_is_kept(article, one, known, embedder) for article, chunks in chunked for one in chunks)
        questions = _questions([article for article, _ in chunked], known, embedder, question_map)
        yield [
            Staged(version, stored[version.article.article_id], questions[version.article.article_id])
            for version in batch
        ]


def _sliced(
    version: LiveVersion, chunks: Sequence[Chunk], before: _Before, embedder: Embedder
) -> Iterator[list[Staged]]:
    """A long version, so many chunks at a time; its stored questions come with the last."""
    article = version.article
    known = {article.article_id: before.of(article)}
    for start in range(0, len(chunks), _SLICE):
        part = chunks[start : start + _SLICE]
        stored = _vectorise([(article, part)], known, embedder)[article.article_id]
        before.kept += sum(_is_kept(article, one, known, embedder) for one in part)
        whole = start + _SLICE >= len(chunks)
        questions = _questions([article], known, embedder, load_question_map(embedder.identity)) if whole else {}
        yield [Staged(version, stored, questions.get(article.article_id, ()), whole)]


def _is_kept(article: Article, chunk: Chunk, known: Mapping[str, _Known], embedder: Embedder) -> bool:
    return (article.language, _fitted(article, chunk, embedder)) in known[article.article_id].chunks


def _questions(
    articles: Sequence[Article], known: Mapping[str, _Known], embedder: Embedder, question_map: QuestionMap | None
) -> dict[str, list[StoredQuestion]]:
    """Article id → its stored questions; none where no map was fitted for the embedder."""
    found: dict[str, list[StoredQuestion]] = {article.article_id: [] for article in articles}
    if question_map is None:
        return found
    asked = {article.article_id: _asked(article) for article in articles}
    vectors = {text: vector for one in known.values() for text, vector in one.questions.items()}
    missing = list(dict.fromkeys(text for one in asked.values() for _, text in one if text not in vectors))
    if missing:
        mapped = question_map.project(embedder.encode_queries(missing)).astype(np.float16)
        vectors.update(zip(missing, mapped, strict=True))
    for article in articles:
        of_it = (article.article_id, article.version)
        for number, ((kind, text), spans) in enumerate(asked[article.article_id].items()):
            name = f"{article.article_id}@{article.version}#q{number}"
            found[article.article_id].append(StoredQuestion(name, *of_it, kind, text, tuple(spans), vectors[text]))
    return found


def _asked(article: Article) -> dict[tuple[QuestionKind, str], list[Span]]:
    """Each stored question once, with all sentences that answer it."""
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


def _chunks(article: Article, embedder: Embedder, chunk_tokens: int) -> list[Chunk]:
    heading = _heading_tokens(article, embedder)
    room = embedder.max_tokens - heading - 8  # prefix, special tokens, newline
    return chunk_article(article, embedder.count_tokens, min(chunk_tokens, room))


def _heading_tokens(article: Article, embedder: Embedder) -> int:
    empty = Chunk("", "", "", 0, 0, 0, ())
    return min(embedder.count_tokens(embedded_text(article, empty)), embedder.max_tokens // _HEADING_SHARE)


def _vectorise(
    chunked: Sequence[tuple[Article, Sequence[Chunk]]], known: Mapping[str, _Known], embedder: Embedder
) -> dict[str, list[StoredChunk]]:
    """Article id → its chunks with their vectors: one call of the embedder for what is new of the batch's chunks, one for what is
    new of all their sentences.
    """
    fitted = {chunk.chunk_id: _fitted(article, chunk, embedder) for article, chunks in chunked for chunk in chunks}
    kept = {
        chunk.chunk_id: known[article.article_id].chunks.get((article.language, fitted[chunk.chunk_id]))
        for article, chunks in chunked
        for chunk in chunks
    }
    fresh = [chunk_id for chunk_id, one in kept.items() if one is None]
    vectors, tokens = embedder.encode_passage_words([fitted[chunk_id] for chunk_id in fresh])
    new = {chunk_id: (vectors[n].astype(np.float16), tokens[n]) for n, chunk_id in enumerate(fresh)}
    said = {article.article_id: _said(article) for article, _ in chunked}
    sentences = {text: vector for one in known.values() for text, vector in one.sentences.items()}
    texts = (said[article.article_id](s) for article, chunks in chunked for chunk in chunks for s in chunk.sentences)
    missing = [text for text in dict.fromkeys(texts) if text not in sentences]
    if missing:
        sentences.update(zip(missing, embedder.encode_passages(missing).astype(np.float16), strict=True))
    found: dict[str, list[StoredChunk]] = {article.article_id: [] for article, _ in chunked}
    for article, chunks in chunked:
        for chunk in chunks:
            own = np.stack([sentences[said[article.article_id](s)] for s in chunk.sentences])
            if (one := kept[chunk.chunk_id]) is not None:
                found[article.article_id].append(replace(one, chunk=chunk, sentence_vectors=own))
                continue
            vector, of_tokens = new[chunk.chunk_id]
            words = _words(article, chunk, fitted[chunk.chunk_id], of_tokens)
            found[article.article_id].append(StoredChunk(chunk, vector, own, *words))
    return found


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

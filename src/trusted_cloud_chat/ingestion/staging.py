"""Articles → chunks with vectors, staged in the index: the slow half of a run."""

import logging
import math
import time
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import chunk_article, embedded_text, sentence_text
from trusted_cloud_chat.enrichment.sidecar import digest_of_rows
from trusted_cloud_chat.index.index_writer import IndexWriter
from trusted_cloud_chat.index.records import QuestionKind, StoredChunk, StoredQuestion
from trusted_cloud_chat.language.stems import word_spans
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors
from trusted_cloud_chat.models.late_interaction import gather_words, pack
from trusted_cloud_chat.models.question_map import load_question_map
from trusted_cloud_chat.progress import Progress, spoken_time
from trusted_cloud_chat.schema import Article, Chunk, Span, enrichment_of

T = TypeVar("T")
Vector = NDArray[np.float16]
_STAGE_TEXTS = 256
_LOG = logging.getLogger(__name__)
_MANY = 3000
"""Chunks from which a run announces its duration, after the first batch."""
_LONG, _SLICE, _CHUNK = 300_000, 64, 600
"""Characters from which a text is long; its chunks per batch; characters per chunk, as a first estimate."""
_QUESTIONS = 50_000
"""Vectors of stored questions kept for other articles with the same questions: 30 MB."""
_HEADING_SHARE = 4
"""At most a quarter of the embedder's tokens goes to title and date."""


def is_long(article: Article) -> bool:
    """Whether other articles should not wait for it: it is staged in parts, so that a stopped run resumes there."""
    return len(article.text) > _LONG


class Embedding:
    """Embeds and stages the articles of a run. Reports progress, with a total estimated from the text that is left."""

    def __init__(
        self, writer: IndexWriter, embedder: Embedder, chunk_tokens: int, articles: Iterable[Article], tell: Progress
    ) -> None:
        """`articles`: all that the run will stage."""
        self._writer, self._embedder, self._chunk_tokens, self._tell = writer, embedder, chunk_tokens, tell
        self._question_map, self._staged = load_question_map(embedder.identity), writer.catalog.staged()
        self.embedded = 0
        self._chunk_vectors: dict[tuple[str, str], StoredChunk] = {}
        """By language and embedded text, for the articles of a batch to reuse; so are the vectors of their sentences."""
        self._sentence_vectors: dict[str, Vector] = {}
        self._question_vectors: dict[str, Vector] = {}
        self._characters = sum(len(article.text) for article in articles if not self._is_done(article))
        self._chunks = self._whole = 0
        self._began = time.perf_counter()
        tell("embed", 0, math.ceil(self._characters / _CHUNK))

    def _is_done(self, article: Article) -> bool:
        """Whether an interrupted run has staged it. A long text may be staged in part: it is staged again, with the vectors that it has."""
        return (article.article_id, article.version) in self._staged and not is_long(article)

    def stage(self, articles: Iterable[Article]) -> None:
        """Chunk, embed and stage what an interrupted run has not staged, long texts last.

        Chunks, sentences and stored questions whose embedded text is unchanged keep their vectors.
        """
        catalog = self._writer.catalog
        todo = [catalog.with_enrichment(article) for article in articles if not self._is_done(article)]
        for chunks, questions, done in _one_ahead(self._batches(todo)):
            self._writer.stage(chunks, questions)
            self._count(len(chunks), done)

    def _count(self, chunks: int, done: int) -> None:
        """Report a staged batch, after which `done` characters are staged; announce the duration of a long run."""
        is_first = not self._chunks
        self._chunks += chunks
        total = math.ceil(self._chunks * self._characters / done)
        self._tell("embed", self._chunks, total)
        if is_first and total >= _MANY:
            seconds = (time.perf_counter() - self._began) * total / self._chunks
            _LOG.warning(
                "about %s passages to embed, about %s on this machine; Ctrl+C stops the run, and the next one continues from there",
                f"{total:,}", spoken_time(seconds),
            )  # fmt: skip

    def _batches(self, articles: Iterable[Article]) -> Iterator[tuple[list[StoredChunk], list[StoredQuestion], int]]:
        """Chunks and stored questions with vectors, in batches that keep the embedder's threads busy, and the characters done after each.

        A long text is a batch of its own for every `_SLICE` chunks; its questions come with the last.
        """
        for batch in _by_size(articles):
            self._chunk_vectors, self._sentence_vectors = {}, {}
            if len(self._question_vectors) > _QUESTIONS:
                self._question_vectors.clear()
            for article in batch:
                self._recall(article)
            chunks = [(article, chunk) for article in batch for chunk in self._cut(article)]
            size = _SLICE if is_long(batch[0]) else max(1, len(chunks))
            *parts, last = [chunks[n : n + size] for n in range(0, max(1, len(chunks)), size)]
            for part in parts:
                stored = self._vectorise(part)
                yield stored, [], self._whole + stored[-1].chunk.end
            self._whole += sum(len(article.text) for article in batch)
            yield self._vectorise(last), self._questions(batch), self._whole

    def _recall(self, article: Article) -> None:
        """Collect vectors of the live version and, of a long text, of what a stopped run has staged."""
        catalog = self._writer.catalog
        if live := catalog.article(article.article_id):
            live = catalog.with_enrichment(live)
        for known in filter(None, (article if is_long(article) else None, live)):
            said = _said(known)
            for one in catalog.chunks_of(known.article_id, known.version):
                self._chunk_vectors[known.language, self._fitted(known, one.chunk)] = one
                self._sentence_vectors |= zip(map(said, one.chunk.sentences), one.sentence_vectors, strict=True)
        of_map = self._question_map and live and digest_of_rows(live.enrichment, self._question_map.digest)
        if live and of_map == enrichment_of(live.version):  # else another map made its vectors
            stored = catalog.questions_of(live.article_id, live.version)
            self._question_vectors |= {one.text: one.vector for one in stored}

    def _cut(self, article: Article) -> list[Chunk]:
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

    def _vectorise(self, chunks: Sequence[tuple[Article, Chunk]]) -> list[StoredChunk]:
        """The chunks with vectors, with one call of the embedder for new chunks and one for new sentences."""
        said = {article.article_id: _said(article) for article, _ in chunks}
        every = [(article, chunk, self._fitted(article, chunk)) for article, chunk in chunks]
        fresh = [(a, c, text) for a, c, text in every if (a.language, text) not in self._chunk_vectors]
        self.embedded += len(fresh)
        vectors, tokens = self._embedder.encode_passage_words([text for *_, text in fresh])
        sentences = (said[a.article_id](s) for a, c, _ in every for s in c.sentences)
        _fill(self._sentence_vectors, sentences, self._embedder.encode_passages)
        known = ChainMap({}, self._chunk_vectors)
        for n, (a, c, text) in enumerate(fresh):
            vector, words = vectors[n].astype(np.float16), _words(a, c, text, tokens[n])
            known[a.language, text] = StoredChunk(c, vector, np.empty((0, vector.size), np.float16), *words)
        found = []
        for a, c, text in every:
            own = np.stack([self._sentence_vectors[said[a.article_id](s)] for s in c.sentences])
            found.append(replace(known[a.language, text], chunk=c, sentence_vectors=own))
        return found

    def _questions(self, articles: Sequence[Article]) -> list[StoredQuestion]:
        """Their stored questions, each text embedded once; empty if no map was fitted for the embedder."""
        if (question_map := self._question_map) is None:
            return []
        asked = [(article, n, *one) for article in articles for n, one in enumerate(asked_of(article).items())]
        texts = (text for _, _, (_, text), _ in asked)
        _fill(self._question_vectors, texts, lambda new: question_map.stored(new, self._embedder.encode_queries))
        return [
            StoredQuestion(
                f"{a.article_id}@{a.version}#q{n}", a.article_id, a.version, kind, text, tuple(spans),
                self._question_vectors[text],
            )
            for a, n, (kind, text), spans in asked
        ]  # fmt: skip


def _fill(known: dict[str, Vector], texts: Iterable[str], embed: Callable[[list[str]], NDArray[np.float32]]) -> None:
    """Embed each unknown text once."""
    if missing := [text for text in dict.fromkeys(texts) if text not in known]:
        known.update(zip(missing, embed(missing).astype(np.float16), strict=True))


def _said(article: Article) -> Callable[[Span], str]:
    """The text to embed for a sentence: its self-contained form if there is one, else its words."""
    statements = article.enrichment.statements if article.enrichment else ()
    alone = {span: s.alone for s in statements if s.alone for span in s.spans}
    return lambda sentence: alone.get(sentence) or sentence_text(article, sentence)


def asked_of(article: Article) -> dict[tuple[QuestionKind, str], list[Span]]:
    """Each stored question of the article once, with all sentences that answer it."""
    if (known := article.enrichment) is None:
        return {}
    asked: dict[tuple[QuestionKind, str], list[Span]] = {}
    for statement in known.statements:
        for question in statement.questions:
            asked.setdefault(("answered", question), []).extend(statement.spans)
    asked |= {("absent", question): [] for question in known.absent}
    return asked | {("premise", premise.question): list(premise.spans) for premise in known.premises}


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
    found = gather_words(passage, tokens, article.language)
    spans = word_spans(passage, article.language)[: len(found.tokens)]
    positions = np.array([word.start - heading + chunk.start for word in spans], dtype=np.int64)
    starts = np.array([s.start for s in chunk.sentences], dtype=np.int64)
    numbers = np.searchsorted(starts, positions, side="right") - 1
    return found.tokens, numbers.astype(np.int16).tobytes(), pack(found.vectors)

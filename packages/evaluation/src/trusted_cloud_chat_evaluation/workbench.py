"""Runs the product over the texts of an evaluation, in a temporary home."""

import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.corpus import version_of
from trusted_cloud_chat.corpus.articles import title_of
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.evidence.close_reading import PassageReader
from trusted_cloud_chat.index.index_writer import open_writer
from trusted_cloud_chat.index.lexical import LexicalDocument, to_lexical
from trusted_cloud_chat.index.records import QuestionKind, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.snapshots import Index, Snapshot, Within
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder
from trusted_cloud_chat.ingestion import IngestReport, fingerprint_of
from trusted_cloud_chat.ingestion.staging import Embedding, asked_of
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer, Article, Chunk, Passage, Turn
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.wiring import build_assistant, run_ingest
from trusted_cloud_chat_evaluation.aggregate import Tell, some, spread
from trusted_cloud_chat_evaluation.matching import nearly_one_of
from trusted_cloud_chat_evaluation.vector_cache import CachedEmbedder

T = TypeVar("T")
_K1, _B = 1.2, 0.75
_TITLE_BOOST = 0.5
"""Equal to the boost in `index.lexical`."""


class ScopedIndex(Index):
    """An index whose searches can be limited to some articles, which saves one index per question. Not thread-safe.

    A limited search is exhaustive: exact cosines instead of Chroma, and BM25 with Tantivy's formula over the statistics of these articles.
    """

    def __init__(self, home: Path, fingerprint: Fingerprint) -> None:
        super().__init__(home, fingerprint)
        self.left_out: frozenset[str] = frozenset()  # stored questions
        self._scope: tuple[str, ...] | None = None
        self._known: dict[str, list[tuple[StoredChunk, LexicalDocument]]] = {}

    @contextmanager
    def limited_to(self, article_ids: Collection[str]) -> Iterator[None]:
        self._scope = tuple(dict.fromkeys(article_ids))
        try:
            yield
        finally:
            self._scope = None

    def read(self, use: Callable[[Snapshot], T]) -> T:
        if (scope := self._scope) is None:
            return super().read(lambda snapshot: use(HeldOutSnapshot(snapshot, self.left_out)))
        return super().read(lambda snapshot: use(ScopedSnapshot(snapshot, self._chunks(snapshot, scope))))

    def _chunks(self, snapshot: Snapshot, scope: Sequence[str]) -> list[tuple[StoredChunk, LexicalDocument]]:
        unknown = [article_id for article_id in scope if article_id not in self._known]
        for article_id, article in snapshot.catalog.articles(unknown).items():
            stored = snapshot.catalog.chunks_of(article_id, article.version)
            self._known[article_id] = [(chunk, to_lexical(article, chunk)) for chunk in stored]
        return [chunk for article_id in scope for chunk in self._known[article_id]]


class HeldOutSnapshot(Snapshot):
    def __init__(self, inner: Snapshot, left_out: Collection[str]) -> None:
        super().__init__(inner.catalog, inner.opened)
        self._left_out = left_out

    def asked(
        self, vector: NDArray[np.float32], k: int, kind: QuestionKind, as_of: date | None = None, within: Within = None
    ) -> list[tuple[StoredQuestion, float]]:
        found = super().asked(vector, k + len(self._left_out), kind, as_of, within)
        return [one for one in found if one[0].text not in self._left_out][:k]


class ScopedSnapshot(Snapshot):
    def __init__(self, inner: Snapshot, chunks: Sequence[tuple[StoredChunk, LexicalDocument]]) -> None:
        super().__init__(inner.catalog, inner.opened)
        self._chunks = chunks

    def nearest(
        self, vector: NDArray[np.float32], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        scores = {s.chunk.chunk_id: float(s.vector.astype(np.float32) @ vector) for s, _ in self._chunks}
        return self._best(scores, k, as_of, within)

    def matching(
        self, weights: Mapping[str, float], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        documents = [document for _, document in self._chunks]
        ids = [chunk_id for chunk_id, *_ in documents]
        body = bm25([words for _, _, words, _ in documents], weights)
        title = bm25([words for _, words, _, _ in documents], weights)
        scores = {one: b + _TITLE_BOOST * t for one, b, t in zip(ids, body, title, strict=True) if b + t > 0}
        return self._best(scores, k, as_of, within)

    def _best(self, scores: dict[str, float], k: int, as_of: date | None, within: Within) -> list[tuple[str, float]]:
        if as_of is not None or within is not None:
            live = self.catalog.live_among(scores, as_of, within)
            scores = {chunk_id: score for chunk_id, score in scores.items() if chunk_id in live}
        return sorted(scores.items(), key=lambda hit: -hit[1])[:k]


def bm25(documents: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """The BM25 score of each document, with Lucene's idf, k1 = 1.2, b = 0.75."""
    counts = [Counter(tokens) for tokens in documents]
    average = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    scores = [0.0] * len(documents)
    for token, weight in weights.items():
        holding = sum(token in count for count in counts)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for i, count in enumerate(counts):
            norm = _K1 * (1 - _B + _B * len(documents[i]) / average)
            scores[i] += weight * idf * count[token] * (_K1 + 1) / (count[token] + norm)
    return scores


SET_DAY = date(2026, 11, 24)
"""Reference day of sets that have none, so that figures do not depend on the clock."""


@dataclass(frozen=True, slots=True)
class Workbench:
    index: ScopedIndex
    assistant: Assistant
    settings: Settings
    today: date
    indexing: dict[str, float]
    """Counts and indexing speed; cached vectors count with their estimated cost."""

    def search(
        self, question: str, k: int, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Retrieved | None:
        """The `k` best passages; None if the product rejects the question."""
        with suppress(QuestionError):
            return self.assistant.search(question, k, turns=turns, today=today or self.today, as_of=as_of)
        return None

    def search_deep(self, question: str, turns: Sequence[Turn] = (), as_of: date | None = None) -> tuple[Passage, ...]:
        """Ranks twice the usual number of candidates, for recall at 100."""
        found = self.search(question, 2 * self.settings.candidates, turns=turns, as_of=as_of)
        return found.passages if found else ()

    def ask(self, question: str, turns: Sequence[Turn] = (), as_of: date | None = None) -> Answer | None:
        """The product's answer; None if it rejects the question."""
        with suppress(QuestionError):
            return self.assistant.ask(question, turns=turns, today=self.today, as_of=as_of)
        return None

    def leave_out(self, questions: Iterable[str]) -> int:
        """Ignores the stored questions that are near-duplicates of `questions`; returns their number."""
        near = nearly_one_of(questions)
        articles = self.index.read(lambda snapshot: list(snapshot.catalog.enriched()))
        stored = [text for article in articles for _, text in asked_of(article) if near(text)]
        self.index.left_out = frozenset(stored)
        return len(stored)

    def query_latency(self, questions: Sequence[str]) -> dict[str, float | None]:
        """`query_ms_p50`, `query_ms_p95` of a warm search, for up to 200 of the questions."""
        sample = some(questions, 200)
        times = []
        for question in [*sample[:3], *sample]:
            started = time.perf_counter()
            self.search(question, self.settings.passages)
            times.append((time.perf_counter() - started) * 1000)
        return spread("query_ms", times[3:])

    def chunks_of(self, article: Article) -> list[Chunk]:
        found = self.index.read(lambda snapshot: snapshot.catalog.chunks_of(article.article_id, article.version))
        return [stored.chunk for stored in found]


def make_article(article_id: str, title: str, text: str) -> Article:
    """An undated article from a document of a set; the default title comes from the text."""
    title = title.strip() or title_of(text)
    return Article(article_id, version_of(text, title, None), title, text, None, language=detect_language(text))


def set_bench(
    settings: Settings, embedder: Embedder, articles: Sequence[Article], tell: Tell, reader: PassageReader | None = None
) -> AbstractContextManager[Workbench]:
    return _bench(settings, embedder, SET_DAY, partial(index_articles, articles, tell=tell), reader)


def corpus_bench(settings: Settings, embedder: Embedder, today: date, tell: Tell) -> AbstractContextManager[Workbench]:
    return _bench(settings, embedder, today, partial(run_ingest, today=today, progress=tell))


@contextmanager
def _bench(
    settings: Settings,
    embedder: Embedder,
    today: date,
    index: Callable[..., IngestReport],
    reader: PassageReader | None = None,
) -> Iterator[Workbench]:
    """Indexes in a temporary home; the embedding cache and the unpacked reader stay in the home of `settings`."""
    cache = settings.home / "cache" / "evaluation" / "vectors.db"
    temporary = tempfile.TemporaryDirectory(prefix="tcc-evaluation-", ignore_cleanup_errors=True)
    with temporary as folder, closing(CachedEmbedder(embedder, cache)) as cached:
        own = settings.model_copy(update={"home": Path(folder), "chroma_url": ""})
        started = time.perf_counter()
        report = index(settings=own, embedder=cached)
        seconds = time.perf_counter() - started + cached.seconds_saved()
        indexing = {
            "articles": len(report.added),
            "failed": len(report.failed),
            "passages": report.chunks,
            "passages_per_second": report.chunks / seconds,
            "cached_share": cached.cached_share,
        }
        reader = reader or load_reader(settings.home, settings.threads)
        with (
            closing(ScopedIndex(own.home, fingerprint_of(cached, own.chunk_tokens))) as opened,
            closing(build_assistant(own, cached, opened, reader)) as assistant,
        ):
            yield Workbench(opened, assistant, own, today, indexing)


def index_articles(articles: Sequence[Article], settings: Settings, embedder: Embedder, tell: Tell) -> IngestReport:
    """Indexes all `articles`, even duplicates, without reading files."""
    report = IngestReport(added=[article.article_id for article in articles])
    with open_writer(StoreFolder(settings.home), fingerprint_of(embedder, settings.chunk_tokens)) as writer:
        embedding = Embedding(writer, embedder, settings.chunk_tokens, articles, tell)
        embedding.stage(articles)
        report.embedded = embedding.embedded
        report.generation = writer.commit(articles, [])
        report.chunks = writer.catalog.count_chunks()
    return report

"""The product over a set of its own: index, retriever and assistant in a temporary home."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.reading import PassageReader
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.corpus import version_of
from trusted_cloud_chat.corpus.articles import first_sentence
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.evaluation.scope import ScopedIndex
from trusted_cloud_chat.evaluation.vector_cache import CachedEmbedder
from trusted_cloud_chat.index import open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.indexing import IngestReport, fingerprint_of, to_lexical
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer, Article, Chunk, Passage, Turn
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.staging import Progress, embed_and_stage
from trusted_cloud_chat.text import detect_language
from trusted_cloud_chat.wiring import build_assistant, run_ingest

SET_DAY = date(2026, 11, 24)
"""The day on which sets without a day of their own are asked: a figure does not move with the clock."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """What an evaluation holds."""

    index: ScopedIndex
    assistant: Assistant
    settings: Settings
    report: IngestReport
    passages_per_second: float
    """Chunks indexed per second, vectors from the cache counted at what they cost."""
    cached_share: float
    """Share of the embedded characters whose vectors came from the cache."""

    def search(
        self, question: str, k: int, *, turns: Sequence[Turn] = (), today: date = SET_DAY, as_of: date | None = None
    ) -> Retrieved | None:
        """The `k` best passages; None for what the product does not take for a question."""
        try:
            return self.assistant.search(question, k, turns=turns, today=today, as_of=as_of)
        except QuestionError:
            return None

    def search_deep(
        self, question: str, *, turns: Sequence[Turn] = (), today: date = SET_DAY, as_of: date | None = None
    ) -> tuple[Passage, ...]:
        """The product's own order of its candidates, then what a search twice as deep adds; for recall at 100."""
        found = self.search(question, 2 * self.settings.candidates, turns=turns, today=today, as_of=as_of)
        return found.passages if found else ()

    def rank_sentences(self, question: str, passages: Sequence[Passage], today: date = SET_DAY) -> list[Selected]:
        """Their sentences as the product would name them, best first, whether or not it would refuse."""
        return self.assistant.rank_sentences(question, passages, today=today)

    def ask(
        self, question: str, *, turns: Sequence[Turn] = (), today: date = SET_DAY, as_of: date | None = None
    ) -> Answer | None:
        """The product's answer; None for what it does not take for a question."""
        try:
            return self.assistant.ask(question, turns=turns, today=today, as_of=as_of)
        except QuestionError:
            return None

    def chunks_of(self, article: Article) -> list[Chunk]:
        found = self.index.read(lambda snapshot: snapshot.catalog.chunks_of(article.article_id, article.version))
        return [stored.chunk for stored in found]


def make_article(article_id: str, title: str, text: str) -> Article:
    """A document of a set as an undated article; without a title its first sentence is one."""
    title = title.strip() or first_sentence(text)
    language = detect_language(text)
    return Article(article_id, version_of(text, title, None), title, text, None, language=language)


@contextmanager
def set_bench(
    settings: Settings,
    embedder: Embedder,
    articles: Sequence[Article],
    progress: Progress,
    reader: PassageReader | None = None,
) -> Iterator[Workbench]:
    """The product over `articles`, duplicates included; by default with the shipped reader."""
    with _temporary(settings) as own, _cached(settings, embedder) as cached:
        started = time.perf_counter()
        report = index_articles(
            articles, home=own.home, embedder=cached, chunk_tokens=own.chunk_tokens, progress=progress
        )
        seconds = time.perf_counter() - started
        yield from _opened(own, cached, report, seconds, reader or load_reader(settings.home, settings.threads))


@contextmanager
def corpus_bench(settings: Settings, embedder: Embedder, today: date, progress: Progress) -> Iterator[Workbench]:
    """The product over the corpus of `settings`, ingested as it stands now."""
    with _temporary(settings) as own, _cached(settings, embedder) as cached:
        started = time.perf_counter()
        report = run_ingest(own, embedder=cached, today=today, progress=progress)
        seconds = time.perf_counter() - started
        yield from _opened(own, cached, report, seconds, load_reader(settings.home, settings.threads))


def index_articles(
    articles: Sequence[Article], *, home: Path, embedder: Embedder, chunk_tokens: int, progress: Progress
) -> IngestReport:
    """Index ready articles, all of them: no file is read and no duplicate dropped."""
    report = IngestReport(added=[article.article_id for article in articles])
    versions = [LiveVersion(article, in_corpus=False) for article in articles]
    with open_writer(home, fingerprint_of(embedder, chunk_tokens), to_lexical) as writer:
        report.embedded = embed_and_stage(versions, writer, embedder, chunk_tokens, progress)
        report.generation = writer.commit(versions, [], [])
        report.chunks = writer.catalog.count_chunks()
    return report


def _opened(
    settings: Settings, embedder: CachedEmbedder, report: IngestReport, seconds: float, reader: PassageReader
) -> Iterator[Workbench]:
    """`reader` is unpacked in the user's own home once, and not in the temporary one of `settings`."""
    index = ScopedIndex(settings.home, fingerprint_of(embedder, settings.chunk_tokens))
    assistant = build_assistant(settings, embedder, index, reader)
    whole = seconds + embedder.seconds_saved()
    speed = report.chunks / whole if whole else 0.0
    try:
        yield Workbench(index, assistant, settings, report, speed, embedder.cached_share)
    finally:
        assistant.close()
        index.close()


@contextmanager
def _temporary(settings: Settings) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="tcc-evaluation-", ignore_cleanup_errors=True) as folder:
        yield settings.model_copy(update={"home": Path(folder), "chroma_url": ""})


@contextmanager
def _cached(settings: Settings, embedder: Embedder) -> Iterator[CachedEmbedder]:
    cached = CachedEmbedder(embedder, settings.home / "cache" / "evaluation" / "vectors.db")
    try:
        yield cached
    finally:
        cached.close()

"""The only place that builds objects: settings in, the product's parts out. Existing parts can be passed in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trusted_cloud_chat.answering.answer import Answerer
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import MEGABYTE, close_readers, corpus_files, files_at, read_articles
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.enrichment.home import EnrichmentHome
from trusted_cloud_chat.entities import EntityBook, load_entities
from trusted_cloud_chat.errors import ArticleError, NetworkError, UsageError
from trusted_cloud_chat.evidence.close_reading import PassageReader
from trusted_cloud_chat.evidence.gathering import Gatherer
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.store import Fingerprint
from trusted_cloud_chat.models import BUNDLED_IDENTITY, Embedder, identity_of, load_embedder
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.models.chat import load_chat_model, shown_name, speed_line
from trusted_cloud_chat.models.nearby import Nearby, look
from trusted_cloud_chat.models.question_map import load_question_map
from trusted_cloud_chat.models.sentence_transformer import Reranker
from trusted_cloud_chat.progress import Progress, tell_nobody
from trusted_cloud_chat.question.classifier import Encode
from trusted_cloud_chat.question.intents import load_intents
from trusted_cloud_chat.question.kinds import load_kinds
from trusted_cloud_chat.question.parse import QuestionReader
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.retrieval.observed import ObservedRetriever
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER, CHAT_PROVIDERS, Settings
from trusted_cloud_chat.trace import known_rules

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from trusted_cloud_chat.enrichment.portions import Enrichable
    from trusted_cloud_chat.enrichment.run import EnrichReport
    from trusted_cloud_chat.fetching import Fetched
    from trusted_cloud_chat.index.archive import Manifest
    from trusted_cloud_chat.ingestion import IngestReport, IngestRun, Logbook, Removal
    from trusted_cloud_chat.writing.second_opinion import SecondOpinion
    from trusted_cloud_chat.writing.writer import Writer


def build_embedder(
    settings: Settings, progress: Callable[[str, float], None] | None = None, once: bool = False
) -> Embedder:
    """The embedder of `settings`; with `once`, for a single question, it avoids slow imports."""
    return load_embedder(settings.embedder, settings.home, settings.threads, progress, once)


def chroma_of(settings: Settings) -> ChromaServer:
    """The Chroma server and its credentials; falsy if vectors are stored in the home."""
    ca = str(settings.chroma_ca) if settings.chroma_ca else ""
    return ChromaServer(settings.chroma_url, settings.chroma_token.get_secret_value(), ca)


def build_index(settings: Settings, embedder: Embedder | None = None, *, once: bool = False) -> Index:
    """The index in `TCC_HOME`. The embedder's name alone suffices to check that the index fits."""
    identity = embedder.identity if embedder else identity_of(settings.embedder)
    dimensions = embedder.dimensions if embedder else None
    made = Fingerprint(identity, dimensions, f"{CHUNKING}:{settings.chunk_tokens}")
    return Index(settings.home, made, chroma_of(settings), once=once)


def build_assistant(
    settings: Settings,
    embedder: Embedder | None = None,
    index: Index | None = None,
    reader: PassageReader | None = None,
    *,
    disabled: Collection[str] = frozenset(),
    once: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> Assistant:
    """The assistant over `index`, by default the index in `TCC_HOME`. `once`: for a single question. `disabled`: ids of rules to switch off.
    Invalid settings are reported before anything slow is loaded.

    Raises SettingsError for an unknown rule, or an invalid file of names or of a market.
    """
    entities, market, weights = load_entities(settings.aliases), load_market(settings.market), load_weights()
    known, reranker = known_rules(disabled), build_reranker(settings)
    chat_model = build_chat_model(settings) if settings.chat_model else None
    embedder = embedder or build_embedder(settings, progress, once)
    index = index or build_index(settings, embedder, once=once)
    retriever = ObservedRetriever(
        index,
        embedder,
        weights,
        candidates=settings.candidates,
        reranker=reranker,
        entities=entities,
        question_map=load_question_map(embedder.identity),
    )
    encode = _encoder(settings, embedder, retriever)
    reader = reader or load_reader(settings.home, settings.threads, once)
    return Assistant(
        index,
        retriever,
        QuestionReader(entities, load_kinds(encode), load_intents(encode)),
        Gatherer(retriever, reader, entities, weights, passages=settings.passages),
        Answerer(entities, market, settings.refusal_threshold, settings.nearest_threshold),
        weights,
        writer=_build_writer(settings, chat_model, embedder, entities) if chat_model else None,
        disabled=known,
    )


def _encoder(settings: Settings, embedder: Embedder, retriever: Retriever) -> Encode:
    """Encodes questions for the classifiers, which were trained on the bundled embedder: it is loaded in addition to another embedder."""
    if embedder.identity == BUNDLED_IDENTITY:
        return retriever.vector
    bundled = load_embedder(BUNDLED_EMBEDDER, settings.home, settings.threads)
    return lambda question: bundled.encode_queries([question])[0]


def build_reranker(settings: Settings) -> Reranker | None:
    """Raises RerankerError if it cannot be loaded."""
    return Reranker(settings.reranker, settings.threads) if settings.reranker else None


def build_chat_model(settings: Settings, environ: Mapping[str, str] | None = None) -> BaseChatModel:
    """The chat model of `settings`. Raises ChatModelError for a missing extra, key or file."""
    return load_chat_model(
        settings.chat_model,
        settings.chat_url,
        settings.chat_timeout_s,
        context=settings.chat_context,
        threads=settings.threads,
        environ=environ,
    )


def find_nearby(settings: Settings) -> tuple[Nearby, ...]:
    """The language models that run on this machine; none if the user has named a model."""
    return look() if settings.look_nearby and not settings.chat_model else ()


def build_written(settings: Settings, assistant: Assistant, embedder: Embedder, nearby: Nearby) -> Assistant:
    """`assistant` with answers written by a model on this machine. Raises ChatModelError for a missing extra."""
    named = settings.model_copy(update={"chat_model": nearby.spec, "chat_url": nearby.url})
    # The user has not chosen the program on that port: it must not get their API keys.
    return assistant.written_by(
        _build_writer(named, build_chat_model(named, {}), embedder, load_entities(settings.aliases))
    )


def _build_writer(settings: Settings, chat_model: BaseChatModel, embedder: Embedder, entities: EntityBook) -> Writer:
    """Prints the speed of an in-process model on standard error."""
    from trusted_cloud_chat.writing.writer import Writer

    if line := speed_line(settings.chat_model, chat_model):
        print(line, file=sys.stderr)
    return Writer(
        chat_model,
        settings.chat_model,
        embedder=embedder,
        entities=entities,
        timeout_s=settings.chat_timeout_s,
        second_opinion=build_opinion(settings, chat_model),
    )


def build_opinion(settings: Settings, chat_model: BaseChatModel | None) -> SecondOpinion | None:
    """Raises OpinionError, ChatModelError."""
    from trusted_cloud_chat.models.sentence_transformer import Entailment
    from trusted_cloud_chat.writing.second_opinion import ModelOpinion

    name = settings.second_opinion
    if not name:
        return None
    if name == "model" and chat_model is not None:
        return ModelOpinion(chat_model, settings.chat_model, settings.chat_timeout_s)
    if name.partition(":")[0] in CHAT_PROVIDERS:
        other = build_chat_model(settings.model_copy(update={"chat_model": name, "chat_url": settings.opinion_url}))
        return ModelOpinion(other, name, settings.chat_timeout_s)
    return Entailment(name, settings.threads)


def run_ingest(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    urls: Sequence[str] = (),
    originals: bool = False,
    embedder: Embedder | None = None,
    rebuild: bool = False,
    dry_run: bool = False,
    allow_deletions: bool = False,
    today: date | None = None,
    progress: Progress | None = None,
    logbook: Logbook | None = None,
    unfinished: Collection[Path] = (),
) -> IngestReport:
    """One ingest run with these settings, recorded in `logbook`. A `dry_run` loads no embedder and stores nothing that it fetches.

    Fetches `urls`, and with `originals` the sources of the indexed articles. Raises NetworkError if that is not allowed.
    """
    from trusted_cloud_chat.ingestion import Logbook, foresee, ingest, remember

    given = replace(
        _run_of(settings, today), paths=paths, rebuild=rebuild, allow_deletions=allow_deletions, unfinished=unfinished,
        progress=progress or tell_nobody,
    )  # fmt: skip

    def run() -> IngestReport:
        with _from_web(settings, urls, originals=originals, progress=progress) as came:
            asked = replace(given, fetched=came)
            if dry_run:
                return foresee(asked)
            report = ingest(asked, embedder or build_embedder(settings), settings.chunk_tokens)
        if came is not None:
            remember(settings.home, came, [failure["path"] for failure in report.failed])
        return report

    if dry_run:
        return run()
    named = [*map(str, paths), *urls, *(["--originals"] if originals else [])] or [str(settings.corpus)]
    return (logbook or Logbook(settings.home)).keep(f"ingest {', '.join(named)}", run)


def _run_of(settings: Settings, today: date | None) -> IngestRun:
    """A run over the whole corpus with these settings."""
    from trusted_cloud_chat.ingestion import IngestRun

    entities, question_map = load_entities(settings.aliases), load_question_map(identity_of(settings.embedder))
    home = EnrichmentHome.of(settings.home)
    enricher = Enricher(entities, question_map.digest if question_map else "", home)
    return IngestRun(
        settings.home,
        settings.corpus,
        today or date.today(),
        allow_undated=not settings.require_dates,
        most_bytes=settings.max_file_mb * MEGABYTE,
        enricher=enricher,
        chroma_url=chroma_of(settings),
        kept_versions=settings.kept_versions,
        entities=entities,
    )


def _from_web(
    settings: Settings, urls: Sequence[str], *, originals: bool, progress: Progress | None
) -> AbstractContextManager[Fetched | None]:
    """The documents that a run fetches; None if there is nothing to fetch."""
    if not urls and not originals:
        return nullcontext()
    from trusted_cloud_chat.fetching import AddressGuard, Rules, networks_of
    from trusted_cloud_chat.ingestion import fetched

    check_network(settings)
    guard, most_bytes = AddressGuard(networks_of(settings.private_networks)), settings.max_file_mb * MEGABYTE
    rules = Rules(guard, most_bytes, settings.fetch_delay_s, settings.max_pages)
    return fetched(settings.home, urls, originals=originals, rules=rules, progress=progress)


def check_network(settings: Settings) -> None:
    """Raise NetworkError if fetching is not allowed."""
    if not settings.allow_network:
        raise NetworkError(
            "the network is not allowed: nothing was fetched, and the index is unchanged. Set TCC_ALLOW_NETWORK=1 to let `ingest` "
            "fetch the addresses that you name, and nothing else; or save the pages as files and ingest those"
        )


def enrich_sources(
    settings: Settings, named: Sequence[str] = (), *, since: date | None = None
) -> tuple[list[Enrichable], int, list[dict[str, str]]]:
    """The files to enrich with their articles, the number of files that need no enrichment, and the files that cannot be read.

    `named`: paths or article ids; default: the corpus. `since`: only articles of that day or later.
    """
    from trusted_cloud_chat.enrichment.portions import Enrichable, words_for
    from trusted_cloud_chat.enrichment.run import wanting

    paths = [Path(one) for one in named if Path(one).exists()]
    ids = {one for one in named if not Path(one).exists()}
    files = files_at(paths, settings.corpus) if paths else []
    files += corpus_files(settings.corpus) if ids or not named else []
    found: dict[Path, Enrichable] = {}
    failed: list[dict[str, str]] = []
    for file in files:
        try:
            file.check()
            articles = read_articles(
                file.path, file.root, allow_undated=not settings.require_dates, today=date.today(),
                most_bytes=settings.max_file_mb * MEGABYTE,
            )  # fmt: skip
        except ArticleError as error:
            failed.append({"path": file.name, "reason": str(error)})
            continue
        late = [a for a in articles if since is None or (a.date is not None and a.date.last_day >= since)]
        if late and (not ids or file.path in paths or ids & {article.article_id for article in articles}):
            found[file.path] = Enrichable(file.path, tuple(articles), words_for(settings.chat_context))
    close_readers()
    unknown = ids - {article.article_id for source in found.values() for article in source.articles}
    if unknown and since is None:
        raise UsageError(f"no file and no article of the corpus is named {', '.join(sorted(unknown))}")
    return *wanting(found.values(), EnrichmentHome.of(settings.home)), failed


def run_enrich(
    settings: Settings,
    sources: Sequence[Enrichable],
    *,
    progress: Progress | None = None,
) -> EnrichReport:
    """Let the chat model write the sidecars of `sources`. Raises ChatModelError."""
    from trusted_cloud_chat.enrichment.asking import Asker
    from trusted_cloud_chat.enrichment.run import EnrichRun

    model = shown_name(settings.chat_model)
    asker, home = Asker(build_chat_model(settings)), EnrichmentHome.of(settings.home)
    requests = 1 if settings.chat_model.startswith("gguf:") else settings.chat_requests
    run = EnrichRun(asker, model, home, load_entities(settings.aliases), requests=requests, today=date.today())
    return run.run(sources, progress or tell_nobody)


def run_remove(settings: Settings, article_ids: Sequence[str], *, forget: bool) -> Removal:
    """Remove articles from the index."""
    from trusted_cloud_chat.ingestion import remove

    return remove(_run_of(settings, None), article_ids, forget=forget)


def run_rollback(
    settings: Settings, *, embedder: Embedder | None = None, progress: Progress | None = None
) -> IngestReport:
    """Make a new generation with the content of the previous one."""
    from trusted_cloud_chat.ingestion import Logbook, rollback

    run, made = replace(_run_of(settings, None), progress=progress or tell_nobody), embedder or build_embedder(settings)
    return Logbook(settings.home).keep("rollback", partial(rollback, run, made, settings.chunk_tokens))


def run_import(settings: Settings, file: Path, *, replace: bool) -> tuple[Manifest, bool]:
    """Import an index that was made with this embedder; returns its manifest, and whether it replaced another index."""
    from trusted_cloud_chat.ingestion import fingerprint_of, import_index

    fingerprint = fingerprint_of(build_embedder(settings), settings.chunk_tokens)
    return import_index(settings.home, file, fingerprint, replace=replace, chroma_url=chroma_of(settings))

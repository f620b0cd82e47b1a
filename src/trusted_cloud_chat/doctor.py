"""`doctor`: what is installed, configured and indexed, and what mends what is not."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.chat import privacy_notice, speed_line
from trusted_cloud_chat.models.nearby import told
from trusted_cloud_chat.models.reranker import RERANKED
from trusted_cloud_chat.reporting import tracing_notice
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import (
    build_assistant,
    build_chat_model,
    build_embedder,
    build_reranker,
    chroma_of,
    find_nearby,
)

_PACKAGES = ("chromadb", "gradio", "langchain-core", "onnxruntime", "sentence-transformers", "tantivy")


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    found: str


def examine() -> list[Check]:
    """Every check, in order; a failed one does not stop the next."""
    checks = [Check("version", True, f"{__version__}, Python {platform.python_version()}"), _packages()]
    try:
        settings = load_settings()
    except TrustedCloudChatError as error:
        return [*checks, Check("settings", False, str(error))]
    checks.append(Check("settings", True, f"TCC_HOME={settings.home} TCC_CORPUS={settings.corpus}"))
    checks.append(_check("corpus", lambda: f"{len(corpus_files(settings.corpus))} files"))
    checks.append(_check("embedder", lambda: build_embedder(settings).identity))
    checks.append(_check("reranker", lambda: _reranker(settings)))
    checks += index_checks(settings, lambda: build_embedder(settings))
    checks.append(_check("answers", lambda: _answers(settings)))
    checks.append(_check("language model", lambda: _chat_model(settings)))
    checks.append(Check("tracing", True, tracing_notice("en") or "off"))
    checks += [Check("on this machine", True, line) for line in told(find_nearby(settings))]
    return checks


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except TrustedCloudChatError as error:
        return Check(name, False, str(error))
    except Exception as error:  # what looks after faults is not to end by one
        return Check(name, False, f"this check failed itself: {type(error).__name__}: {error}")


def _packages() -> Check:
    found, missing = [], []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Check("packages", False, f"missing: {', '.join(missing)}; mend it with `pip install trusted-cloud-chat`")
    return Check("packages", True, ", ".join(found))


def index_checks(settings: Settings, load: Callable[[], Embedder]) -> list[Check]:
    """What is indexed, and whether all of it is in every store."""
    found: list[Index] = []

    def coverage() -> str:
        found.append(Index(settings.home, fingerprint_of(load(), settings.chunk_tokens), chroma_of(settings)))
        held = found[0].coverage()
        return (
            f"generation {held.generation}, {held.articles} articles, {held.chunks} chunks, "
            f"from {held.first} to {held.last}"
        )

    def whole() -> str:
        found[0].check()
        return "catalog, vectors and words hold the same chunks"

    index = _check("index", coverage)
    checks = [index, _check("stores", whole)] if index.ok else [index]
    for opened in found:
        opened.close()
    return checks


def _answers(settings: Settings) -> str:
    """What reads again or writes has checks of its own, and so has the index."""
    build_assistant(settings.model_copy(update={"reranker": "", "chat_model": ""})).close()
    return "names, market and reader can be loaded"


def _reranker(settings: Settings) -> str:
    reranker = build_reranker(settings)
    return f"{reranker.name}: the first {RERANKED} passages are read again" if reranker else "none"


def _chat_model(settings: Settings) -> str:
    if not settings.chat_model:
        return "none: answers are quotes, nothing leaves this machine"
    line = speed_line(settings.chat_model, build_chat_model(settings))
    notice = privacy_notice(settings.chat_model, settings.chat_url, "en")
    return f"{settings.chat_model}. {notice or 'It runs on this machine.'}" + (f" Measured: {line}." if line else "")

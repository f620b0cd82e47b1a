"""All checks in order: the installation, the settings, the models, the index, the articles, the disk."""

import platform
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from trusted_cloud_chat import __version__, wiring
from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.doctor.articles import article_checks
from trusted_cloud_chat.doctor.checks import Check, Name, look, look_all
from trusted_cloud_chat.doctor.stores import index_checks
from trusted_cloud_chat.errors import counted
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.chat import speed_line
from trusted_cloud_chat.models.nearby import told
from trusted_cloud_chat.models.sentence_transformer import FULL_COMMAND, RERANKED
from trusted_cloud_chat.output.reporting import privacy_notice, tracing_notice
from trusted_cloud_chat.settings import Settings, load_settings

_NAMED = ("chromadb", "gradio", "langchain-core", "onnxruntime", "tantivy")
"""Packages whose versions are always shown."""
_FULL = "sentence-transformers"
"""Installed by the extra `full` only."""
_LEAST_FREE = 50_000_000
"""Free bytes below which a run will probably fail."""


def packages() -> Check:
    """Packages that are missing or have an unsuitable version."""
    wrong = list(_wrong())
    if wrong:
        return Check("packages", "fault", "; ".join(wrong), "pip install --upgrade trusted-cloud-chat")
    named = [f"{name} {version(name)}" for name in _NAMED]
    try:
        named.append(f"{_FULL} {version(_FULL)}")
    except PackageNotFoundError:
        named.append(f"a light installation, without {_FULL} (`{FULL_COMMAND}` adds it)")
    return Check("packages", "ok", ", ".join(named))


def _wrong() -> Iterator[str]:
    for needed in _needed():
        try:
            there = version(needed.name)
        except PackageNotFoundError:
            yield f"{needed.name} is missing"
            continue
        if not needed.specifier.contains(there, prereleases=True):
            yield f"{needed.name} is {there}, but {needed.specifier} is required"


def _needed() -> list[Requirement]:
    """The requirements of the installation; in a checkout that is not installed, the most important ones."""
    try:
        found = [Requirement(line) for line in requires("trusted-cloud-chat") or ()]
    except PackageNotFoundError:
        found = []
    always = [needed for needed in found if needed.marker is None or needed.marker.evaluate({"extra": ""})]
    return always or [Requirement(name) for name in _NAMED]


def disk(home: Path) -> Check:
    """Free space should suffice for a rebuild beside the current index."""
    parts: Counter[str] = Counter()
    for path in home.rglob("*"):
        with suppress(OSError):
            if path.is_file() and not path.is_symlink():
                parts[path.relative_to(home).parts[0]] += path.stat().st_size
    free = shutil.disk_usage(next(path for path in (home, *home.parents) if path.exists())).free
    told = ", ".join(f"{name} {_megabytes(size)}" for name, size in parts.most_common())
    found = f"{_megabytes(free)} free; {home} takes {_megabytes(parts.total())}" + (f" ({told})" if told else "")
    see = f"du -sh {shlex.quote(str(home))}/*; df -h"
    if free < _LEAST_FREE:
        return Check("disk", "fault", f"{found}: a run needs more", see)
    if free < 2 * parts["index"]:
        return Check("disk", "advice", f"{found}: a rebuild needs twice the index", see, f"{home}: {told}")
    return Check("disk", "ok", found)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def examine(today: date | None = None, embedder: Embedder | None = None) -> list[Check]:
    """All checks, with `embedder` if it is loaded already; one that fails does not stop the next."""
    first = [look("version", lambda: f"{__version__}, Python {platform.python_version()}"), look("packages", packages)]
    return [*first, *look_all("settings", lambda: _all(today or date.today(), embedder))]


def _all(today: date, held: Embedder | None) -> Iterator[Check]:
    settings = load_settings()

    def embedder() -> Embedder:
        return held or wiring.build_embedder(settings)

    yield Check("settings", "ok", f"TCC_HOME={settings.home} TCC_CORPUS={settings.corpus}")
    yield look("corpus", lambda: counted(len(corpus_files(settings.corpus)), "file"))
    yield look("embedder", lambda: embedder().identity)
    yield look("reranker", lambda: _reranker(settings))
    yield from index_checks(settings, embedder)
    yield from look_all("articles", lambda: article_checks(settings, today))
    yield look("disk", lambda: disk(settings.home))
    yield look("answers", lambda: _answers(settings, held))
    yield look("language model", lambda: _chat_model(settings))
    yield look("second opinion", lambda: _opinion(settings))
    yield look("tracing", lambda: tracing_notice("en") or "off")
    nearby: Name = "on this machine"
    yield from look_all(nearby, lambda: (Check(nearby, "ok", line) for line in told(wiring.find_nearby(settings))))


def _answers(settings: Settings, embedder: Embedder | None) -> str:
    """Reranker, language model and index have their own checks."""
    wiring.build_assistant(settings.model_copy(update={"reranker": "", "chat_model": ""}), embedder).close()
    return "names, market and reader can be loaded"


def _reranker(settings: Settings) -> str:
    reranker = wiring.build_reranker(settings)
    return f"{reranker.name}: reorders the first {RERANKED} passages" if reranker else "none"


def _chat_model(settings: Settings) -> str:
    if not settings.chat_model:
        return "none: answers are quotes, nothing leaves this machine"
    line = speed_line(settings.chat_model, wiring.build_chat_model(settings))
    notice = privacy_notice(settings.chat_model, settings.chat_url, "en")
    return f"{settings.chat_model}. {notice or 'It runs on this machine.'}" + (f" Measured: {line}." if line else "")


def _opinion(settings: Settings) -> str:
    if not settings.second_opinion or not settings.chat_model:
        return "none"
    other = wiring.build_opinion(settings, wiring.build_chat_model(settings))
    return f"{other.name if other else 'none'}: warns about sentences of the language model, and removes nothing"

"""Every check, in order: the installation, the settings, the models, the index, the articles, the disk."""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat import wiring
from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.doctor.articles import article_checks
from trusted_cloud_chat.doctor.checks import Check, look
from trusted_cloud_chat.doctor.installation import disk, packages, release
from trusted_cloud_chat.doctor.stores import index_checks
from trusted_cloud_chat.errors import counted
from trusted_cloud_chat.models.chat import privacy_notice, speed_line
from trusted_cloud_chat.models.cross_encoder import RERANKED
from trusted_cloud_chat.models.nearby import told
from trusted_cloud_chat.output.reporting import tracing_notice
from trusted_cloud_chat.settings import Settings, load_settings


def examine(today: date | None = None) -> list[Check]:
    """A failed one does not stop the next."""
    checks = [look("version", release), look("packages", packages)]
    settings: list[Settings] = []

    def chosen() -> str:
        settings.append(load_settings())
        return f"TCC_HOME={settings[0].home} TCC_CORPUS={settings[0].corpus}"

    checks.append(look("settings", chosen))
    return [*checks, *_all(settings[0], today or date.today())] if settings else checks


def _all(settings: Settings, today: date) -> list[Check]:
    return [
        look("corpus", lambda: counted(len(corpus_files(settings.corpus)), "file")),
        look("embedder", lambda: wiring.build_embedder(settings).identity),
        look("reranker", lambda: _reranker(settings)),
        *index_checks(settings, lambda: wiring.build_embedder(settings)),
        *article_checks(settings, today),
        look("disk", lambda: disk(settings.home)),
        look("answers", lambda: _answers(settings)),
        look("language model", lambda: _chat_model(settings)),
        look("second opinion", lambda: _opinion(settings)),
        look("tracing", lambda: tracing_notice("en") or "off"),
        *_nearby(settings),
    ]


def _answers(settings: Settings) -> str:
    """What reads again or writes has checks of its own, and so has the index."""
    wiring.build_assistant(settings.model_copy(update={"reranker": "", "chat_model": ""})).close()
    return "names, market and reader can be loaded"


def _reranker(settings: Settings) -> str:
    reranker = wiring.build_reranker(settings)
    return f"{reranker.name}: the first {RERANKED} passages are read again" if reranker else "none"


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
    return f"{other.name if other else 'none'}: warns beside what a language model writes, and removes nothing"


def _nearby(settings: Settings) -> list[Check]:
    lines: list[str] = []

    def find() -> str:
        lines.extend(told(wiring.find_nearby(settings)))
        return ""

    seen = look("on this machine", find)
    return [Check(seen.name, "ok", line) for line in lines] if seen.ok else [seen]

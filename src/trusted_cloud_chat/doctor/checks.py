"""The result of a check; a check that fails becomes a result too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat import errors
from trusted_cloud_chat.index.trouble import problem

Level = Literal["ok", "advice", "fault"]
Name = Literal[
    "version", "packages", "settings", "corpus", "embedder", "reranker", "index", "stores", "orphans", "embedder of the index",
    "form of the index", "leftovers", "articles", "dates", "publishers", "addresses", "sources", "pages", "near-duplicates", "freshness", "enrichment", "disk",
    "answers", "language model", "second opinion", "tracing", "on this machine",
]  # fmt: skip
FIX = "trusted-cloud-chat doctor --fix"
INGEST = "trusted-cloud-chat ingest"
_MENDS = (
    (errors.StoreLostError, FIX),
    (errors.IndexDamagedError, f"{INGEST} --rebuild"),
    (errors.IndexEmptyError, INGEST),
    (errors.IndexMismatchError, f"{INGEST} --rebuild"),
    (errors.IndexTooNewError, "pip install --upgrade trusted-cloud-chat"),
    (errors.IndexBusyError, "trusted-cloud-chat doctor"),
    (errors.CorpusNotFoundError, "export TCC_CORPUS=FOLDER"),
    (errors.HomeNotWritableError, "export TCC_HOME=FOLDER"),
    (errors.StorageError, "df -h; ls -l"),
    (errors.EmbedderError, "unset TCC_EMBEDDER"),
    (errors.RerankerError, "unset TCC_RERANKER"),
    (errors.OpinionError, "unset TCC_SECOND_OPINION"),
    (errors.ChatModelError, "unset TCC_CHAT_MODEL"),
    (errors.ServerError, "chroma run"),
)
"""The command that fixes each error; the first match counts."""


@dataclass(frozen=True, slots=True)
class Check:
    """The subject and result of a check: level, finding, and the command that fixes a fault."""

    name: Name
    level: Level
    found: str
    mend: str = ""
    detail: str = ""
    """For advice: the language-independent part of `found`: ids, paths, numbers."""

    @property
    def ok(self) -> bool:
        """Whether it is not a fault."""
        return self.level != "fault"


def look(name: Name, see: Callable[[], str | Check]) -> Check:
    """The result of `see`; a fault if it raises."""
    try:
        found = see()
    except errors.TrustedCloudChatError as error:
        return Check(name, "fault", str(error), _mend_of(error))
    except OSError as error:  # another user's file, or a read-only disk
        told = problem(error, str(error.filename or name), errors.IndexDamagedError, "")
        return Check(name, "fault", str(told), _mend_of(told))
    except Exception as error:  # doctor must not fail itself
        return Check(name, "fault", f"the check itself failed: {type(error).__name__}: {error}", FIX)
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # a panic of a library written in Rust
            raise
        return Check(name, "fault", f"a library crashed during this check: {error}", f"{INGEST} --rebuild")
    return found if isinstance(found, Check) else Check(name, "ok", found)


def look_all(name: Name, see: Callable[[], Iterable[Check]]) -> list[Check]:
    """What `see` yields, and a fault named `name` if it raises."""
    found: list[Check] = []

    def every() -> str:
        found.extend(see())
        return ""

    seen = look(name, every)
    return found if seen.ok else [*found, seen]


def _mend_of(error: errors.TrustedCloudChatError) -> str:
    """The command in the error's message, else by its type."""
    if f"`{FIX}`" in str(error):
        return FIX
    unset = [part for part in str(error).split("`")[1::2] if part.startswith("unset ")]
    return "; ".join(dict.fromkeys(unset)) or next((command for kind, command in _MENDS if isinstance(error, kind)), "")

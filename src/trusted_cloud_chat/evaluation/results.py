"""A result as JSON: the figures, and all that is needed to measure them again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.evaluation.aggregate import rounded
from trusted_cloud_chat.evaluation.measurement import Measurement
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings

_SETTINGS = ("chunk_tokens", "candidates", "passages", "refusal_threshold", "chat_model", "threads")


def evaluation_folder() -> Path:
    """`evaluation/` of the checkout when the package runs from one, else `./evaluation`."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout / "evaluation" if (checkout / "pyproject.toml").is_file() else Path("evaluation")


def to_result(
    command: str, measured: Measurement, settings: Settings, embedder: Embedder, data: Path, extra: dict[str, Any]
) -> dict[str, Any]:
    """One object: `command`, the figures, `run`, `primary` and `cases` (one a question)."""
    result: dict[str, Any] = rounded(
        {
            "command": command,
            **extra,
            **measured.figures,
            "run": run_record(settings, embedder, data),
            "primary": measured.primary,
            "cases": [outcome.to_dict() for outcome in measured.outcomes],
        }
    )
    return result


def run_record(settings: Settings, embedder: Embedder, data: Path) -> dict[str, Any]:
    """When, with which code, data, settings and machine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "commit": _commit(),
        "corpus_hash": folder_hash(settings.corpus) if settings.corpus.is_dir() else None,
        "data_hash": folder_hash(data),
        "embedder": embedder.identity,
        "settings": {name: getattr(settings, name) for name in _SETTINGS},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
    }


def folder_hash(path: Path) -> str:
    """Sixteen hexadecimal digits over the names and contents of a folder's files, or of one file."""
    files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(path.parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _commit() -> str | None:
    """The checkout's commit, with `+` when files differ from it; None outside a checkout."""
    folder = Path(__file__).resolve().parent
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def read_result(file: Path) -> dict[str, Any]:
    """Raises UnusableError where there is no file, UsageError when it is no result."""
    try:
        loaded = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected the JSON of an evaluation") from None
    except ValueError as error:
        raise UsageError(f"{file} is no JSON: {error}") from None
    if not isinstance(loaded, dict) or "command" not in loaded:
        raise UsageError(f"{file} is no result of an evaluation: expected what `evaluate … --json` prints")
    return loaded


def set_name(result: dict[str, Any]) -> str:
    """How thresholds and tables name what was measured: `answers.test`, `retrieval.fquad_valid`."""
    return f"{result['command']}.{what_of(result)}"


def what_of(result: dict[str, Any]) -> str:
    """The split or the set that was measured."""
    return str(result.get("split") or result.get("set") or "all")


def write_result(result: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def without_cases(result: dict[str, Any]) -> dict[str, Any]:
    """What may be committed for a set whose licence keeps its text away."""
    return {key: value for key, value in result.items() if key not in ("cases", "primary")}

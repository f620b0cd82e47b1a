"""Results as JSON: figures, run record, thresholds, and comparison with earlier results."""

import hashlib
import json
import math
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.aggregate import LEVEL, Measurement, resample_counts
from trusted_cloud_chat_evaluation.cases import read_text

_BOUNDS = {"floors": 1, "ceilings": -1}
_SETTINGS = "chunk_tokens candidates passages refusal_threshold nearest_threshold chat_model threads".split()


def to_result(
    command: str, measured: Measurement, settings: Settings, embedder: Embedder, data: Path
) -> dict[str, Any]:
    return {
        "command": command,
        **measured.figures,
        "run": {
            "date": datetime.now(UTC).date().isoformat(),
            "version": __version__,
            "commit": _commit(),
            "corpus_hash": folder_hash(settings.corpus) if settings.corpus.is_dir() else None,
            "data_hash": folder_hash(data),
            "embedder": embedder.identity,
            "settings": {name: getattr(settings, name) for name in _SETTINGS},
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
            "python": platform.python_version(),
        },
        "primary": measured.primary,
        "cases": [outcome.to_dict() for outcome in measured.outcomes],
    }


def folder_hash(path: Path) -> str:
    """A hash of the names and contents of a folder's files, or of one file."""
    files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(path.parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _commit() -> str | None:
    """The checkout's commit, with `+` if files were modified; None outside a checkout."""
    describe = "describe --always --abbrev=12 --exclude=* --dirty=+".split()
    command = ["git", "-C", str(Path(__file__).parent), *describe]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None


def read_result(file: Path) -> dict[str, Any]:
    """Raises UnusableError for a missing file, UsageError for a file that is not a result."""
    try:
        loaded = json.loads(read_text(file, "the JSON of an evaluation"))
    except ValueError as error:
        raise UsageError(f"{file} is not JSON: {error}") from None
    if not isinstance(loaded, dict) or "command" not in loaded:
        raise UsageError(f"{file} is not an evaluation result: expected the output of `evaluate … --json`")
    return loaded


def set_name(result: dict[str, Any]) -> str:
    """The name in the thresholds file: `answers.test`, `retrieval.fquad_valid`."""
    return f"{result['command']}.{what_of(result)}"


def what_of(result: dict[str, Any]) -> str:
    return str(result.get("split") or result.get("set") or "all")


def write_result(result: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def without_cases(result: dict[str, Any]) -> dict[str, Any]:
    """The result without its cases, since a set's licence may protect the questions' texts."""
    return {key: value for key, value in result.items() if key not in ("cases", "primary")}


def check(result: dict[str, Any], thresholds: Path) -> bool:
    """Whether all figures are within their bounds; prints the others on standard error."""
    name, found = set_name(result), breaches(result, thresholds)
    if found is None:
        print(f"no thresholds for {name} in {thresholds}", file=sys.stderr)
    elif not found:
        print(f"all figures of {name} are within the bounds of {thresholds}", file=sys.stderr)
    for line in found or ():
        print(f"out of bounds: {line}", file=sys.stderr)
    return not found


def breaches(result: dict[str, Any], thresholds: Path) -> list[str] | None:
    """One line per figure that is below its floor, above its ceiling, or missing; None if the file has no bounds for this set."""
    name = set_name(result)
    try:
        bounds = tomllib.loads(read_text(thresholds, "floors and ceilings")).get(name)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{thresholds} is not TOML: {error}") from None
    if bounds is None:
        return None
    if unknown := sorted(bounds.keys() - _BOUNDS.keys()):
        raise UsageError(f"{thresholds}, {name!r}: expected floors and ceilings, found {unknown}")
    return [
        f"{metric} is {'missing' if value is None else format(value, '.4g')}, its {kind[:-1]} is {bound:g}"
        for kind, sign in _BOUNDS.items()
        for metric, bound in bounds.get(kind, {}).items()
        if (value := result.get(metric)) is None or sign * value < sign * bound
    ]


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`better`, `worse`: ids whose primary metric rose or fell. Raises UsageError if the results are not comparable."""
    if old["command"] != new["command"] or "cases" not in old:
        raise UsageError(
            f"a result of `evaluate {old['command']}` cannot be compared: expected one of `evaluate {new['command']}` "
            "with its cases (written without --no-cases)"
        )
    before, after = ({case["id"]: case["scores"] for case in result["cases"]} for result in (old, new))
    both = [case_id for case_id in after if case_id in before]
    if not both:
        raise UsageError("the two results have no question in common")
    primary, run = new["primary"], old.get("run", {})
    moved = {i: after[i].get(primary, 0.0) - before[i].get(primary, 0.0) for i in both}
    better, worse = [i for i in both if moved[i] > 0], [i for i in both if moved[i] < 0]
    shared: dict[str, list[tuple[float, float]]] = {name: [] for i in both for name in after[i]}
    for i in both:
        for name in before[i].keys() & after[i].keys():
            shared[name].append((before[i][name], after[i][name]))
    return {
        "commit": run.get("commit"),
        "date": run.get("date"),
        "questions": len(both),
        "only_old": len(before) - len(both),
        "only_new": len(after) - len(both),
        "primary": primary,
        "better": better,
        "worse": worse,
        "mcnemar_p": mcnemar_exact(len(better), len(worse)),
        "metrics": {name: {"n": len(x), **paired_bootstrap(x)} for name, x in shared.items() if x},
    }


def mcnemar_exact(better: int, worse: int) -> float:
    """Two-sided exact p-value of McNemar's test (1947)."""
    n, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**n))


def paired_bootstrap(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Mean difference, its 95 % interval, and a two-sided p-value."""
    differences = np.diff(np.asarray(pairs, dtype=np.float64))[:, 0]
    means = resample_counts(len(differences)) @ differences / len(differences)
    low, high = np.percentile(means, LEVEL)
    p = min(1.0, 2 * min(float((means <= 0).mean()), float((means >= 0).mean())))
    return {"difference": float(differences.mean()), "low": float(low), "high": float(high), "p": p}

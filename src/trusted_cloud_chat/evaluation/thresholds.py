"""Floors and ceilings that a result must keep to: `evaluation/thresholds.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.evaluation.results import set_name

Bounds = dict[str, dict[str, float]]
"""`floors` and `ceilings`: metric → figure."""


def read_bounds(file: Path, result: dict[str, Any]) -> Bounds | None:
    """What the file says of the set that `result` measured; None when it says nothing."""
    try:
        loaded = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected floors and ceilings") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}") from None
    bounds = loaded.get(set_name(result))
    if bounds is None:
        return None
    unknown = set(bounds) - {"floors", "ceilings"}
    if unknown:
        raise UsageError(f"{file}, {set_name(result)!r}: expected floors and ceilings, found {sorted(unknown)}")
    return {kind: dict(bounds.get(kind, {})) for kind in ("floors", "ceilings")}


def breaches(result: dict[str, Any], bounds: Bounds) -> list[str]:
    """One line a figure that is below its floor, above its ceiling, or missing."""
    found = []
    for metric, floor in bounds["floors"].items():
        value = result.get(metric)
        if value is None or value < floor:
            found.append(f"{metric} is {_shown(value)}, its floor is {floor:g}")
    for metric, ceiling in bounds["ceilings"].items():
        value = result.get(metric)
        if value is None or value > ceiling:
            found.append(f"{metric} is {_shown(value)}, its ceiling is {ceiling:g}")
    return found


def _shown(value: float | None) -> str:
    return "missing" if value is None else f"{value:.4g}"

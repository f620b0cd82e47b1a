"""The installation: this release, the libraries that it needs, and the room on the disk."""

from __future__ import annotations

import platform
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from trusted_cloud_chat import __version__
from trusted_cloud_chat.doctor.checks import Check
from trusted_cloud_chat.models import FULL_COMMAND

_NAMED = ("chromadb", "gradio", "langchain-core", "onnxruntime", "tantivy")
"""Whose versions are told also where nothing is wrong."""
_FULL = "sentence-transformers"
"""What only the extra `full` brings."""
_INSTALL = "pip install --upgrade trusted-cloud-chat"


def release() -> str:
    """Ours, and Python's."""
    return f"{__version__}, Python {platform.python_version()}"


def packages() -> Check:
    """Those that are missing, or that another program has put in another version than we need."""
    wrong = list(_wrong())
    if wrong:
        return Check("packages", "fault", "; ".join(wrong), _INSTALL)
    return Check("packages", "ok", ", ".join([*(f"{name} {version(name)}" for name in _NAMED), _full()]))


def _full() -> str:
    try:
        return f"{_FULL} {version(_FULL)}"
    except PackageNotFoundError:
        return f"a light installation, without {_FULL} (`{FULL_COMMAND}` adds it)"


def _wrong() -> Iterator[str]:
    for needed in _needed():
        try:
            there = version(needed.name)
        except PackageNotFoundError:
            yield f"{needed.name} is missing"
            continue
        if not needed.specifier.contains(there, prereleases=True):
            yield f"{needed.name} is {there}, needed is {needed.specifier}"


def _needed() -> list[Requirement]:
    """What the installation names; in a checkout that is not installed, what we name ourselves."""
    try:
        found = [Requirement(line) for line in requires("trusted-cloud-chat") or ()]
    except PackageNotFoundError:
        found = []
    always = [needed for needed in found if needed.marker is None or needed.marker.evaluate({"extra": ""})]
    return always or [Requirement(name) for name in _NAMED]


_LEAST_FREE = 50_000_000
"""Bytes below which a run can be expected to fail."""
_MEGABYTE = 1_000_000


def disk(home: Path) -> Check:
    """Room for a rebuild, beside the index in use, is what should be free."""
    parts: Counter[str] = Counter()
    for path in home.rglob("*"):
        with suppress(OSError):
            if path.is_file() and not path.is_symlink():
                parts[path.relative_to(home).parts[0]] += path.stat().st_size
    free = shutil.disk_usage(_existing(home)).free
    told = ", ".join(f"{name} {_megabytes(size)}" for name, size in parts.most_common())
    found = f"{_megabytes(free)} free; {home} takes {_megabytes(parts.total())}" + (f" ({told})" if told else "")
    see = f"du -sh {shlex.quote(str(home))}/*; df -h"
    if free < _LEAST_FREE:
        return Check("disk", "fault", f"{found}: a run needs more", see)
    if free < 2 * parts["index"]:
        return Check("disk", "advice", f"{found}: a rebuild needs twice the index", see, f"{home}: {told}")
    return Check("disk", "ok", found)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"

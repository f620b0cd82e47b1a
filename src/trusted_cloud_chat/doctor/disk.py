"""How much room the home takes, and how much is left."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path

from trusted_cloud_chat.doctor.checks import Check

_FULL = 50_000_000
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
    if free < _FULL:
        return Check("disk", "fault", f"{found}: a run needs more", see)
    if free < 2 * parts["index"]:
        return Check("disk", "advice", f"{found}: a rebuild needs twice the index", see, f"{home}: {told}")
    return Check("disk", "ok", found)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"

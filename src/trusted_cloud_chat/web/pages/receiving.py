"""Stores uploaded files in the corpus folder under safe names."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import yaml

from trusted_cloud_chat.corpus import SUFFIXES
from trusted_cloud_chat.corpus.front_matter import SUFFIX as COMPANION

Outcome = Literal["added", "replaced", "same", "taken", "kind", "unlike", "large"]
_LONGEST = 100
_KEPT = "-_. "


@dataclass(frozen=True, slots=True)
class Received:
    """The result for a file: its name in the corpus, else as sent."""

    name: str
    outcome: Outcome
    path: Path | None = None
    """Its path; None if it was refused."""


def safe_name(sent: str) -> str | None:
    """A safe form of the last part of a sent name; None for a format that is not read."""
    name = PurePosixPath(unicodedata.normalize("NFC", sent).replace("\\", "/")).name
    stem, suffix = name[: len(name) - len(PurePosixPath(name).suffix)], PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return None
    kept = "".join(sign if sign.isalnum() or sign in _KEPT else "-" for sign in stem)
    kept = " ".join(kept.split()).strip("-_. ")[:_LONGEST].rstrip("-_. ")
    # The corpus leaves READMEs out.
    return f"{kept if kept and kept.upper() != 'README' else 'article'}{suffix}"


def receive(
    source: Path, sent: str, corpus: Path, *, replace: bool, most_bytes: int, name: str | None = None
) -> Received:
    """Copy `source`, sent as `sent`, into `corpus` (as `name`); files stay unless `replace`. Raises OSError."""
    if name is not None and Path(sent).suffix.lower() != Path(name).suffix.lower():
        return Received(name, "unlike")
    name = name or safe_name(sent)
    if name is None:
        return Received(Path(sent).name, "kind")
    if source.stat().st_size > most_bytes:
        return Received(name, "large")
    target = corpus / name
    there = os.path.lexists(target)
    if there and not target.is_symlink() and target.is_file() and target.read_bytes() == source.read_bytes():
        return Received(name, "same", target)
    if there and (not replace or target.is_dir()):
        return Received(name, "taken")
    _put(target, source.read_bytes())
    return Received(name, "replaced" if there else "added", target)


def describe(file: Path, **fields: str) -> None:
    """Write the fields of `file` beside it, if nothing is there yet. Raises OSError."""
    said = {key: value for key, value in fields.items() if value}
    beside = file.with_name(file.name + COMPANION)
    if said and not os.path.lexists(beside):
        _put(beside, yaml.safe_dump(said, allow_unicode=True).encode())


def _put(target: Path, content: bytes) -> None:
    """Atomically: readers of the folder never see a part."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, target)  # noqa: PTH105  (a link that stands there is replaced, not followed)
    finally:
        part.unlink(missing_ok=True)

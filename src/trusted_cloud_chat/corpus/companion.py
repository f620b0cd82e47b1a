"""`NAME.meta.yaml` beside a file: what it says of the file sets or overrides what the file says of itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from trusted_cloud_chat.corpus.formats.found import Table
from trusted_cloud_chat.corpus.front_matter import FrontMatter, load_fields, validated
from trusted_cloud_chat.corpus.safe_files import leads_out, read_bytes
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import printable, visible

SUFFIX = ".meta.yaml"
ENRICHMENT = ".enrichment.jsonl"
_MOST_BYTES = 65_536


class Companion(FrontMatter):
    """The keys of front matter, and how the rows of a table become articles."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, coerce_numbers_to_str=True)

    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    delimiter: Annotated[str | None, Field(min_length=1, max_length=1)] = None

    @property
    def table(self) -> Table:
        columns = {key: [names] if isinstance(names, str) else names for key, names in self.columns.items()}
        return Table(columns, self.delimiter)


def places_of(path: Path) -> tuple[str, ...]:
    """Where what is said of `path` may stand: `rapport.pdf.meta.yaml`, else `rapport.meta.yaml`; `….enrichment.jsonl` likewise."""
    # As text, since no run but looks for all of them beside every file.
    name = str(path)
    short = name.removesuffix(path.suffix)
    return name + SUFFIX, short + SUFFIX, name + ENRICHMENT, short + ENRICHMENT


def beside(path: Path, suffix: str = "") -> list[Path]:
    """Those of these places where something is; with a `suffix` those of that kind."""
    return [Path(place) for place in places_of(path) if place.endswith(suffix) and os.path.lexists(place)]


def is_companion(path: Path) -> bool:
    return path.name.lower().endswith((SUFFIX, ENRICHMENT))


def owners_of(companion: Path) -> list[Path]:
    """The files beside it that it is about."""
    suffix = SUFFIX if companion.name.lower().endswith(SUFFIX) else ENRICHMENT
    stem = companion.name[: -len(suffix)]
    beside_it = sorted(companion.parent.glob("*")) if companion.parent.is_dir() else []
    return [path for path in beside_it if not is_companion(path) and stem in (path.name, path.stem)]


def companion_of(path: Path, root: Path) -> Companion:
    """What stands beside `path`; empty where nothing does.

    Raises ArticleError, with the file's name, for one that is unfit, or is a link out of `root`.
    """
    place = next(iter(beside(path, SUFFIX)), None)
    if place is None:
        return Companion()
    try:
        if leads_out(place, root):
            raise ArticleError("a link that leads out of the folder, which is not followed: copy what it leads to")
        return validated(Companion, load_fields(_text_of(place).removeprefix("---\n"), first_line=1))
    except ArticleError as error:
        raise ArticleError(f"{visible(place.name)}: {str(error).replace('front matter', 'description')}") from error


def _text_of(place: Path) -> str:
    raw = read_bytes(place)
    if len(raw) > _MOST_BYTES:
        raise ArticleError(f"larger than {_MOST_BYTES // 1024} KB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError("not UTF-8: save it as UTF-8") from None
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))

"""`NAME.meta.yaml` beside a file: what it says of the file sets or overrides what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from trusted_cloud_chat.corpus.formats.found import Table
from trusted_cloud_chat.corpus.front_matter import FrontMatter, load_fields, validated
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.normalise import printable

SUFFIX = ".meta.yaml"
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


def places_of(path: Path) -> Iterator[Path]:
    """Where what is said of `path` may stand: `rapport.pdf.meta.yaml`, else `rapport.meta.yaml`."""
    yield path.with_name(path.name + SUFFIX)
    yield path.with_name(path.stem + SUFFIX)


def is_companion(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIX)


def companion_of(path: Path) -> Companion:
    """What stands beside `path`; empty where nothing does. Raises ArticleError, with the file's name, for one that is unfit."""
    place = next((place for place in places_of(path) if place.is_file()), None)
    if place is None:
        return Companion()
    try:
        return validated(Companion, load_fields(_text_of(place).removeprefix("---\n"), first_line=1))
    except ArticleError as error:
        raise ArticleError(f"{printable(place.name)}: {str(error).replace('front matter', 'description')}") from error


def _text_of(place: Path) -> str:
    try:
        if place.stat().st_size > _MOST_BYTES:
            raise ArticleError(f"larger than {_MOST_BYTES // 1024} KB")
        return printable(place.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise ArticleError("not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror}") from error

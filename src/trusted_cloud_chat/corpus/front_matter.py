"""Parses front matter, the YAML block at the head of a Markdown article, and `NAME.meta.yaml` beside a file, which overrides its fields."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from trusted_cloud_chat.corpus.dateline import read_day, stated_day
from trusted_cloud_chat.corpus.formats import TableForm
from trusted_cloud_chat.corpus.safe_files import leads_out, read_bytes
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import printable, visible
from trusted_cloud_chat.schema import Language

_PLAIN = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "seq", "map"))


# libyaml's loader is ten times as fast; a PyYAML built without it has only its own.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps numbers, dates and booleans as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (as in PyYAML)
        first: [resolver for resolver in resolvers if resolver[0] in _PLAIN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors = {  # noqa: RUF012
        tag: make for tag, make in yaml.SafeLoader.yaml_constructors.items() if tag is None or tag in _PLAIN
    }


_MOST_CHARACTERS = 65_536
"""Maximum characters of a block: YAML is slow to parse."""
_MOST_IN_TEXT = 2000
"""Maximum characters of a title, a name or an address: each is stored with every chunk of its article."""


def _to_date(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):  # a year in JSON
        value = str(value)
    # For text without a date, `parse` raises an error that explains the fault.
    return read_day(value) or PartialDate.parse(value) if isinstance(value, str) else value


def _printable(value: Any) -> Any:
    r"""YAML can escape any character, as in `"\e[2J"`."""
    if isinstance(value, str) and len(value) > _MOST_IN_TEXT:
        raise ValueError(f"expected at most {_MOST_IN_TEXT} characters")
    return printable(value) if isinstance(value, str) else value


Date = Annotated[PartialDate, BeforeValidator(_to_date)]
Text = Annotated[str, BeforeValidator(_printable), StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[
    str, BeforeValidator(_printable), StringConstraints(strip_whitespace=True, pattern=patterns.IDENTIFIER.pattern)
]


class SourceFields(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    publisher: Text
    title: Text | None = None
    url: Text | None = None
    date: Date | None = None


class FrontMatter(BaseModel):
    """The fields at the head of an article; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    id: Identifier | None = None
    title: Text | None = None
    publisher: Text | None = None
    date: Date | None = None
    url: Text | None = None
    language: Language | None = None
    source_type: Text | None = None
    sources: list[SourceFields] = Field(default_factory=list)


Fields = TypeVar("Fields", bound=FrontMatter)


def split_front_matter(text: str, notices: list[str] | None = None) -> tuple[FrontMatter, str]:
    """The fields (in any case, the date under any usual name) and the body after the block. Raises ArticleError for an invalid block."""
    if not text.startswith("---"):
        return FrontMatter(), text
    match = patterns.FRONT_MATTER.match(text)
    if match is None:
        raise ArticleError("the front matter is not closed: expected a second line of three dashes, ---")
    fields = load_fields(match.group(1))
    day, unread = stated_day(fields)
    if unread and notices is not None:
        notices.append(f"date « {shortened(unread, 40)} » is not understood")
    return validated(FrontMatter, {**fields, "date": day}), text[match.end() :]


def load_fields(block: str, first_line: int = 2) -> dict[str, Any]:
    """The keys, in lower case, and values of a YAML block that begins at `first_line` of its file. Raises ArticleError."""
    if len(block) > _MOST_CHARACTERS:
        raise ArticleError(
            f"the front matter is longer than {_MOST_CHARACTERS} characters: expected a few `key: value` lines between the dashes"
        )
    try:
        _refuse_aliases(block, first_line)
        loaded = _load(block)
    except yaml.YAMLError as error:
        raise ArticleError(f"the front matter does not parse as YAML: {_yaml_reason(error, first_line)}") from error
    except RecursionError:
        raise ArticleError("the front matter does not parse as YAML: nested too deeply") from None
    if not isinstance(loaded, dict | None):
        raise ArticleError("the front matter is not a list of `key: value` lines")
    return {key.lower(): value for key, value in (loaded or {}).items() if isinstance(key, str)}


def validated(model: type[Fields], fields: dict[str, Any]) -> Fields:
    """`fields` as a `model`. Raises ArticleError for invalid fields."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        detail = error.errors()[0]
    field = ".".join(str(part) for part in detail["loc"])
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        known = SourceFields if len(detail["loc"]) > 1 else model
        raise ArticleError(f"front matter: unknown field {field!r}, expected one of {', '.join(known.model_fields)}")
    if detail["type"] == "string_pattern_mismatch":
        message = "expected 1 to 200 characters, no white space among them"
    raise ArticleError(f"front matter, {field}: {message} (found {shortened(repr(detail['input']), 100)})")


def _load(block: str) -> Any:
    """The parsed block. Values with an unquoted colon, « title: titre : sous-titre », are quoted if parsing fails."""
    try:
        return yaml.load(block, _Loader)  # noqa: S506 (both are safe loaders)
    except yaml.YAMLError:
        quoted = patterns.UNQUOTED_COLON.sub(lambda m: f"{m[1]}: {json.dumps(m[2], ensure_ascii=False)}", block)
        if quoted == block:
            raise
    return yaml.load(quoted, _Loader)  # noqa: S506


def _refuse_aliases(block: str, first_line: int) -> None:
    """Raise ArticleError for an anchor or an alias: a few hundred bytes of them can expand to gigabytes."""
    if "&" not in block and "*" not in block:
        return
    for event in yaml.parse(block, _Loader):  # events are not expanded
        if getattr(event, "anchor", None) is not None:
            raise ArticleError(
                f"the front matter holds a YAML anchor or alias ({_place(event.start_mark, first_line)}), which is refused: "
                "write the value out, or put text that begins with & or * between quotes"
            )


def _yaml_reason(error: yaml.YAMLError, first_line: int) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" ({_place(mark, first_line)})" if mark else ""
    opened = getattr(error, "context_mark", None)
    if opened and getattr(error, "context", None) == "while scanning a quoted scalar":
        where += f": the quote that opens at {_place(opened, first_line)} is not closed"
    return f"{getattr(error, 'problem', None) or 'unreadable'}{where}"


def _place(mark: Any, first_line: int) -> str:
    return f"line {mark.line + first_line}, column {mark.column + 1}"


SUFFIX = ".meta.yaml"
ENRICHMENT = ".enrichment.jsonl"


class Companion(FrontMatter):
    """The keys of front matter, and the columns of a table whose rows are articles."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    delimiter: Annotated[str | None, Field(min_length=1, max_length=1)] = None

    @property
    def table(self) -> TableForm:
        columns = {key: [names] if isinstance(names, str) else names for key, names in self.columns.items()}
        return TableForm(columns, self.delimiter)


def places_of(path: Path) -> tuple[str, ...]:
    """The possible companions of `path`: `rapport.pdf.meta.yaml`, else `rapport.meta.yaml`; `….enrichment.jsonl` likewise."""
    # Strings are faster than paths, and every run looks for all of them beside every file.
    name = str(path)
    short = name.removesuffix(path.suffix)
    return name + SUFFIX, short + SUFFIX, name + ENRICHMENT, short + ENRICHMENT


def beside(path: Path, suffix: str = "") -> list[Path]:
    """The companions that exist; with a `suffix` only those of that kind."""
    return [Path(place) for place in places_of(path) if place.endswith(suffix) and os.path.lexists(place)]


def is_companion(path: Path) -> bool:
    return path.name.lower().endswith((SUFFIX, ENRICHMENT))


def owners_of(companion: Path) -> list[Path]:
    """The files that it describes."""
    suffix = SUFFIX if companion.name.lower().endswith(SUFFIX) else ENRICHMENT
    stem = companion.name[: -len(suffix)]
    beside_it = sorted(companion.parent.glob("*")) if companion.parent.is_dir() else []
    return [path for path in beside_it if not is_companion(path) and stem in (path.name, path.stem)]


def companion_of(path: Path, root: Path) -> Companion:
    """The description of `path`, empty if there is none. Raises ArticleError, with its name, if it is invalid or a link out of `root`."""
    place = next(iter(beside(path, SUFFIX)), None)
    if place is None:
        return Companion()
    try:
        if leads_out(place, root):
            raise ArticleError("a link that leads out of the folder, which is not followed: copy its target here")
        raw = read_bytes(place)
        if len(raw) > _MOST_CHARACTERS:
            raise ArticleError(f"larger than {_MOST_CHARACTERS // 1024} KB")
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return validated(Companion, load_fields(printable(text).removeprefix("---\n"), first_line=1))
    except UnicodeDecodeError:
        raise ArticleError(f"{visible(place.name)}: not UTF-8: save it as UTF-8") from None
    except ArticleError as error:
        raise ArticleError(f"{visible(place.name)}: {str(error).replace('front matter', 'description')}") from error

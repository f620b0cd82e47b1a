"""The files that an evaluation reads: one way to say what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError

Model = TypeVar("Model", bound=BaseModel)


def read_text(file: Path, expected: str) -> str:
    """The text of `file`. Raises UnusableError, with what was `expected`, where it cannot be read."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected {expected}") from None


def parse(model: type[Model], text: str, where: str) -> Model:
    """`text`, which is JSON, as `model`. Raises UsageError that names the field."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(str(part) for part in detail["loc"]) or "the whole"
        raise UsageError(f"{where}, {field}: {detail['msg']} (found {str(detail['input'])[:80]!r})") from None


def numbered_lines(file: Path, expected: str) -> Iterator[tuple[str, str]]:
    """Where each line stands, and the line; blank ones are skipped."""
    for number, line in enumerate(read_text(file, expected).split("\n"), start=1):
        if line.strip():
            yield f"{file}, line {number}", line


def read_lines(file: Path, model: type[Model]) -> list[Model]:
    """A JSON Lines file, one `model` a line."""
    return [parse(model, line, where) for where, line in numbered_lines(file, "a JSON Lines file")]

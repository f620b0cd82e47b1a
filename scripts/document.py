"""Write the table of `docs/settings.md` from `Settings`: `python scripts/document.py [--check]`.

`--check` writes nothing; exit status 1 if the table is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from trusted_cloud_chat.settings import PREFIX, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
START, END = "<!-- generated:start -->", "<!-- generated:end -->"
COMPUTED = {
    "home": "the platform's user data folder",
    "corpus": "`corpus/` of the checkout, else `./corpus`",
    "threads": "the CPU's, at most 8",
}
"""Defaults that depend on the machine."""
CODE = re.compile(r"TCC_\w+(?:=\w+)?|OTEL_…|provider:name|https?://\S+[^\s;,]|\d+\.\d+\.\d+\.\d+(?:/\d+)?")
"""Parts of a description that are formatted as code."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check whether the page is up to date")
    only_check = parser.parse_args().check
    written = PAGE.read_text("utf-8")
    page = between_markers(written, settings_table())
    if only_check and page != written:
        sys.exit("docs/settings.md is out of date: run `python scripts/document.py`")
    if not only_check:
        PAGE.write_text(page, "utf-8")


def between_markers(page: str, made: str) -> str:
    """`page` with `made` between its two markers. Raises ValueError unless each occurs once, in order."""
    if page.count(START) != 1 or page.count(END) != 1 or page.index(START) > page.index(END):
        raise ValueError(f"expected one {START} and, after it, one {END}")
    head, _, rest = page.partition(START)
    return f"{head}{START}\n{made}\n{END}{rest.partition(END)[2]}"


def settings_table() -> str:
    """One row per setting, in the order of the class."""
    rows = [
        (
            f"`{PREFIX}{name.upper()}`",
            _default(name, field),
            _bounds(field),
            CODE.sub(r"`\g<0>`", field.description or ""),
        )
        for name, field in Settings.model_fields.items()
    ]
    return _table(("variable", "default", "values", "meaning"), rows)


def _default(name: str, field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return COMPUTED[name]
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if value in ("", None):
        return "–"
    return f"`{int(value) if isinstance(value, bool) else format(value, 'g') if isinstance(value, float) else value}`"


def _bounds(field: FieldInfo) -> str:
    """The accepted values of a setting: an interval, named values, 0 or 1; else empty."""
    if named := [value for value in get_args(field.annotation) if isinstance(value, str)]:
        return ", ".join(f"`{value}`" for value in named)
    if field.annotation is bool:
        return "0, 1"
    least = [f"from {b.ge:,g}" for b in field.metadata if hasattr(b, "ge")]
    least += [f"above {b.gt:g}" for b in field.metadata if hasattr(b, "gt")]
    return " ".join(least + [f"to {b.le:,.7g}" for b in field.metadata if hasattr(b, "le")])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in cells)


if __name__ == "__main__":
    main()

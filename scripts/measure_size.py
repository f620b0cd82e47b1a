"""Check the size of the code against `budget.toml`: `python scripts/measure_size.py`. Exit status 1 if it exceeds the budget."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "src", *sorted((ROOT / "packages").glob("*/src")))
CALLS = ("compile", "search", "match", "sub", "findall", "finditer", "fullmatch", "split")
"""Functions of `re` that take a regular expression."""
OTHER = (".css", ".js", ".toml", ".html", ".jinja", ".md", ".txt")
META = set("\\[](){}^$|?+")
"""Characters with a meaning in regular expressions, except `*`, which word lists use too."""


@dataclass
class Size:
    """The measured sizes."""

    lines: Counter[str] = field(default_factory=Counter)
    """Lines per file; names are relative to the package."""
    functions: dict[str, int] = field(default_factory=dict)
    """Lines per function, without the docstring."""
    expressions: list[tuple[str, int]] = field(default_factory=list)
    """(file, length) of each regular expression."""


def main() -> None:
    budget = tomllib.loads((ROOT / "budget.toml").read_text("utf-8"))
    size = measure()
    failures = list(report(size, budget))
    for failure in failures:
        print(f"over budget: {failure}", file=sys.stderr)
    sys.exit(bool(failures))


def measure() -> Size:
    size = Size()
    for path, name in _named("*.py"):
        text = path.read_text("utf-8")
        size.lines[name] = text.count("\n")
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size.functions[f"{name}:{node.name}"] = _length(node)
        size.expressions += [(name, length) for length in _expressions(tree)]
    for path, name in _named("*.toml"):
        strings = _strings(tomllib.loads(path.read_text("utf-8")))
        size.expressions += [(name, len(text)) for text in strings if _is_expression(text)]
    return size


def _named(pattern: str) -> Iterator[tuple[Path, str]]:
    """Yields each file with its name relative to its package."""
    for source in SOURCES:
        for path in sorted(source.rglob(pattern)):
            yield path, path.relative_to(source).as_posix().partition("/")[2]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def _expressions(tree: ast.AST) -> Iterator[int]:
    """The length of each regular expression passed to `re`, counting only its string literals."""
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS
        if called and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
            parts = (
                n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)
            )
            yield sum(map(len, parts))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _is_expression(text: str) -> bool:
    """Whether a string in data is a regular expression: it has a backslash or a group `(?`."""
    return "\\" in text or ("(?" in text and bool(META & set(text)))


def totals() -> dict[str, int]:
    """Lines of the Python of `src` and `packages`, of everything else in them, and of the tests' Python."""
    sources = [path for source in SOURCES for path in source.rglob("*")]
    return {
        "python": _lines(path for path in sources if path.suffix == ".py"),
        "other": _lines(path for path in sources if path.suffix in OTHER),
        "tests": _lines((ROOT / "tests").rglob("*.py")),
    }


def _lines(paths: Iterable[Path]) -> int:
    return sum(path.read_text("utf-8").count("\n") for path in paths)


def report(size: Size, budget: dict) -> Iterator[str]:
    """Prints the figures; yields those over budget."""
    house = budget["house"]
    for name, lines in totals().items():
        most = budget["lines"][name]
        print(f"{name:72} {lines:6} of {most}")
        if lines > most:
            yield f"{name} has {lines} lines, at most {most} are allowed: shorten something, or see the head of budget.toml"
    longest = max(size.functions, key=size.functions.__getitem__)
    print(f"{'longest function: ' + longest:72} {size.functions[longest]:6} of {house['function']}")
    yield from (f"{f} has {n} lines" for f, n in size.functions.items() if n > house["function"])
    largest = max(size.lines, key=size.lines.__getitem__)
    print(f"{'longest file: ' + largest:72} {size.lines[largest]:6} of {house['file']}")
    yield from (f"{f} has {n} lines" for f, n in size.lines.items() if n > house["file"])
    print(f"{'regular expressions':72} {len(size.expressions):6} of {house['expressions']}")
    if len(size.expressions) > house["expressions"]:
        yield f"{len(size.expressions)} regular expressions"
    for name, length in size.expressions:
        if length > house["expression"]:
            yield f"an expression of {length} characters in {name}"
        if name.split("/")[0] not in house["expressions_in"]:
            yield f"a regular expression in {name}: it belongs in language/patterns.py or in data"


if __name__ == "__main__":
    main()

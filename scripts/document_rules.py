"""Write the table of rules in `docs/answers.md` from the rules' own descriptions: `python scripts/document_rules.py [--check]`.

`--check` writes nothing; exit status 1 where the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trusted_cloud_chat.trace import rules

PAGE = Path(__file__).parents[1] / "docs" / "answers.md"
START, END = "<!-- rules:start -->", "<!-- rules:end -->"
HEAD = ("rule", "stage", "what it is for")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")
    only_check = parser.parse_args().check
    written = PAGE.read_text("utf-8")
    page = documented(written)
    if only_check and page != written:
        sys.exit(f"docs/{PAGE.name} is out of date: `python scripts/document_rules.py` writes it")
    if not only_check:
        PAGE.write_text(page, "utf-8")


def documented(page: str) -> str:
    """`page` with the rules of today between its two markers. Raises ValueError where they are not there, once each."""
    if page.count(START) != 1 or page.count(END) != 1 or page.index(START) > page.index(END):
        raise ValueError(f"expected one {START} and, after it, one {END}")
    head, _, rest = page.partition(START)
    return f"{head}{START}\n{table()}\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """A row a rule, in the order in which they are asked."""
    rows = [(f"`{rule.id}`", rule.stage, rule.en) for rule in rules().values()]
    return "\n".join(_row(cells) for cells in (HEAD, ("---",) * len(HEAD), *rows))


def _row(cells: tuple[str, ...]) -> str:
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


if __name__ == "__main__":
    main()

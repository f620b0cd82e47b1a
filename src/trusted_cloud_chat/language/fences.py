"""Finds the lines of a Markdown text that are code between fences; an unclosed fence does not count."""

from collections.abc import Sequence

_SIGNS = ("```", "~~~")


def fences(lines: Sequence[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """Returns ((first line, last line) of each fenced block, the lines of unclosed opening fences).

    A fence that names a language always opens a block, so the previous fence, if still open, counts as unclosed.
    """
    closed: list[tuple[int, int]] = []
    loose: list[int] = []
    opened, mark = -1, ""
    for number, line in enumerate(lines):
        said = line.lstrip(" \t>").removeprefix("- ").lstrip()
        if not said.startswith(_SIGNS):
            continue
        sign = said[: len(said) - len(said.lstrip(said[0]))]
        info = said[len(sign) :].strip()
        if sign[0] in info:
            continue  # « ```so``` » is a code span
        if opened >= 0 and sign[0] == mark[0] and len(sign) >= len(mark) and not info:
            closed.append((opened, number))
            opened = -1
        elif opened < 0 or (sign == mark and info):
            loose += [opened] if opened >= 0 else []
            opened, mark = number, sign
    return closed, loose + ([opened] if opened >= 0 else [])

"""Finds the lines of a Markdown text that are code between fences; an unclosed fence does not count."""

from collections.abc import Sequence

_SIGNS = ("```", "~~~")


def fences(lines: Sequence[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """The first and last line of each fence, and the lines of fences that open and are not closed.

    A fence that names a language opens one: the one before it was left open.
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
            continue  # « ```so``` », code within a line
        if opened >= 0 and sign[0] == mark[0] and len(sign) >= len(mark) and not info:
            closed.append((opened, number))
            opened = -1
        elif opened < 0 or (sign == mark and info):
            loose += [opened] if opened >= 0 else []
            opened, mark = number, sign
    return closed, loose + ([opened] if opened >= 0 else [])

"""The heading path of a position in a text: book, title, chapter, article."""

from bisect import bisect_right
from functools import lru_cache

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import blocks_of, plain

_KEPT = 512
_SHOWN, _CUT = 2, 60
"""Maximum number and length of headings shown if none is numbered."""


def heading_path(text: str, offset: int) -> tuple[str, ...]:
    """The Markdown headings above `text[offset]`, top level first; in a heading, those above it."""
    starts, paths = _paths(text)
    at = bisect_right(starts, offset) - 1
    return paths[at] if at >= 0 else ()


def place_in(text: str, offset: int, title: str = "") -> str:
    """The heading path as displayed: « Livre Ier, titre II, article R2191-3 », « Réglages › Avec pip »; without `title`."""
    path = [said for said in heading_path(text, offset) if said != title]
    numbered = [(match[0] if (match := patterns.PART_OF_A_WORK.match(said)) else "") for said in path]
    if not any(numbered):
        return " › ".join(map(_short, path[-_SHOWN:]))
    labels = list(filter(None, numbered))
    labels = [labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])]
    return ", ".join(labels if numbered[-1] else [*labels, _short(path[-1])])


def _short(said: str) -> str:
    return said if len(said) <= _CUT else f"{said[: _CUT - 1].rsplit(' ', 1)[0]}…"


@lru_cache(maxsize=_KEPT)
def _paths(text: str) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    """Positions at which the path changes, with the new path."""
    starts: list[int] = []
    paths: list[tuple[str, ...]] = []
    over: list[tuple[int, str]] = []
    for block in blocks_of(text):
        if block.kind == "heading" and block.level:
            over = [one for one in over if one[0] < block.level]
            starts.append(block.start)
            paths.append(tuple(said for _, said in over))
            over.append((block.level, plain(text[block.start : block.end]).strip().rstrip(" \u00a0\u202f:")))
            starts.append(block.end)
            paths.append(tuple(said for _, said in over))
    return tuple(starts), tuple(paths)

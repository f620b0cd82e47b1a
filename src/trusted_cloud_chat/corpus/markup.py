"""Removes HTML, templates and link targets from Markdown."""

import html
from collections.abc import Callable
from re import Match

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.corpus.formats.hypertext import BLOCKS, CODE, HEADINGS
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.fences import fences

_INLINE = frozenset(
    "a abbr b big cite code del em font i img ins kbd label mark q s samp small span strike strong sub sup tt u var wbr input button "
    "picture source svg path".split()
)
_LINES = BLOCKS.union(("br", "col", "colgroup", "iframe", "nav", "noscript", "video", "audio"))
_SIGNS = ("<", "](", "][", "]:", "{", "&", "::", "[TOC]", "[!")
"""Markup that is removed contains at least one of these."""


def without_markup(text: str) -> str:
    """`text` as pure Markdown: tags become Markdown, links become their text; code is unchanged."""
    if not any(sign in text for sign in _SIGNS):
        return text
    lines = text.split("\n")
    parts, at = [], 0
    for first, last in [*fences(lines)[0], (len(lines), len(lines))]:
        parts += [_prose("\n".join(lines[at:first]))] if first > at else []
        parts += lines[first : last + 1]
        at = last + 1
    return "\n".join(parts)


def _prose(text: str) -> str:
    kept: list[str] = []

    def keep(code: Match[str]) -> str:
        kept.append(code[0])
        return f"\x00{len(kept) - 1}\x00"

    text = _pieces(patterns.CODE_SPAN.sub(keep, text))
    for pattern, put in _STEPS:
        text = pattern.sub(put, text)
    text = html.unescape(text) if "&" in text else text
    return patterns.PUT_BACK.sub(lambda at: kept[int(at[1])], text)


def _tag(tag: Match[str]) -> str:
    closes, name = tag[1] == "/", tag[2].lower()
    if name in CODE:
        return "`"
    if name in _INLINE:
        return ""
    if name in HEADINGS:
        return "\n\n" if closes else f"\n\n{'#' * HEADINGS[name]} "
    if name == "li":
        return "" if closes else "\n- "
    if name == "pre":
        return "\n```\n"
    if name == "br":
        return "\n"
    return "\n\n" if name in _LINES else tag[0]


def _pieces(text: str) -> str:
    """Converts tables to rows, and removes comments, scripts and styles with their contents."""
    parts, at, lower = [], 0, text.lower()
    unclosed: set[str] = set()
    for opened in patterns.HTML_OF_A_PIECE.finditer(text):
        name = (opened[1] or "").lower()
        closer = f"</{name}>" if name else "-->"
        if opened.start() < at or closer in unclosed:
            continue
        end = lower.find(closer, opened.end())
        if end < 0:
            unclosed.add(closer)
            continue
        parts.append(text[at : opened.start()])
        if name == "table":
            rows = (patterns.HTML_CELL.split(row)[1:] for row in patterns.HTML_ROW.split(text[opened.end() : end])[1:])
            table = marks.rows([[patterns.HTML_TAG.sub(" ", cell) for cell in row] for row in rows])
            parts.append(f"\n\n{table}\n\n")
        at = end + len(closer)
    return "".join([*parts, text[at:]])


_STEPS: tuple[tuple[patterns.Pattern, str | Callable[[Match[str]], str]], ...] = (
    (patterns.TEMPLATE, ""),
    (patterns.LINK_TARGET, ""),
    (patterns.MARKDOWN_IMAGE, ""),
    (patterns.MARKDOWN_LINK, r"\1"),
    (patterns.HTML_HEADING, lambda found: f"\n\n{'#' * int(found[1])} {marks.line(found[2])}\n\n"),
    (patterns.HTML_TAG, _tag),
    (patterns.SHOWN_ADDRESS, r"\1"),
    (patterns.DIRECTIVE, r"\1"),
    (patterns.MARK_OF_GENERATOR, ""),
)

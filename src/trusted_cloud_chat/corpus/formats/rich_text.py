"""RTF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.errors import ArticleError


def read(path: Path) -> Found:
    """Paragraphs, lists and tables in their order; without headers, notes and pictures. What is a heading is not told apart."""
    written = path.read_bytes().decode("cp1252", "replace")
    if not written.lstrip().startswith("{\\rtf"):
        raise ArticleError("damaged, or not what its name says: an RTF begins with {\\rtf")
    # Under another name that is left out too: the library would put the address of a link into the sentence.
    text: str = rtf_to_text(written.replace("\\fldinst", "\\fldtype"), errors="replace")
    # What is beyond 65,535 is written in two halves.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Found(marks.joined(_blocks(map(str.strip, whole.split("\n")))))


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """The library ends each cell with a bar, and sets a tab behind the sign of an item."""
    for is_table, group in groupby(lines, key=lambda line: line.endswith("|")):
        if is_table:
            yield marks.rows([line[:-1].split("|") for line in group])
            continue
        for line in group:
            sign, tab, said = line.partition("\t")
            yield marks.item(said) if tab and marks.is_sign(sign) else marks.paragraph(line)

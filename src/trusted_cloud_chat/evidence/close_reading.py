"""Runs the reader on the best passages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.schema import Passage, Query, Reading

_READ = 4
"""Number of passages read: about 23 ms each on two cores, two at a time."""
_READ_TO_PROVE = 6
"""The same for a yes/no question: the newest of several quotes answers it."""
READ_DEEPLY = 16
"""Number of passages examined at low confidence: the first few whole, one sentence of each of the others."""


def closely(query: Query) -> int:
    """The number of passages read for a question."""
    return _READ_TO_PROVE if query.kind == "yes_no" else _READ


class PassageReader(Protocol):
    """The interface of `models.reader.Reader`."""

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]: ...


def read_passages(reader: PassageReader, question: str, passages: Sequence[Passage], most: int) -> tuple[Passage, ...]:
    """`passages` in their order; the first `most` of those without a `reading` get one."""
    near = [passage for passage in passages if passage.reading is None][:most]
    readings = reader.read(question, [_as_read(passage) for passage in near])
    found = {passage.chunk.chunk_id: reading for passage, reading in zip(near, readings, strict=True)}
    return tuple(replace(p, reading=found.get(p.chunk.chunk_id, p.reading)) for p in passages)


def _as_read(passage: Passage) -> ReadPassage:
    base = passage.chunk.start
    sentences = tuple((span.start - base, span.end - base) for span in passage.chunk.sentences)
    return ReadPassage(title_over(passage.article, base), passage.text, sentences)

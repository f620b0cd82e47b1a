"""Sentences of made-up articles, as retrieval would have found them."""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Article, Chunk, Language, Passage, Source
from trusted_cloud_chat.text import split_sentences
from trusted_cloud_chat.understanding import Understanding, understand

TODAY = date(2026, 11, 24)
ENTITIES = load_entities()


def asked(question: str) -> Understanding:
    return understand(question, today=TODAY, entities=ENTITIES)


def sentences(
    text: str,
    *,
    day: str = "2026-03-12",
    title: str = "Un titre",
    score: float = 5.0,
    name: str = "article",
    language: Language = "fr",
    sources: tuple[Source, ...] = (),
) -> list[Selected]:
    """Each sentence of an article of one chunk, in order, all with the same score."""
    article = Article(name, "v1", title, text, PartialDate.parse(day), "Gazette", None, language, "presse", sources)
    spans = tuple(split_sentences(text))
    chunk = Chunk(f"{name}:0", name, "v1", 0, 0, len(text), spans)
    zeros = (0.5,) * len(spans)
    return [Selected(Passage(chunk, article, 1, 0.9, zeros, zeros, zeros), span, score) for span in spans]


def sentence(text: str, **made: object) -> Selected:
    """The last sentence of an article."""
    return sentences(text, **made)[-1]  # type: ignore[arg-type]

"""Composes large corpora from real sentences, and their vectors from the sentences' real vectors.

A composed article has forty sentences of the corpus, one per line, and a real title and date. The vector of a composed chunk
is the normalised mean of its sentences' vectors; its word vectors are those of its sentences. Composed chunks are as many, as
long and as near to each other as real ones; their meaning does not affect speed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.cases import articles, write_article
from trusted_cloud_chat.chunking import embedded_text
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.models.embedder import Embedder, TokenVectors, Vectors, unit
from trusted_cloud_chat.schema import Chunk
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

SENTENCES = 40
"""Sentences per composed article: about seven chunks."""
_TUTORIAL_SENTENCES = 6
_LONGEST = 400
_FILLED = 0.87
"""Average share of a chunk that whole sentences fill."""
_SEED = 20261124


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    date: str | None
    line: str
    """Title and date as they are embedded."""


class Lines:
    """Lines of text with their vectors, token vectors and token counts from the real embedder."""

    def __init__(
        self,
        headings: list[Heading],
        sentences: list[str],
        vectors: Vectors,
        tokens: list[TokenVectors],
        counts: list[int],
    ) -> None:
        self.headings, self.sentences = headings, sentences
        self.rows = {line: row for row, line in enumerate([*(h.line for h in headings), *sentences])}
        self.vectors, self.tokens, self.counts = vectors, tokens, counts

    def save(self, file: Path) -> None:
        texts = json.dumps(
            {"headings": [[h.title, h.date, h.line] for h in self.headings], "sentences": self.sentences}
        )
        np.savez(
            file, texts=np.array(texts), vectors=self.vectors, counts=self.counts,
            lengths=[len(t.vectors) for t in self.tokens], offsets=np.concatenate([t.offsets for t in self.tokens]),
            tokens=np.concatenate([t.vectors for t in self.tokens]),
        )  # fmt: skip

    @classmethod
    def load(cls, file: Path) -> Lines:
        with np.load(file) as arrays:
            texts = json.loads(str(arrays["texts"]))
            cuts = np.cumsum(arrays["lengths"])[:-1]
            parts = zip(np.split(arrays["offsets"], cuts), np.split(arrays["tokens"], cuts), strict=True)
            tokens = [TokenVectors(offsets, vectors) for offsets, vectors in parts]
            headings = [Heading(*fields) for fields in texts["headings"]]
            return cls(headings, texts["sentences"], arrays["vectors"], tokens, arrays["counts"].tolist())

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """`(len(texts), dimensions)`: the normalised mean vector of each text's sentences, one per line."""
        first = len(self.headings)
        means = []
        for text in texts:
            rows = [self.rows[line] for line in text.split("\n")]
            means.append(self.vectors[[row for row in rows if row >= first] or rows].mean(axis=0))
        return unit(np.array(means, dtype=np.float32), self.vectors.shape[1])


class ComposedEmbedder(Embedder):
    """The real embedder, but with known lines looked up and, unless `real_chunks`, chunk vectors composed from their lines."""

    def __init__(self, real: Embedder, lines: Lines, *, real_chunks: bool) -> None:
        self._real, self._lines, self._real_chunks = real, lines, real_chunks
        self.identity, self.dimensions, self.max_tokens = real.identity, real.dimensions, real.max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._real.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Looks up known sentences and embeds the others."""
        rows = self._lines.rows
        unknown = [text for text in texts if text not in rows]
        known = [text for text in texts if text in rows]
        found = dict(zip(unknown, self._real.encode_passages(unknown), strict=True))
        found |= zip(known, self._lines.vectors[[rows[text] for text in known]], strict=True)
        return unit(np.array([found[text] for text in texts], dtype=np.float32), self.dimensions)

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        if self._real_chunks:
            return self._real.encode_passage_words(texts)
        return self._lines.vectors_of(texts), [self._tokens_of(text) for text in texts]

    def count_tokens(self, text: str) -> int:
        rows, counts = self._lines.rows, self._lines.counts
        return sum(
            counts[rows[line]] if line in rows else self._real.count_tokens(line) for line in text.split("\n") if line
        )

    def _tokens_of(self, text: str) -> TokenVectors:
        offsets, vectors, start = [], [], 0
        for line in text.split("\n"):
            tokens = self._lines.tokens[self._lines.rows[line]]
            offsets.append(tokens.offsets + start)
            vectors.append(tokens.vectors)
            start += len(line) + 1
        return TokenVectors(np.concatenate(offsets), np.concatenate(vectors))


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `home`, `corpus`, `lines` (a file to write), `sentences` (maximum number) → numbers of headings and sentences."""
    settings = load_settings(home=Path(job["home"]), corpus=Path(job["corpus"]))
    embedder = build_embedder(settings)
    headings, sentences = _read(Path(job["corpus"]))
    lines = [*(heading.line for heading in headings), *sentences[: job["sentences"]]]
    vectors, tokens = embedder.encode_passage_words(lines)
    assert all(found is not None for found in tokens)
    counts = [embedder.count_tokens(line) for line in lines]
    Lines(headings, lines[len(headings) :], vectors, tokens, counts).save(Path(job["lines"]))  # type: ignore[arg-type]
    return {"headings": len(headings), "sentences": len(lines) - len(headings)}


def _read(corpus: Path) -> tuple[list[Heading], list[str]]:
    """The distinct headings and sentences of the French articles; the sentences shuffled with a fixed seed."""
    headings: dict[str, Heading] = {}
    sentences: dict[str, None] = {}
    empty = Chunk("", "", "", 0, 0, 0, ())
    for article in articles(corpus):
        if article.language != "fr":
            continue
        line = embedded_text(article, empty).rstrip("\n")
        headings[line] = Heading(article.title, str(article.date) if article.date else None, line)
        for span in split_sentences(article.text):
            text = article.text[span.start : span.end]
            if "\n" not in text and len(text) <= _LONGEST and len(split_sentences(text)) == 1:
                sentences[text] = None
    shuffled = [text for text in sentences if text not in headings]
    random.Random(_SEED).shuffle(shuffled)
    return list(headings.values()), shuffled


def write_corpus(lines: Lines, folder: Path, chunks: int, chunk_tokens: int) -> int:
    """Writes articles for about `chunks` chunks of at most `chunk_tokens`; returns the number of articles."""
    counts = {text: lines.counts[lines.rows[text]] for text in lines.sentences}
    chooser, expected, number = random.Random(_SEED), 0.0, 0
    while expected < chunks:
        heading, text = chooser.choice(lines.headings), "\n".join(chooser.sample(lines.sentences, SENTENCES))
        expected += sum(counts[line] for line in text.split("\n")) / (_FILLED * chunk_tokens)
        write_article(folder / f"{number // 1000:03}", f"compose-{number:06}", heading.title, text, heading.date)
        number += 1
    return number


def compose_documents(lines: Lines, count: int) -> Iterator[str]:
    """Yields `count` texts like those of a splitter that cuts at 1000 characters."""
    chooser = random.Random(_SEED)
    for _ in range(count):
        yield "\n".join(chooser.sample(lines.sentences, _TUTORIAL_SENTENCES))

"""What a sentence of the answer is compared with: sentences of the cited passages, read once an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.words import words_and_signs
from trusted_cloud_chat.models.embedder import Embedder, Vectors
from trusted_cloud_chat.models.judge import Judge
from trusted_cloud_chat.particulars.facts import Facts, read_facts
from trusted_cloud_chat.particulars.names import Names, as_names
from trusted_cloud_chat.schema import Article, Language, Passage, Span

_NEAREST = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence of a passage."""

    article: Article
    span: Span
    text: str
    facts: Facts
    context: Names | None
    """Names of the title and the sentence before, where this one says « il » or « l’entreprise »."""
    publishers: Names
    vector: NDArray[np.float32]


class EvidenceBook:
    """Sentences of an answer's passages with their vectors; a passage is read when it is first cited."""

    def __init__(
        self, passages: Sequence[Passage], embedder: Embedder, entities: EntityBook, judge: Judge, today: date
    ) -> None:
        self.passages = tuple(passages)
        self.judge = judge
        self._embedder, self._entities, self._today = embedder, entities, today
        self._quotes: dict[int, list[Quote]] = {}

    def nearest(self, text: str) -> list[int]:
        """The places of the passages that have the sentences nearest to `text`, nearest first; two at most."""
        vector = self.vector(text)
        best = [
            max((float(vector @ q.vector) for q in self.quotes(n)), default=-1.0) for n in range(len(self.passages))
        ]
        return sorted((n for n, near in enumerate(best) if near >= 0), key=lambda n: -best[n])[:_NEAREST]

    def quotes(self, passage: int) -> list[Quote]:
        """The sentences of `passages[passage]`, in order."""
        if passage not in self._quotes:
            self._quotes[passage] = self._read(self.passages[passage])
        return self._quotes[passage]

    def vector(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embedder.encode_passages([text])[0]
        return vector

    def facts(self, text: str, language: Language, article: Article | None = None) -> Facts:
        """Of a sentence of the answer, whose relative dates count from the question's day, or of an article."""
        day = article.date.last_day if article and article.date else self._today
        return read_facts(text, language, day, self._entities)

    def _read(self, passage: Passage) -> list[Quote]:
        article = passage.article
        spans = [span for span in passage.chunk.sentences if article.text[span.start : span.end].strip()]
        texts = [article.text[span.start : span.end] for span in spans]
        vectors: Vectors = self._embedder.encode_passages(texts) if texts else np.zeros((0, 1), np.float32)
        names = " , ".join([article.publisher or "", *(source.publisher for source in article.sources)])
        publishers = as_names(names, words_and_signs(names), article.language)
        quotes = []
        for span, text, before, vector in zip(spans, texts, ["", *texts], vectors, strict=False):
            facts, context = self.facts(text, article.language, article), None
            if "pronouns" in facts.noted:
                context = self.facts(f"{article.title}.\n{before}", article.language, article).names
            quotes.append(Quote(article, span, text, facts, context, publishers, vector))
        return quotes

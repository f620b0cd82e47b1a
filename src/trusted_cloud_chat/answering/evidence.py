"""What a sentence of the answer is compared with: sentences of the cited passages, read once an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.answering.figures import Moment, Stated, read_figures
from trusted_cloud_chat.answering.names import Names, read_names
from trusted_cloud_chat.answering.polarity import Polarity, read_polarity
from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.models.embedder import Embedder, Vectors
from trusted_cloud_chat.retrieval.rarity import rarity
from trusted_cloud_chat.schema import Article, Language, Passage, Span
from trusted_cloud_chat.text import fold, lexical_tokens

_ANAPHORA = re.compile(
    r"(?:^|, |«\s?)(?:il|elle|ils|elles|ce|cet|cette|ces|cela|son|sa|ses|leurs?|celui-ci|celle-ci|l'(?:entreprise|operateur|"
    r"editeur|association|hebergeur|annonce|offre|autre|avis|alliance|arret|accord)|l[ae] (?:societe|groupe|prestataire|coentreprise|fournisseur|qualification|"
    r"decision|loi|contrat|marche)|it|its|this|these|they|their|the (?:company|group|provider|agreement|contract|deal|proposal|commission))\b|\by (?:a|est|ajoute|voit)\b"
)
_DATE_WORDS = frozenset(
    lexical_tokens(" ".join(MONTHS_FR) + " année début fin semestre trimestre été printemps automne hiver")
    + lexical_tokens(" ".join(MONTHS_EN) + " year quarter half summer spring autumn", "en")
)


@dataclass(frozen=True)
class Reading:
    """A text with everything that is compared; each part is read when it is first asked for."""

    text: str
    language: Language
    day: date
    """What relative dates count from."""
    entities: EntityBook

    @cached_property
    def stated(self) -> Stated:
        return read_figures(self.text, self.day)

    @cached_property
    def names(self) -> Names:
        return read_names(self.text, self.entities, self.language)

    @cached_property
    def polarity(self) -> Polarity:
        return read_polarity(self.text, self.language)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(lexical_tokens(self.text, self.language))

    @cached_property
    def weights(self) -> dict[str, float]:
        """Rarity of each content stem that is neither figure, date nor name: those are checked by themselves."""
        names = {
            w for key in self.names.keys if key.startswith("word:") for w in lexical_tokens(key[5:], self.language)
        }
        stems = lexical_tokens(self.names.rest, self.language)
        plain = (s for s in stems if not any(c.isdigit() for c in s) and s not in _DATE_WORDS and s not in names)
        return {stem: rarity(stem) for stem in plain}

    def share_in(self, stems: frozenset[str]) -> float:
        """Share of this text's words, by rarity, that are among `stems`; 1 where it has none."""
        total = sum(self.weights.values())
        return sum(w for stem, w in self.weights.items() if stem in stems) / total if total else 1.0


@dataclass(frozen=True)
class Unit:
    """One sentence of a passage."""

    article: Article
    span: Span
    passage: int
    """Place of its passage among those given, from 0."""
    reading: Reading
    context: Reading | None
    """Title, sentence before and this one: where a name is looked up when this one says « il » or « l’entreprise »."""
    vector: NDArray[np.float32]

    @property
    def moments(self) -> tuple[Moment, ...]:
        return self.reading.stated.moments


class EvidenceBook:
    """Sentences of an answer's passages with their vectors; a passage is read when it is first cited."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder, entities: EntityBook, today: date) -> None:
        self.passages = tuple(passages)
        self.entities = entities
        self.today = today
        self._embedder = embedder
        self._units: dict[int, tuple[Unit, ...]] = {}

    def units(self, passage: int) -> tuple[Unit, ...]:
        """The sentences of `passages[passage]`, in order."""
        if passage not in self._units:
            self._units[passage] = tuple(self._read(passage))
        return self._units[passage]

    def vector(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embedder.encode_passages([text])[0]
        return vector

    def said(self, text: str, language: Language) -> Reading:
        """A sentence of the answer, whose relative dates count from the question's day."""
        return Reading(text, language, self.today, self.entities)

    def _read(self, number: int) -> list[Unit]:
        passage = self.passages[number]
        article = passage.article
        day = article.date.last_day if article.date else self.today
        spans = [s for s in passage.chunk.sentences if article.text[s.start : s.end].strip()]
        texts = [article.text[s.start : s.end] for s in spans]
        vectors: Vectors = self._embedder.encode_passages(texts) if texts else np.zeros((0, 1), np.float32)
        units = []
        for place, (span, text) in enumerate(zip(spans, texts, strict=True)):
            context = None
            if _ANAPHORA.search(fold(text)):
                before = texts[place - 1] if place else ""
                context = Reading(f"{article.title}.\n{before}\n{text}", article.language, day, self.entities)
            reading = Reading(text, article.language, day, self.entities)
            units.append(Unit(article, span, number, reading, context, vectors[place]))
        return units

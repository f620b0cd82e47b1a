"""Sentences about one holder's qualification or about one promise, as they can be compared over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.promises import Due, read_due
from trusted_cloud_chat.answering.timeline.stages import Stage, read_stage
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.schema import Article, Passage, Span

_MIN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence tells of `holders` at its publication."""

    selected: Selected
    holders: tuple[str, ...]
    stage: Stage | None
    due: Due | None

    @property
    def said(self) -> PartialDate | None:
        return self.selected.passage.article.dated

    @property
    def value(self) -> tuple[object, ...]:
        """What makes two statements alike."""
        return (self.stage.name if self.stage else None, (self.due.first, self.due.last) if self.due else None)


def statements(passages: Sequence[Passage], entities: EntityBook, market: Market) -> list[Statement]:
    """Every sentence of `passages` that tells a stage or a date to come of somebody named, newest first."""
    found: dict[tuple[str, int], Statement] = {}
    for passage in passages:
        for selected in sentences_of(passage):
            key = passage.article.article_id, selected.span.start
            statement = None if key in found else _statement(selected, entities, market)
            if statement is not None:
                found[key] = statement
    return sorted(found.values(), key=lambda one: -one.selected.published)


def sentences_of(passage: Passage) -> Iterator[Selected]:
    """The sentences of a passage, unranked; scraps and headings are none."""
    for span in passage.chunk.sentences:
        text = passage.article.text[span.start : span.end]
        if len(text.split()) >= _MIN_WORDS and not _is_heading(passage.article.text, span):
            yield Selected(passage, span, 0.0)


def is_row(selected: Selected) -> bool:
    """Whether it is a row of a table."""
    block = block_at(selected.passage.article.text, selected.span.start)
    return block is not None and block.kind == "row"


def _is_heading(text: str, span: Span) -> bool:
    """Most sentences end in a full stop, and no heading does."""
    block = None if text[span.end - 1] in ".…»" else block_at(text, span.start)
    return block is not None and block.kind == "heading"


def _statement(selected: Selected, entities: EntityBook, market: Market) -> Statement | None:
    article = selected.passage.article
    stage = read_stage(selected.text, article, market)
    due = read_due(selected.text, article)
    if stage is None and due is None:
        return None
    return Statement(selected, holders(selected, entities), stage, due)


def holders(selected: Selected, entities: EntityBook) -> tuple[str, ...]:
    """The actors that the sentence names; where it opens with a pronoun, those of the sentence before; else none."""
    named = entities.actors(selected.text)
    if not named and opens_with_pronoun(selected.text, selected.passage.article):
        before = sentence_before(selected)
        article = selected.passage.article
        named = entities.actors(article.text[before.start : before.end]) if before else []
    return tuple(dict.fromkeys(mention.entity.name for mention in named))


def opens_with_pronoun(text: str, article: Article) -> bool:
    """« Elle sera… », « Cette offre… »: the sentence before says what is meant."""
    opening = text.lstrip('«“"- \u00a0\u202f')
    skipped = len(text) - len(opening)
    return any(start == skipped for start, _ in spans_of("opens_with_pronoun", text, article.language))


def sentence_before(selected: Selected) -> Span | None:
    """The sentence before in the same block of the same passage."""
    return _beside(selected, -1)


def _beside(selected: Selected, step: int) -> Span | None:
    sentences, text = selected.passage.chunk.sentences, selected.passage.article.text
    place = selected.number + step
    if not 0 <= place < len(sentences):
        return None
    block = block_at(text, selected.span.start)
    other = sentences[place]
    return other if block is not None and block.start <= other.start and other.end <= block.end else None

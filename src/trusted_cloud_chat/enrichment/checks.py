"""Checks that the names, figures and dates of a row are in its article, each in one form for French and English.

A row that passes need not be true, but nothing in it was invented.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import get_args

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.blocks import block_at, paragraph_at
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR, content_words
from trusted_cloud_chat.particulars.ground import Ground, GroundReader
from trusted_cloud_chat.schema import Article, Fact, Language, Source, Span, Statement

_DATES = ("date", "start", "end", "due")
_ENDS = ("end", "due")
_WORDS = ("subject", "object", "value", "service")


class RowChecker:
    """Checks the rows of one article; the particulars of each text are read once."""

    def __init__(self, article: Article, entities: EntityBook) -> None:
        self._article = article
        self._entities = entities
        self._today = article.date.last_day if article.date else date.today()
        self._named = {mention.entity.name for mention in entities.written(f"{article.title}\n{article.text}")}
        """Entities that the article names, under any of their names."""
        self._reader = GroundReader(self._today, entities)

    def faults(self, statement: Statement) -> list[str]:
        """Names, figures and dates of the statement that are neither in its sentences, their context, paragraph and heading, nor in the article's
        title, sources and dates; empty if it is valid.
        """
        language = self._article.language
        other: Language = "en" if language == "fr" else "fr"
        ground = self._ground([*statement.spans, *statement.context], statement.source)
        said = [("alone", statement.alone, language), ("translation", statement.translation, other)]
        faults = [
            f"`{key}` has {lack}"
            for key, text, spoken in said
            if text
            for lack in ground.lacks(text, spoken, self._today, self._entities)
        ]
        return faults + [fault for fact in statement.facts for fault in self._faults_of(fact, ground)]

    def may_ask(self, question: str, said: str) -> bool:
        """Whether a question shares a word or a name with what is `said`, and names no actor that the article does not. Of 3,436 questions by
        hand 53 share no word, most of them because they call a name otherwise.
        """
        asked = self._entities.written(question)
        told = {mention.entity.name for mention in self._entities.written(said)}
        if any(one.entity.kind == "actor" and one.entity.name not in self._named for one in asked):
            return False
        if any(one.entity.name in told for one in asked):
            return True
        shared = (content_words(question, spoken) & content_words(said, spoken) for spoken in get_args(Language))
        return any(any(map(str.isalpha, word)) for words in shared for word in words - STOPWORDS_FR - STOPWORDS_EN)

    def _faults_of(self, fact: Fact, ground: Ground) -> Iterable[str]:
        for key in _DATES:
            day = getattr(fact, key)
            if day is not None and not ground.has_date(day) and not (key in _ENDS and ground.has_term(day)):
                yield f"`{key}` of a fact is {day}"
        for key in _WORDS:
            text = getattr(fact, key)
            if text is not None and fold(text) not in ground.folded and text not in self._named:
                lacks = ground.lacks(text, self._article.language, self._today, self._entities)
                yield from (f"`{key}` of a fact has {lack}" for lack in lacks)

    def _ground(self, spans: Sequence[Span], source: Source | None) -> Ground:
        article = self._article
        days = [article.date, *([source.date] if source else ())]
        texts = [
            *dict.fromkeys(paragraph_at(article.text, span) for span in spans),
            *(part for span in spans for part in _around(article.text, span)),
            article.title,
            *(day.spoken(article.language) for day in days if day),
            *((source.publisher, source.title or "") if source else ()),
        ]
        return self._reader.ground(texts, article.language)


def _around(text: str, span: Span) -> tuple[str, str]:
    block = block_at(text, span.start)
    return (block.under, block.beside) if block else ("", "")

"""Checks that the names, figures and dates of a row are in its article, in French or English."""

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
    def __init__(self, article: Article, entities: EntityBook) -> None:
        self._article = article
        self._entities = entities
        self._today = article.date.last_day if article.date else date.today()
        self._named = {mention.entity.name for mention in entities.written(f"{article.title}\n{article.text}")}
        """Entities that the article names, under any of their names."""
        self._reader = GroundReader(self._today, entities)

    def faults(self, statement: Statement) -> list[str]:
        """Names, figures and dates of the statement that its sentences, their context and the article's metadata lack."""
        language = self._article.language
        other: Language = "en" if language == "fr" else "fr"
        ground = self._ground([*statement.spans, *statement.context], statement.source)
        texts = [("alone", statement.alone, language), ("translation", statement.translation, other)]
        faults = [
            f"`{key}` has {lack}"
            for key, text, spoken in texts
            if text
            for lack in ground.lacks(text, spoken, self._today, self._entities)
        ]
        return faults + [fault for fact in statement.facts for fault in self._faults_of(fact, ground)]

    def may_ask(self, question: str, statement: str) -> bool:
        """Whether a question shares a word or a name with the statement, and names no actor that the article does not name. 53 of 3,436
        hand-written questions share no word, mostly because they use another name.
        """
        asked = {mention.entity.name: mention.entity for mention in self._entities.written(question)}
        if any(entity.kind == "actor" and name not in self._named for name, entity in asked.items()):
            return False
        if any(mention.entity.name in asked for mention in self._entities.written(statement)):
            return True
        shared = (content_words(question, spoken) & content_words(statement, spoken) for spoken in get_args(Language))
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
        blocks = (block_at(article.text, span.start) for span in spans)
        texts = [
            *dict.fromkeys(paragraph_at(article.text, span) for span in spans),
            *(part for block in blocks if block for part in (block.under, block.beside)),
            article.title,
            *(day.spoken(article.language) for day in days if day),
            *((source.publisher, source.title or "") if source else ()),
        ]
        return self._reader.ground(texts, article.language)

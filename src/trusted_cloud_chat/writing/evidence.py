"""The sentences that an answer may cite, and the comparison of the answer's sentences with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain

from trusted_cloud_chat.answering.wording import quoted
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.blocks import block_at, paragraph_at, shown
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words_and_signs
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.particulars.ground import Ground, GroundReader, Lack
from trusted_cloud_chat.schema import Language, Passage, SentenceStatus
from trusted_cloud_chat.writing import texts
from trusted_cloud_chat.writing.drafts import Draft, Pointer, Quote, numbered
from trusted_cloud_chat.writing.prompt import spoken

_SIGNS = frozenset(",;:()")
"""Punctuation in which a verbatim quote may differ."""


class EvidenceBook:
    """The numbered sentences of an answer's passages."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder, entities: EntityBook, today: date) -> None:
        self.sentences = tuple(map(numbered, passages))
        self.counts = tuple(map(len, self.sentences))
        self._embedder, self._entities, self._today = embedder, entities, today
        self._reader = cache(lambda day: GroundReader(day.last_day if day else today, entities))
        """Reads the particulars of articles published on a day."""
        self._vectors = cache(lambda n: embedder.encode_passages([quote.text for quote in self.sentences[n]]))
        """The vectors of the sentences of a passage."""

    def pointed(self, claim: str, pointers: Sequence[Pointer]) -> tuple[Quote, ...]:
        """The sentences at `pointers`; for a whole passage the sentence nearest to the claim."""
        quotes = [
            self.sentences[passage - 1][(sentence or self._nearest(claim, passage - 1)) - 1]
            for passage, sentence in pointers
            if self.counts[passage - 1]
        ]
        return tuple(dict.fromkeys(quotes))

    def _nearest(self, claim: str, passage: int) -> int:
        return int((self._vectors(passage) @ self._embedder.encode_passages([claim])[0]).argmax()) + 1

    def lacks(self, claim: str, language: Language, quotes: Sequence[Quote]) -> list[Lack]:
        """Figures and dates of the claim that `quotes` and their context lack, and names that the whole articles lack."""
        lacks = self._strange(claim, language, [self._ground(quote) for quote in quotes])
        if not any(lack.kind == "name" for lack in lacks):
            return lacks
        articles = [self._reader(q.article.date).ground([q.article.text], q.article.language) for q in quotes]
        whole = self._strange(claim, language, articles)
        return [lack for lack in lacks if lack.kind != "name" or lack in whole]

    def _strange(self, claim: str, language: Language, grounds: Sequence[Ground]) -> list[Lack]:
        texts = tuple(text for ground in grounds for text in ground.texts)
        ground = Ground(texts, " ".join(ground.folded for ground in grounds))
        return list(ground.strange(claim, language, self._today, self._entities))

    def _ground(self, quote: Quote) -> Ground:
        article, block, statement = quote.article, block_at(quote.article.text, quote.span.start), quote.statement
        texts = [paragraph_at(article.text, quote.span), quote.text, quote.before, article.title, article.publisher]
        texts += [part for source in article.sources for part in (source.publisher, source.title)]
        texts += [block.under, block.beside] if block else []
        texts += [statement.alone] if statement else []
        days = [article.date, *(source.date for source in article.sources), statement.said_on if statement else None]
        texts += [spoken(day, article.language) for day in days]
        return self._reader(article.date).ground([text or "" for text in texts], article.language)


def is_word_for_word(claim: str, quotes: Sequence[Quote]) -> bool:
    """Whether the claim is one of `quotes`, or all of them in order, verbatim."""
    words = _words(claim)
    quoted_words = [_words(shown(quote.article.text, quote.span.start, quote.span.end)) for quote in quotes]
    return bool(words) and (words in quoted_words or words == list(chain.from_iterable(quoted_words)))


def _words(text: str) -> list[str]:
    return [word.folded for word in words_and_signs(text.replace("**", "")) if word.text not in _SIGNS]


@dataclass(frozen=True, slots=True)
class Mark:
    """The status of a sentence, its sources, and a hint at what a reader may want to check."""

    status: SentenceStatus
    quotes: tuple[Quote, ...] = ()
    hint: str = ""


def mark(draft: Draft, language: Language, book: EvidenceBook) -> Mark:
    """Marks a sentence as verbatim, without a source, or with particulars that its source lacks: code cannot judge whether it is proved."""
    quotes = book.pointed(draft.claim, draft.citations)
    if draft.is_heading or draft.claim.rstrip().endswith(":"):
        return Mark("connective", quotes)
    if not quotes:
        return Mark("unproved", (), texts("hints")[language]["unsourced"])
    if is_word_for_word(draft.claim, quotes):
        return Mark("proved", quotes)
    # A model may write in the language of its passages; names have accents in both.
    spoken = detect_language(fold(draft.claim), language)
    lacks = (lack.words.replace("'", "’") for lack in book.lacks(draft.claim, spoken, quotes))
    missing = list(dict.fromkeys(quoted(text, language, language) for text in lacks))
    if not missing:
        return Mark("unproved", quotes)
    hint = texts("hints")[language]["one" if len(missing) == 1 else "many"]
    return Mark("unproved", quotes, hint.format(what=", ".join(missing)))

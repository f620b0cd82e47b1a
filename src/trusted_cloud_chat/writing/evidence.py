"""The sentences that an answer may cite, and what its own sentences share with those that they cite."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from trusted_cloud_chat.answering.wording import quoted
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.blocks import block_at, paragraph_at, shown
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words_and_signs
from trusted_cloud_chat.models.embedder import Embedder, Vectors
from trusted_cloud_chat.particulars.ground import Ground, GroundReader, Lack
from trusted_cloud_chat.schema import Article, Language, Passage, SentenceStatus
from trusted_cloud_chat.writing.drafts import Draft, Pointer, Quote, numbered
from trusted_cloud_chat.writing.prompt import spoken, words

_SIGNS = frozenset(",;:()")
"""Between words that are the same, these may differ."""


class EvidenceBook:
    """The numbered sentences of an answer's passages."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder, entities: EntityBook, today: date) -> None:
        self.sentences = tuple(map(numbered, passages))
        self._embedder, self._entities, self._today = embedder, entities, today
        self._readers: dict[tuple[str, str], GroundReader] = {}
        self._vectors: dict[int, Vectors] = {}

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many sentences each passage has."""
        return tuple(map(len, self.sentences))

    def pointed(self, claim: str, pointers: Sequence[Pointer]) -> tuple[Quote, ...]:
        """The sentences that `pointers` name; of a passage named without a sentence the one nearest to the claim."""
        found = [
            self.sentences[passage - 1][(sentence or self._nearest(claim, passage - 1)) - 1]
            for passage, sentence in pointers
            if self.counts[passage - 1]
        ]
        return tuple(dict.fromkeys(found))

    def _nearest(self, claim: str, passage: int) -> int:
        if passage not in self._vectors:
            self._vectors[passage] = self._embedder.encode_passages([quote.text for quote in self.sentences[passage]])
        return int((self._vectors[passage] @ self._embedder.encode_passages([claim])[0]).argmax()) + 1

    def lacks(self, claim: str, language: Language, quotes: Sequence[Quote]) -> list[Lack]:
        """Figures and dates that `quotes`, paragraphs and articles lack, and names that the articles lack."""
        found = self._strange(claim, language, [self._ground(quote) for quote in quotes])
        if not any(lack.kind == "name" for lack in found):
            return found
        whole = self._strange(
            claim, language, [self._reader(q.article).ground([q.article.text], q.article.language) for q in quotes]
        )
        return [lack for lack in found if lack.kind != "name" or lack in whole]

    def _strange(self, claim: str, language: Language, grounds: Sequence[Ground]) -> list[Lack]:
        texts = tuple(text for ground in grounds for text in ground.texts)
        ground = Ground(texts, " ".join(ground.folded for ground in grounds))
        return list(ground.strange(claim, language, self._today, self._entities))

    def _reader(self, article: Article) -> GroundReader:
        name = (article.article_id, article.version)
        if name not in self._readers:
            self._readers[name] = GroundReader(article.date.last_day if article.date else self._today, self._entities)
        return self._readers[name]

    def _ground(self, quote: Quote) -> Ground:
        article, block, statement = quote.article, block_at(quote.article.text, quote.span.start), quote.statement
        texts = [paragraph_at(article.text, quote.span), quote.text, quote.before, article.title, article.publisher]
        texts += [part for one in article.sources for part in (one.publisher, one.title)]
        texts += [block.under, block.beside] if block else []
        texts += [statement.alone] if statement else []
        days = [article.date, *(one.date for one in article.sources), statement.said_on if statement else None]
        texts += [spoken(day, article.language) for day in days]
        return self._reader(article).ground([text or "" for text in texts], article.language)


def is_word_for_word(claim: str, quotes: Sequence[Quote]) -> bool:
    """Whether the claim is one of `quotes`, or all of them one after the other, in the same words."""
    said = _words(claim)
    told = [_words(shown(quote.article.text, quote.span.start, quote.span.end)) for quote in quotes]
    return bool(said) and (said in told or said == [word for one in told for word in one])


def _words(text: str) -> list[str]:
    return [word.folded for word in words_and_signs(text.replace("**", "")) if word.text not in _SIGNS]


@dataclass(frozen=True, slots=True)
class Mark:
    """`quotes` are the sentences that the model points to, `hint` what a reader may want to check; both may be empty."""

    status: SentenceStatus
    quotes: tuple[Quote, ...] = ()
    hint: str = ""


def mark(draft: Draft, language: Language, book: EvidenceBook) -> Mark:
    """The mark of a sentence beside its sources: verbatim, without a source, or with figures, dates and names that the
    source lacks. Code cannot tell whether a source proves a sentence, and gives no verdict.

    `language` is the answer's; a model may write in the language of its passages.
    """
    quotes = book.pointed(draft.claim, draft.citations)
    if draft.is_heading or draft.claim.rstrip().endswith(":"):
        return Mark("connective", quotes)
    if not quotes:
        return Mark("unproved", (), words("hints", language)["unsourced"])
    if is_word_for_word(draft.claim, quotes):
        return Mark("proved", quotes)
    spoken = detect_language(fold(draft.claim), language)  # by its words alone: names have accents everywhere
    return Mark("unproved", quotes, _hint(book.lacks(draft.claim, spoken, quotes), language))


def _hint(lacks: Iterable[Lack], language: Language) -> str:
    """« 18 % » n’est pas tel quel dans la source."""
    told = words("hints", language)
    shown = list(dict.fromkeys(quoted(lack.words.replace("'", "’"), language, language) for lack in lacks))
    return told["one" if len(shown) == 1 else "many"].format(what=", ".join(shown)) if shown else ""

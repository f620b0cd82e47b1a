"""What is said of a sentence of a chat model, beside the sentences that it points to. Code cannot tell whether these prove it, and gives
no verdict: it says what is word for word, what points to nothing, and which figure, date or name is not in the source as it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trusted_cloud_chat.answering.wording import quoted
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.particulars.ground import Lack
from trusted_cloud_chat.schema import Language, SentenceStatus
from trusted_cloud_chat.writing.drafts import Draft
from trusted_cloud_chat.writing.evidence import EvidenceBook, is_word_for_word
from trusted_cloud_chat.writing.numbered import Quote
from trusted_cloud_chat.writing.prompt import words


@dataclass(frozen=True, slots=True)
class Mark:
    """`quotes` are the sentences that the model points to, `hint` what a reader may want to check; both may be empty."""

    status: SentenceStatus
    quotes: tuple[Quote, ...] = ()
    hint: str = ""


def mark(draft: Draft, language: Language, book: EvidenceBook) -> Mark:
    """`language` is the answer's; a model that writes in that of its passages is read in it."""
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
    shown = list(dict.fromkeys(quoted(lack.words, language, language) for lack in lacks))
    return told["one" if len(shown) == 1 else "many"].format(what=", ".join(shown)) if shown else ""

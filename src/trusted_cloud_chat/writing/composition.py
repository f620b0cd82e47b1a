"""A chat model's verified sentences → the answer: text with markers, quotes, what was struck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from trusted_cloud_chat.answering.wording import attribution, quoted, words_of
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence
from trusted_cloud_chat.writing.drafts import same_sentence
from trusted_cloud_chat.writing.evidence import Quote
from trusted_cloud_chat.writing.prompt import notice
from trusted_cloud_chat.writing.verification import Verdict

_UNTOLD: dict[str, Any] = {
    "known_at": None, "history": (), "promises": (), "disagreements": (), "stages": (), "sources_count": None,
}  # fmt: skip
"""What the extractive answer says about time points to its own citations; the timeline reads the new ones."""


@dataclass
class Composition:
    """Grows by a sentence at a time; citations are numbered in the order in which they are first pointed to."""

    language: Language
    strike: bool
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    @property
    def supported(self) -> bool:
        """Whether any sentence stands."""
        return any(sentence.supported for sentence in self.sentences)

    def repeats(self, text: str) -> bool:
        """Whether a looping model has said this before, and it stood."""
        return any(sentence.supported and same_sentence(text, sentence.text) for sentence in self.sentences)

    def add(self, text: str, verdict: Verdict) -> None:
        """A sentence that does not stand points to nothing, so that it never looks cited; said again, it is judged anew."""
        self.sentences = [s for s in self.sentences if not same_sentence(text, s.text)]
        numbers = {self._number(quote) for quote in verdict.quotes} if verdict.supported else ()
        self.sentences.append(Sentence(text, tuple(sorted(numbers)), supported=verdict.supported))

    def answer(self, extractive: Answer, name: str, *, whole: bool) -> Answer:
        """The answer so far; question, query and passages are those of `extractive`."""
        count = sum(not sentence.supported for sentence in self.sentences)
        key = f"{'one' if count == 1 else 'many'}_{'struck' if self.strike else 'dropped'}"
        notices = (notice(key, self.language, count=count),) if count and whole else ()
        shown = [sentence for sentence in self.sentences if sentence.supported or self.strike]
        return replace(
            extractive,
            answer=self._text(shown),
            sentences=tuple(shown),
            citations=tuple(self.citations),
            table=None,
            chat_model=name,
            notices=(*extractive.notices, *notices),
            **_UNTOLD,
        )

    def _number(self, quote: Quote) -> int:
        cited = Citation(len(self.citations) + 1, quote.article, quote.span.start, quote.span.end)
        for citation in self.citations:
            if replace(cited, n=citation.n) == citation:
                return citation.n
        self.citations.append(cited)
        return cited.n

    def _text(self, shown: list[Sentence]) -> str:
        """The sentences in a paragraph, then each quote with publisher and date, as in an extractive answer."""
        said = " ".join(map(_with_markers, shown))
        quotes = [
            f"{quoted(words_of(c), c.article.language, self.language)} [{c.n}] — {attribution(c.article, self.language, c.quote)}"
            for c in self.citations
        ]
        return "\n\n".join([said, *quotes])


def _with_markers(sentence: Sentence) -> str:
    """« Texte [1][2]. », or « ~~Texte.~~ »: Markdown's strike-through, which is also read as such in a terminal."""
    if not sentence.supported:
        return f"~~{sentence.text}~~"
    markers = "".join(f"[{n}]" for n in sentence.citations)
    if sentence.text.endswith(".") and not sentence.text.endswith(".."):
        return f"{sentence.text[:-1].rstrip()} {markers}."
    return f"{sentence.text} {markers}"

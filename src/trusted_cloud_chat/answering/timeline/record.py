"""An answer to which quotes are added: numbered on, each with its passage among those shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.wording import attribution, quoted
from trusted_cloud_chat.schema import Answer, Citation, Passage, Sentence


class Record:
    """`passages` are those that added quotes may come from."""

    def __init__(self, answer: Answer, passages: Sequence[Passage]) -> None:
        self.answer = answer
        self.citations = list(answer.citations)
        self.first_added = len(self.citations) + 1
        self._passages = passages

    def number(self, selected: Selected) -> int | None:
        """The number under which the sentence is cited."""
        return next((c.n for c in self.citations if _is_at(c, selected)), None)

    def cite(self, selected: Selected) -> int:
        """The same, citing it where it is not."""
        number = self.number(selected)
        if number is None:
            number = len(self.citations) + 1
            self.citations.append(Citation(number, selected.passage.article, selected.span.start, selected.span.end))
        return number

    def line(self, number: int) -> str:
        """The quote with its marker, publisher and date."""
        citation, language = self.citations[number - 1], self.answer.language
        quote = quoted(citation.quote, citation.article.language, language)
        return f"{quote} [{number}] — {attribution(citation.article, language)}"

    def finished(self) -> Answer:
        """The answer with what was cited since."""
        added = self.citations[self.first_added - 1 :]
        shown = list(self.answer.passages)
        for citation in self.citations:
            if not any(_holds(passage, citation) for passage in shown):
                passage = next(p for p in self._passages if _holds(p, citation))
                shown.append(replace(passage, rank=len(shown) + 1))
        sentences = [*self.answer.sentences, *(Sentence(c.quote, (c.n,)) for c in added)]
        return replace(self.answer, citations=tuple(self.citations), sentences=tuple(sentences), passages=tuple(shown))


def _is_at(citation: Citation, selected: Selected) -> bool:
    """Whether the sentence is quoted, be it with the one before it."""
    article = selected.passage.article
    same = (citation.article.article_id, citation.article.version) == (article.article_id, article.version)
    return same and citation.start <= selected.span.start and selected.span.end <= citation.end


def _holds(passage: Passage, citation: Citation) -> bool:
    same = (passage.article.article_id, passage.article.version) == (
        citation.article.article_id,
        citation.article.version,
    )
    return same and passage.chunk.start <= citation.start < citation.end <= passage.chunk.end

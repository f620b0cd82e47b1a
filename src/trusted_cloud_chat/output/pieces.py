"""Splits the text of an answer into our words, quotes and markers. Text by others never becomes a marker."""

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from trusted_cloud_chat.answering.citing import forms
from trusted_cloud_chat.answering.wording import attribution, origin, translation_of, words_of
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.schema import Answer, Citation, Language

OPENING = ("«", "“")


class Piece(NamedTuple):
    """A piece of an answer: our words, an article's words, or the number of a marker."""

    kind: Literal["text", "quote", "marker"]
    text: str


def pieces(text: str, answer: Answer) -> list[Piece]:
    """`text` of the answer cut at its quotes and markers. A marker counts only if its citation exists, and outside what articles and the reader
    wrote. In an answer of kind `evidence`, a text without a quote has no markers: it may hold titles, addresses and an earlier question.
    """
    quotes = {words for citation in answer.citations for words in shown_of(citation)}
    if answer.query.kind == "evidence" and not any(quote in text for quote in quotes):
        return [Piece("text", text)]
    numbers = {citation.n for citation in answer.citations}
    found: list[Piece] = []
    position = 0
    for start, end in [*_ranges(text, quotes.union(_foreign(answer))), (len(text), len(text))]:
        found += _with_markers(text[position:start], numbers)
        words = text[start:end]
        found.append(Piece("quote" if words in quotes else "text", words))
        position = end
    return [piece for piece in found if piece.text]


def shown_of(citation: Citation) -> list[str]:
    """The words of a quote in each of its forms, one line each."""
    return [one_line(words_of(citation, among)) for among in forms(citation)]


def translations_of(citation: Citation, language: Language) -> set[str]:
    """The lines of our translation that may stand under a quote."""
    return {translation_of(citation, language, among) for among in forms(citation)}


def _foreign(answer: Answer) -> list[str]:
    """Other strings written by others: publishers, titles, the repeated question."""
    articles = [c.article for c in answer.citations] + [p.article for p in answer.passages]
    by = [attribution(article, answer.language) for article in articles]
    said = [*by, *(origin(one, answer.language) for one in answer.citations)]
    said += [line for one in answer.citations for line in translations_of(one, answer.language)]
    if answer.refused:
        said += [f"{a.title} ({name})" for a, name in zip(articles, by, strict=True)] + [answer.query.text]
    return said


def _ranges(text: str, phrases: Collection[str]) -> list[tuple[int, int]]:
    """Non-overlapping positions of `phrases` in `text`, in order; longer phrases win."""
    taken: list[tuple[int, int]] = []
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        start = text.find(phrase)
        while start >= 0:
            end = start + len(phrase)
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
            start = text.find(phrase, end)
    return sorted(taken)


def _with_markers(text: str, numbers: Collection[int]) -> Iterator[Piece]:
    position = 0
    for match in patterns.MARKER.finditer(text):
        if int(match[1]) in numbers:
            yield Piece("text", text[position : match.start()])
            yield Piece("marker", match[1])
            position = match.end()
    yield Piece("text", text[position:])

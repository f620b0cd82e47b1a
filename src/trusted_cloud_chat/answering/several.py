"""Two questions in one: the answers to each, joined into one answer whose quotes are numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.compose import shown_passages
from trusted_cloud_chat.answering.wording import NBSP, words_of
from trusted_cloud_chat.evidence.carrying import quoted_passages
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence

_NOT_FOUND = {"fr": "Non trouvé dans les articles.", "en": "Not found in the articles."}


def joined(question: str, read: Question, answers: Sequence[Answer]) -> Answer | None:
    """Each question with its answer under it, in a line that nothing was found where it has none. None where no question has one, or
    one has a table.
    """
    language = read.query.language
    asked = list(zip(read.query.parts, answers, strict=True))
    answered = [one for one in answers if one.outcome != "refused"]
    if all(one.refused for one in answers) or any(one.table for one in answered):
        return None
    citations: list[Citation] = []
    composed: list[Sentence] = []
    paragraphs: list[str] = []
    for text, one in asked:
        if one.outcome == "refused":
            beside = [f"[{c.n}]" for c in citations if holds(one.query.kind, text, words_of(c), c.article.language) > 0]
            paragraphs.append(f"{_heading(text, language)} {' '.join(beside[:1]) or _NOT_FOUND[language]}")
            continue
        numbers = {citation.n: _number(citation, citations) for citation in one.citations}
        lines = (line for line in one.sentences if line.status == "composed")
        composed += [replace(line, citations=tuple(numbers[n] for n in line.citations)) for line in lines]
        said = _renumbered(one.answer, numbers, [words_of(citation) for citation in one.citations]).split("\n\n")
        new = [one for one in said if one not in paragraphs or not patterns.MARKER.search(one)]
        as_above = " ".join(f"[{n}]" for n in dict.fromkeys(numbers.values()))
        paragraphs += [_heading(text, language), *new] if new else [f"{_heading(text, language)} {as_above}"]
    first = next(one for one in answered if not one.refused)
    return replace(
        first,
        question=question,
        query=read.query,
        answer="\n\n".join(paragraphs),
        sentences=(*composed, *(Sentence(words_of(citation), (citation.n,)) for citation in citations)),
        citations=tuple(citations),
        passages=shown_passages(first.passages, [p for one in answered for p in quoted_passages(one)]),
        confidence=min(one.confidence or 0.0 for one in answered),
        missing=(
            *(text for text, one in asked if one.outcome == "refused"),
            *(name for one in answered for name in one.missing),
        ),
    )


def _heading(text: str, language: Language) -> str:
    """« Depuis quand ? »"""
    asked = text.rstrip(f"?.! {NBSP}\u202f")
    return f"{asked[:1].upper()}{asked[1:]}{'' if language == 'en' else NBSP}?"


def _number(citation: Citation, citations: list[Citation]) -> int:
    """Its number among `citations`, to which it is added where its words are not there yet."""
    for known in citations:
        same = (
            known.article.article_id == citation.article.article_id
            and known.article.version == citation.article.version
        )
        if same and known.start <= citation.start and citation.end <= known.end:
            return known.n
    citations.append(replace(citation, n=len(citations) + 1))
    return len(citations)


def _renumbered(text: str, numbers: dict[int, int], quotes: Sequence[str]) -> str:
    """`text` with other markers; what looks like one within a quote stays."""
    if quotes:
        quote, *others = (one_line(one) for one in quotes)
        return quote.join(_renumbered(part, numbers, others) for part in text.split(quote))
    return patterns.MARKER.sub(lambda found: f"[{numbers.get(int(found[1]), int(found[1]))}]", text)

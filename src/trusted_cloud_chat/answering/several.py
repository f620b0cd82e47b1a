"""Several questions in one: the answer to all of it, and under their questions what it leaves out, with quotes numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.compose import shown_passages
from trusted_cloud_chat.answering.wording import MARK, NBSP, words_of
from trusted_cloud_chat.evidence.carrying import quoted_passages
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence

_LITTLE = 0.25
"""Share of its words up to which a quote says nothing new."""
_NOT_FOUND = {"fr": "Non trouvé dans les articles.", "en": "Not found in the articles."}


def joined(question: str, read: Question, answers: Sequence[Answer], whole: Answer) -> Answer | None:
    """The answer to the `whole`, then each part that it leaves open with its answer under it, in a line that nothing was found where it
    has none. None where no part adds anything, or one has a table.
    """
    language = read.query.language
    asked = list(zip(read.query.parts, answers, strict=True))
    first = [whole] if whole.outcome == "answered" else []
    asked = [(text, one) for text, one in asked if not (first and _is_told(text, one, whole))]
    answered = [*first, *(one for _, one in asked if one.outcome != "refused")]
    if not asked or all(one.refused for one in answered) or any(one.table for one in answered):
        return None
    citations: list[Citation] = []
    composed: list[Sentence] = []
    paragraphs: list[str] = []
    for text, one in [*(("", one) for one in first), *asked]:
        heading = [_heading(text, language)] if text else []
        if one.outcome == "refused":
            beside = [f"[{c.n}]" for c in citations if holds(one.query.kind, text, words_of(c), c.article.language) > 0]
            paragraphs.append(f"{heading[0]} {' '.join(beside[:1]) or _NOT_FOUND[language]}")
            continue
        numbers = {citation.n: _number(citation, citations) for citation in one.citations}
        lines = (line for line in one.sentences if line.status == "composed")
        composed += [replace(line, citations=tuple(numbers[n] for n in line.citations)) for line in lines]
        said = _renumbered(one.answer, numbers, [words_of(citation) for citation in one.citations]).split("\n\n")
        new = [one for one in said if one not in paragraphs or not patterns.MARKER.search(one)]
        as_above = " ".join(f"[{n}]" for n in dict.fromkeys(numbers.values()))
        paragraphs += [*heading, *new] if any(map(patterns.MARKER.search, new)) else [f"{heading[0]} {as_above}"]
    lead = next(one for one in answered if not one.refused)
    return replace(
        lead,
        question=question,
        query=read.query,
        answer="\n\n".join(paragraphs),
        sentences=(*composed, *(Sentence(words_of(citation), (citation.n,)) for citation in citations)),
        citations=tuple(citations),
        passages=shown_passages(lead.passages, [p for one in answered for p in quoted_passages(one)]),
        confidence=min(one.confidence or 0.0 for one in answered),
        missing=(
            *(text for text, one in asked if one.outcome == "refused"),
            *(name for one in answered for name in one.missing),
        ),
    )


def _is_told(text: str, part: Answer, whole: Answer) -> bool:
    """Whether what the answer to the whole shows has the quotes of a part, or says nearly all of them."""
    shown = whole.answer.replace(MARK, "")
    said = [(words_of(one), one.article.language) for one in part.citations]
    return part.outcome != "refused" and all(_stands_in(shown, quote, text, language) for quote, language in said)


def _stands_in(shown: str, said: str, asked: str, language: Language) -> bool:
    stems = content_words(said, language)
    new = stems - content_words(shown, language) - content_words(asked, language)
    return one_line(said) in shown or len(new) <= _LITTLE * len(stems)


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

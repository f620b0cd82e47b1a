"""Joins the answers to several questions in one text: to the whole, then to the parts that it leaves open, numbered together."""

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.citing import onward
from trusted_cloud_chat.answering.compose import shown_passages
from trusted_cloud_chat.answering.wording import MARK, NBSP, words_of
from trusted_cloud_chat.evidence.carrying import quoted_passages
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.question.asking import shared_head
from trusted_cloud_chat.question.expected import EXACT, holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence

_LITTLE = 0.25
"""Maximum share of new content words at which a quote adds nothing."""
_BARE, _SHORT, _ASKED_BARELY = 3, 5, ("date", "who", "where")
"""Maximum words of a part that the leading quote may answer (« par qui »), and of a part that any quote may answer; kinds of the former."""
_NOT_FOUND = {"fr": "Non trouvé dans les articles.", "en": "Not found in the articles."}


def joined(
    question: str, read: Question, answers: Sequence[Answer], whole: Answer, *, leads: bool = False
) -> Answer | None:
    """Each part with its answer, below the answer to the `whole` if that covers several parts, or if `leads`. None if no part adds anything, or an answer has a table."""
    language, asked = read.query.language, list(zip(read.query.parts, answers, strict=True))
    only = _told_alone(whole, asked)
    told = [n == only or (whole.outcome == "answered" and _is_told(*one, whole)) for n, one in enumerate(asked)]
    none_counts = not any(counts(text, one) for text, one in asked)
    leads = whole.outcome == "answered" and (leads or sum(told) > 1 or none_counts or only is not None)
    first = [whole] if leads else []
    asked = [
        (text, whole if known and one.refused else one)
        for (text, one), known in zip(asked, told, strict=True)
        if not (leads and known)
    ]
    answered = [*first, *(one for text, one in asked if counts(text, one))]
    if not asked or not answered or any(one.table for one in answered):
        return None
    citations: list[Citation] = []
    composed: list[Sentence] = []
    paragraphs: list[str] = []
    missing: dict[str, Answer] = {}
    for text, one in [*(("", one) for one in first), *asked]:
        heading = [_heading(text, read.query.parts, language)] if text else []
        if text and not counts(text, one):
            missing[text] = one
            paragraphs.append(text)
            continue
        if text and (above := _above(one, paragraphs)):
            paragraphs.append(f"{heading[0]} {above}")
            continue
        numbers = {citation.n: _number(citation, citations) for citation in one.citations}
        lines = (line for line in one.sentences if line.status == "composed")
        composed += [replace(line, citations=tuple(numbers[n] for n in line.citations)) for line in lines]
        said = _renumbered(one.answer, numbers, [words_of(citation) for citation in one.citations]).split("\n\n")
        paragraphs += [*heading, *(one for one in said if one not in paragraphs or not patterns.MARKER.search(one))]
    found = {text: _elsewhere(text, one, citations) for text, one in missing.items()}
    for n, text in enumerate(paragraphs):
        if text in found:
            paragraphs[n] = f"{_heading(text, read.query.parts, language)} {found[text] or _NOT_FOUND[language]}"
    lead = answered[0]
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
            *(text for text, place in found.items() if not place),
            *(name for one in answered for name in one.missing),
        ),
    )


def _told_alone(whole: Answer, asked: Sequence[tuple[str, Answer]]) -> int | None:
    """The index of the only unanswered part, if the leading quote of the whole may answer it and no other part has that quote; else None."""
    still = [n for n, (_, part) in enumerate(asked) if part.outcome != "answered"]
    shown = [one for _, part in asked if part.outcome == "answered" for one in part.citations]
    if whole.outcome != "answered" or not shown or len(still) != 1:
        return None
    text, part = asked[still[0]]
    lead = whole.citations[0]
    is_new = not any(_same_place(lead, other) for other in shown)
    return still[0] if is_new and _holds(part.query.kind, text, lead) >= 0 else None


def _above(part: Answer, paragraphs: Sequence[str]) -> str:
    """The markers of the lines that show the quotes of the part, « [1] »; empty if one is not shown, or a composed line leads them."""
    if any(sentence.status == "composed" for sentence in part.sentences):
        return ""
    lines = "\n".join(paragraphs).replace(MARK, "").split("\n")
    markers: dict[str, None] = {}
    for quote in (one_line(words_of(citation)) for citation in part.citations):
        after = next((line.partition(quote)[2] for line in lines if quote in line), "")
        marker = patterns.MARKER.search(after)
        if marker is None:
            return ""
        markers[f"[{marker[1]}]"] = None
    return " ".join(markers)


def _elsewhere(text: str, part: Answer, citations: Sequence[Citation]) -> str:
    """The marker (« [2] ») of a quote that may answer an unanswered part: one of its own quotes, or for a short part any quote of the expected answer type; else empty."""
    held = [(one, _holds(part.query.kind, text, one)) for one in citations]
    near = (one.n for one, sure in held if sure >= 0 and any(_same_place(one, other) for other in part.citations))
    n = next(near, next((one.n for one, sure in held if _bare(text, _SHORT) and sure > 0), None))
    return f"[{n}]" if n else ""


def counts(text: str, part: Answer) -> bool:
    """Whether the part is answered; if it asks for a figure or a date, its first quote must contain one."""
    kind, lead = part.query.kind, part.citations[:1]
    return part.outcome == "answered" and (kind not in EXACT or all(_holds(kind, text, one) > 0 for one in lead))


def adds(text: str, part: Answer, others: Sequence[Answer]) -> bool:
    """Whether the part is answered by a figure or day of its kind, or by a sentence with which none of the `others` begins."""
    led = [one.citations[0] for one in others if one.outcome == "answered"]
    is_new = part.query.kind in EXACT or not any(_same_place(one, lead) for one in led for lead in part.citations[:1])
    return is_new and counts(text, part)


def _holds(kind: str, text: str, one: Citation) -> float:
    """`holds` (1, 0 or -1) for the quote with the sentences shown after it."""
    return holds(kind, text, words_of(one, onward(one)), one.article.language)


def _is_told(text: str, part: Answer, whole: Answer) -> bool:
    """Whether the answer to the whole covers the part: it contains the part's quotes, or its leading quote answers a bare « par qui »."""
    lead, kind, language = whole.citations[:1], part.query.kind, part.query.language
    if any(_same_place(one, other) for one in lead for other in part.citations[:1]):
        return all(holds(kind, text, words_of(one), one.article.language) >= 0 for one in lead)
    bare = kind in _ASKED_BARELY and spans_of("question_word", _bare(text), language)
    if bare and all(holds(kind, whole.query.text, words_of(one), one.article.language) > 0 for one in lead):
        return True
    shown = whole.answer.replace(MARK, "")
    visible = [one for one in whole.citations if one_line(words_of(one)) in shown]
    if kind in EXACT and not any(_holds(kind, text, one) > 0 for one in visible):
        return False
    said = [(words_of(one), one.article.language) for one in part.citations]
    return part.outcome != "refused" and all(_stands_in(shown, quote, text, language) for quote, language in said)


def _bare(text: str, most: int = _BARE) -> str:
    """The part without the subject before its colon, if at most `most` words are left; else empty."""
    piece = text[text.find(":") + 1 :]
    return piece if len(words(piece)) <= most else ""


def _stands_in(shown: str, said: str, asked: str, language: Language) -> bool:
    stems = content_words(said, language)
    new = stems - content_words(shown, language) - content_words(asked, language)
    return one_line(said) in shown or len(new) <= _LITTLE * len(stems)


def _heading(text: str, parts: Sequence[str], language: Language) -> str:
    """The part as a heading: « Depuis quand ? », without what stands before a colon and asks nothing."""
    asked = text[shared_head(parts) :].strip()
    before, _, after = asked.partition(": ")
    asked = after if after and not spans_of("question_word", before, language) else asked
    asked = asked.rstrip(f"?.! {NBSP}\u202f")
    return f"{asked[:1].upper()}{asked[1:]}{'' if language == 'en' else NBSP}?"


def _number(citation: Citation, citations: list[Citation]) -> int:
    """The number of the citation among `citations`, to which it is added unless one of them contains it."""
    for known in citations:
        if _same_place(known, citation):
            return known.n
    citations.append(replace(citation, n=len(citations) + 1))
    return len(citations)


def _same_place(known: Citation, citation: Citation) -> bool:
    one, other = known.article, citation.article
    same = (one.article_id, one.version) == (other.article_id, other.version)
    return same and known.start <= citation.start and citation.end <= known.end


def _renumbered(text: str, numbers: dict[int, int], quotes: Sequence[str]) -> str:
    """`text` with its markers renumbered, but not the brackets within `quotes`."""
    if quotes:
        quote, *others = (one_line(one) for one in quotes)
        return quote.join(_renumbered(part, numbers, others) for part in text.split(quote))
    return patterns.MARKER.sub(lambda found: f"[{numbers.get(int(found[1]), int(found[1]))}]", text)

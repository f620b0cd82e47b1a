"""A chat model's verified sentences over the quotes of the extractive answer → the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from trusted_cloud_chat.answering.wording import origin, quoted, words_of
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence
from trusted_cloud_chat.writing.drafts import Draft, same_sentence
from trusted_cloud_chat.writing.evidence import Quote
from trusted_cloud_chat.writing.prompt import notice, words
from trusted_cloud_chat.writing.verification import Verdict

Unsupported = Literal["mark", "strike", "drop"]
_GOES_ON = " "
"""What a sentence opens with that is not the first of its paragraph or list item."""


@dataclass
class Composition:
    """Grows by a sentence at a time, over the quotes of `extractive`, whose numbers stay; further quotes are numbered after them."""

    language: Language
    unsupported: Unsupported
    extractive: Answer
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _opens: str = ""

    def __post_init__(self) -> None:
        """What a refusal quotes answers nothing, and gives way."""
        self.citations = [] if self.extractive.refused else list(self.extractive.citations)

    @property
    def proved(self) -> bool:
        """Whether any sentence is."""
        return any(sentence.supported for sentence in self.sentences)

    def repeats(self, text: str) -> bool:
        """Whether a looping model has said this before, and it stood."""
        return any(sentence.supported and same_sentence(text, sentence.text) for sentence in self.sentences)

    def add(self, draft: Draft, verdict: Verdict) -> None:
        """One that is not proved points to nothing, so that it never looks cited; said again, it is judged anew."""
        self.sentences = _without(self.sentences, lambda s: same_sentence(draft.text, s.text))
        pointed = verdict.quotes if verdict.status in ("proved", "contradicted") else ()
        numbers = tuple(sorted({self._number(quote) for quote in pointed}))
        opens = self._opens or draft.opens if draft.opens == _GOES_ON else draft.opens
        self.sentences.append(Sentence(draft.text, numbers, verdict.status, verdict.reason(self.language), opens))
        self._opens = ""

    def skip(self, draft: Draft) -> None:
        """Leave it out; what it began, a paragraph or a list item, begins with the next sentence of it."""
        self._opens = self._opens if draft.opens == _GOES_ON else draft.opens

    def answer(self, name: str, *, whole: bool) -> Answer:
        """The answer so far; question, query and passages are those of the extractive one."""
        dropped = self.unsupported == "drop"
        shown = tuple(_without(self.sentences, lambda s: dropped and s.status == "unproved"))
        while whole and shown and _opens_nothing(shown[-1]):
            shown = shown[:-1]
        evidence = self._evidence()
        return replace(
            self.extractive,
            outcome="answered",
            refusal_reason=None,
            answer="\n\n".join(filter(None, (written_text(shown, self.language, self.unsupported), evidence))),
            evidence=evidence,
            sentences=shown,
            citations=tuple(self.citations),
            chat_model=name,
            notices=(*self.extractive.notices, *(self._notices() if whole else ())),
        )

    def _evidence(self) -> str:
        """The extractive answer, and a line for each quote that only the model's sentences point to."""
        refused = self.extractive.refused
        known = 0 if refused else len(self.extractive.citations)
        added = [
            f"{quoted(words_of(c), c.article.language, self.language)} [{c.n}] — {origin(c, self.language)}"
            for c in self.citations[known:]
        ]
        return "\n\n".join([*([] if refused else [self.extractive.answer]), *added])

    def _notices(self) -> list[str]:
        told = []
        for status, done in (("unproved", self.unsupported), ("contradicted", "strike")):
            count = sum(sentence.status == status for sentence in self.sentences)
            if count:
                told.append(notice(f"{'one' if count == 1 else 'many'}_{status}_{done}", self.language, count=count))
        return told

    def _number(self, quote: Quote) -> int:
        for known in self.citations:
            same = (known.article.article_id, known.article.version) == (
                quote.article.article_id,
                quote.article.version,
            )
            if same and known.start <= quote.span.start and quote.span.end <= known.end:
                return known.n
        cited = Citation(len(self.citations) + 1, quote.article, quote.span.start, quote.span.end)
        self.citations.append(cited)
        return cited.n


def _without(sentences: Sequence[Sentence], gone: Callable[[Sentence], bool]) -> list[Sentence]:
    """Those that stay, each paragraph and list item still opened by the first one left of it."""
    kept: list[Sentence] = []
    opens = ""
    for sentence in sentences:
        began = opens if opens and sentence.opens == _GOES_ON else sentence.opens
        if gone(sentence):
            opens = "" if began == _GOES_ON else began
        else:
            kept.append(replace(sentence, opens=began))
            opens = ""
    return kept


def _opens_nothing(last: Sentence) -> bool:
    """Whether the last sentence is a heading, the head of a table or the line before a list, of which nothing came."""
    text = last.text.rstrip()
    return last.status == "connective" and (text.rstrip("*").endswith(":") or text.endswith("**") or "\n" in text)


def written_text(sentences: tuple[Sentence, ...], language: Language, unsupported: Unsupported) -> str:
    """The sentences as Markdown, with their markers and marks."""
    return "".join(s.opens + marked(s, language, unsupported) for s in sentences).strip()


def marked(sentence: Sentence, language: Language, unsupported: Unsupported) -> str:
    """« Texte [1][2]. », « Texte. (non vérifié) », « ~~Texte.~~ (contredit par [3]) »; in a table row within its last cell."""
    markers = "".join(f"[{n}]" for n in sentence.citations)
    if sentence.text.startswith("|"):
        said, mark = sentence.text, f" {markers}" if markers else ""
        if sentence.status in ("unproved", "contradicted"):
            mark = f" ({words('marks', language)[sentence.status].format(markers=markers)})"
        row, line_break, rule = said.partition("\n")
        return f"{row.rstrip('| ')}{mark} |{line_break}{rule}"
    if sentence.status == "contradicted":
        return f"~~{sentence.text}~~ ({words('marks', language)['contradicted'].format(markers=markers)})"
    if sentence.status == "unproved":
        return (
            f"~~{sentence.text}~~"
            if unsupported == "strike"
            else f"{sentence.text} ({words('marks', language)['unproved']})"
        )
    if not markers:
        return sentence.text
    if sentence.text.endswith(".") and not sentence.text.endswith(".."):
        return f"{sentence.text[:-1].rstrip()} {markers}."
    return f"{sentence.text} {markers}"

"""Composes the answer from a chat model's sentences and the quotes that they point to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trusted_cloud_chat.answering.citing import citation_of, needed
from trusted_cloud_chat.answering.wording import MARK, origin, quoted, words_of
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence
from trusted_cloud_chat.writing.drafts import Draft, Quote, same_sentence
from trusted_cloud_chat.writing.evidence import Mark
from trusted_cloud_chat.writing.prompt import words
from trusted_cloud_chat.writing.second_opinion import SecondOpinion

_GOES_ON = " "
"""What precedes a sentence that is not the first of its paragraph or list item."""


@dataclass
class Composition:
    """An answer that grows sentence by sentence. The quotes under it are those that the model points to, in that order; if `extractive` has a
    table, its quotes come first and stay.
    """

    language: Language
    extractive: Answer
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _opens: str = ""

    def __post_init__(self) -> None:
        if self.extractive.table and not self.extractive.refused:
            self.citations = list(self.extractive.citations)
        self._tabled = len(self.citations)

    @property
    def answers(self) -> bool:
        """Whether there is something to show; in place of a refusal only sentences with a source count."""
        if self.extractive.refused:
            return any(sentence.citations for sentence in self.sentences)
        return any(sentence.status != "connective" for sentence in self.sentences)

    def repeats(self, text: str) -> bool:
        """Whether a looping model repeats an earlier sentence that has a source."""
        return any(sentence.citations and same_sentence(text, sentence.text) for sentence in self.sentences)

    def add(self, draft: Draft, mark: Mark) -> None:
        """Add a sentence; a repetition with a source takes the place of what it repeats."""
        numbers = tuple(sorted({self._number(quote) for quote in mark.quotes}))
        opens = self._opens or draft.opens if draft.opens == _GOES_ON else draft.opens
        new = Sentence(draft.text, numbers, mark.status, mark.hint, opens)
        again = next((n for n, known in enumerate(self.sentences) if same_sentence(draft.text, known.text)), None)
        if again is None:
            self.sentences.append(new)
            self._opens = ""
        else:
            self.sentences[again] = replace(new, opens=self.sentences[again].opens)
            self.skip(draft)

    def skip(self, draft: Draft) -> None:
        """Leave it out; the paragraph or list item that it opened is opened by the next sentence."""
        self._opens = self._opens if draft.opens == _GOES_ON else draft.opens

    def have_read(self, other: SecondOpinion) -> None:
        """Get a second opinion on each sentence with sources; nothing is removed, and a hint stays."""
        told = words("hints", self.language)
        read = {n: s for n, s in enumerate(self.sentences) if s.status == "unproved" and s.citations}
        sources = (" ".join(self.citations[c - 1].quote for c in s.citations) for s in read.values())
        pairs = [(source, s.text.partition("\n")[0]) for source, s in zip(sources, read.values(), strict=True)]
        opinions = other.read(pairs, self.language) if pairs else []
        for (place, sentence), opinion in zip(read.items(), opinions, strict=True):
            if opinion and opinion.verdict == "follows":
                reason = sentence.reason or told["confirmed"].format(name=other.name)
                self.sentences[place] = replace(sentence, status="proved", reason=reason)
            elif opinion and opinion.verdict == "contradicts":
                what = quoted(opinion.words, self.language, self.language) if opinion.words else ""
                reason = told["contradicted_by" if what else "contradicted"].format(name=other.name, what=what)
                self.sentences[place] = replace(sentence, status="contradicted", reason=reason)

    def answer(self, name: str, *, whole: bool) -> Answer:
        """The answer so far; question, query and passages are those of the extractive one."""
        shown = tuple(self.sentences)
        while whole and shown and _opens_nothing(shown[-1]):
            shown = shown[:-1]
        evidence = self._evidence() or self.extractive.answer
        changed = _pointing(self.extractive, self.citations) if self.citations and not self._tabled else {}
        denied = self.extractive.refusal_reason == "false_premise"  # as it is put the question has no answer
        return replace(
            self.extractive,
            outcome=self.extractive.outcome if denied else "answered",
            refusal_reason="false_premise" if denied else None,
            answer="\n\n".join(filter(None, (written_text(shown), evidence))),
            evidence=evidence,
            sentences=shown,
            citations=tuple(self.citations) or self.extractive.citations,
            chat_model=name,
            **changed,
        )

    def chosen(self, quotes: Sequence[Quote], name: str) -> Answer:
        """Quotes alone, those that a model chose, in its order; the line above them stays where all that proves it was chosen."""
        for quote in quotes:
            self._number(quote)
        to = _renumbering(self.extractive, self.citations)
        first = [
            replace(one, citations=tuple(to[n] for n in one.citations))
            for one in self.extractive.sentences
            if one.status == "composed" and to.keys() >= set(one.citations)
        ]
        line = [f"{MARK}{one.text}{MARK} {''.join(f'[{n}]' for n in one.citations)}" for one in first]
        return replace(
            self.extractive,
            outcome="answered",
            refusal_reason=None,
            answer="\n\n".join([*line, self._evidence()]),
            sentences=(*first, *(Sentence(words_of(one), (one.n,)) for one in self.citations)),
            citations=tuple(self.citations),
            known_at=None,
            sources_count=None,
            chat_model=name,
            **_pointing(self.extractive, self.citations),
        )

    def _evidence(self) -> str:
        """A line per quote, under the table if there is one."""
        lines = [
            f"{quoted(words_of(c, needed(c)), c.article.language, self.language)} [{c.n}] — {origin(c, self.language)}"
            for c in self.citations[self._tabled :]
        ]
        return "\n\n".join([*([self.extractive.answer] if self._tabled else []), *lines])

    def _number(self, quote: Quote) -> int:
        for known in self.citations:
            same = _of_one_text(known, quote)
            if same and known.start <= quote.span.start and quote.span.end <= known.end:
                return known.n
        self.citations.append(citation_of(len(self.citations) + 1, quote.article, quote.span, quote.statement))
        return len(self.citations)


def _of_one_text(citation: Citation, other: Quote | Citation) -> bool:
    one, two = citation.article, other.article
    return (one.article_id, one.version) == (two.article_id, two.version)


def _renumbering(extractive: Answer, chosen: Sequence[Citation]) -> dict[int, int]:
    """The numbers that the extractive answer's quotes have among the chosen ones, where they are there."""
    return {
        old.n: new.n
        for new in reversed(chosen)
        for old in extractive.citations
        if _of_one_text(old, new) and old.start <= new.start and new.end <= old.end
    }


def _pointing(extractive: Answer, chosen: Sequence[Citation]) -> dict[str, Any]:
    """The extractive answer's statements about its quotes, renumbered for the chosen ones; the others are left out."""
    to = _renumbering(extractive, chosen)

    def kept(told: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(replace(one, citation=to[one.citation]) for one in told if one.citation in to)

    apart = (one for one in extractive.disagreements if to.keys() >= set(one.citations))
    return {
        "promises": tuple(replace(one, outcome=to.get(one.outcome or 0)) for one in kept(extractive.promises)),
        "disagreements": tuple(replace(one, citations=tuple(to[n] for n in one.citations)) for one in apart),
        "stages": kept(extractive.stages),
    }


def _opens_nothing(last: Sentence) -> bool:
    """Whether the last sentence is a heading, the head of a table or the line before a list, with nothing after it."""
    text = last.text.rstrip()
    return last.status == "connective" and (text.rstrip("*").endswith(":") or text.endswith("**") or "\n" in text)


def written_text(sentences: Sequence[Sentence]) -> str:
    """The sentences as Markdown, with their markers and hints."""
    return "".join(s.opens + marked(s) for s in sentences).strip()


def marked(sentence: Sentence) -> str:
    """« Texte [1][2]. », « Texte. (sans source) », « Texte [1]. (« 18 % » n’est pas tel quel dans la source) »; in a table row
    within its last cell.
    """
    markers = "".join(f"[{n}]" for n in sentence.citations)
    hint = f" ({sentence.reason})" if sentence.reason else ""
    if sentence.text.startswith("|"):
        row, line_break, rule = sentence.text.partition("\n")
        return f"{row.rstrip('| ')}{f' {markers}' if markers else ''}{hint} |{line_break}{rule}"
    if not markers:
        return sentence.text + hint
    if sentence.text.endswith(".") and not sentence.text.endswith(".."):
        return f"{sentence.text[:-1].rstrip()} {markers}.{hint}"
    return f"{sentence.text} {markers}{hint}"

"""Composes the answer from a chat model's sentences and the quotes that they cite."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trusted_cloud_chat.answering.citing import citation_of, needed
from trusted_cloud_chat.answering.wording import MARK, origin, quoted, words_of
from trusted_cloud_chat.schema import Answer, Citation, Language, Sentence
from trusted_cloud_chat.writing import texts
from trusted_cloud_chat.writing.drafts import Draft, Quote, same_sentence
from trusted_cloud_chat.writing.evidence import Mark
from trusted_cloud_chat.writing.second_opinion import SecondOpinion

_GOES_ON = " "
"""`Draft.opens` of a sentence that is not the first of its paragraph or list item."""


@dataclass
class Composition:
    """An answer that grows sentence by sentence. Below it are the quotes that the model cites, after those of a table in `extractive`."""

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
        """Whether there is something to show; only sentences with a source can replace a refusal."""
        if self.extractive.refused:
            return any(sentence.citations for sentence in self.sentences)
        return any(sentence.status != "connective" for sentence in self.sentences)

    def repeats(self, text: str) -> bool:
        """Whether a looping model repeats an earlier sentence that has a source."""
        return any(sentence.citations and same_sentence(text, sentence.text) for sentence in self.sentences)

    def add(self, draft: Draft, mark: Mark) -> None:
        """Add a sentence; a repetition with a source replaces the earlier sentence."""
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
        """Leave out a sentence; the next one opens its paragraph or list item."""
        self._opens = self._opens if draft.opens == _GOES_ON else draft.opens

    def have_read(self, other: SecondOpinion) -> None:
        """Get a second opinion on each sentence with sources; no sentence or hint is removed."""
        hints = texts("hints")[self.language]
        places = [n for n, s in enumerate(self.sentences) if s.status == "unproved" and s.citations]
        sentences = [self.sentences[n] for n in places]
        sources = [" ".join(self.citations[c - 1].quote for c in s.citations) for s in sentences]
        pairs = list(zip(sources, (s.text.partition("\n")[0] for s in sentences), strict=True))
        opinions = other.read(pairs, self.language) if pairs else []
        for place, sentence, opinion in zip(places, sentences, opinions, strict=True):
            if opinion and opinion.verdict == "follows":
                reason = sentence.reason or hints["confirmed"].format(name=other.name)
                self.sentences[place] = replace(sentence, status="proved", reason=reason)
            elif opinion and opinion.verdict == "contradicts":
                what = quoted(opinion.words, self.language, self.language) if opinion.words else ""
                reason = hints["contradicted_by" if what else "contradicted"].format(name=other.name, what=what)
                self.sentences[place] = replace(sentence, status="contradicted", reason=reason)

    def answer(self, name: str, *, whole: bool) -> Answer:
        """The answer so far; question, query and passages are those of the extractive answer."""
        shown = tuple(self.sentences)
        while whole and shown and _opens_nothing(shown[-1]):
            shown = shown[:-1]
        text = "".join(s.opens + _marked(s) for s in shown).strip()
        evidence = self._evidence() or self.extractive.answer
        changed = _pointing(self.extractive, self.citations) if self.citations and not self._tabled else {}
        denied = self.extractive.refusal_reason == "false_premise"  # the question has no answer
        return replace(
            self.extractive,
            outcome=self.extractive.outcome if denied else "answered",
            refusal_reason="false_premise" if denied else None,
            answer="\n\n".join(filter(None, (text, evidence))),
            evidence=evidence,
            sentences=shown,
            citations=tuple(self.citations) or self.extractive.citations,
            chat_model=name,
            **changed,
        )

    def chosen(self, quotes: Sequence[Quote], name: str) -> Answer:
        """Only the quotes that a model chose, in its order, below the composed sentence if all of its citations were chosen."""
        for quote in quotes:
            self._number(quote)
        to = _renumbering(self.extractive, self.citations)
        first = [
            replace(s, citations=tuple(to[n] for n in s.citations))
            for s in self.extractive.sentences
            if s.status == "composed" and to.keys() >= set(s.citations)
        ]
        line = [f"{MARK}{s.text}{MARK} {''.join(f'[{n}]' for n in s.citations)}" for s in first]
        return replace(
            self.extractive,
            outcome="answered",
            refusal_reason=None,
            answer="\n\n".join([*line, self._evidence()]),
            sentences=(*first, *(Sentence(words_of(c), (c.n,)) for c in self.citations)),
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
    """The numbers of the extractive answer's quotes → their numbers among the chosen ones."""
    return {
        old.n: new.n
        for new in reversed(chosen)
        for old in extractive.citations
        if _of_one_text(old, new) and old.start <= new.start and new.end <= old.end
    }


def _pointing(extractive: Answer, chosen: Sequence[Citation]) -> dict[str, Any]:
    """The extractive answer's promises, disagreements and stages about the chosen quotes, renumbered."""
    to = _renumbering(extractive, chosen)

    def kept(statements: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(replace(s, citation=to[s.citation]) for s in statements if s.citation in to)

    apart = (d for d in extractive.disagreements if to.keys() >= set(d.citations))
    return {
        "promises": tuple(replace(p, outcome=to.get(p.outcome or 0)) for p in kept(extractive.promises)),
        "disagreements": tuple(replace(d, citations=tuple(to[n] for n in d.citations)) for d in apart),
        "stages": kept(extractive.stages),
    }


def _opens_nothing(last: Sentence) -> bool:
    """Whether the last sentence is a heading, a table's header or the line before a list."""
    text = last.text.rstrip()
    return last.status == "connective" and (text.rstrip("*").endswith(":") or text.endswith("**") or "\n" in text)


def _marked(sentence: Sentence) -> str:
    """« Texte [1][2]. », « Texte. (sans source) », « Texte [1]. (« 18 % » n’est pas tel quel dans la source) », in a row's last cell."""
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

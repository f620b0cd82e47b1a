"""What the reader learns from: questions, each with passages that answer it and passages that nearly do.

The passages that nearly do are the product's own best-ranked chunks without the answer, so that the reader learns to tell
"about the same thing" from "says it".

Sentences that answer the gold set's test split are cut out of every passage: as near misses they would be learnt to answer
nothing, and the test would measure that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from known_questions import Known, held_out

from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.schema import Article, Chunk, Reading
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.workbench import set_bench

DEPTH = 12
"""Best-ranked chunks among which the near misses are found."""
_SAME = 0.5
"""A sentence with this share of an answering one's words may say the same."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A chunk as the reader sees it, without what is not to be learnt. Spans are offsets into `text`."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    right: tuple[int, ...]
    """Numbers of the sentences that answer; none in a near miss."""
    answer: tuple[int, int] | None
    """Where the shortest answer stands, if it is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question; `right` is empty where nothing answers it."""

    question: str
    group: str
    """PIAF's article, or the corpus article: what is held out is held out by group."""
    right: tuple[Passed, ...]
    near: tuple[Passed, ...]
    answered: bool

    @property
    def teaches(self) -> bool:
        """Not where what answers is held out, or nothing at all was found."""
        return bool(self.right) == self.answered and bool(self.right or self.near)


Chunks = dict[str, tuple[Article, list[Chunk]]]
Span = tuple[str, int, int]
"""Article, start and end."""


def examples(
    articles: Sequence[Article],
    asked: Iterable[Known],
    embedder: Embedder,
    settings: Settings,
    unlearnt: Sequence[Span] = (),
) -> Iterator[Example]:
    """Each question with the chunks that answer it and what the product's own search finds beside them.

    Sentences that overlap a span of `unlearnt` are in none of them.
    """
    with set_bench(settings, embedder, articles, lambda *_: None, _Untrained()) as bench:
        chunks = {article.article_id: (article, bench.chunks_of(article)) for article in articles}
        for known in asked:
            found = bench.search(known.text, DEPTH, today=known.today)
            if found is not None:
                yield _example(known, [(p.article, p.chunk) for p in found.passages], chunks, unlearnt)


class _Untrained:
    """Passages are only searched for: there may be no reader yet."""

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        raise NotImplementedError


def _example(
    known: Known,
    found: Sequence[tuple[Article, Chunk]],
    chunks: Chunks,
    unlearnt: Sequence[Span],
) -> Example:
    """Right are the passages of articles that are learnt from, or of a held-out one where the question is held out too."""
    own = {article_id for article_id, _, _ in known.answers}
    beside = [(chunks[i][0], chunk) for i in own for chunk in chunks[i][1]]
    right = [(a, c) for a, c in beside if _holds(c, known) and not (known.complete and _kept_back(a, known))]
    near = [
        (a, c) for a, c in found if not _holds(c, known) and (a.article_id in own or not _says(a, c, known, chunks))
    ]
    kept = {(a.article_id, c.start) for a, c in near}
    near += [(a, c) for a, c in beside if not _holds(c, known) and (a.article_id, c.start) not in kept]
    seen = [tuple(p for a, c in some if (p := _passed(a, c, known, unlearnt)).sentences) for some in (right, near)]
    return Example(
        known.text,
        known.group,
        tuple(passed for passed in seen[0] if passed.right),
        seen[1],
        bool(known.answers),
    )


def _kept_back(article: Article, known: Known) -> bool:
    """Whether an article is held out and the question is not."""
    return held_out(article.article_id) and not held_out(known.group)


def _holds(chunk: Chunk, known: Known) -> bool:
    return known.right(chunk.article_id, chunk.start, chunk.end)


def _says(article: Article, chunk: Chunk, known: Known, chunks: Chunks) -> bool:
    """Whether a chunk of another article may answer too: it holds the answer's words or much of an answering sentence."""
    if article.article_id in known.relevant:
        return True
    if not known.answers or known.complete:
        return False
    text = article.text[chunk.start : chunk.end]
    if known.short is not None:
        article_id, start, end = known.short
        if fold(chunks[article_id][0].text[start:end]) in fold(text):
            return True
    quotes = [content_words(chunks[i][0].text[start:end]) for i, start, end in known.answers]
    sentences = [content_words(article.text[s.start : s.end]) for s in chunk.sentences]
    return any(_SAME * len(quote) <= len(quote & sentence) for quote in quotes for sentence in sentences)


def _passed(article: Article, chunk: Chunk, known: Known, unlearnt: Sequence[Span]) -> Passed:
    own = article.article_id
    cut = [s for s in chunk.sentences if any(i == own and a < s.end and s.start < b for i, a, b in unlearnt)]
    kept = [s for s in chunk.sentences if s not in cut]

    def place(offset: int) -> int:
        return offset - chunk.start - sum(s.end - s.start for s in cut if s.end <= offset)

    text, start = "", chunk.start
    for sentence in cut:
        text, start = text + article.text[start : sentence.start], sentence.end
    text += article.text[start : chunk.end]
    spans = [(a, b) for i, a, b in known.answers if i == own]
    right = tuple(n for n, s in enumerate(kept) if any(a < s.end and s.start < b for a, b in spans))
    answer = None
    if known.short is not None:
        i, start, end = known.short
        whole = chunk.start <= start and end <= chunk.end and not any(start < s.end and s.start < end for s in cut)
        answer = (place(start), place(end)) if i == own and whole else None
    return Passed(
        title_over(article, chunk.start), text, tuple((place(s.start), place(s.end)) for s in kept), right, answer
    )

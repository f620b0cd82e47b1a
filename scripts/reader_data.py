"""The training data of the reader: questions, each with passages that answer it and near misses.

Near misses are the product's best-ranked chunks without the answer, so that the reader learns to distinguish "on topic"
from "contains the answer".

Sentences that answer the gold set's test split are cut out of every passage: as near misses they would be trained as
wrong answers, and distort the test.
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
"""Number of best-ranked chunks searched for near misses."""
_SAME = 0.5
"""Share of an answering sentence's words from which another sentence may say the same."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A chunk as the reader sees it, without the sentences excluded from training. Offsets count in `text`."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    right: tuple[int, ...]
    """Indices of the answering sentences; empty for a near miss."""
    answer: tuple[int, int] | None
    """Position of the shortest answer, if known."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with answering passages (`right`, empty if nothing answers) and near misses (`near`)."""

    question: str
    group: str
    """The article; questions are held out by group."""
    right: tuple[Passed, ...]
    near: tuple[Passed, ...]
    answered: bool

    @property
    def teaches(self) -> bool:
        """False if the answering passages are held out, or no passage was retrieved."""
        return bool(self.right) == self.answered and bool(self.right or self.near)


Chunks = dict[str, tuple[Article, list[Chunk]]]
Span = tuple[str, int, int]
"""Article id, start, end."""


def examples(
    articles: Sequence[Article],
    asked: Iterable[Known],
    embedder: Embedder,
    settings: Settings,
    unlearnt: Sequence[Span] = (),
) -> Iterator[Example]:
    """Yields each question with the chunks that answer it and the other chunks that the product retrieves.

    Sentences that overlap a span of `unlearnt` are removed.
    """
    with set_bench(settings, embedder, articles, lambda *_: None, _Untrained()) as bench:
        chunks = {article.article_id: (article, bench.chunks_of(article)) for article in articles}
        for known in asked:
            found = bench.search(known.text, DEPTH, today=known.today)
            if found is not None:
                yield _example(known, [(p.article, p.chunk) for p in found.passages], chunks, unlearnt)


class _Untrained:
    """Stands in for the reader, which may not exist yet; passages are only retrieved."""

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        raise NotImplementedError


def _example(
    known: Known,
    found: Sequence[tuple[Article, Chunk]],
    chunks: Chunks,
    unlearnt: Sequence[Span],
) -> Example:
    """Held-out articles count as right only if the question is held out too."""
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
    """Whether a chunk of another article may answer too: it has the short answer or much of an answering sentence."""
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

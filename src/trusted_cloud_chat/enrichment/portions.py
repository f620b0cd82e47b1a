"""Splits an article into portions that a chat model can read, with numbered sentences, and builds the prompts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from trusted_cloud_chat.language.blocks import article_sentences, block_at
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.schema import Article, Language, Span

MOST_WORDS = 600
"""Of a portion."""
_A_WORD = 20
"""Tokens of a model's context for each word of a portion: the rules, the sentences and their rows must fit."""
_HARMLESS = str.maketrans("<>[]{}`", "‹›()()'")


@dataclass(frozen=True, slots=True)
class Portion:
    """Consecutive sentences of an article; `numbers` are their positions among all of its sentences, from 1."""

    article: Article
    numbers: tuple[int, ...]
    spans: tuple[Span, ...]
    under: str
    """The heading above the first one."""

    def after(self, number: int) -> Portion:
        """What follows a sentence of it."""
        return self.only([n for n in self.numbers if n > number])

    def only(self, numbers: Collection[int]) -> Portion:
        """Those sentences of it."""
        left = [(n, span) for n, span in zip(self.numbers, self.spans, strict=True) if n in numbers]
        block = block_at(self.article.text, left[0][1].start) if left else None
        under = block.under if block else ""
        return Portion(self.article, tuple(n for n, _ in left), tuple(span for _, span in left), under)

    def lines(self) -> Iterator[str]:
        """One for each sentence; headings have no number."""
        text = self.article.text
        for number, span in zip(self.numbers, self.spans, strict=True):
            block, said = block_at(text, span.start), as_data(text[span.start : span.end])
            if block is not None and block.kind == "heading":
                yield f"# {said}"
            else:
                beside = f" ({as_data(block.beside)})" if block is not None and block.beside else ""
                yield f"{number}. {said}{beside}"


def words_for(context: int) -> int:
    """The size of portions for a model whose context has so many tokens."""
    return min(MOST_WORDS, context // _A_WORD)


def portions(article: Article, most: int = MOST_WORDS) -> list[Portion]:
    """All of its sentences, in portions of about `most` words."""
    found: list[Portion] = []
    words = most
    for number, span in enumerate(article_sentences(article.text), start=1):
        size, block = len(article.text[span.start : span.end].split()), block_at(article.text, span.start)
        if words + size > most:
            found.append(Portion(article, (), (), block.under if block else ""))
            words = 0
        last = found[-1]
        found[-1] = replace(last, numbers=(*last.numbers, number), spans=(*last.spans, span))
        words += size
    return found


@dataclass(frozen=True, slots=True)
class Enrichable:
    """A file and the articles in it."""

    path: Path
    articles: tuple[Article, ...]
    words: int = MOST_WORDS
    """Of a portion."""

    def portions(self) -> list[Portion]:
        return [portion for article in self.articles for portion in portions(article, self.words)]


def portion_prompt(portion: Portion) -> list[BaseMessage]:
    """The messages that request rows."""
    article, language = portion.article, portion.article.language
    sources = "\n".join(
        f"{n}. {as_data(', '.join(filter(None, (s.publisher, s.title, str(s.date) if s.date else ''))))}"
        for n, s in enumerate(article.sources, start=1)
    )
    asked = template("enrich", language).format(
        title=as_data(article.title),
        date=article.date or "–",
        publisher=as_data(article.publisher or "–"),
        sources=sources or "–",
        under=as_data(portion.under) or "–",
        sentences="\n".join(portion.lines()),
    )
    return [SystemMessage(template("enrich_rules", language)), HumanMessage(asked)]


def mending_message(faults: Sequence[tuple[str, str]], language: Language) -> HumanMessage:
    """The message that requests corrections: each invalid row with the reason."""
    told = "\n".join(f"{row}\n→ {as_data(reason)}" for row, reason in faults)
    return HumanMessage(template("enrich_mend", language).format(rows=told))


def as_data(text: str) -> str:
    """Text of an article on one line, without characters that could pass for a part of the prompt."""
    return " ".join(printable(text).translate(_HARMLESS).split())


@cache
def template(name: str, language: Language) -> str:
    """A prompt of `data/prompts`."""
    path = resources.files("trusted_cloud_chat.data").joinpath(f"prompts/{name}.{language}.txt")
    return path.read_text("utf-8").strip()

"""Splits articles into portions of numbered sentences for a chat model, and builds the prompts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from trusted_cloud_chat.data import read
from trusted_cloud_chat.language.blocks import article_sentences, block_at
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.schema import Article, Language, Span

MOST_WORDS = 600
"""Maximum words of a portion."""
_A_WORD = 20
"""Tokens of a model's context for each word of a portion: the context must also hold the rules and the answer."""
_HARMLESS = str.maketrans("<>[]{}`", "‹›()()'")


@dataclass(frozen=True, slots=True)
class Portion:
    """Sentences of an article, by their numbers in the article, from 1."""

    article: Article
    sentences: dict[int, Span]

    def only(self, numbers: Collection[int]) -> "Portion":
        return Portion(self.article, {n: span for n, span in self.sentences.items() if n in numbers})

    @property
    def under(self) -> str:
        """The heading above the first sentence."""
        block = next((block_at(self.article.text, span.start) for span in self.sentences.values()), None)
        return block.under if block else ""

    def lines(self) -> Iterator[str]:
        """A line for each sentence; headings have no number."""
        text = self.article.text
        for number, span in self.sentences.items():
            block, sentence = block_at(text, span.start), as_data(text[span.start : span.end])
            if block is not None and block.kind == "heading":
                yield f"# {sentence}"
            else:
                beside = f" ({as_data(block.beside)})" if block is not None and block.beside else ""
                yield f"{number}. {sentence}{beside}"


def words_for(context: int) -> int:
    """The size of portions for a model with a context of that many tokens."""
    return min(MOST_WORDS, context // _A_WORD)


def portions(article: Article, most: int = MOST_WORDS) -> list[Portion]:
    """All sentences, in portions of about `most` words."""
    found: list[Portion] = []
    words = most
    for number, span in enumerate(article_sentences(article.text), start=1):
        size = len(article.text[span.start : span.end].split())
        if words + size > most:
            found.append(Portion(article, {}))
            words = 0
        found[-1].sentences[number] = span
        words += size
    return found


@dataclass(frozen=True, slots=True)
class Enrichable:
    path: Path
    articles: tuple[Article, ...]
    words: int = MOST_WORDS
    """Maximum words of a portion."""

    def portions(self) -> list[Portion]:
        return [portion for article in self.articles for portion in portions(article, self.words)]


def portion_prompt(portion: Portion) -> list[BaseMessage]:
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
    """The message that requests corrections of invalid rows, each with the reason."""
    rows = "\n".join(f"{row}\n→ {as_data(reason)}" for row, reason in faults)
    return HumanMessage(template("enrich_mend", language).format(rows=rows))


def as_data(text: str) -> str:
    """Text of an article on one line, without characters that could forge a part of the prompt."""
    return " ".join(printable(text).translate(_HARMLESS).split())


@cache
def template(name: str, language: Language) -> str:
    """A prompt of `data/prompts`."""
    return read(f"prompts/{name}.{language}.txt").strip()

"""The panel of sources: a card per cited article, then the uncited passages. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trusted_cloud_chat.answering.wording import attribution, on_page, said_by
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.language.blocks import Block
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage, Span
from trusted_cloud_chat.web.article_html import around, passage_html, text_html
from trusted_cloud_chat.web.escaping import part
from trusted_cloud_chat.web.handlers import Exchange
from trusted_cloud_chat.web.reader import origin_html, original_html, read_link
from trusted_cloud_chat.web.strings import NBSP, Strings

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A cited article version with its citations."""

    article: Article
    citations: tuple[Citation, ...]

    @property
    def quotes(self) -> list[tuple[int, Span]]:
        return [(c.n, Span(c.start, c.end)) for c in self.citations]

    @property
    def blocks(self) -> list[Block]:
        return around(self.article.text, self.quotes)


def panel_html(exchanges: Sequence[Exchange], strings: Strings) -> str:
    """The whole panel: one section per answer."""
    sections = [_section(one.number, one.question, one.answer, strings) for one in exchanges if one.answer is not None]
    return part("panel", sections=sections, strings=strings)


def cards_of(answer: Answer) -> list[Card]:
    """One card per cited article version, in the order of its first citation."""
    groups: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.n):
        groups.setdefault(_key(citation.article), []).append(citation)
    return [Card(cited[0].article, tuple(cited)) for cited in groups.values()]


def uncited_of(answer: Answer) -> list[Passage]:
    """The passages without a quote in the answer, best first."""
    return [p for p in answer.passages if not any(_overlaps(c, p) for c in answer.citations)]


def _section(number: int, question: str, answer: Answer, strings: Strings) -> dict[str, Any]:
    """The template's data for an answer. Ages count from the question's day, which is shown if the reader chose it."""
    day, chosen = answer.query.as_of or answer.query.today, answer.query.as_of
    cards = [_card(card, day, strings) for card in cards_of(answer)]
    others = uncited_of(answer)
    near = [] if cards else _one_per_article(others)[:_NEAREST]
    return {
        "number": number,
        "question": _short(question),
        "counted": strings.ages_as_of.format(day=spoken_day(chosen, strings.language)) if chosen else "",
        "read": bool(answer.passages),
        "cards": cards,
        "near": [_passage(passage, day, strings) for passage in near],
        "further": [_passage(passage, day, strings) for passage in others if passage not in near],
    }


def _card(card: Card, day: date, strings: Strings) -> dict[str, Any]:
    text, origins = text_html(card.article.text, card.quotes, card.blocks), list(_origins(card, day, strings))
    return _entry(card.article, card.citations, day, strings, text=text, origins=origins, relevance="")


def _passage(passage: Passage, day: date, strings: Strings) -> dict[str, Any]:
    article, chunk = passage.article, passage.chunk
    who = attribution(article, strings.language) + on_page(article, chunk.start)
    origins = [("", origin_html(article, strings, day, who=who))]
    relevance = strings.relevance.format(score=f"{round(passage.score * 100)}{NBSP}%")
    text = passage_html(article.text, chunk)
    return _entry(article, (), day, strings, text=text, origins=origins, relevance=relevance)


def _entry(article: Article, cited: Sequence[Citation], day: date, strings: Strings, **told: Any) -> dict[str, Any]:
    read, original = read_link(article, strings, cited, day), original_html(article, strings, *cited[:1])
    return {"article": article, "citations": cited, "read": read, "original": original, **told}


def _origins(card: Card, day: date, strings: Strings) -> Iterator[tuple[str, str]]:
    """Source, day and place of the quotes as in the answer; with their numbers if they differ."""
    said: dict[tuple[str, PartialDate | None], list[Citation]] = {}
    for citation in card.citations:
        said.setdefault((said_by(citation, strings.language), citation.said_on), []).append(citation)
    for (who, when), cited in said.items():
        pages = dict.fromkeys(on_page(card.article, c.start) for c in sorted(cited, key=lambda c: c.start))
        numbers = " ".join(f"[{c.n}]" for c in cited) + NBSP if len(said) > 1 else ""
        yield numbers, origin_html(card.article, strings, day, who=who + "".join(pages), when=when)


def _overlaps(citation: Citation, passage: Passage) -> bool:
    chunk = passage.chunk
    return _key(citation.article) == _key(passage.article) and citation.start < chunk.end and chunk.start < citation.end


def _key(article: Article) -> tuple[str, str]:
    return article.article_id, article.version


def _one_per_article(passages: Sequence[Passage]) -> list[Passage]:
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(passage.article.article_id, passage)
    return list(first.values())


def _short(question: str) -> str:
    flat = " ".join(question.split())
    return flat if len(flat) <= 120 else flat[:120].rstrip() + "…"

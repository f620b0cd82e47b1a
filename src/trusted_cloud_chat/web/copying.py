"""An answer with its sources for the clipboard, as Markdown or plain text. Pure."""

from collections.abc import Iterator
from typing import Literal

from trusted_cloud_chat.answering.wording import date_of, on_page, said_by, typographic
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import one_line, printable
from trusted_cloud_chat.output.reporting import printed_answer
from trusted_cloud_chat.schema import Answer, Citation
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.escaping import safe_url
from trusted_cloud_chat.web.export import one_to_markdown
from trusted_cloud_chat.web.strings import STRINGS, Strings

Form = Literal["markdown", "text"]
_COLUMNS = 100


def copied(exchange: Exchange, form: Form, strings: Strings) -> str:
    """Question, answer and the sources of its markers."""
    if exchange.answer is None:
        return exchange.question
    spoken = STRINGS[exchange.answer.language]
    lines = one_to_markdown(exchange, strings) if form == "markdown" else _text(exchange.answer, spoken)
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _text(answer: Answer, strings: Strings) -> Iterator[str]:
    yield from (one_line(answer.question), "")
    yield from map(printable, printed_answer(answer, _COLUMNS))
    if answer.citations:
        yield from ("", strings.sources_title)
    for citation in answer.citations:
        yield from _source(citation, strings)


def _source(citation: Citation, strings: Strings) -> Iterator[str]:
    article = citation.article
    said = said_by(citation, strings.language) + on_page(article, citation.start)
    yield printable(f"[{citation.n}] {article.title} — {said}")
    for url in filter(None, [safe_url(article.url), *(safe_url(source.url) for source in article.sources)]):
        yield f"    {url}"
        return
    for source in article.sources[:1]:
        dated = f", {date_of(source.date, strings.language)}" if source.date else ""
        yield printable(f"    {typographic(source.publisher)}{dated}")

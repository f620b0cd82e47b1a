"""A conversation as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from trusted_cloud_chat import __version__
from trusted_cloud_chat.answering.wording import (
    MARK,
    date_of,
    on_page,
    quoted,
    said_by,
    typographic,
    words_of,
)
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import shown
from trusted_cloud_chat.language.normalise import one_line, printable
from trusted_cloud_chat.schema import Answer, Cell, Citation
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.conversation import Exchange
from trusted_cloud_chat.web.escaping import safe_url
from trusted_cloud_chat.web.explaining import measured
from trusted_cloud_chat.web.rendering import understood
from trusted_cloud_chat.web.strings import NBSP, STRINGS, Strings


def settings_that_matter(settings: Settings) -> dict[str, str | int | float]:
    """The settings that an answer depends on."""
    return {
        "embedder": settings.embedder,
        "chat_model": settings.chat_model,
        "chunk_tokens": settings.chunk_tokens,
        "candidates": settings.candidates,
        "passages": settings.passages,
        "refusal_threshold": settings.refusal_threshold,
        "nearest_threshold": settings.nearest_threshold,
        "reranker": settings.reranker,
        "aliases": str(settings.aliases or ""),
    }


def to_markdown(
    exchanges: Sequence[Exchange],
    *,
    strings: Strings,
    settings: Mapping[str, str | int | float],
    at: datetime,
) -> str:
    """A conversation with quotes, attribution, dates and links. Foreign text is escaped."""
    made = strings.export_made.format(day=spoken_day(at.date(), strings.language))
    lines = [f"# {strings.export_title}", "", f"{made} · trusted-cloud-chat {__version__}", ""]
    for exchange in exchanges:
        # What stands around an answer is in its language, whatever the page's.
        lines += one_to_markdown(exchange, strings)
    told = [f"- {name}{_colon(strings)} `{value}`" for name, value in settings.items() if value != ""]
    lines += [f"## {strings.export_settings}", "", *told] if told else []
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(lines)) + "\n"


def one_to_markdown(exchange: Exchange, strings: Strings) -> list[str]:
    """The lines of one exchange."""
    return list(_exchange(exchange, STRINGS[exchange.answer.language] if exchange.answer else strings))


def plain(text: str) -> str:
    """`text` as one line of Markdown that shows exactly its visible characters."""
    return patterns.MARKDOWN_SIGN.sub(r"\\\g<0>", one_line(printable(text)))


def _exchange(exchange: Exchange, strings: Strings) -> Iterator[str]:
    yield from (f"## {exchange.number}. {plain(exchange.question)}", "")
    if exchange.problem is not None:
        yield from (plain(exchange.problem.text), "")
    answer = exchange.answer
    if answer is None:
        if exchange.status == "stopped":
            yield from (strings.stopped, "")
        return
    if answer.refused:
        title = strings.refusals.get(answer.refusal_reason or "", strings.refusals["not_in_corpus"])
        yield from (f"**{title}**", "")
    for notice in answer.notices:
        yield from (f"*{plain(notice)}*", "")
    yield from _text(answer)
    yield ""
    if exchange.status == "stopped":
        yield from (strings.stopped, "")
    yield from _citations(answer, strings)
    yield from (f"*{plain(' · '.join([*understood(answer, strings), *measured(answer, strings)]))}*", "")


def _text(answer: Answer) -> Iterator[str]:
    """Paragraphs separated; lists and tables separated from what follows."""
    written = answer.answer.removesuffix(answer.evidence) if answer.evidence else ""
    # A language model's Markdown lays out its words; of all else in them nothing is markup.
    yield from ("", *(patterns.MARKUP_BUT_LAYOUT.sub(r"\\\g<0>", printable(line)) for line in written.splitlines()))
    before = ""
    for line in (answer.evidence or answer.answer).splitlines():
        kind = "item" if line.startswith("- ") else "row" if answer.table and line.startswith("|") else "text"
        if kind == "text" or kind != before:
            yield ""
        if kind == "row" and before != "row":
            yield from _table(answer)
        elif kind != "row" and line.strip():
            yield f"- {_marked(line[2:], answer)}" if kind == "item" else _marked(line, answer)
        before = kind


def _marked(line: str, answer: Answer) -> str:
    """A line as Markdown, with the first line in bold and the quote marked within its paragraph."""
    if line.startswith(MARK) and line.count(MARK) == 2:
        _, bold, after = line.split(MARK)
        return f"**{plain(bold)}**{plain(after)}"
    for citation in answer.citations:
        words = one_line(shown(citation.article.text, citation.start, citation.end))
        before, found, after = line.partition(f"{MARK}{words}{MARK}")
        if found:
            return f"{plain(before)}**{plain(words)}**{plain(after)}"
    return plain(line)


def _table(answer: Answer) -> Iterator[str]:
    """The comparison as a Markdown table."""
    if answer.table is None:
        return
    columns = answer.table.columns
    yield f"| {' | '.join(map(plain, columns))} |"
    yield f"|{' --- |' * len(columns)}"
    for row in answer.table.rows:
        yield f"| {' | '.join(_cell(cell, answer) for cell in row)} |"


def _cell(cell: Cell, answer: Answer) -> str:
    """A quote in quotation marks, with its language if it differs; other cells unchanged."""
    languages = {citation.n: citation.article.language for citation in answer.citations}
    markers = [rf"\[{n}\]" for n in cell.citations]
    text = quoted(cell.text, languages[cell.citations[0]], answer.language) if cell.citations else cell.text
    return " ".join([plain(text), *markers])


def _citations(answer: Answer, strings: Strings) -> Iterator[str]:
    if not answer.citations:
        return
    yield from (f"### {strings.sources_title}", "")
    for citation in answer.citations:
        yield from _citation(citation, strings)
    yield ""


def _citation(citation: Citation, strings: Strings) -> Iterator[str]:
    article = citation.article
    said = said_by(citation, strings.language) + on_page(article, citation.start)
    yield f"- \\[{citation.n}\\] **{plain(article.title)}** — {plain(said)}"
    yield f"  > {plain(words_of(citation))}"
    yield ""
    version = strings.version.format(article_id=article.article_id, version=article.version)
    yield f"  - {plain(version)}, {citation.start}–{citation.end}"
    if url := safe_url(article.url):
        yield f"  - <{_address(url)}>"
    for source in article.sources:
        dated = f", {date_of(source.date, strings.language)}" if source.date else ""
        named = f"{source.publisher}, {source.title}" if source.title else source.publisher
        url = safe_url(source.url)
        yield f"  - {plain(typographic(named) + dated)}" + (f"{_colon(strings)} <{_address(url)}>" if url else "")


def _address(url: str) -> str:
    """A web address that cannot leave its angle brackets."""
    return url.replace("<", "%3C").replace(">", "%3E")


def _colon(strings: Strings) -> str:
    return ":" if strings.language == "en" else f"{NBSP}:"

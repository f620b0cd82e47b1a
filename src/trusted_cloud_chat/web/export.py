"""A conversation as Markdown; an answer with its sources for the clipboard. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from trusted_cloud_chat import __version__
from trusted_cloud_chat.answering.wording import MARK, colon, date_of, on_page, said_by, typographic, words_of
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import shown
from trusted_cloud_chat.language.normalise import one_line, printable
from trusted_cloud_chat.output.reporting import cells_of, printed_answer
from trusted_cloud_chat.schema import Answer, Citation, Source
from trusted_cloud_chat.web.escaping import STRINGS, Strings, safe_url
from trusted_cloud_chat.web.handlers import Exchange
from trusted_cloud_chat.web.rendering import measured, understood

_COLUMNS = 100
_RULE = frozenset("|- ")


def to_markdown(exchanges: Sequence[Exchange], *, strings: Strings, at: datetime) -> str:
    """A conversation with quotes, attribution, dates and links. Foreign text is escaped."""
    made = strings.export_made.format(day=spoken_day(at.date(), strings.language))
    lines = [f"# {strings.export_title}", "", f"{made} · trusted-cloud-chat {__version__}", ""]
    for exchange in exchanges:
        lines += _exchange(exchange, strings)
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(lines)) + "\n"


def plain(text: str) -> str:
    """`text` as one line of Markdown that shows exactly its visible characters."""
    return patterns.MARKDOWN_SIGN.sub(r"\\\g<0>", one_line(printable(text)))


def _exchange(exchange: Exchange, strings: Strings) -> Iterator[str]:
    """The words around an answer are in its language, not the page's."""
    answer = exchange.answer
    strings = STRINGS[answer.language] if answer else strings
    yield from (f"## {exchange.number}. {plain(exchange.question)}", "")
    if exchange.problem is not None:
        yield from (plain(exchange.problem.text), "")
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
    if answer.citations:
        yield from (f"### {strings.sources_title}", "")
        for citation in answer.citations:
            yield from _citation(citation, strings)
        yield ""
    yield from (f"*{plain(' · '.join([*understood(answer, strings), *measured(answer, strings)]))}*", "")


def _text(answer: Answer) -> Iterator[str]:
    """The lines of an answer, with blank lines between paragraphs, lists and tables."""
    written = answer.answer.removesuffix(answer.evidence) if answer.evidence else ""
    # Keep the Markdown layout of a language model's answer; escape all other markup.
    yield from ("", *(patterns.MARKUP_BUT_LAYOUT.sub(r"\\\g<0>", printable(line)) for line in written.splitlines()))
    before = ""
    for line in (answer.evidence or answer.answer).splitlines():
        kind = "item" if line.startswith("- ") else "row" if answer.table and line.startswith("|") else "text"
        if kind == "text" or kind != before:
            yield ""
        if kind == "row":
            # All text is escaped, but not the rule below the header.
            yield line if set(line) <= _RULE else f"| {' | '.join(map(plain, cells_of(line)))} |"
        elif line.strip():
            yield f"- {_marked(line[2:], answer)}" if kind == "item" else _marked(line, answer)
        before = kind


def _marked(line: str, answer: Answer) -> str:
    """A line as Markdown, in bold if it is a composed first line, else with its quote in bold."""
    if line.startswith(MARK) and line.count(MARK) == 2:
        _, bold, after = line.split(MARK)
        return f"**{plain(bold)}**{plain(after)}"
    for citation in answer.citations:
        words = one_line(shown(citation.article.text, citation.start, citation.end))
        before, found, after = line.partition(f"{MARK}{words}{MARK}")
        if found:
            return f"{plain(before)}**{plain(words)}**{plain(after)}"
    return plain(line)


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
        named = f"{source.publisher}, {source.title}" if source.title else source.publisher
        url = safe_url(source.url)
        link = f"{colon(strings.language)} <{_address(url)}>" if url else ""
        yield f"  - {plain(_dated(named, source, strings))}{link}"


def _address(url: str) -> str:
    """A web address that cannot leave its angle brackets."""
    return url.replace("<", "%3C").replace(">", "%3E")


def copied(exchange: Exchange, form: Literal["markdown", "text"], strings: Strings) -> str:
    """Question, answer and the sources of its markers."""
    if exchange.answer is None:
        return exchange.question
    lines = _exchange(exchange, strings) if form == "markdown" else _as_text(exchange.answer)
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _as_text(answer: Answer) -> Iterator[str]:
    strings = STRINGS[answer.language]
    yield from (one_line(answer.question), "")
    yield from map(printable, printed_answer(answer, _COLUMNS))
    if answer.citations:
        yield from ("", strings.sources_title)
    for citation in answer.citations:
        article = citation.article
        said = said_by(citation, strings.language) + on_page(article, citation.start)
        yield printable(f"[{citation.n}] {article.title} — {said}")
        urls = filter(None, map(safe_url, (article.url, *(source.url for source in article.sources))))
        if url := next(urls, None):
            yield f"    {url}"
        elif article.sources:
            source = article.sources[0]
            yield printable(f"    {_dated(source.publisher, source, strings)}")


def _dated(named: str, source: Source, strings: Strings) -> str:
    return typographic(named) + (f", {date_of(source.date, strings.language)}" if source.date else "")

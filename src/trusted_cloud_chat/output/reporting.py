"""What the command line prints for people."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from trusted_cloud_chat.answering.wording import MARK, attribution, next_title, on_page
from trusted_cloud_chat.isolation import traced_to
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.models.chat import leaves_for
from trusted_cloud_chat.schema import Answer, Language, Passage
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.writing import texts

if TYPE_CHECKING:
    from trusted_cloud_chat.ingestion import IngestReport

_MOST_LISTED = 10
_FEW = 3
"""Maximum number of files named in one message."""
_GAP = "  "
_NARROWEST = 24
"""Minimum column width in characters; narrower tables become lists."""


def ingest_lines(report: "IngestReport") -> Iterator[str]:
    """The report of a run: counts, then what needs attention."""
    dry = "dry run, nothing is written; " if report.dry_run else ""
    yield f"{dry}generation {report.generation}: {report.counts}; {report.work}"
    if report.fetched:
        yield f"fetched: {report.fetched} documents"
    if report.stopped:
        yield f"would stop: {report.stopped}"
    yield from _some("added", report.added)
    yield from _some("changed", report.changed)
    yield from _some("deleted", report.deleted, whole=report.dry_run)
    yield from report.of_copies()
    yield from _notes(report.notices)
    if report.skipped:
        from trusted_cloud_chat.corpus.articles import SUFFIXES

        kinds = [f"{n} {kind or 'without a suffix'}" for kind, n in report.skipped.items()]
        more = f" and {len(kinds) - _MOST_LISTED} more kinds" if len(kinds) > _MOST_LISTED else ""
        yield f"skipped: {', '.join(kinds[:_MOST_LISTED])}{more} (formats read: {', '.join(sorted(SUFFIXES))})"
    for unknown in report.unknown_names:
        yield (
            f"unknown name: {unknown['name']} ({unknown['article_id']}): to see it in lists and comparisons, put these two lines "
            "into a file and set TCC_ALIASES to it (docs/answers.md); no new ingest is needed"
        )
        yield from ("  [[entity]]", f"  name = {json.dumps(unknown['name'], ensure_ascii=False)}")
    yield from report.of_failures()


def passage_lines(passages: Iterable[Passage]) -> Iterator[str]:
    """Rank, relevance, title and origin of each passage, then its text."""
    for passage in passages:
        article = passage.article
        yield f"{passage.rank}. [{passage.score:.2f}] {article.title} ({attribution(article, article.language)}{on_page(article, passage.chunk.start)})"
        yield "   " + " ".join(passage.text.split())
        yield f"   {article.article_id}"


def printed_answer(answer: Answer, width: int) -> Iterator[str]:
    """The text of an answer; its table is drawn in `width` characters, or as a list if they are too few."""
    table, told = answer.table, answer.evidence or answer.answer
    yield from answer.answer.removesuffix(told).splitlines()
    rows = [line for line in told.splitlines() if table and line.startswith("|")]
    for line in told.splitlines():
        if line not in rows:
            yield line
        elif table and line == rows[0]:
            yield from _drawn(rows, width)
    if answer.next_questions:
        yield from ("", next_title(answer.language), *(f"- {question}" for question in answer.next_questions))


def marked(text: str, *, bold: bool) -> str:
    """`text` without control characters; words between two `MARK`s on a line are bold if `bold`, else plain."""
    on, off = ("\x1b[1m", "\x1b[22m") if bold else ("", "")

    def styled(line: str) -> str:
        parts = line.split(MARK)
        if len(parts) % 2 == 0:
            return line  # an unpaired mark is text
        return "".join(f"{on}{part}{off}" if n % 2 else part for n, part in enumerate(parts))

    return "\n".join(map(styled, printable(text).split("\n")))


def shown_live(answers: Iterator[Answer]) -> Answer:
    """Shows each of `answers` in place of the previous one; returns the last."""
    from rich.live import Live
    from rich.text import Text

    with Live(auto_refresh=False, transient=True, vertical_overflow="visible") as live:
        for answer in answers:
            live.update(Text("\n".join(printed_answer(answer, live.console.width))), refresh=True)
    return answer


def trace_lines(answer: Answer) -> Iterator[str]:
    """The explanation of an answer: stage, rule, effect, and the rule's purpose in the answer's language."""
    decided = answer.outcome + (f" ({answer.refusal_reason})" if answer.refusal_reason else "")
    confidence = "" if answer.confidence is None else f", confidence {answer.confidence:.2f}"
    yield f"outcome: {decided}{confidence}; kind of question: {answer.query.kind}"
    width = max((len(line.rule) for line in answer.trace), default=0)
    for line in answer.trace:
        yield f"{line.stage:9}  {line.rule:{width}}  {'tried: ' if line.failed else ''}{line.did}".rstrip()
        yield f"{'':9}  {'':{width}}  {rules()[line.rule].purpose(answer.language)}"


def leaving_notice(settings: Settings, language: Language) -> str | None:
    """What leaves this machine and where it goes; None if nothing does."""
    other = settings.second_opinion if settings.chat_model else ""
    told = (
        privacy_notice(settings.chat_model, settings.chat_url, language),
        privacy_notice(other, settings.opinion_url, language),
        tracing_notice(language),
    )
    return "\n".join(filter(None, told)) or None


def privacy_notice(
    spec: str, url: str = "", language: Language = "fr", environ: Mapping[str, str] | None = None
) -> str | None:
    """The notice that the chat model runs on another machine; None if it does not."""
    host = leaves_for(spec, url, environ)
    return host and texts("notices")[language]["leaves"].format(name=spec, host=host)


def tracing_notice(language: Language) -> str | None:
    """The notice that a tracer is on; None if it is not."""
    address = traced_to()
    return address and texts("notices")[language]["traced"].format(address=address)


def cells_of(row: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip().replace(r"\|", "|") for cell in patterns.COLUMN_BAR.split(row)[1:-1]]


def _drawn(rows: Sequence[str], width: int) -> Iterator[str]:
    """A Markdown table in columns, or as stacked rows if the columns would be too narrow."""
    cells = [*map(cells_of, rows)]
    head, body = cells[0], cells[2:]
    first = max(len(row[0]) for row in [head, *body])
    wide = (width - first) // (len(head) - 1) - len(_GAP)
    if wide < _NARROWEST:
        for criterion, *others in body:
            yield criterion
            yield from (f"  {name}: {cell}" for name, cell in zip(head[1:], others, strict=True))
        return
    rule = _GAP.join(["─" * first, *["─" * wide] * (len(head) - 1)])
    for row in [head, *body]:
        columns = [[row[0]], *(wrap(cell, wide, break_long_words=False) for cell in row[1:])]
        for line in zip_longest(*columns, fillvalue=""):
            yield _GAP.join([line[0].ljust(first), *(part.ljust(wide) for part in line[1:])]).rstrip()
        yield rule


def _notes(notices: Iterable[dict[str, str]]) -> Iterator[str]:
    """One line per message; files with the same message share a line."""
    alike: dict[str, list[dict[str, str]]] = {}
    for notice in notices:
        name = notice["path"].rpartition("/")[2]
        alike.setdefault(notice["message"].replace(name, "NAME"), []).append(notice)
    for message, same in alike.items():
        if len(same) > _FEW:
            yield f"note: {', '.join(one['path'] for one in same[:_FEW])} and {len(same) - _FEW} more: {message}"
        else:
            yield from (f"note: {one['path']}: {one['message']}" for one in same)


def _some(label: str, ids: list[str], *, whole: bool = False) -> Iterator[str]:
    shown = ids if whole else ids[:_MOST_LISTED]
    yield from (f"{label}: {article_id}" for article_id in shown)
    if len(ids) > len(shown):
        yield f"{label}: and {len(ids) - len(shown)} more"

"""Exchanges as the HTML of chat messages. Pure; everything foreign goes through `escape`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal

from trusted_cloud_chat.answering.quoted_from import quoted_from
from trusted_cloud_chat.answering.wording import (
    MARK,
    is_further_title,
    is_synthesis,
    next_title,
    quoted,
    span_of,
    translation_of,
)
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.output.pieces import OPENING, Piece, pieces, shown_of
from trusted_cloud_chat.output.program import as_started
from trusted_cloud_chat.schema import Answer, Cell, Language
from trusted_cloud_chat.web.conversation import Exchange, Problem
from trusted_cloud_chat.web.escaping import escape, marker, typeset
from trusted_cloud_chat.web.explaining import why_html
from trusted_cloud_chat.web.filters import said
from trusted_cloud_chat.web.strings import NBSP, STRINGS, Strings
from trusted_cloud_chat.web.written import written_html

_MOST_SHOWN = 300
"""Characters of a question that its bubble shows."""
_DASH = " — "
_WORDS = "…"
"""Stands for a quote's words while the marks around them are asked for."""


def messages(exchanges: Sequence[Exchange], strings: Strings) -> list[dict[str, str]]:
    """The conversation as Gradio's Chatbot wants it."""
    synthetic = (e.number for e in exchanges if e.answer and any(is_synthesis(c.article) for c in e.answer.citations))
    first = next(synthetic, None)
    return [
        message
        for exchange in exchanges
        for message in (
            {"role": "user", "content": question_html(exchange.question, strings)},
            {"role": "assistant", "content": answer_html(exchange, strings, first=exchange.number == first)},
        )
    ]


def question_html(question: str, strings: Strings) -> str:
    shown = question if len(question) <= _MOST_SHOWN else question[:_MOST_SHOWN].rstrip() + "…"
    lines = "<br>".join(typeset(line) for line in shown.strip().splitlines())
    return f'<h3 class="tcc-question"><span class="tcc-sr">{escape(strings.your_question)} </span>{lines}</h3>'


def answer_html(exchange: Exchange, strings: Strings, *, first: bool = False) -> str:
    """The answer, refusal or message of one exchange; one line, so that Markdown never looks inside.

    `first`: the first of the conversation that quotes our syntheses, which says what they are.
    """
    label = f'<span class="tcc-sr">{escape(strings.the_answer)} </span>'
    body = [label]
    if exchange.status == "searching" and (exchange.answer is None or exchange.doing == "writing"):
        body.append(f'<p class="tcc-searching">{escape(strings.doing[exchange.doing])}</p>')
    # Below what a language model wrote stand the quotes: there nobody would see that it was left.
    stopped = [f'<p class="tcc-stopped">{escape(strings.stopped)}</p>'] if exchange.status == "stopped" else []
    written = exchange.answer is not None and bool(exchange.answer.evidence)
    body += stopped if written else []
    if exchange.answer is not None:
        body.append(_body(exchange.number, exchange.answer))
    if exchange.problem is not None:
        body.append(problem_html(exchange.problem, strings))
    body += [] if written else stopped
    if exchange.answer is not None and exchange.status == "done":
        body += [f'<p class="tcc-note">{escape(strings.our_syntheses)}</p>'] if first else []
        body.append(_footer(exchange.number, exchange.answer, strings))
    # A greeting is neither right nor wrong.
    told = " tcc-told" if exchange.answer is not None and exchange.answer.passages else ""
    return f'<div class="tcc-answer{told}" id="answer-{exchange.number}">{"".join(body)}</div>'


def problem_html(problem: Problem, strings: Strings) -> str:
    detail = (
        f'<details class="tcc-detail"><summary>{escape(strings.detail)}</summary>'
        f'<p lang="en">{escape(problem.detail)}</p></details>'
        if problem.detail
        else ""
    )
    return f'<div class="tcc-problem"><p>{with_commands(problem.text)}</p>{detail}</div>'


def table_html(number: int, answer: Answer) -> str:
    """A comparison; each cell is a quote that ends with the markers of its citations, or says that none was found."""
    table = answer.table
    if table is None:
        return ""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = []
    for first, *others in table.rows:
        cells = "".join(_cell(number, cell, answer) for cell in others)
        rows.append(f'<tr><th scope="row">{escape(first.text)}{_markers(number, first.citations)}</th>{cells}</tr>')
    return f'<div class="tcc-table"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _cell(number: int, cell: Cell, answer: Answer) -> str:
    if not cell.citations:
        return f'<td class="tcc-none">{escape(cell.text)}</td>'
    languages = {citation.n: citation.article.language for citation in answer.citations}
    language = languages.get(cell.citations[0], answer.language)
    opened, closed = quoted(_WORDS, language, answer.language).split(_WORDS)
    words = _words(cell.text, language, answer)
    return f"<td>{escape(opened)}{words}{escape(closed)}{_markers(number, cell.citations)}</td>"


def _body(number: int, answer: Answer) -> str:
    """All of it in the answer's language, which need not be the page's."""
    notices = "".join(f'<p class="tcc-notice">{escape(notice)}</p>' for notice in answer.notices)
    text = written_html(number, answer) + "".join(_blocks(number, answer))
    if not answer.refused:
        return f'<div lang="{answer.language}">{notices}{text}</div>'
    refusals = STRINGS[answer.language].refusals
    title = refusals.get(answer.refusal_reason or "", refusals["not_in_corpus"])
    # What comes nearest says so in its first line.
    said = "" if answer.outcome == "nearest" else f'<p class="tcc-refusal-title">{escape(title)}</p>'
    return f'<div class="tcc-refusal" lang="{answer.language}">{said}<div>{notices}{text}</div></div>'


def _blocks(number: int, answer: Answer) -> Iterator[str]:
    """Paragraphs and lists of what is not a language model's; further extracts are folded."""
    for paragraph in (answer.evidence or answer.answer).split("\n\n"):
        title, _, below = paragraph.partition("\n")
        if is_further_title(title, answer.language):
            summary, items = title.rstrip(f":{NBSP}"), "".join(_lines(number, below, answer))
            yield f'<details class="tcc-further"><summary>{escape(summary)}</summary>{items}</details>'
        else:
            yield from _lines(number, paragraph, answer)


def _lines(number: int, paragraph: str, answer: Answer) -> Iterator[str]:
    """The lines of a table written in text give way to the table itself."""

    def kind_of(line: str) -> str:
        return "table" if answer.table and line.startswith("|") else "li" if line.startswith("- ") else "p"

    for kind, lines in groupby(filter(str.strip, paragraph.splitlines()), key=kind_of):
        if kind == "table":
            yield table_html(number, answer)
        elif kind == "li":
            yield f"<ul>{''.join(_block(number, line[2:], answer, 'li') for line in lines)}</ul>"
        else:
            yield from (_block(number, line, answer, "p") for line in lines)


def _block(number: int, line: str, answer: Answer, tag: Literal["p", "li"]) -> str:
    """A paragraph or a list item; as a quotation where a quote opens it, bold where it is the line made from facts."""
    if line.startswith(MARK) and line.count(MARK) == 2:
        _, bold, after = line.split(MARK)
        return f'<{tag} class="tcc-line"><strong>{typeset(bold)}</strong>{_join(number, pieces(after, answer), answer)}</{tag}>'
    cut = pieces(line, answer)
    if not line.lstrip().startswith(OPENING) or not any(piece.kind == "quote" for piece in cut):
        # Words of ours may repeat an article's: that alone makes no quotation.
        prose = [piece._replace(kind="text") if piece.kind == "quote" else piece for piece in cut]
        ours = any(line == translation_of(one, answer.language) for one in answer.citations)
        named = ' class="tcc-translation"' if ours else ""
        return f"<{tag}{named}>{_join(number, prose, answer)}</{tag}>"
    ends = (n for n, (piece, after) in enumerate(pairwise(cut), start=1) if _attributes(piece, after))
    end = next(ends, None)
    if end is None:
        return f'<{tag} class="tcc-quote">{_join(number, cut, answer)}</{tag}>'
    said = [cut[end]._replace(text=cut[end].text.removeprefix(_DASH)), *cut[end + 1 :]]
    return (
        f'<{tag} class="tcc-quote">{_join(number, cut[:end], answer)}<span class="tcc-sr">{_DASH}</span>'
        f'<span class="tcc-attribution">{_join(number, said, answer)}</span></{tag}>'
    )


def _attributes(piece: Piece, after: Piece) -> bool:
    """Whether `after` says who reports the quote that `piece` is the marker of; it may have markers of its own behind it."""
    return piece.kind == "marker" and after.text.startswith(_DASH)


def _join(number: int, cut: Sequence[Piece], answer: Answer) -> str:
    html = ""
    for piece in cut:
        if piece.kind == "marker":
            # A marker never begins a line: it belongs to the words before it.
            html = html[:-1] + NBSP if html.endswith(" ") else html
            html += "&#8288;" if html.endswith("</a>") else ""
            html += marker(number, int(piece.text))
        elif piece.kind == "quote":
            html += _words(piece.text, _language_of(piece.text, answer), answer)
        else:
            html += escape(piece.text)
    return html


def _words(text: str, language: Language, answer: Answer) -> str:
    """Quoted words; their language is told where it is not the answer's, so that they are read aloud rightly."""
    told = "" if language == answer.language else f' lang="{language}"'
    marked = typeset(text)
    if text.count(MARK) == 2:
        before, best, after = text.split(MARK)
        marked = f"{typeset(before)}<strong>{typeset(best)}</strong>{typeset(after)}"
    return f'<span class="tcc-words"{told}>{marked}</span>'


def _language_of(quote: str, answer: Answer) -> Language:
    spoken = (c.article.language for c in answer.citations if quote in shown_of(c))
    return next(spoken, answer.language)


def _markers(number: int, citations: Sequence[int]) -> str:
    return "".join(f" {marker(number, n)}" for n in citations)


def _footer(number: int, answer: Answer, strings: Strings) -> str:
    """How the question was understood and what it was asked of, in one discreet line."""
    facts = " · ".join(escape(fact) for fact in understood(answer, strings))
    meta = f'<p class="tcc-meta" lang="{strings.language}">{_to_sources(number, answer, strings)}{facts}</p>'
    return _next(answer) + meta + why_html(answer, strings)


def _next(answer: Answer) -> str:
    """What may be asked next, a button each: `page.js` asks it."""
    if not answer.next_questions:
        return ""
    buttons = "".join(f'<button type="button">{escape(question)}</button>' for question in answer.next_questions)
    title = escape(next_title(answer.language))
    return f'<div class="tcc-next" lang="{answer.language}"><p>{title}</p>{buttons}</div>'


def understood(answer: Answer, strings: Strings) -> list[str]:
    """What the reader may want to check: the question made whole, dates, filters, what is quoted."""
    query = answer.query
    facts = []
    if query.text != " ".join(answer.question.split()):
        facts.append(strings.understood.format(text=query.text))
    if query.dates:
        facts.append(strings.dates.format(dates=", ".join(_spoken_period(label, strings) for label in query.dates)))
    if query.as_of:
        facts.append(strings.as_of_meta.format(day=spoken_day(query.as_of, strings.language)))
    facts += said(query.within, strings)
    if answer.chat_model:
        facts.append(strings.written_with.format(name=shown_name(answer.chat_model)))
    if answer.citations:
        origin = quoted_from((citation.article for citation in answer.citations), strings.language)
        facts.append(strings.quoted_meta.format(origin=origin))
    return facts


def _spoken_period(label: str, strings: Strings) -> str:
    """« 2024 », « mars 2026 », « du 1er janvier au 30 juin 2025 », « jusqu’au 30 juin 2025 » for `/2025-06-30`."""
    opens, slash, closes = label.partition("/")
    first, last = (PartialDate.parse(day) if day else None for day in (opens, closes if slash else opens))
    if first and last:
        for whole in (PartialDate(first.year), PartialDate(first.year, first.month), first):
            if (whole.first_day, whole.last_day) == (first.first_day, last.last_day):
                return whole.spoken(strings.language)
        return span_of(first, last, strings.language)
    if first:
        return strings.dates_since.format(day=first.spoken(strings.language))
    return strings.dates_until.format(day=last.spoken(strings.language)) if last else label


def _to_sources(number: int, answer: Answer, strings: Strings) -> str:
    if not answer.passages:
        return ""
    cited = len({(c.article.article_id, c.article.version) for c in answer.citations})
    count = strings.one_source if cited == 1 else strings.many_sources.format(n=cited)
    text = strings.see_sources.format(count=count) if cited else strings.see_passages
    return f'<a class="tcc-to-sources" href="#sources-{number}">{escape(text)}</a>'


def with_commands(text: str) -> str:
    """The text with the commands that it names set as code."""
    return patterns.OWN_COMMAND.sub(
        lambda match: f"<code>{escape(as_started(match[0], public=True))}</code>", escape(text)
    )

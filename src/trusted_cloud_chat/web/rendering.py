"""Exchanges as the HTML of chat messages, quoted or written by a language model. Pure; all foreign text goes through `escape`."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal

from trusted_cloud_chat.answering.quoted_from import quoted_from
from trusted_cloud_chat.answering.wording import MARK, is_further_title, is_synthesis, next_title, quoted, span_of
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.language.blocks import shown
from trusted_cloud_chat.language.stems import content_words, word_spans
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.output.pieces import OPENING, Piece, pieces, shown_of, translations_of
from trusted_cloud_chat.schema import Answer, Cell, Citation, Language, Sentence
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.web.escaping import NBSP, STRINGS, Strings, escape, marker, part, typeset
from trusted_cloud_chat.web.handlers import Exchange, said

_MOST_SHOWN = 300
"""Maximum characters of a question in its bubble."""
_Kind = Literal["p", "ul", "ol", "table"]
_DASH = " — "
_WORDS = "…"
"""Placeholder for a quote's words when only the marks around them are needed."""


def messages(exchanges: Sequence[Exchange], strings: Strings) -> list[dict[str, str]]:
    """The conversation in the form of Gradio's Chatbot."""
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
    return part("question", lines=shown.strip().splitlines(), strings=strings)


def answer_html(exchange: Exchange, strings: Strings, *, first: bool = False) -> str:
    """The answer, refusal or message of an exchange. The `first` that quotes our syntheses explains them."""
    answer = exchange.answer
    body = _body(exchange.number, answer) if answer else ""
    footer = _footer(exchange.number, answer, strings) if answer and exchange.status == "done" else ""
    return part("answer", exchange=exchange, body=body, footer=footer, first=first, strings=strings)


def table_html(number: int, answer: Answer) -> str:
    """A comparison; each cell is a quote with its markers, or says that there is none."""
    if answer.table is None:
        return ""
    rows = [[_cell(number, cell, answer) for cell in row] for row in answer.table.rows]
    return part("table", columns=answer.table.columns, rows=rows)


def _cell(number: int, cell: Cell, answer: Answer) -> tuple[str, str, str]:
    """The text of a cell, its HTML, and its markers."""
    languages = {citation.n: citation.article.language for citation in answer.citations}
    language = languages.get(next(iter(cell.citations), 0), answer.language)
    opened, closed = quoted(_WORDS, language, answer.language).split(_WORDS)
    words = f"{escape(opened)}{_words(cell.text, language, answer)}{escape(closed)}"
    return cell.text, words, "".join(f" {marker(number, n)}" for n in cell.citations)


def _body(number: int, answer: Answer) -> str:
    """The whole answer in its own language, which may differ from the page's."""
    text = written_html(number, answer) + "".join(_blocks(number, answer))
    refusals = STRINGS[answer.language].refusals
    title = refusals.get(answer.refusal_reason or "", refusals["not_in_corpus"])
    return part("body", answer=answer, text=text, title=title)


def _blocks(number: int, answer: Answer) -> Iterator[str]:
    """Paragraphs and lists that are not a language model's; further extracts are folded."""
    for paragraph in (answer.evidence or answer.answer).split("\n\n"):
        title, _, below = paragraph.partition("\n")
        if is_further_title(title, answer.language):
            summary, items = title.rstrip(f":{NBSP}"), "".join(_lines(number, below, answer))
            yield f'<details class="tcc-further"><summary>{escape(summary)}</summary>{items}</details>'
        else:
            yield from _lines(number, paragraph, answer)


def _lines(number: int, paragraph: str, answer: Answer) -> Iterator[str]:
    """The lines of a Markdown table are replaced by the table itself."""

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
    """A paragraph or a list item: a composed first line in bold, a quotation if it begins with a quote."""
    if line.startswith(MARK) and line.count(MARK) == 2:
        _, bold, after = line.split(MARK)
        return f'<{tag} class="tcc-line"><strong>{typeset(bold)}</strong>{_join(number, pieces(after, answer), answer)}</{tag}>'
    cut = pieces(line, answer)
    if not line.lstrip().startswith(OPENING) or not any(piece.kind == "quote" for piece in cut):
        # Our words may coincide with an article's: that alone does not make a quotation.
        prose = [piece._replace(kind="text") if piece.kind == "quote" else piece for piece in cut]
        ours = any(line in translations_of(one, answer.language) for one in answer.citations)
        named = ' class="tcc-translation"' if ours else ""
        return f"<{tag}{named}>{_join(number, prose, answer)}</{tag}>"
    # The attribution follows the marker of the quote, and may have markers itself.
    pairs = enumerate(pairwise(cut), start=1)
    end = next((n for n, (one, after) in pairs if one.kind == "marker" and after.text.startswith(_DASH)), None)
    if end is None:
        return f'<{tag} class="tcc-quote">{_join(number, cut, answer)}</{tag}>'
    said = [cut[end]._replace(text=cut[end].text.removeprefix(_DASH)), *cut[end + 1 :]]
    return (
        f'<{tag} class="tcc-quote">{_join(number, cut[:end], answer)}<span class="tcc-sr">{_DASH}</span>'
        f'<span class="tcc-attribution">{_join(number, said, answer)}</span></{tag}>'
    )


def _join(number: int, cut: Sequence[Piece], answer: Answer) -> str:
    html = ""
    for piece in cut:
        if piece.kind == "marker":
            # A marker never begins a line: it belongs to the words before it.
            html = html[:-1] + NBSP if html.endswith(" ") else html
            html += "&#8288;" if html.endswith("</a>") else ""
            html += marker(number, int(piece.text))
        elif piece.kind == "quote":
            spoken = (c.article.language for c in answer.citations if piece.text in shown_of(c))
            html += _words(piece.text, next(spoken, answer.language), answer)
        else:
            html += escape(piece.text)
    return html


def _words(text: str, language: Language, answer: Answer) -> str:
    """Quoted words, marked for screen readers with their language if it differs."""
    told = "" if language == answer.language else f' lang="{language}"'
    marked = typeset(text)
    if text.count(MARK) == 2:
        before, best, after = text.split(MARK)
        marked = f"{typeset(before)}<strong>{typeset(best)}</strong>{typeset(after)}"
    return f'<span class="tcc-words"{told}>{marked}</span>'


def _footer(number: int, answer: Answer, strings: Strings) -> str:
    """How the question was understood, its filters, next questions, and the explanation."""
    cited = len({(c.article.article_id, c.article.version) for c in answer.citations})
    count = strings.one_source if cited == 1 else strings.many_sources.format(n=cited)
    leads = strings.see_sources.format(count=count) if cited else strings.see_passages if answer.passages else ""
    return part(
        "footer", number=number, answer=answer, leads=leads, facts=understood(answer, strings), strings=strings,
        next_title=next_title(answer.language), lines=why(answer, strings),
    )  # fmt: skip


def understood(answer: Answer, strings: Strings) -> list[str]:
    """What the reader may want to check: the completed question, dates, filters, the origin of quotes."""
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
        told = strings.written_with if answer.evidence else strings.chosen_with
        facts.append(told.format(name=shown_name(answer.chat_model)))
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


def why(answer: Answer, strings: Strings) -> list[tuple[str, str]]:
    """For each rule that fired or was tried: its purpose and its effect; then names, generation and time."""
    said = [
        (rules()[o.rule].purpose(strings.language), (strings.tried if o.did and o.failed else "") + o.did)
        for o in answer.trace
    ]
    return [*said, *((fact, "") for fact in measured(answer, strings))]


def measured(answer: Answer, strings: Strings) -> list[str]:
    """The recognised names and aliases, the generation of the index, and the duration."""
    names = [strings.names.format(names=", ".join(answer.query.entities))] if answer.query.entities else []
    facts = [*names, *answer.query.aliases, strings.generation_meta.format(n=answer.generation)]
    return [*facts, duration(answer.timings_ms["total"], strings)] if "total" in answer.timings_ms else facts


def duration(milliseconds: float, strings: Strings) -> str:
    """« 34 ms », « 1,2 s »."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f}{NBSP}ms"
    seconds = f"{milliseconds / 1000:.1f}"
    return (seconds.replace(".", ",") if strings.language == "fr" else seconds) + f"{NBSP}s"


def written_html(number: int, answer: Answer) -> str:
    """The model's words, shown above `answer.evidence`; empty without a language model."""
    if not answer.evidence:
        return ""
    html = ""
    for kind, blocks in groupby(_written_blocks(answer.sentences), key=lambda block: block[0]):
        parts = [(block[1], number, answer) for block in blocks]
        if kind == "p":
            html += "".join(f"<p>{_inline(*part)}</p>" for part in parts)
        elif kind == "table":
            rows = "".join(_row(*part) for part in parts)
            html += f'<div class="tcc-table"><table>{rows}</table></div>'
        else:
            html += f"<{kind}>{''.join(f'<li>{_inline(*part)}</li>' for part in parts)}</{kind}>"
    title = STRINGS[answer.language].quotes_under
    return f'<div class="tcc-written">{html}</div><p class="tcc-under">{escape(title)}</p>'


def _written_blocks(sentences: Sequence[Sentence]) -> list[tuple[_Kind, list[Sentence]]]:
    """Sentences that share a paragraph, a list item or a row."""
    found: list[tuple[_Kind, list[Sentence]]] = []
    for sentence in sentences:
        sign = sentence.opens.strip()
        if found and sentence.opens == " ":
            found[-1][1].append(sentence)
        elif sentence.text.startswith("|"):
            found.append(("table", [sentence]))
        else:
            found.append(("ul" if sign == "-" else "ol" if sign else "p", [sentence]))
    return found


def _inline(sentences: Sequence[Sentence], number: int, answer: Answer) -> str:
    return " ".join(_with_mark(_bold(one.text), one, number, answer) for one in sentences)


def _row(sentences: Sequence[Sentence], number: int, answer: Answer) -> str:
    """A row is one sentence; the mark is in its last cell."""
    (sentence, *_) = sentences
    row, _, rule = sentence.text.partition("\n")
    tag = 'th scope="col"' if rule else "td"
    *cells, last = [_bold(cell.strip()) for cell in row.strip().strip("|").split("|")]
    cells.append(_with_mark(last, sentence, number, answer))
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag[:2]}>' for cell in cells)}</tr>"


def _with_mark(html: str, sentence: Sentence, number: int, answer: Answer) -> str:
    cited = {citation.n: citation for citation in answer.citations}
    markers = "".join(f"{NBSP}{_cited(number, cited[n], sentence.text)}" for n in sentence.citations)
    told = sentence.reason or (STRINGS[answer.language].verbatim if sentence.status == "proved" else "")
    if sentence.status == "contradicted":
        return f'{html}{markers} <span class="tcc-warned">{escape(told)}</span>'
    # The brackets show that the hint belongs to the sentence before it.
    return html + markers + (f' <span class="tcc-hint">({escape(told)})</span>' if told else "")


def _cited(number: int, citation: Citation, said: str) -> str:
    """The marker of a citation, and the quote shown on hover or focus, in which words shared with the sentence are highlighted."""
    article, common = citation.article, content_words(said, citation.article.language)
    words = shown(article.text, citation.start, citation.end)
    html, done = "", 0
    for word in word_spans(words, article.language):
        if word.token in common:
            html += f"{typeset(words[done : word.start])}<mark>{escape(words[word.start : word.end])}</mark>"
            done = word.end
    beside = f'<span class="tcc-beside" lang="{article.language}">{html}{typeset(words[done:])}</span>'
    return f'<span class="tcc-cite">{marker(number, citation.n)}{beside}</span>'


def _bold(text: str) -> str:
    parts = text.split("**")
    return "".join(f"<strong>{typeset(part)}</strong>" if n % 2 else typeset(part) for n, part in enumerate(parts))

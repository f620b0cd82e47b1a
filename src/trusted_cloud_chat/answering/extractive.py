"""Answers without a language model: the sentences that answer, quoted word for word, dated, cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.finding import Findings
from trusted_cloud_chat.answering.forms.choice import Form
from trusted_cloud_chat.answering.forms.leads import lead, phrase, state_lead
from trusted_cloud_chat.answering.forms.subjects import Quote, quote_of
from trusted_cloud_chat.answering.forms.table import Comparison
from trusted_cloud_chat.answering.partial import missing_note, missing_parts
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.wording import attribution, quoted
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Answer, Cell, Citation, Language, Passage, Sentence, Table


def extract_answer(question: str, found: Findings, form: Form, entities: EntityBook, timeline: Timeline) -> Answer:
    """An answer of one to eight quotes, a table's and those that `timeline` adds apart.

    `sentences[i]` points to `citations[i]`.
    """
    understood = found.understood
    language = understood.query.language
    quotes = Quotes(entities, language)
    if form.proved:
        chosen = timeline.proved(form.quotes)
    else:
        chosen = list(form.quotes) if form.fixed else timeline.lead(form.quotes)
    for choice in chosen:
        quotes.add(choice)
    state = timeline.state(chosen[0]) if chosen and not form.lead and not form.comparison else None
    if state is not None:
        form = replace(form, lead=state_lead(*state, language))
    bullet = "- " if form.listed else ""
    lines = [f"{bullet}{line}" for line in quotes.lines()]
    paragraphs = [form.lead, "\n".join(lines)] if form.listed else [form.lead, *lines]
    table = _table(form.comparison, quotes) if form.comparison else None
    if table is not None:
        paragraphs += [lead("comparison", language), _table_text(table, quotes), quotes.origins(len(lines))]
    missing = missing_parts(understood, quotes.citations, entities)
    answer = Answer(
        question=question,
        query=understood.query,
        answer="\n\n".join(paragraph for paragraph in paragraphs if paragraph),
        sentences=quotes.sentences,
        citations=quotes.citations,
        passages=_shown(found.passages, form.comparison),
        table=table,
        missing=missing,
    )
    day_told = state is not None or (form.certain and bool(form.lead) and not form.listed)
    told = timeline.tell(answer, day_told=day_told, listed=form.listed)
    note = missing_note(told.missing, len(told.citations), language)
    return replace(told, answer=f"{told.answer}\n\n{note}") if note else told


@dataclass
class Quotes:
    """The quotes of an answer, numbered from 1 in the order in which they are added."""

    entities: EntityBook
    language: Language
    quotes: list[Quote] = field(default_factory=list)

    def add(self, choice: Selected) -> int:
        """Its number, or that of the quote that has these words already."""
        quote = quote_of(choice, self.entities)
        for n, known in enumerate(self.quotes, start=1):
            if known.covers(choice.passage.article, choice.span):
                return n
            if quote.covers(known.article, known.span):
                # The sentence before stands above already.
                quote = Quote(quote.article, choice.span, choice.text)
        self.quotes.append(quote)
        return len(self.quotes)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """`sentences[i]` points to `citations[i]`."""
        return tuple(Sentence(quote.text, (n,)) for n, quote in enumerate(self.quotes, start=1))

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(Citation(n, q.article, q.span.start, q.span.end) for n, q in enumerate(self.quotes, start=1))

    def lines(self) -> list[str]:
        """A line a quote, with its marker, publisher and date."""
        return [
            f"{quoted(q.text, q.article.language, self.language)} [{n}] — {attribution(q.article, self.language)}"
            for n, q in enumerate(self.quotes, start=1)
        ]

    def in_cell(self, cell: Cell) -> str:
        if not cell.citations:
            return cell.text
        (n,) = cell.citations
        return f"{quoted(cell.text, self.quotes[n - 1].article.language, self.language)} [{n}]"

    def origins(self, after: int) -> str:
        """Publisher and date of the quotes that come after the first `after`: those that stand in a table."""
        return "\n".join(
            f"- [{n}] — {attribution(q.article, self.language)}"
            for n, q in enumerate(self.quotes, start=1)
            if n > after
        )


def _shown(passages: Sequence[Passage], comparison: Comparison | None) -> tuple[Passage, ...]:
    """`passages`, and after them those that only a cell of the table was found in."""
    shown = list(passages)
    for row in comparison.rows if comparison else ():
        for cell in row.cells:
            known = {passage.chunk.chunk_id for passage in shown}
            if cell is not None and cell.passage.chunk.chunk_id not in known:
                shown.append(replace(cell.passage, rank=len(shown) + 1))
    return tuple(shown)


def _table(comparison: Comparison, quotes: Quotes) -> Table:
    """A row a criterion; its first cell is the criterion, each other one a quote or that none was found."""
    language = quotes.language
    missing = Cell(phrase("not_found", language))
    rows = []
    for row in comparison.rows:
        numbers = [quotes.add(choice) if choice else None for choice in row.cells]
        cells = [Cell(quotes.quotes[n - 1].text, (n,)) if n else missing for n in numbers]
        rows.append((Cell(row.label), *cells))
    return Table((phrase("criterion", language), *comparison.entities), tuple(rows))


def _table_text(table: Table, quotes: Quotes) -> str:
    """The table as Markdown, each quote between quotation marks with its marker."""
    lines = [_row(table.columns), _row(["---"] * len(table.columns))]
    for criterion, *cells in table.rows:
        lines.append(_row([criterion.text, *(quotes.in_cell(cell) for cell in cells)]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    flat = (cell.replace("\n", " ").replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(flat)} |"

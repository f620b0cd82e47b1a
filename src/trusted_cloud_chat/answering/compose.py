"""The quotes of an answer and its table: numbered, cited, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.forms.form import Comparison
from trusted_cloud_chat.answering.sentences import around, opens_with_pronoun, sentence_after, sentence_before
from trusted_cloud_chat.answering.wording import origin, quoted, words_of
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.schema import Article, Cell, Citation, Language, Passage, Sentence, Span, Table
from trusted_cloud_chat.trace import Trace

_LONGEST = 60
"""Words of a quote with the sentences around it."""
_SCRAP = 4
"""Words of a sentence that says little without the next: « Oui, sans frais. »"""
_WORDS = {
    "criterion": {"fr": "Critère", "en": "Criterion"},
    "comparison": {"fr": "Comparaison, critère par critère\u00a0:", "en": "Comparison, criterion by criterion:"},
    "not_found": {"fr": "non trouvé dans le corpus", "en": "not found in the corpus"},
}


@dataclass
class Quotes:
    """The quotes of an answer, numbered from 1 in the order in which they are added."""

    language: Language
    trace: Trace
    found: list[tuple[Article, Span, Span | None]] = field(default_factory=list)
    """Article, quote, and the sentence in it that is marked, if any."""
    passages: list[Passage] = field(default_factory=list)
    """What each was found in."""

    def add(self, selected: Selected) -> int:
        """Its number, or that of the quote that has these words already."""
        article, span = selected.passage.article, self._span(selected)
        for n, (known, other, _) in enumerate(self.found, start=1):
            same = (known.article_id, known.version) == (article.article_id, article.version)
            if same and other.start <= selected.span.start and selected.span.end <= other.end:
                return n
            if same and span.start < other.end and other.start < span.end:
                span = selected.span  # the sentence before stands above already
        self.found.append((article, span, None))
        self.passages.append(selected.passage)
        return len(self.found)

    def add_wide(self, selected: Selected) -> int:
        """With the sentences around it, as many as a quote may have, and itself marked."""
        span = around(selected, _LONGEST)
        self.found.append((selected.passage.article, span, None if span == selected.span else selected.span))
        self.passages.append(selected.passage)
        return len(self.found)

    def _span(self, selected: Selected) -> Span:
        """The sentence; with the one before where it opens with a pronoun, with the one after where it is a word or two, or
        tells of a plan that the next one takes back.
        """
        article = selected.passage.article
        after = sentence_after(selected)
        if after is not None and (len(selected.text.split()) <= _SCRAP or _taken_back(selected, after)):
            whole = Span(selected.span.start, after.end)
            if self.trace.fires("sentence_after", article.text[after.start : after.start + 40]):
                return whole
        before = sentence_before(selected) if opens_with_pronoun(selected.text, article) else None
        if before is None or len(article.text[before.start : selected.span.end].split()) > _LONGEST:
            return selected.span
        joined = self.trace.fires("sentence_before", article.text[before.start : before.start + 40])
        return Span(before.start, selected.span.end) if joined else selected.span

    @property
    def citations(self) -> tuple[Citation, ...]:
        numbered = enumerate(self.found, start=1)
        return tuple(Citation(n, article, span.start, span.end, best) for n, (article, span, best) in numbered)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """`sentences[i]` points to `citations[i]`."""
        return tuple(Sentence(words_of(citation), (citation.n,)) for citation in self.citations)

    def line(self, n: int) -> str:
        """The quote with its marker, publisher and date."""
        citation = self.citations[n - 1]
        article = citation.article
        return (
            f"{quoted(words_of(citation), article.language, self.language)} [{n}] — {origin(citation, self.language)}"
        )

    def origin(self, n: int) -> str:
        """Marker, publisher and date of a quote that stands in a table."""
        citation = self.citations[n - 1]
        return f"- [{n}] — {origin(citation, self.language)}"


def _taken_back(selected: Selected, after: Span) -> bool:
    article = selected.passage.article
    planned = says("plan", selected.text, article.language)
    return planned and says("withdrawn", article.text[after.start : after.end], article.language)


def table_of(comparison: Comparison, quotes: Quotes) -> Table:
    """A row a criterion; its first cell is the criterion, each other one a quote or that none was found."""
    missing = Cell(_WORDS["not_found"][quotes.language])
    rows = []
    for row in comparison.rows:
        numbers = [quotes.add(cell) if cell else None for cell in row.cells]
        cells = [Cell(words_of(quotes.citations[n - 1]), (n,)) if n else missing for n in numbers]
        rows.append((Cell(row.label), *cells))
    return Table((_WORDS["criterion"][quotes.language], *comparison.entities), tuple(rows))


def table_text(table: Table, quotes: Quotes) -> list[str]:
    """The paragraphs of a table: its title, itself as Markdown, and where its quotes come from."""
    lines = [_row(table.columns), _row(["---"] * len(table.columns))]
    for criterion, *cells in table.rows:
        lines.append(_row([criterion.text, *(_in_cell(cell, quotes) for cell in cells)]))
    cited = sorted({n for row in table.rows for cell in row for n in cell.citations})
    return [_WORDS["comparison"][quotes.language], "\n".join(lines), "\n".join(map(quotes.origin, cited))]


def _in_cell(cell: Cell, quotes: Quotes) -> str:
    if not cell.citations:
        return cell.text
    (n,) = cell.citations
    return f"{quoted(cell.text, quotes.citations[n - 1].article.language, quotes.language)} [{n}]"


def _row(cells: Sequence[str]) -> str:
    flat = (cell.replace("\n", " ").replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(flat)} |"


def shown_passages(passages: Sequence[Passage], quoted_from: Sequence[Passage]) -> tuple[Passage, ...]:
    """`passages`, and after them those that only a quote was found in."""
    shown = list(passages)
    for passage in quoted_from:
        if all(passage.chunk.chunk_id != known.chunk.chunk_id for known in shown):
            shown.append(replace(passage, rank=len(shown) + 1))
    return tuple(shown)

"""Numbers the quotes of an answer and writes quotes and tables as text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trusted_cloud_chat.answering.citing import brief, citation_of, needed, onward
from trusted_cloud_chat.answering.forms.form import Comparison
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.wording import further_title, origin, quoted, translation_of, words_of
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Article, Cell, Citation, Language, Passage, Sentence, Span, Table

_WORDS = {
    "criterion": {"fr": "Critère", "en": "Criterion"},
    "comparison": {"fr": "Comparaison, critère par critère\u00a0:", "en": "Comparison, criterion by criterion:"},
    "not_found": {"fr": "non trouvé dans le corpus", "en": "not found in the corpus"},
}
_FARTHER, _FARTHER_OF_SEVERAL = 0.05, 0.2
"""A neighbour is shown if its stored questions are at most this much less similar to the question than those of the quote (cosine);
the second value applies if several things are asked for. On `training/fit.jsonl`, 0.05 shows 60 of 74 further sentences that answer,
in 2,397 words; always showing the next two sentences would show 44 of them, in 4,325 words.
"""


@dataclass
class Quotes:
    """The quotes of an answer, numbered from 1 in the order in which they are added."""

    language: Language
    known: Known | None = None
    whole: bool = False
    """Whether the question asks for several things: then a leading quote is shown with its full context."""
    is_part: bool = False
    """Whether they answer one of several questions; then a neighbour is shown only if its stored questions are as similar as those of the quote."""
    asked_at: Callable[[Article], Mapping[int, float]] = lambda _: {}
    """`Evidence.asked_at`."""
    citations: list[Citation] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    """The passage of each citation."""
    _shown: dict[int, Span] = field(default_factory=dict)
    """The span shown for each quote, by number."""

    def add(self, selected: Selected) -> int:
        """Adds a quote and returns its number, or that of an earlier quote that contains it."""
        article, span = selected.passage.article, selected.span
        for one in self.citations:
            if _of_one_text(one, article) and one.start <= span.start and span.end <= one.end:
                return one.n
        statement = self.known.statement(article, span) if self.known else None
        beside = self.known.statement if self.known else lambda _article, _span: None
        near = self.asked_at(article)
        farther = _FARTHER_OF_SEVERAL if self.whole else _FARTHER
        if self.is_part or article.language != self.language:
            farther = 0.0  # in another language each sentence is shown twice
        least = near.get(span.start, 0.0) - farther
        number = len(self.citations) + 1
        is_near = (lambda at: near.get(at, 0.0) >= least) if near else (lambda _: True)
        self.citations.append(citation_of(number, article, span, statement, beside, is_near))
        self.passages.append(selected.passage)
        return number

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """One sentence per citation, in the same order."""
        return tuple(Sentence(words_of(citation), (citation.n,)) for citation in self.citations)

    def line(self, n: int, *, leads: bool = False, proves: bool = False, item: bool = False) -> str:
        """The quote with its marker, publisher and date. If it `leads`, the sentences after it are shown too (`whole`: its full
        context), but only in brief if it `proves` the line above. Leading quotes, proofs and each `item` of a list get our
        translation if they are in another language.
        """
        citation = self.citations[n - 1]
        shown = brief if proves else onward if leads else needed
        among = self._new(citation, citation.around if self.whole and shown is onward else shown(citation))
        translated = translation_of(citation, self.language, among) if leads or proves or item else ""
        self._shown[n] = among
        words = quoted(words_of(citation, among), citation.article.language, self.language)
        line = f"{words} [{n}] — {origin(citation, self.language)}"
        return f"{line}\n{translated}" if translated else line

    def _new(self, citation: Citation, among: Span) -> Span:
        """`among` without the sentences before or after the quote that are shown with another quote."""
        start, end = among.start, among.end
        for n, shown in self._shown.items():
            if _of_one_text(self.citations[n - 1], citation.article):
                start = citation.start if shown.start <= start < shown.end <= citation.start else start
                end = citation.end if citation.end <= shown.start < end <= shown.end else end
        return Span(start, end)

    def further(self, said: str) -> str:
        """Lists the folded quotes below « 2 autres extraits : »; a quote whose text is already shown only if `said` cites it. Empty without any."""
        rest = [one for one in self.citations if one.n not in self._shown]
        rest = [one for one in rest if f"[{one.n}]" in said or not self.is_shown(one.n)]
        lines = [f"- {self.line(one.n)}" for one in rest]
        return "\n".join([further_title(len(rest), self.language), *lines]) if rest else ""

    def origin(self, n: int, said: str = "") -> str:
        """A list item with `said` and the marker, publisher and date of a quote."""
        citation = self.citations[n - 1]
        self._shown[n] = needed(citation)
        return f"- {said and f'{said} '}[{n}] — {origin(citation, self.language)}"

    def told(self, citation: Citation) -> str:
        """The text of the quote with the context shown."""
        among = self._shown.get(citation.n, Span(citation.start, citation.end))
        return citation.article.text[among.start : among.end]

    def fold(self, number: int) -> None:
        """Moves the quote to the further extracts."""
        self._shown.pop(number)

    def is_shown(self, number: int) -> bool:
        """Whether the text shown contains the quote."""
        return any(self.stands_in(n, number) for n in self._shown)

    def stands_in(self, n: int, number: int) -> bool:
        """Whether the text shown for quote `n` contains quote `number`."""
        span, one = self._shown[n], self.citations[number - 1]
        return _of_one_text(self.citations[n - 1], one.article) and span.start <= one.start and one.end <= span.end


def _of_one_text(citation: Citation, article: Article) -> bool:
    return (citation.article.article_id, citation.article.version) == (article.article_id, article.version)


def table_of(comparison: Comparison, quotes: Quotes) -> Table:
    """A row per criterion; each other cell is a quote, or says that there is none."""
    missing = Cell(_WORDS["not_found"][quotes.language])
    rows = []
    for row in comparison.rows:
        numbers = [quotes.add(cell) if cell else None for cell in row.cells]
        cells = [Cell(_closely(quotes.citations[n - 1]), (n,)) if n else missing for n in numbers]
        rows.append((Cell(row.label), *cells))
    return Table((_WORDS["criterion"][quotes.language], *comparison.entities), tuple(rows))


def _closely(citation: Citation) -> str:
    return words_of(citation, needed(citation))


def table_text(table: Table, quotes: Quotes) -> list[str]:
    """The paragraphs of a table: its title, the table in Markdown, the sources of its quotes."""
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
    """`passages`, then the passages of quotes that are not among them."""
    shown = list(passages)
    for passage in quoted_from:
        if all(passage.chunk.chunk_id != known.chunk.chunk_id for known in shown):
            shown.append(replace(passage, rank=len(shown) + 1))
    return tuple(shown)

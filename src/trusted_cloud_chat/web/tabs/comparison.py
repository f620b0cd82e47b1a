"""Names compared by criteria, as a table of quotes and as CSV. No Gradio here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.citing import needed
from trusted_cloud_chat.answering.side_by_side import Compared
from trusted_cloud_chat.answering.wording import on_page, publisher_of, quoted, said_by, typographic, words_of
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.schema import Citation, Language, Span
from trusted_cloud_chat.web.escaping import escape, typeset
from trusted_cloud_chat.web.handlers import AsOf, problem_of
from trusted_cloud_chat.web.rendering import problem_html
from trusted_cloud_chat.web.spreadsheet import csv_text
from trusted_cloud_chat.web.strings import STRINGS, Strings
from trusted_cloud_chat.web.tabs.comparing_strings import COMPARING_STRINGS
from trusted_cloud_chat.web.tabs.looking import Looking

LEAST, MOST = 2, 5
_EXAMPLES = 2
_WORDS = "…"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is shown, and what it was made from where there is any of it."""

    html: str
    compared: Compared | None = None
    as_of: date | None = None


class Comparing:
    """The behaviour of the tab. The names and criteria are those of the corpus and of the market's data."""

    def __init__(
        self,
        assistant: Assistant,
        looking: Looking,
        as_of: Callable[[str, Strings], AsOf],
        clock: Callable[[], date] = date.today,
    ) -> None:
        """`as_of` reads the day that a field says."""
        self._assistant, self._looking, self._as_of, self._clock = assistant, looking, as_of, clock

    def names(self) -> list[tuple[str, str]]:
        """Those of a kind that some criterion is usual for, with how many articles have them, the most named first."""
        kinds = {kind for row in self._assistant.market.rows.criterion for kind in row.usual}
        try:
            named = self._looking.shelf.named()
        except TrustedCloudChatError:
            return []
        return [(f"{entity.name} ({n})", entity.name) for entity, n in named if entity.kind in kinds]

    def criteria(self, language: Language) -> list[tuple[str, str]]:
        return [(row.label(language), row.id) for row in self._assistant.market.rows.criterion]

    def pairs(self) -> list[tuple[str, str]]:
        """Two names of one kind that the articles most tell of together, and two others: what to begin with."""
        names = {name for _, name in self.names()}
        return self._looking.shelf.pairs(names)[:_EXAMPLES] if names else []

    def usual(self, names: Sequence[str]) -> list[str]:
        """The criteria that are usual for the kinds of `names`; those of the kind that most criteria are usual for before any is chosen."""
        rows = self._assistant.market.rows.criterion
        kinds = {entity.kind for entity, _ in self._looking.shelf.named() if entity.name in names} if names else set()
        every = [kind for row in rows for kind in row.usual]
        kinds = kinds or set(sorted(every, key=every.count)[-1:])
        return [row.id for row in rows if kinds & set(row.usual)]

    @property
    def offered(self) -> bool:
        """Whether there is anything to compare, by anything."""
        return bool(self._assistant.market.rows.criterion) and len(self.names()) >= LEAST

    def compare(self, names: Sequence[str], criteria: Sequence[str], as_of: str, language: Language) -> Comparison:
        """The table, or why there is none."""
        own, strings, asked = COMPARING_STRINGS[language], STRINGS[language], self._as_of(as_of, STRINGS[language])
        known = {name for _, name in self.names()}
        chosen = [name for name in dict.fromkeys(names) if name in known]
        rows = [row for row in self._assistant.market.rows.criterion if row.id in criteria]
        hint = "" if asked.valid else asked.status
        hint = hint or (own.too_few if len(chosen) < LEAST else own.too_many if len(chosen) > MOST else "")
        hint = hint or ("" if rows else own.no_criterion)
        if hint:
            told = f'<p class="tcc-status tcc-warning" role="status" lang="{language}">{escape(hint)}</p>'
            return Comparison(told + invitation_html(self.pairs(), language))
        try:
            compared = self._assistant.compare(chosen, rows, language, today=self._clock(), as_of=asked.day)
        except TrustedCloudChatError as error:
            return Comparison(problem_html(problem_of(error, "", strings), strings))
        return Comparison(table_html(compared, language, asked.day), compared, asked.day)

    def spoken(self, made: Comparison, language: Language) -> Comparison:
        """What was compared, said in another language: nothing is searched again."""
        rows = self._assistant.market.rows.criterion
        labels = {row.label(one): row.label(language) for row in rows for one in STRINGS}
        if made.compared is None:
            return made
        told = tuple(replace(row, label=labels.get(row.label, row.label)) for row in made.compared.rows)
        compared = replace(made.compared, rows=told)
        return replace(made, html=table_html(compared, language, made.as_of), compared=compared)

    def quote(self, compared: Compared | None, number: str, strings: Strings) -> str:
        """The article of a quote, opened at it; empty for a number that no quote has."""
        cited = next((one for one in compared.citations if str(one.n) == number), None) if compared else None
        if cited is None:
            return ""
        place = Span(cited.start, cited.end)
        return self._looking.article(cited.article.article_id, strings, place, cited.article.version)


def invitation_html(pairs: Sequence[tuple[str, str]], language: Language) -> str:
    """What stands in the table's place before anything is compared: what to do, and pairs to begin with."""
    own = COMPARING_STRINGS[language]
    buttons = "".join(
        f'<button type="button" class="tcc-quiet" id="tcc-pair-{place}" data-do="take" data-place="{place}">'
        f"{escape(own.pair.format(one=one, other=other))}</button>"
        for place, (one, other) in enumerate(pairs)
    )
    begin = f'<p>{escape(own.begin)}</p><p class="tcc-begin">{buttons}</p>' if buttons else ""
    return f'<div class="tcc-empty" lang="{language}"><p>{escape(own.how)}</p>{begin}</div>'


def searching_html(names: int, criteria: int, language: Language) -> str:
    """While it is searched."""
    own = COMPARING_STRINGS[language]
    told = escape(own.searching.format(names=names, criteria=criteria))
    return (
        f'<div class="tcc-progress" lang="{language}"><p role="status">{told}</p>'
        f'<progress aria-label="{escape(own.compare)}"></progress></div>'
    )


def table_html(compared: Compared, language: Language, as_of: date | None) -> str:
    """A row a criterion; each quote with its source and date, which open it."""
    own = COMPARING_STRINGS[language]
    day = own.as_of_told.format(day=spoken_day(as_of, language)) if as_of else ""
    told = f'<p class="tcc-status tcc-active" role="status">{escape(day)}</p>' if day else ""
    if not compared.citations:
        return f'<div lang="{language}">{told}<p class="tcc-nothing" role="status">{escape(own.nothing)}</p></div>'
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in compared.names)
    body = ""
    for place, row in enumerate(compared.rows):
        named = zip(compared.names, row.cells, strict=True)
        cells = "".join(_cell(name, cell, language, f"{place}-{n}") for n, (name, cell) in enumerate(named))
        body += f'<tr><th scope="row">{escape(row.label)}</th>{cells}</tr>'
    caption = own.heading.format(names=", ".join(compared.names))
    return (
        f'<div lang="{language}">{told}<div class="tcc-compared"><table><caption class="tcc-sr">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">{escape(own.criterion)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div></div>'
    )


def _cell(name: str, cell: Citation | None, language: Language, place: str) -> str:
    own = COMPARING_STRINGS[language]
    label = f'<span class="tcc-of" aria-hidden="true">{escape(name)}</span>'
    if cell is None:
        return f'<td class="tcc-none">{label}{escape(own.not_found)}</td>'
    article = cell.article
    opened, closed = quoted(_WORDS, article.language, language).split(_WORDS)
    said = said_by(cell, language) + on_page(article, cell.start)
    title = escape(own.open.format(title=one_line(article.title)))
    return (
        f'<td>{label}{escape(opened)}<span class="tcc-words" lang="{article.language}">{typeset(one_line(words_of(cell, needed(cell))))}</span>'
        f'{escape(closed)}<button type="button" class="tcc-cited" id="tcc-cell-{place}" data-do="open" data-n="{cell.n}" '
        f'title="{title}">{escape(said)}</button></td>'
    )


def to_csv(compared: Compared, language: Language) -> str:
    """A line a cell, with all that its quote is known by."""
    lines = (
        (row.label, name, *_cited(cell, language))
        for row in compared.rows
        for name, cell in zip(compared.names, row.cells, strict=True)
    )
    return csv_text(COMPARING_STRINGS[language].columns, lines, language)


def _cited(cell: Citation | None, language: Language) -> tuple[str, ...]:
    if cell is None:
        return (COMPARING_STRINGS[language].not_found, *[""] * 8)
    article = cell.article
    day, said = str(cell.said_on or article.date or ""), typographic(cell.said_by) or publisher_of(article, language)
    place = (article.article_id, article.version, str(cell.start), str(cell.end))
    return (cell.quote, said, day, article.title, article.url or "", *place)

"""What the fields of the tab « Corpus » ask for, and what is shown for it. No Gradio here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.schema import Language, Span
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.handlers import problem_of
from trusted_cloud_chat.web.rendering import problem_html
from trusted_cloud_chat.web.strings import STRINGS, Strings
from trusted_cloud_chat.web.tabs.article_panel import open_article
from trusted_cloud_chat.web.tabs.corpus_strings import CORPUS_STRINGS
from trusted_cloud_chat.web.tabs.listing import STEP, listing_html
from trusted_cloud_chat.web.tabs.shelf import SORT_KEYS, Shelf, Wanted
from trusted_cloud_chat.web.visits import Visit, arrive

Opener = Callable[..., str]
"""`open_article`, or what shows an article in its place."""


@dataclass(frozen=True, slots=True)
class View:
    """How the list is looked at: its order, and how much of it is shown."""

    sort: str = "date"
    descending: bool = True
    shown: int = STEP

    def by(self, key: Any) -> View:
        """Sorted by a column; again, the other way round. Dates and numbers begin with the last or the most."""
        if key not in SORT_KEYS:
            return self
        falling = not self.descending if key == self.sort else key in ("date", "quotable")
        return View(str(key), falling)

    def wider(self) -> View:
        return replace(self, shown=self.shown + STEP)


@dataclass(frozen=True, slots=True)
class Fields:
    """As they are filled in."""

    words: str = ""
    first: str = ""
    last: str = ""
    types: Sequence[str] = ()
    names: Sequence[str] = ()
    since: bool = False


class Looking:
    """The behaviour of the tab, over an assistant and its shelf."""

    def __init__(self, assistant: Assistant, shelf: Shelf, opener: Opener = open_article) -> None:
        self._assistant, self.shelf, self._opener = assistant, shelf, opener

    def listing(self, fields: Fields, view: View, remembered: Any, language: Language) -> str:
        """The list as HTML, or why there is none. `remembered`: the visit, as the browser has it."""
        try:
            wanted = self._wanted(fields, view, _since(remembered), language)
            held, found = self.shelf.read(), self.shelf.find(wanted, language)
        except ValueError as error:
            return f'<p class="tcc-status tcc-warning" role="status" lang="{language}">{error}</p>'
        except TrustedCloudChatError as error:
            return problem_html(problem_of(error, "", STRINGS[language]), STRINGS[language])
        since = _since(remembered)
        return listing_html(found, len(held.all), wanted, language, shown=view.shown, since=since)

    def choices(self, language: Language) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """(source types, names) that can be chosen, each with how many articles have it; nothing where nothing is held."""
        kinds = STRINGS[language].source_types
        try:
            types, names = self.shelf.read().types.most_common(), self.shelf.named()
        except TrustedCloudChatError:
            return [], []
        return (
            [(f"{kinds.get(kind, kind)} ({n})", kind) for kind, n in types],
            [(f"{entity.name} ({n})", entity.name) for entity, n in names],
        )

    def article(
        self, article_id: Any, strings: Strings, quote: Span | None = None, version: str | None = None, words: str = ""
    ) -> str:
        """An article opened, with a quote or the words that were searched marked in it; or that it is gone."""
        try:
            found = self._assistant.article(str(article_id), version)
        except TrustedCloudChatError as error:
            return problem_html(problem_of(error, "", strings), strings)
        if found is None:
            return f'<p class="tcc-nothing">{CORPUS_STRINGS[strings.language].gone}</p>'
        return self._opener(found, strings, quote, words)

    def _wanted(self, fields: Fields, view: View, since: str | None, language: Language) -> Wanted:
        """Raises ValueError with what to say where a day is none."""
        return Wanted(
            words=fields.words or "",
            first=_day(fields.first, language, last=False),
            last=_day(fields.last, language, last=True),
            types=frozenset(fields.types or ()),
            names=frozenset(fields.names or ()),
            since=since if fields.since else None,
            sort=view.sort,  # type: ignore[arg-type]  # checked where it was chosen
            descending=view.descending,
        )


def since_label(remembered: Any, language: Language) -> str:
    """« Arrivés depuis ma dernière visite (28 novembre 2026) »; empty at a first visit."""
    visit = _visit(remembered)
    if visit is None or visit.before is None:
        return ""
    day = spoken_day(datetime.fromisoformat(visit.before).date(), language)
    return CORPUS_STRINGS[language].since.format(day=day)


def _since(remembered: Any) -> str | None:
    visit = _visit(remembered)
    return visit.since if visit else None


def _visit(remembered: Any) -> Visit | None:
    """The visit that is under way: who looks at once is here before the browser has been told of it."""
    visit = Visit.read(remembered)
    return arrive(visit) if visit else None


def _day(text: str | None, language: Language, *, last: bool) -> date | None:
    if not (text or "").strip():
        return None
    try:
        parsed = PartialDate.parse(str(text).strip())
    except ValueError:
        raise ValueError(escape(CORPUS_STRINGS[language].not_a_date.format(value=text))) from None
    return parsed.last_day if last else parsed.first_day

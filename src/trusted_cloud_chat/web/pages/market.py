"""« Marché »: offers, promises, sales and prices from the articles' facts, as of any day."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.wording import attribution, date_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import Offer
from trusted_cloud_chat.market.promises import Outcome, promises
from trusted_cloud_chat.market.tables import Changes, buyers, changes, chronology, prices
from trusted_cloud_chat.output import market as output
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.web.handlers import Day, Handlers
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.pages.proofs import CELLS, Proof, Proving, Row, key_of, row_name
from trusted_cloud_chat.web.sources import article_link
from trusted_cloud_chat.web.visits import remember, visit_of

LEAST, MOST = 2, 5
"""Minimum and maximum number of offers compared side by side."""
_LEAST_TOLD = 3
"""Minimum facts of an actor with a chronology."""
_MOST_NEW = 10_000
"""Maximum number of articles listed as new since the last visit."""
_FEED_MONTHS = 3
_ATOM = "http://www.w3.org/2005/Atom"
"""The name of the format; nothing is fetched."""
_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_SORTS: dict[str, Callable[[Offer], tuple[object, ...]]] = {
    "offer": lambda row: (fold(row.provider), fold(row.service or "")),
    "dates": lambda row: (row.expires is None, row.expires.day.last_day if row.expires else date.max),
    "newest": lambda row: (-(row.newest.said_on.middle.toordinal() if row.newest and row.newest.said_on else 0),),
}
"""Sort orders other than the default, which is by stage."""


@dataclass(frozen=True)
class Line:
    """A row of a table; each cell is a text or a proof."""

    cells: tuple[str | Proof, ...]
    known: KnownFact
    actor: str = ""
    outcome: str = ""

    @property
    def name(self) -> str:
        """The fragment of its address, derived from its fact."""
        fact = self.known.fact
        told = (fact.subject, fact.object, fact.attribute, fact.service, fact.value)
        return row_name(*map(str, told), self.known.article.article_id, str(self.known.statement.spans[0].start))

    @property
    def words(self) -> list[str]:
        return [cell.text if isinstance(cell, Proof) else cell for cell in self.cells]


class View:
    """The market for one request. Raises the errors of reading an index, such as IndexEmptyError."""

    def __init__(self, request: Request, handlers: Handlers) -> None:
        self.asked = asked = Asked(request)
        self.assistant, self.today = handlers.assistant, handlers.clock()
        self.books, self.market = self.assistant.books, self.assistant.market
        self.as_of: Day = asked.day("as_of", self.today)
        self.book: FactBook = self.books.book(self.today, self.as_of.day)
        self.said = asked.texts["market"]
        self.proving = Proving(asked, self.market)

    @property
    def offers(self) -> Sequence[Offer]:
        return self.books.offers(self.book)

    def page(self, template: str, **context: Any) -> Response:
        return self.asked.page(template, as_of=self.as_of, empty=self.books.empty, **context)

    def changes(self, since: date, arrived: frozenset[str] | None = None) -> Changes:
        """`arrived`: only the facts of these articles, whatever their dates."""
        if arrived is None:
            before = self.books.book(self.today, min(since, self.as_of.day or since))
        else:
            known = ((one.article_id, one.version) for one in self.book.articles if one.article_id not in arrived)
            before = self.books.book(self.today, self.as_of.day, within=frozenset(known))
        return changes(self.book, before, since, arrived)

    # --- what has changed

    def news(self) -> Response:
        """Changes since the day or the last visit, as the address says; by default since the first of the month."""
        asked, visit = self.asked, visit_of(self.asked.request)
        before, since, new = visit.previous_day, asked.day("since", last=False), None
        if asked.field("since") == "visit":
            since = Day("visit", before) if before else Day()
            arrived = self.assistant.news(visit.since, _MOST_NEW).articles if before else ()
            new = frozenset(one.article_id for one in arrived) if before else None
        month = self.book.day.replace(day=1)
        found = self.changes(since.day or month, new)
        last = found.last.first_day.replace(day=1) if found.last else None
        told = [
            (title, [self._told(line) for line in lines])
            for title, lines in output.sections(found, self.market, asked.language)
        ]
        nothing = output.empty_line(found, asked.language)
        page = self.page(
            "news.html", since=since, month=month, before=before, told=told, nothing=nothing, found=found, last=last
        )
        return remember(self.assistant, page, asked.request, visit)

    def _told(self, line: output.NewsLine) -> tuple[Proof | None, Article | None, str]:
        """A proof, or an article with its address."""
        if line.fact:
            return self.proving.proof(line.text, line.fact, self.proving.source(line.fact)), None, ""
        return None, line.article, article_link(self.asked.link, line.article) if line.article else ""

    def atom(self) -> Response:
        """The same lines as a feed: of the last three months, or since the day of the address. Each is dated by its source, and leads
        to its sentence.
        """
        asked, month = self.asked, self.book.day.year * 12 + self.book.day.month - 1 - _FEED_MONTHS
        first = date(month // 12, month % 12 + 1, 1)
        since = asked.day("since", last=False).day or first
        root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": asked.language})
        base = str(asked.request.base_url).rstrip("/")
        _child(root, "title", f"Trusted Cloud Chat – {self.said['news']['title']}")
        _child(root, "id", base + asked.request.url.path)
        _child(root, "link", rel="self", href=str(asked.request.url))
        _child(root, "link", rel="alternate", href=base + asked.link("/marche"))
        found = output.sections(self.changes(since), self.market, asked.language)
        entries = [
            (title, line, line.fact.said_on if line.fact else line.article.date if line.article else None)
            for title, lines in found
            for line in lines
        ]
        newest = max((day for *_, day in entries if day), key=lambda d: d.last_day, default=None)
        _child(root, "updated", _moment(newest))
        _child(_child(root, "author"), "name", "Trusted Cloud Chat")
        for title, line, day in entries:
            entry = _child(root, "entry")
            article = line.fact.article if line.fact else line.article
            assert article is not None
            link = base + article_link(asked.link, article, line.fact.statement.spans if line.fact else ())
            said = output.source_of(line.fact, asked.language) if line.fact else attribution(article, asked.language)
            _child(entry, "title", line.text)
            _child(entry, "id", uuid5(NAMESPACE_URL, f"{link} {title} {line.text}").urn)
            _child(entry, "link", rel="alternate", href=link)
            _child(entry, "updated", _moment(day))
            _child(entry, "category", term=title)
            _child(entry, "summary", f"{one_line(line.fact.quote)} [{said}]" if line.fact else f"[{said}]")
        text = ET.tostring(root, encoding="unicode", xml_declaration=True)
        return Response(text, media_type="application/atom+xml; charset=utf-8")

    # --- the offers

    def table(self) -> Response:
        asked, every = self.asked, self.offers
        providers = {"": self.said["every"], **{one: one for one in sorted({row.provider for row in every}, key=fold)}}
        reached = {row.stage.id for row in every if row.stage}
        stages = {row.id: row.label(asked.language) for row in self.market.rows.stage if row.id in reached}
        stages = {"": self.said["every_stage"], **stages}
        return self.page("offers.html", rows=self.chosen(), total=len(every), providers=providers, stages=stages)

    def chosen(self) -> list[Row]:
        """The offers that match the filters of the address, in its order."""
        field, wanted = self.asked.field, fold(self.asked.field("q")).split()
        offers = [
            offer
            for offer in self.offers
            if field("provider") in ("", offer.provider)
            and field("stage") in ("", offer.stage.id if offer.stage else None)
        ]
        order = _SORTS.get(field("sort"))
        rows = map(self.proving.row, sorted(offers, key=order) if order else offers)
        return [row for row in rows if not wanted or row.has(wanted)]

    def compared(self) -> list[Row]:
        """The ticked offers, at most five, in the order of the table."""
        ticked = self.asked.fields("offer")
        return [self.proving.row(offer) for offer in self.offers if key_of(offer) in ticked][:MOST]

    def side_by_side(self) -> Response:
        rows, ticked = self.compared(), set(self.asked.fields("offer"))
        hint = self.said["too_few"] if len(rows) < LEAST else self.said["too_many"] if len(ticked) > MOST else ""
        return self.page("compare.html", rows=rows if len(rows) >= LEAST else [], hint=hint, names=CELLS)

    def offers_csv(self) -> Response:
        lines = [self._csv_row(row) for row in self.chosen()]
        return self.asked.csv(self.named("offres"), self.said["csv_offers"], lines)

    def compared_csv(self) -> Response:
        """A line per criterion and offer."""
        lines = [
            [self.said["cells"][name], row.key, proof.text, proof.note, proof.quote, proof.known.article.url or ""]
            for name in CELLS
            for row in self.compared()
            for proof in row.cells[name]
        ]
        return self.asked.csv(self.named("comparaison"), self.said["csv_compared"], lines)

    def _csv_row(self, row: Row) -> list[str]:
        offer, cells = row.offer, row.cells
        stage, newest = offer.stage, offer.newest
        since = offer.since.best.since if offer.since else None
        promised = [f"{one.text} ({one.note})" for one in cells["promises"]]
        return [
            offer.provider,
            offer.service or "",
            cells["stage"][0].text if stage else "",
            str(stage.fact.said_on or "") if stage else "",
            self.proving.source(stage.fact).rsplit(", ", 1)[0] if stage else "",
            self.said["reported"] if offer.reported else "",
            self.said["contradicted"] if offer.contradictions else "",
            str(since or ""),
            str(offer.expires.day) if offer.expires else "",
            "; ".join(promised),
            *("; ".join(one.text for one in cells[name]) for name in ("ownership", "technology", "customers")),
            one_line(newest.quote) if newest else "",
            self.proving.source(newest) if newest else "",
            date_of(newest.article.date, self.asked.language) if newest else "",
            (newest.article.url or "") if newest else "",
        ]

    # --- tables of lines

    def every_line(self, name: str) -> list[Line]:
        made = {"promises": self._promises, "sales": self._sales, "prices": self._prices, "line": self._chronology}
        return list(made[name]())

    def chosen_lines(self, name: str, every: Sequence[Line]) -> list[Line]:
        """The lines that match the filters of the address."""
        asked = self.asked
        wanted, actor, outcome = fold(asked.field("q")).split(), asked.field("actor"), asked.field("outcome")
        return [
            line
            for line in every
            if (name == "line" or actor in ("", line.actor))
            and (name != "promises" or outcome in ("", line.outcome))
            and all(word in fold(" ".join([*line.words, line.known.quote])) for word in wanted)
        ]

    def listed(self, name: str) -> Response:
        asked, every = self.asked, self.every_line(name)
        if name == "line":
            told, actor = self.told, self.actor
            names = {one: one for one in self.book.subjects if told[one] >= _LEAST_TOLD or one == actor}
        else:
            actor = asked.field("actor")
            listed = sorted({line.actor for line in every}, key=fold)
            names = {"": self.said["every"], **{one: one for one in listed}}
        outcomes: dict[str, str] = {one: output.outcome_label(one, asked.language) for one in _OUTCOMES}
        outcomes = {"": self.said["every_outcome"], **outcomes} if name == "promises" else {}
        return self.page(
            "lines.html", name=name, lines=self.chosen_lines(name, every), actors=names, actor=actor, outcomes=outcomes
        )

    def lines_csv(self, name: str) -> Response:
        shown = self.chosen_lines(name, self.every_line(name))
        lines = [[*line.words, one_line(line.known.quote), line.known.article.url or ""] for line in shown]
        said = self.said["tables"][name]
        return self.asked.csv(self.named(said["file"]), [*said["columns"], *self.said["csv_proof"]], lines)

    def named(self, name: str) -> str:
        return f"{name}-{self.as_of.day or self.today}"

    @property
    def told(self) -> Counter[str]:
        """The number of facts of each actor."""
        return Counter(self.book.subject(known) for known in self.book.facts)

    @property
    def actor(self) -> str:
        """The actor of the chronology: the one in the address, else the provider with most facts."""
        told = self.told
        if (actor := self.asked.field("actor")) in told:
            return actor
        providers = {offer.provider for offer in self.offers}
        return max(told, key=lambda name: (name in providers, told[name]), default="")

    def _line(self, known: KnownFact, actor: str, *cells: str | Proof, outcome: str = "") -> Line:
        """The source is the last cell."""
        return Line((*cells, self.proving.source(known)), known, actor, outcome)

    def _what(self, known: KnownFact) -> str:
        return output.fact_text(known, self.market, self.asked.language, dated=False)

    def _spoken(self, day: PartialDate | None) -> str:
        return day.spoken(self.asked.language) if day else ""

    def _promises(self) -> Iterator[Line]:
        language, proof = self.asked.language, self.proving.proof
        for one in sorted(promises(self.book), key=lambda one: one.due.last, reverse=True):
            outcome = output.outcome_label(one.outcome, language)
            by = proof(outcome, one.by) if one.by else outcome
            what = proof(output.promise_text(one, self.market, language), one.fact)
            cells = one.subject, what, one.due.spoken(language), by
            yield self._line(one.fact, one.subject, *cells, outcome=one.outcome)

    def _sales(self) -> Iterator[Line]:
        for sale in buyers(self.book):
            known, amount = sale.shown, sale.amount
            doubts = [self.said["contradicted"]] if sale.contradictions else []
            status = output.status_label(sale.status, self.asked.language)
            kind = self.market.vocabulary.row(known.fact.attribute).label(self.asked.language)
            what = self.proving.proof(sale.service or kind, known, status, doubts=doubts)
            paid = self.proving.proof(output.quantity(amount.fact), amount) if amount else ""
            yield self._line(known, sale.buyer, sale.buyer, sale.supplier, what, paid, self._spoken(sale.day))

    def _prices(self) -> Iterator[Line]:
        for known in (told.best for told in prices(self.book)):
            subject, when = self.book.subject(known), self._spoken(known.fact.date or known.fact.start)
            yield self._line(known, subject, subject, self.proving.proof(self._what(known), known), when)

    def _chronology(self) -> Iterator[Line]:
        language, actor = self.asked.language, self.actor
        for event in chronology(self.book, actor) if actor else ():
            promise = event.promise
            known = promise.fact if promise else event.told.best
            what = output.promise_text(promise, self.market, language) if promise else self._what(known)
            kept = output.outcome_of(promise, language) if promise else ""
            yield self._line(
                known,
                actor,
                self._spoken(event.day) or self.said["not_found"],
                self.proving.proof(what, known),
                self.said["promise" if promise else "plan" if known.fact.status == "planned" else "event"],
                self.proving.proof(kept, promise.by) if promise and promise.by else kept,
            )


def _child(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, name, attributes)
    made.text = text or None
    return made


def _moment(day: PartialDate | None) -> str:
    return f"{day.last_day if day else '1970-01-01'}T00:00:00Z"


def market_router(handlers: Handlers) -> APIRouter:
    router = page_router("/marche")

    def route(path: str, show: Callable[[View], Response]) -> None:
        def shown(request: Request) -> Response:
            return show(View(request, handlers))

        router.add_api_route(path, shown, methods=["GET"])

    route("", View.news)
    route("/nouveautes.atom", View.atom)
    route("/offres", View.table)
    route("/offres.csv", View.offers_csv)
    route("/comparer", View.side_by_side)
    route("/comparer.csv", View.compared_csv)
    for path, name in (("promesses", "promises"), ("contrats", "sales"), ("prix", "prices"), ("chronologie", "line")):
        route(f"/{path}", lambda view, name=name: view.listed(name))  # type: ignore[misc]
        route(f"/{path}.csv", lambda view, name=name: view.lines_csv(name))  # type: ignore[misc]
    return router

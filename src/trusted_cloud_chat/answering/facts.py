"""Finds news of a period or a name, facts about a name, and what contradicts a question's premise."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice

from trusted_cloud_chat.answering.forms.form import Maker
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.answering.forms.standing import Denied
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.sentences import sentences_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence, Gatherer
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.index.snapshots import Index, Snapshot
from trusted_cloud_chat.language.senses import says, table
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import spaced, words
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.tables import Books
from trusted_cloud_chat.question.parse import QuestionReader
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.schema import Article, Chunk, Passage, Query

MOST = 8
"""Maximum articles or sentences shown."""
_WIDE = 100
"""Number of passages retrieved."""
_OPEN = ("yes_no", "how_changed", "list", "comparison")
"""Kinds of question that presuppose nothing."""
_ENOUGH = 3
"""Number of best sentences that may deny a premise; number of articles with a name in their title from which on other articles are ignored."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Looks up facts and news. A month or a year counts as its middle day. Safe to use from several threads."""

    index: Index
    retriever: Retriever
    entities: EntityBook
    market: Market
    books: Books
    reader: QuestionReader
    gatherer: Gatherer

    def known(self, query: Query) -> Known | None:
        """The facts in the scope of `query`, as of its day; None if no article is enriched."""
        if self.books.empty:
            return None

        def book(at: date | None) -> FactBook:
            within = self.index.read(partial(self.retriever.within, scope=query.within)) if query.within else None
            return self.books.book(query.today, query.as_of, at, within)

        sentences = partial(_sentences_of, self.index)
        return Known(book, self.books.offers, sentences, self.books.statement, partial(_at, self.index))

    def corrected(self, evidence: Evidence, known: Known | None) -> Denied | None:
        """The sentence that contradicts the question's premise, by a stored false premise or else by a fact; None without one."""
        premise, question = evidence.likeness.premise, evidence.question
        granted = says("granted", question.searched, question.query.language)
        if question.query.kind in _OPEN and not granted:
            return None
        if premise is None:
            return denied_by(evidence, known, self.market) if known else None

        def find(snapshot: Snapshot) -> Selected | None:
            article = snapshot.catalog.articles({premise.article_id}).get(premise.article_id)
            return _sentence(snapshot, article, premise.spans[0].start) if article else None

        correction = self.index.read(find)
        denies = correction is not None and takes_for_granted(question, premise.text, correction)
        return Denied(correction, f"« {premise.text} »") if correction and denies else None

    def newest(self, read: Question) -> tuple[bool, list[Selected]]:
        """(whether the articles match the subject, a sentence of each of the newest); without a match, of the newest in the period."""
        names = read.query.entities
        if names:
            naming = self._naming(read, names)
            titled = [passage for passage in naming if self.entities.named(passage.article.title, names)]
            chosen = self._by_article(read, titled)
            return True, chosen if len(chosen) >= _ENOUGH else self._by_article(read, naming)
        subject = subject_of_news(read)
        if subject:
            found = self._retrieved(read, " ".join(sorted(subject)))
            about = self._by_article(read, [passage for passage in found if subject <= _words(passage)])
            if about:
                return True, about
        return not subject, self.recent(read)

    def recent(self, read: Question) -> list[Selected]:
        """The first sentence of each of the newest articles in the period of the question."""
        return self.index.read(
            lambda snapshot: _newest(snapshot, read, self.retriever.within(snapshot, read.query.within))
        )

    def of_names(self, read: Question, most: int) -> list[Selected]:
        """At most `most` newest states of each name, from facts; without facts, a sentence of the newest article titled with the name."""
        found, known = list[Selected](), self.known(read.query)
        for name in read.query.entities:
            told = known.standing(name, (), read.query.language)[0][:most] if known else []
            titled = self._naming(read, [name]) if not told else []
            titled = [one for one in titled if self.entities.named(one.article.title, [name])]
            found += told or self._by_article(read, titled)[:1]
        return sorted({place_of(one): one for one in found}.values(), key=lambda one: -one.published)[:MOST]

    def holders(self, read: Question) -> tuple[str, list[Selected]]:
        """(title, one sentence per holder, newest first) if the market has a list of holders and the text is about it; else empty."""
        row = next((row for row in self.market.rows.list if row.stage and not row.before), None)
        if row is None or not self.market.has((*row.asked, *row.items), read.searched):
            return "", []
        label = row.label(read.query.language)
        asked = replace(read, searched=label, read_as=label, mentions=(), periods=())
        evidence = Evidence(asked, (), [], 0.0, 0)
        form = list_form(Maker(evidence, self.entities, self.market, known=self.known(read.query)), row)
        return (form.lead, list(form.quotes)[:MOST]) if form else ("", [])

    def _naming(self, read: Question, names: Sequence[str]) -> list[Passage]:
        """The passages in the period of the question that name one of `names`."""
        found = self._retrieved(read, ", ".join(names))
        return [
            p for p in found if self.entities.named(f"{p.article.title}\n{p.text}", names) and _in_time(p.article, read)
        ]

    def _retrieved(self, read: Question, text: str) -> tuple[Passage, ...]:
        mentions = tuple(self.entities.find(text))
        search = replace(read, searched=text, read_as=text, mentions=mentions, parts=(), context="", wants_now=True)
        return self.retriever.retrieve(search, _WIDE).passages

    def _by_article(self, read: Question, passages: Sequence[Passage]) -> list[Selected]:
        """One sentence per article, the first with a name of the question, else the first of all; newest article first."""
        first: dict[str, Selected] = {}
        for passage in passages:
            if passage.article.article_id not in first and _in_time(passage.article, read):
                said = list(sentences_of(passage))
                naming = (one for one in said if self.entities.named(one.text, read.query.entities))
                chosen = next(naming, said[0] if said else None)
                if chosen is not None:
                    first[passage.article.article_id] = chosen
        return sorted(first.values(), key=lambda one: -one.published)[:MOST]


def subject_of_news(read: Question) -> frozenset[str]:
    """The subject of a request for news: its content words besides names and periods."""
    return read.further(table(read.query.language)["senses"]["news"])


def _newest(snapshot: Snapshot, read: Question, within: Collection[tuple[str, str]] | None) -> list[Selected]:
    found: list[Selected] = []
    for article in snapshot.catalog.newest(read.query.as_of):
        if len(found) == MOST:
            break
        seen = within is None or (article.article_id, article.version) in within
        found += _opening(snapshot, article) if seen and _in_time(article, read) else ()
    return found


def _sentences_of(index: Index, facts: Sequence[KnownFact]) -> list[Selected | None]:
    """The sentence of each fact; None if no chunk contains it."""
    places = [(replace(one.article, enrichment=None), one.span.start) for one in facts]
    return index.read(lambda snapshot: [_sentence(snapshot, *place) for place in places])


def _at(index: Index, article: Article, starts: Sequence[int]) -> list[Selected]:
    """The sentences at `starts`, without those that no chunk contains."""
    found = index.read(lambda snapshot: [_sentence(snapshot, article, start) for start in starts])
    return [one for one in found if one is not None]


def _sentence(snapshot: Snapshot, article: Article, start: int) -> Selected | None:
    """The sentence that contains offset `start`; None if no chunk does."""
    chunks = (stored.chunk for stored in snapshot.catalog.chunks_of(article.article_id, article.version))
    places = ((chunk, span) for chunk in chunks for span in chunk.sentences if span.start <= start < span.end)
    chunk, span = next(places, (None, None))
    if chunk is None or span is None:
        return None
    return Selected(_passage(chunk, article), span, 0.0)


def takes_for_granted(question: Question, premise: str, correction: Selected) -> bool:
    """Whether the question presupposes what `correction` denies: apart from names, all content words common to the two are in `premise`."""
    language = correction.passage.article.language
    _, *rest = words(correction.text)
    names = content_words(" ".join(word.text for word in rest if word.has_capital), language)
    said = content_words(question.searched, question.query.language) & content_words(correction.text, language)
    return said - names <= content_words(premise, language)


def denied_by(evidence: Evidence, known: Known, market: Market) -> Denied | None:
    """One of the best sentences whose facts deny an event that the question takes for granted between two parties that it names."""
    question, book = evidence.question, known.book(None)
    if says("negation", question.searched, question.query.language):
        return None
    said, together = words(question.searched), spaced(question.searched)
    for one in evidence.ranked[:_ENOUGH]:
        for fact in (told.fact for told in known.told(one) if told.fact.status == "denied" and told.fact.object):
            places = market.places(book.vocabulary.row(fact.attribute).asked, question.searched)
            happened = " ".join(word.text for first, after in places for word in said[first:after])
            parties = [part for part in (fact.subject, fact.object) if part]
            named = (book.wording.name(p) in question.query.entities or spaced(p) in together for p in parties)
            if all(named) and happened and takes_for_granted(question, happened, one):
                return Denied(one, f"{fact.subject}: {fact.attribute}")
    return None


def _opening(snapshot: Snapshot, article: Article) -> Iterator[Selected]:
    """Yields the first sentence of an article, if any."""
    chunks = snapshot.catalog.chunks_of(article.article_id, article.version)
    return islice((one for stored in chunks for one in sentences_of(_passage(stored.chunk, article))), 1)


def _passage(chunk: Chunk, article: Article) -> Passage:
    nothing = (0.0,) * len(chunk.sentences)
    return Passage(chunk, article, 1, 0.0, nothing, nothing, nothing)


def _in_time(article: Article, read: Question) -> bool:
    times = [period for period in read.periods if period.closes != read.query.today]
    day = article.dated.middle if article.dated else None
    return not times or (day is not None and any((p.opens or day) <= day <= (p.closes or day) for p in times))


def _words(passage: Passage) -> frozenset[str]:
    return content_words(f"{passage.article.title}\n{passage.text}", passage.article.language)

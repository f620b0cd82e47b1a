"""Composes the first line of an answer by template from the facts of its leading quote. A false line is worse than none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.forms.standing import Standing
from trusted_cloud_chat.answering.sentences import figures
from trusted_cloud_chat.answering.templates import on_day, worded
from trusted_cloud_chat.answering.wording import date_of, is_synthesis, publisher_of, typographic
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.language.blocks import context_of
from trusted_cloud_chat.language.headings import heading_path
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.language.senses import in_english, says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, term_of
from trusted_cloud_chat.particulars.ground import GroundReader
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Citation, Fact, Language, Query

_KINDS = ("number", "duration", "date", "who")
_ALIKE = 0.6
"""Minimum cosine at which the leading sentence's stored question is similar to the question."""
_SAME = 0.8
"""Minimum cosine at which both ask the same."""
_HELD = ("person", "ownership")
"""Attributes whose newest fact replaces the older ones."""
_UNTOLD = ("figure", "person", "promise")
"""Attributes whose label is not shown: it tells the reader nothing."""
_LONGEST = 6
"""Maximum words of a service or value in the line."""
_TOLD = {"number": ("done", "planned"), "duration": ("done", "planned"), "date": ("done", "planned"), "who": ("done",)}


@dataclass(frozen=True, slots=True)
class FirstLine:
    """The text and its proofs, best first. `held`, `days`: the values, names and dates that these quotes must contain."""

    text: str
    proofs: tuple[Selected, ...]
    held: tuple[str, ...]
    days: tuple[PartialDate, ...] = ()
    disputed: bool = False
    """Whether it gives two contradictory values."""


def line_of(maker: Maker, form: Form) -> FirstLine | None:
    """The line that the facts of the first quote prove; None if there is any doubt."""
    question, known = maker.evidence.question, maker.known
    kind = question.query.kind
    if kind not in _KINDS or known is None or not form.quotes or form.listed or form.table is not None:
        return None
    lead = form.quotes[0]
    vote = lead.vote
    if vote is None or vote.likeness < _ALIKE or says("negation", question.searched, question.query.language):
        return None
    if kind == "date" and says("taken_back", question.searched, question.query.language):
        return None  # the date of a grant does not answer when it was withdrawn
    book = known.book(None)
    said = known.told(lead)
    told = _about(question, [one for one in said if _fits(kind, question, one, book)], book)
    fitting = _asked_for(question, told, maker, vote.likeness)
    if not fitting or (kind == "who" and _left_open(fitting, said, question, book)):
        return None
    return _worded(fitting, lead, maker, known)


def holds_good(line: FirstLine, citations: Sequence[Citation], maker: Maker) -> bool:
    """Whether the quotes, their headings or their titles contain each value, date and name of the line."""
    today = maker.evidence.question.query.today
    for_all = [part for citation in citations for part in _shown(citation)]
    language = citations[0].article.language
    ground = GroundReader(today, maker.entities).ground(for_all, language)
    if any(not ground.has_date(day) for day in line.days):
        return False
    said = content_words(" ".join(for_all), language)
    return all(
        (content_words(text, language) <= said or maker.entities.named("\n".join(for_all), [text]))
        and not any(ground.lacks(text, language, today, maker.entities))
        for text in line.held
    )


def _shown(citation: Citation) -> Iterable[str]:
    article = citation.article
    yield citation.quote
    yield context_of(article.text, citation.start)
    yield from heading_path(article.text, citation.start)
    yield article.title


def _about(question: Question, told: Sequence[KnownFact], book: FactBook) -> list[KnownFact]:
    """The facts that share the most names with the question; if the question names actors, one of these must be among them."""
    asked = {one.entity.name for one in question.mentions}
    actors = {one.name for one in question.actors} or asked
    named = [(len(asked & _parties(one, book)), one) for one in told if not asked or actors & _parties(one, book)]
    most = max((count for count, _ in named), default=0)
    return [one for count, one in named if count == most]


def _parties(known: KnownFact, book: FactBook) -> set[str]:
    fact = known.fact
    return {book.wording.name(part) for part in (fact.subject, fact.object, fact.service, fact.value) if part}


def _fits(kind: str, question: Question, known: KnownFact, book: FactBook) -> bool:
    """Whether the fact has the expected answer type, and a status that the line can state."""
    fact, row = known.fact, book.vocabulary.row(known.fact.attribute)
    if fact.status not in _TOLD[kind]:
        return False
    if kind == "duration":
        return fact.attribute == "duration" and bool(fact.value)
    if kind not in row.answers:
        return False
    if kind == "number":
        value = f"{fact.value or ''} {fact.unit or ''}".strip()
        told = book.wording.numbers(fact, known.article.language)
        asked = bool(figures(value)) and figures(value) <= figures(question.searched)  # « sur les 170 projets »
        return bool(told) and not asked and holds("number", question.searched, value, known.article.language) > 0
    if kind == "date":
        # With both a date of its own and a due date, it is unclear which the question asks for.
        return term_of(known) is not None if fact.status == "planned" else _day(known) is not None and fact.due is None
    return bool(_party(question, known, book))


def _asked_for(question: Question, told: Sequence[KnownFact], maker: Maker, likeness: float) -> list[KnownFact]:
    """The facts whose attribute the question names, else those that share words with it: the best matches, or none if their values differ."""
    vocabulary, market = maker.market.vocabulary, maker.market
    named = {row.id for row in vocabulary.attribute if market.has(row.asked, question.searched)}
    asked = question.further() | content_words(question.searched, question.query.language)
    fitting = [one for one in told if one.fact.attribute in named]
    told = told if not named or question.query.kind != "number" else [o for o in told if o.fact.attribute == "figure"]
    if not fitting and (not named or likeness >= _SAME):
        fitting = [one for one in told if likeness >= _SAME or _words(one) & asked]
    best = max((len(_words(one) & asked) for one in fitting), default=0)
    near = [one for one in fitting if len(_words(one) & asked) == best]
    return near if len({_value(one, question) for one in near}) == 1 else []


def _left_open(fitting: Sequence[KnownFact], said: Iterable[KnownFact], question: Question, book: FactBook) -> bool:
    """Whether the answer to « who » is unclear: the sentence has another party in another role (seller, buyer), or a later fact supersedes it."""
    meant = {_other(question, one, book) for one in fitting}
    others = {_other(question, one, book) for one in said if one.fact.attribute != fitting[0].fact.attribute}
    return bool(others - meant - {None}) or (not question.periods and _superseded(fitting[0], book))


def _superseded(known: KnownFact, book: FactBook) -> bool:
    """Whether a later fact names a successor in office, or ends or denies the ownership."""
    attribute, value = known.fact.attribute, book.value(known)
    for one in book.of(book.subject(known), attribute):
        other = book.value(one) != value if attribute == "person" else one.fact.status in ("ended", "denied")
        if one.order > known.order and other and (attribute == "person" or book.value(one) == value):
            return attribute in _HELD
    return False


def _words(known: KnownFact) -> frozenset[str]:
    fact = known.fact
    said = " ".join(filter(None, (fact.unit, fact.service, fact.value if not fact.unit else None)))
    return content_words(said, known.article.language)


def _value(known: KnownFact, question: Question) -> object:
    """The key by which facts give the same answer."""
    fact = known.fact
    if question.query.kind == "date":
        return fact.attribute, fact.status, fact.due or fact.end if fact.status == "planned" else _day(known)
    if question.query.kind == "who":
        return fact.attribute, fact.value, fact.date
    return fact.value, fact.unit, fact.status


def _day(known: KnownFact) -> PartialDate | None:
    return known.fact.date or known.fact.start


def _party(question: Question, known: KnownFact, book: FactBook) -> str | None:
    """The answer to « who »: the party that the question does not name, if it names the other party and the result is a proper name."""
    party = _other(question, known, book)
    return party if party and "," not in party and _is_name(party, known.article.language) else None


def _is_name(party: str, language: Language) -> bool:
    """Whether it is a proper name: « Caisse des Dépôts », not « French data »."""
    said = [word for word in words(party) if content_words(word.text, language)]
    return bool(said) and all(word.has_capital for word in said)


def _other(question: Question, known: KnownFact, book: FactBook) -> str | None:
    """The party that the question does not name, if it names the other; proper name or not."""
    fact, asked = known.fact, set(question.query.entities)
    named = [bool(part) and book.wording.name(part) in asked for part in (fact.subject, fact.object or "")]
    if not fact.object or named[0] == named[1]:
        return None
    return fact.object if named[0] else fact.subject


def _worded(fitting: Sequence[KnownFact], lead: Selected, maker: Maker, known: Known) -> FirstLine | None:
    question, book = maker.evidence.question, known.book(None)
    first, language = fitting[0], question.query.language
    said = _answer(fitting, question, book)
    if said is None:
        return None
    other = _contradicting(first, book)
    if other is None or question.query.kind == "who":
        return FirstLine(_sentence(said.words(language)), (lead,), said.held, said.days)
    proof, against = next(iter(known.sentences([other])), None), _answer([other], question, book)
    if proof is None or against is None:
        return None
    by = {"by": _by(first, language), "other_by": _by(other, language)}
    both = worded("either", language, one=said.value, other=against.value, what=said.what, **by)
    return FirstLine(_sentence(both), (lead, proof), (*said.held, *against.held), (*said.days, *against.days), True)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _contradicting(known: KnownFact, book: FactBook) -> KnownFact | None:
    """The fact that contradicts `known`, in the same unit; None without one."""
    for one, other in book.contradictions(book.of(book.subject(known), known.fact.attribute)):
        for mine, theirs in ((one, other), (other, one)):
            if known in mine.facts and theirs.best.fact.unit == known.fact.unit:
                return theirs.best
    return None


def _by(known: KnownFact, language: Language) -> str:
    day = known.said_on
    article, named = known.article, known.statement.source is not None
    own = not named and is_synthesis(article)
    source = worded("own", language) if own else typographic(known.says or publisher_of(article, language))
    return worded("by", language, source=source, said=date_of(day, language))


@dataclass(frozen=True, slots=True)
class _Answer:
    """`value`: the answer; `what`: its subject and attribute; `held`, `days`: what the quotes must contain; `said`: the date of the announcement."""

    template: str
    value: str
    what: str
    held: tuple[str, ...]
    days: tuple[PartialDate, ...] = ()
    said: str = ""

    def words(self, language: Language) -> str:
        return worded(self.template, language, value=self.value, what=self.what, said=self.said)


def _answer(fitting: Sequence[KnownFact], question: Question, book: FactBook) -> _Answer | None:
    known, kind, language = fitting[0], question.query.kind, question.query.language
    fact = known.fact
    other = kind == "who" and fact.object is not None and _party(question, known, book) == fact.subject
    subject = _name(fact.object if other and fact.object else fact.subject, known, book, language)
    reported = worded("reported", language) if fact.reported else ""
    what = ", ".join(filter(None, [subject, *_aspects(known, kind, book, language), reported]))
    if kind in ("number", "duration"):
        value = _amount(fact, known.article.language, language)
        if fact.service and language == known.article.language and not _said(fact.service, known):
            return None  # without its name, the figure of a part would look like the total
        template = "planned_number" if fact.status == "planned" else "number"
        return _Answer(template, value, what, (_raw(fact), fact.subject)) if value and what else None
    if kind == "date":
        return _dated(known, question, what)
    names = list(dict.fromkeys(party for one in fitting if (party := _party(question, one, book))))
    listed = _listed([typographic(one) for one in names], language)
    return _Answer("who", listed, what, (*names, fact.subject)) if what else None


def _dated(known: KnownFact, question: Question, what: str) -> _Answer | None:
    """The date of an event, or the date for which it is announced."""
    fact, day, language = known.fact, _day(known), question.query.language
    if fact.status != "planned":
        told = day.spoken(language) if day else ""
        return _Answer("date", told, what, (fact.subject,), (day,)) if day and what else None
    term, due = term_of(known), fact.due or fact.end
    if term is None or due is None or not what:
        return None
    template = "due_passed" if term.last < question.query.today else "due"
    said = date_of(fact.date or known.said_on, language)
    return _Answer(template, term.spoken(language), what, (fact.subject,), (due,), said)


def _name(said: str, known: KnownFact, book: FactBook, language: Language) -> str:
    """A name as shown; empty for words that are no proper name and are in another language."""
    name = book.wording.name(said)
    proper = words(name)[:1] and all(word.has_capital or word.is_number for word in words(name))
    return typographic(name) if proper or language == known.article.language else ""


def _aspects(known: KnownFact, kind: str, book: FactBook, language: Language) -> list[str]:
    """The details that the sentence contains: other party, service, value, dates; the attribute if it has neither service nor value."""
    fact, own, row = known.fact, known.article.language, book.vocabulary.row(known.fact.attribute)
    party = [] if kind == "who" or fact.object is None else [_name(fact.object, known, book, language)]
    told = [fact.service, fact.value if kind in ("date", "who") and not fact.unit else None]
    kept = [typographic(part) for part in told if part and language == own and _said(part, known)]
    quote = content_words(known.quote, own)
    named = [part for part in party if part and quote & content_words(part, own)]
    if not kept and fact.attribute not in _UNTOLD and (row.fr or row.en):
        kept.append(row.label(language).lower())
    span = _span(known, language) if kind != "date" else ""
    return list(dict.fromkeys(filter(None, [*named, *kept, span])))


def _said(part: str, known: KnownFact) -> bool:
    """Whether `part` is short and the sentence or title has its stems, compared by five letters: « ouverture » matches « a ouvert »."""
    told = content_words(f"{known.quote} {known.article.title}", known.article.language)
    stems = content_words(part, known.article.language)
    return len(part.split()) <= _LONGEST and all(any(one.startswith(stem[:5]) for one in told) for stem in stems)


def _span(known: KnownFact, language: Language) -> str:
    """The dates of the fact that the sentence contains: « 2025 », « de 2019 à février 2026 »."""
    fact, told = known.fact, find_periods(known.quote, known.said_on.last_day if known.said_on else date.today())
    start, end = fact.start or fact.date, fact.end

    def stands(day: PartialDate) -> bool:
        return any(day.first_day <= one.first and one.last <= day.last_day for one in told) or day.iso in known.quote

    if start is None or not stands(start):
        return ""
    if end is not None and end != start and stands(end):
        return worded("span", language, start=start.spoken(language), end=end.spoken(language))
    return start.spoken(language)


def _raw(fact: Fact) -> str:
    return " ".join(filter(None, (fact.value, fact.unit)))


def _amount(fact: Fact, own: Language, language: Language) -> str | None:
    """Value and unit as text; None if they cannot be translated: English into French never, French into English not with unknown words."""
    raw = typographic(_raw(fact))
    if own == language:
        return raw.replace(" %", "%") if own == "en" else raw
    if own == "en":
        return None
    english, said = in_english(), []
    for word in raw.replace("d’", "").replace("d'", "").split():
        if word[0].isdigit():
            said.append(word.replace(",", "."))
        elif word in ("%", "€", "$"):
            said[-1:] = [f"{said[-1]}%"] if word == "%" and said else [*said[-1:], word]
        elif word in english:
            said.append(english[word])
        elif word != "de":
            return None
    return " ".join(said)


def _listed(names: Sequence[str], language: Language) -> str:
    *head, last = names
    return f"{', '.join(head)} {'and' if language == 'en' else 'et'} {last}" if head else last


def standing_line(standing: Standing, maker: Maker) -> FirstLine | None:
    """The line about a qualification: « Oui, depuis le 17 décembre 2025 (PREMI3NS). », « Pas encore qualifié (mars 2026). Objectif : fin 2026. »"""
    question = maker.evidence.question
    query, offers = question.query, standing.offers
    if any(says(sense, question.searched, query.language) for sense in ("negation", "taken_back")):
        return None
    if standing.qualified:
        return _qualified(standing, query)
    stage = offers[0].stage
    if stage is None or standing.told is None:
        return None
    language, said = query.language, date_of(standing.told.said_on, query.language)
    template = "milestone" if stage.id.startswith("J") else stage.id
    text = _sentence(worded(template, language, said=said, step=stage.id))
    days = []
    term = term_of(standing.aimed) if standing.aimed else None
    if standing.aimed is not None and term is not None:
        passed = term.last < query.today
        text += f" {_sentence(worded('aim_passed' if passed else 'aim', language, term=term.spoken(language)))}"
        due = standing.aimed.fact.due or standing.aimed.fact.end
        days += [due] if due else []
    return FirstLine(text, standing.proofs, (offers[0].provider,), tuple(days))


def _qualified(standing: Standing, query: Query) -> FirstLine | None:
    """The line with each qualified offer and its date; None if any of them is known only second-hand or has expired."""
    language, told = query.language, list[str]()
    for offer in standing.offers:
        if offer.reported or (offer.expires is not None and offer.expires.passed):
            return None
        stage, since = offer.stage, offer.since.best.since if offer.since else None
        said = date_of(stage.fact.said_on if stage else None, language)
        service = f" ({typographic(offer.service)})" if offer.service else ""
        opening = ("yes" if query.kind == "yes_no" else "qualified") if not told else "also"
        if since is None:
            told.append(worded(f"{opening}_undated", language, what=", ".join(filter(None, [offer.service, said]))))
        else:
            told.append(worded(opening, language, since=on_day(since, language), service=service))
    held = [part for offer in standing.offers for part in (offer.provider, offer.service) if part]
    days = [offer.since.best.since for offer in standing.offers if offer.since and offer.since.best.since]
    return FirstLine(_sentence(_listed(told, language)), standing.proofs, tuple(held), tuple(days))


def shown_first(line: FirstLine, form: Form) -> tuple[Selected, ...]:
    """The quotes of the form, the proofs of the line first."""
    places = set(map(place_of, line.proofs))
    rest = (one for one in form.quotes if place_of(one) not in places)
    return (*line.proofs, *rest)


def cited(line: FirstLine, quotes: Quotes) -> tuple[int, ...]:
    """Adds the proofs of the line to the quotes and returns their numbers."""
    return tuple(dict.fromkeys(quotes.add(one) for one in line.proofs))

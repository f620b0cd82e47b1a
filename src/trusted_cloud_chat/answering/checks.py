"""The checks of a decision: each takes the case and returns its objection, or None."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from trusted_cloud_chat.answering.forms.form import Form
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.forms.standing import Denied
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.nearest import Related, about, related
from trusted_cloud_chat.answering.sentences import figures, is_row
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.names import unlisted
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.headings import heading_path
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import spaced, words
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.question.expected import holds, other_names
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Article, Fact, RefusalReason

_BESIDE = 2
"""Number of sentences on each side of a quote that are read with it."""
_HALF_A_YEAR = timedelta(days=190)
_SAME = 0.85
"""Minimum cosine at which the leading sentence's stored question and the question mean the same."""
_ALIKE = 0.6
"""Minimum cosine at which both are about the same topic."""
_ABSENT, _NEARER = 0.7, 0.03
"""For `check.absent`: minimum cosine to a stored question that no article answers, and its minimum lead over the nearest answered one."""
_MOST_WORDS = 0.7
"""Minimum share of common content words at which a heading and the question mean the same."""
_FOREIGN = 0.22
"""Relevance of the best passage (0 to 1) below which a question without a known name is outside the corpus."""


@dataclass(frozen=True)
class DecisionCase:
    """The inputs of a decision."""

    evidence: Evidence
    form: Form
    entities: EntityBook
    threshold: float
    nearest: float
    """Lower confidence threshold: at or above it the nearest quotes may be shown."""
    denying: Denied | None
    """The sentence that contradicts the question's premise; None without one."""
    answered_later: Callable[[], PartialDate | None]
    """Returns the date of an answer that the question's `as_of` hides; None without one."""
    known: Known | None = None
    market: Market | None = None

    @property
    def unsure(self) -> bool:
        return self.evidence.confidence < self.threshold and not self.form.proves and not self.was_asked

    @cached_property
    def was_asked(self) -> bool:
        """Whether the leading sentence's stored question asks the same and the sentence has the expected answer type, or the heading above asks the same."""
        lead, question = next(iter(self.form.quotes), None), self.evidence.question
        if lead is None or self.evidence.confidence < self.nearest:
            return False
        if self.likeness < _SAME:
            return _heading_asks(question, lead)
        return holds(question.query.kind, question.searched, lead.text, lead.passage.article.language) >= 0

    @property
    def likeness(self) -> float:
        """Cosine similarity of the question to the leading sentence's nearest stored question; 0 without one."""
        lead = next(iter(self.form.quotes), None)
        return lead.vote.likeness if lead and lead.vote else 0.0

    @property
    def is_dated(self) -> bool:
        """Whether the leading sentence has a fact with a date."""
        lead = next(iter(self.form.quotes), None)
        return lead is not None and any(_spans(known.fact) for known in self.facts(lead))

    @property
    def near(self) -> str | None:
        """The confidence and the two thresholds as text, if it lies between them and there is a sentence to show; else None."""
        confidence = self.evidence.confidence
        between = self.nearest <= confidence < self.threshold and self.evidence.ranked
        return f"{self.nearest:.2f} ≤ {confidence:.2f} < {self.threshold:.2f}" if between else None

    @cached_property
    def related(self) -> Related | None:
        """The newest fact about the subject and attribute of the question."""
        return related(self.evidence, self.known)

    def facts(self, one: Selected) -> Sequence[KnownFact]:
        """The facts of a sentence."""
        return self.known.told(one) if self.known else ()

    def told(self, one: Selected) -> Sequence[str]:
        """The names in a sentence's facts: subjects, services and other parties."""
        book = self.known.book(None) if self.known else None
        return list(dict.fromkeys(name for known in self.facts(one) for name in about(book, known))) if book else ()

    def promised(self, one: Selected) -> date | None:
        """The latest due day in a sentence, by its facts if all are planned, else by its text; None without one."""
        facts = self.facts(one)
        if facts and all(known.fact.status == "planned" for known in facts):
            return max((known.fact.due.last_day for known in facts if known.fact.due), default=None)
        return _announced(one.text, one.passage.article)

    @cached_property
    def around(self) -> str:
        """The passages of the quotes, each below its article's title."""
        return "\n".join(f"{q.passage.article.title}\n{q.passage.text}" for q in self.form.shown)


def _announced(text: str, article: Article) -> date | None:
    """The end of the last period in a sentence with a plan, if that is after the date of its article; else None."""
    if article.dated is None or not says("plan", text, article.language):
        return None
    said = article.dated.last_day  # « au premier semestre 2026 », written in January 2026, is still in the future
    due = next((p for p in reversed(find_periods(text, said)) if p.last > said), None)
    last = (due.closes or due.last) if due else None
    never = due and last and last < due.first and says("negation", text, article.language)
    return None if never else last  # « pas attendue avant 2026 » sets no deadline


def _heading_asks(question: Question, lead: Selected) -> bool:
    """Whether the heading above asks the same: « ## Combien de jours ai-je pour me rétracter ? »."""
    article = lead.passage.article
    *_, heading = ["", *heading_path(article.text, lead.span.start)]
    asked = content_words(question.searched, question.query.language)
    said = content_words(heading, article.language)
    return heading.rstrip().endswith("?") and len(asked & said) >= _MOST_WORDS * len(asked | said)


@dataclass(frozen=True, slots=True)
class Objection:
    """A check: `objects` returns what it objects to, or None."""

    id: str
    reason: RefusalReason
    objects: Callable[[DecisionCase], str | None]


def _later(case: DecisionCase) -> str | None:
    as_of = case.evidence.question.query.as_of
    later = case.answered_later() if as_of and case.unsure else None
    return str(later) if later else None


def _foreign(case: DecisionCase) -> str | None:
    """The question has no known name, and no passage or stored question is close to it. Never without passages: `as_of` may hide all."""
    evidence = case.evidence
    nameless = not evidence.question.query.entities and bool(evidence.passages) and evidence.likeness.answered < _ALIKE
    foreign = nameless and evidence.relevance < _FOREIGN and case.unsure
    return f"{evidence.relevance:.2f} < {_FOREIGN}" if foreign else None


def _denied(case: DecisionCase) -> str | None:
    return case.denying.how if case.denying else None


def _unsure(case: DecisionCase) -> str | None:
    return f"{case.evidence.confidence:.2f} < {case.threshold:.2f}" if case.unsure else None


def _absent(case: DecisionCase) -> str | None:
    """The question is most similar to a stored question that the articles do not answer."""
    likeness = case.evidence.likeness
    open_ = likeness.absent >= max(_ABSENT, likeness.answered + _NEARER)
    proved = case.form.proves or case.form.listed or case.form.table is not None
    return f"« {likeness.nearest_absent} »" if open_ and not proved else None


def _name(case: DecisionCase) -> str | None:
    asked = [entity.name for entity in case.evidence.question.actors]
    if not asked or case.form.table or case.entities.named(case.around, asked):
        return None
    return ", ".join(asked)


def _other(case: DecisionCase) -> str | None:
    """The leading quote is about something else: the owner's headcount instead of the company's, J2 instead of J1."""
    return _other_thing(case) or _other_name(case) or _other_figure(case)


def _other_thing(case: DecisionCase) -> str | None:
    """The identifiers (« J1 », « H100 ») and version numbers in the question that no quote contains."""
    question = case.evidence.question
    if case.form.table is not None or case.form.listed or not case.form.shown:
        return None
    named = {n for one in question.mentions for n in range(one.start, one.end)}
    asked = {
        word.folded
        for word in words(question.searched)
        if patterns.NUMBERED.fullmatch(word.folded) and word.start not in named
    }
    texts = [f"{one.passage.article.title}\n{one.text}" for one in case.form.shown]
    said = {word.folded for text in texts for word in words(text)}
    versions = {number for number in figures(question.searched) if "." in number} - figures("\n".join(texts))
    return ", ".join(sorted((asked - said) | versions)) or None


def _other_name(case: DecisionCase) -> str | None:
    lead, asked = next(iter(case.form.quotes), None), [entity.name for entity in case.evidence.question.actors]
    goes_on = case.evidence.question.goes_on  # a follow-up (« Ils étaient qualifiés ? ») may be about others
    if lead is None or not asked or goes_on or case.form.proves or case.form.listed or case.was_asked:
        return None
    told, alone = case.told(lead), [known.statement.alone for known in case.facts(lead)]
    said = "\n".join([lead.text, *alone, *told])
    # The stored question may have the name that the sentence paraphrases: « le cloud de SAP et Microsoft » is Delos.
    voted = lead.vote.question if lead.vote and lead.vote.likeness >= _ALIKE else ""
    named = case.entities.named(f"{said}\n{voted}", asked) or any(fold(name) in fold(said) for name in asked)
    typed = spaced(case.evidence.question.searched)
    return None if named or any(spaced(name) in typed for name in told) or not told else ", ".join(told)


def _other_figure(case: DecisionCase) -> str | None:
    """The question names a figure and the leading quote only has other figures: turnover is not profit."""
    lead, question = next(iter(case.form.quotes), None), case.evidence.question
    market, skip = case.market, question.query.kind != "number" or case.form.listed or case.form.table or case.was_asked
    if skip or lead is None or market is None:
        return None
    rows = [row for row in market.vocabulary.attribute if row.kind == "figure"]
    asked = {row.id for row in rows if market.has(row.asked, question.searched)}
    told = {known.fact.attribute for known in case.facts(lead)} & {row.id for row in rows}
    unnamed = {row.id for row in rows if not row.asked}
    return ", ".join(sorted(told)) if asked and told and not told & (asked | unnamed) else None


def _since(case: DecisionCase) -> str | None:
    """The question asks whether something happened, but the leading quote only promises it for a day that has passed (for any day, if the question has « vraiment »)."""
    question, lead = case.evidence.question, next(iter(case.form.quotes), None)
    query, text = question.query, question.searched
    bare = question.own is None and text.endswith("?") and not says("question_word", text, query.language)
    whether = query.kind == "yes_no" or bare  # not for a follow-up such as « et si je fais de l’IaaS ? »
    really = says("really", text, query.language)
    if lead is None or not (whether or really) or case.form.proves or says("plan", text, query.language):
        return None
    due = case.promised(lead)
    if due is None or (due >= query.today and not really):
        return None
    later = (one for one in case.form.shown if one.published >= due.toordinal() and case.promised(one) is None)
    return None if any(later) else due.isoformat()


def _period(case: DecisionCase) -> str | None:
    """No quote was published in the period of the question or is about it."""
    question = case.evidence.question
    named = [p for p in question.periods if p.direction == "in"]
    closed = [p for p in named if not any(o is not p and p.first <= o.first and o.last <= p.last for o in named)]
    if not closed or not case.form.shown or case.form.listed or case.form.table or question.goes_on:
        return None
    for quote in case.form.shown:
        published = quote.passage.article.date
        if published is None or any(period.touches(published) for period in closed):
            return None
        if told := [span for one in case.facts(quote) for span in _spans(one.fact)]:
            if any(first <= period.last and period.first <= last for period in closed for first, last in told):
                return None
            continue  # the dates of its facts decide, whatever periods its neighbours name
        said = find_periods(f"{quote.passage.article.title}. {_around(quote)}", published.last_day, spoken=True)
        if any(_is_about(one, period) for one in said for period in closed):
            return None
    return ", ".join(period.label for period in closed)


def _spans(fact: Fact) -> list[tuple[date, date]]:
    """(first day, last day) of each date of a fact, and of the period from its start to its end."""
    days = [(day.first_day, day.last_day) for day in (fact.date, fact.due, fact.start, fact.end) if day]
    lasts = [(fact.start.first_day, fact.end.last_day)] if fact.start and fact.end else []
    return [*days, *lasts]


def _around(quote: Selected) -> str:
    """The text of the sentence and its neighbours in the chunk."""
    spans, n = quote.passage.chunk.sentences, quote.number
    return quote.passage.article.text[spans[max(0, n - _BESIDE)].start : spans[min(n + _BESIDE, len(spans) - 1)].end]


def _is_about(said: Period, asked: Period) -> bool:
    """Whether the periods overlap and `said` is not much longer: « en 2026 » is not about a month of 2026."""
    close = said.last - said.first <= max(asked.last - asked.first, _HALF_A_YEAR)
    return close and said.first <= asked.last and asked.first <= said.last


def _lacks(case: DecisionCase) -> str | None:
    """No quote has what the question asks for: a name that is not in the question, a number, a cause."""
    question, form = case.evidence.question, case.form
    if form.proves or form.listed or form.table is not None or not form.shown:
        return None
    if question.query.kind == "why":
        return _lacks_cause(case, question)
    if question.query.kind != "who":
        return _lacks_number(case, question)
    language = question.query.language

    def names(one: Selected) -> bool:
        opening = words(one.text)[0]  # counts as a name unless it is common: it is always capitalised
        sources = " ".join(known.says or "" for known in case.facts(one))  # the source of a statement is not an answer
        asked = f"{question.searched} {sources}"
        known = fold(opening.text) in {word.folded for word in words(asked)}
        return not (known or not content_words(opening.text, language)) or bool(other_names(asked, one.text))

    return None if any(map(names, form.shown)) else "who"


def _lacks_cause(case: DecisionCase, question: Question) -> str | None:
    """The question asks why, no quote gives a cause, and there are similar stored questions, none of which asks for a cause."""
    votes = [one.vote.question for one in case.form.shown if one.vote and one.vote.likeness >= _ALIKE]
    alike = any(says("cause_asked", text, language) for text in votes for language in ("fr", "en"))
    if not votes or alike or not case.facts(case.form.shown[0]):
        return None
    said = ((_around(one), one.passage.article.language) for one in case.form.shown)
    return None if any(holds("why", question.searched, *one) > 0 for one in said) else "why"


def _lacks_number(case: DecisionCase, question: Question) -> str | None:
    """The question explicitly asks for a number, no quote has one, and no stored question means the same."""
    query, text = question.query, question.searched
    bare = query.kind == "fact" and not says("question_word", text, query.language)  # « Montant du contrat »
    if not (bare or query.kind == "number") or not says("count_asked", text, query.language) or case.likeness >= _SAME:
        return None
    shown = ((_around(one), one.passage.article.language) for one in case.form.shown)
    return None if any(holds("number", text, *one) > 0 for one in shown) else "number"


def _row(case: DecisionCase) -> str | None:
    """The names and numbers of the question that are neither in the leading table row nor in its header, the title or the text around tables."""
    lead = next(iter(case.form.quotes), None)
    if lead is None or case.form.table is not None or case.form.listed or not is_row(lead):
        return None
    article, question = lead.passage.article, case.evidence.question
    lines = article.text.split("\n")
    around = [a for a, b in pairwise([*lines, ""]) if not a.startswith("|") or b.startswith("|-")]
    said = "\n".join([article.title, lead.text, *around])
    told = {fold(word) for word in patterns.LETTERS.findall(said)}
    lacking = [name for name in sorted(unlisted(question, [lead.passage])) if name not in told]
    # A row never contains a limit such as « plus de 10 % » or « les 3 premières ».
    lacking += sorted(figures(patterns.COMPARED_FIGURE.sub(" ", question.searched)) - figures(said))
    return ", ".join(lacking) or None


CHECKS = (
    Objection("check.later", "after_as_of", _later),
    Objection("check.foreign", "out_of_domain", _foreign),
    Objection("check.denied", "false_premise", _denied),
    Objection("check.unsure", "not_in_corpus", _unsure),
    Objection("check.absent", "not_in_corpus", _absent),
    Objection("check.name", "not_in_corpus", _name),
    Objection("check.other", "not_in_corpus", _other),
    Objection("check.since", "not_in_corpus", _since),
    Objection("check.lacks", "not_in_corpus", _lacks),
    Objection("check.period", "not_in_corpus", _period),
    Objection("check.row", "not_in_corpus", _row),
)
"""All of them run; the first that objects gives the reason of a refusal."""

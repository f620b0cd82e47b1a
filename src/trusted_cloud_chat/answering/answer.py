"""Turns evidence into an answer: chooses a form, decides, composes the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from trusted_cloud_chat.answering.checks import DecisionCase
from trusted_cloud_chat.answering.compose import Quotes, shown_passages, table_of, table_text
from trusted_cloud_chat.answering.decision import HEDGED, Decision, decide
from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.answering.forms.own_language import in_own_language
from trusted_cloud_chat.answering.forms.quotes import quotes_form
from trusted_cloud_chat.answering.forms.standing import Denied, Standing, denied, standing_of, with_standing
from trusted_cloud_chat.answering.forms.table import table_form
from trusted_cloud_chat.answering.in_time import InTime
from trusted_cloud_chat.answering.line import FirstLine, cited, holds_good, line_of, shown_first, standing_line
from trusted_cloud_chat.answering.market import ListRow, Market
from trusted_cloud_chat.answering.refusal import Refusing, beside, nearest, refuse, subjects_of
from trusted_cloud_chat.answering.wording import MARK, missing_line
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import OF_SEVERAL, Evidence
from trusted_cloud_chat.question.asking import pieces
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Coverage, Disagreement, Sentence
from trusted_cloud_chat.trace import Trace

_LIST_KINDS = ("list", "who")
_ONE_THING = ("number", "date", "duration", "who")
"""Kinds of question that one sentence answers, so that its quote is shown in brief."""
_LEAST_OPEN, _MOST_WORDS = 3, 170
"""Number of list items that are never folded; number of words shown after which all further items are folded."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The inputs of an answer besides its evidence. The functions are called only when needed."""

    coverage: Callable[[date | None], Coverage]
    titles: Callable[[], Sequence[str]]
    unbounded: Callable[[], Evidence]
    """Gathers the evidence without the question's `as_of`."""
    known: Known | None = None
    corrected: Callable[[], Denied | None] = lambda: None
    """The sentence that contradicts a premise of the question; None without one."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from evidence, with the known names, the market and two confidence thresholds."""

    entities: EntityBook
    market: Market
    threshold: float
    nearest: float
    """Lower threshold: between it and `threshold` the nearest quotes are shown, but not as an answer."""

    def answer(self, question: str, evidence: Evidence, held: Beside, trace: Trace) -> Answer:
        """Returns an answer composed of quotes, the nearest quotes, or a refusal."""
        maker = Maker(evidence, self.entities, self.market, trace, held.known)
        standing = standing_of(maker)
        form = self._form(maker, standing)
        if evidence.question.is_part and form.table is None and not form.listed:
            form = replace(form, quotes=form.quotes[: form.opened])
        case = DecisionCase(
            evidence,
            form,
            self.entities,
            self.threshold,
            self.nearest,
            denied(standing, maker),
            cache(lambda: self._later(held, evidence.question.query.as_of)),
            held.known,
            self.market,
        )
        if not (case.denying or form.proves):
            case = replace(case, denying=held.corrected())
        decision = decide(case, trace)
        if decision.outcome == "answered":
            answer = beside(self._compose(question, maker, form, standing), decision)
        else:
            answer = self._refuse(question, case, decision, held, trace)
        return replace(answer, confidence=evidence.confidence, generation=evidence.generation)

    def _later(self, held: Beside, as_of: date | None) -> PartialDate | None:
        """The date of the leading article without `as_of`, if it is after `as_of` and answers the question; else None."""
        evidence = held.unbounded()
        best = evidence.ranked[0].passage.article.date if evidence.ranked else None
        hidden = best is not None and as_of is not None and best.last_day > as_of
        return best if hidden and evidence.confidence >= self.threshold else None

    def _refuse(self, question: str, case: DecisionCase, decision: Decision, held: Beside, trace: Trace) -> Answer:
        query = case.evidence.question.query
        because = decision.because[:1]
        refusing = Refusing(
            question,
            case.evidence,
            decision,
            Quotes(query.language, held.known, _asks_several(case.evidence.question), asked_at=case.evidence.asked_at),
            held.coverage(query.as_of),
            held.coverage(None),
            subjects_of(held.titles(), self.entities) if because == ("check.foreign",) else (),
            case.denying.selected if case.denying and decision.reason == "false_premise" else None,
            case.answered_later() if because == ("check.later",) else None,
            None if _is_led(case, decision) else case.related,
        )
        return nearest(refusing) if decision.outcome == "nearest" else refuse(refusing)

    def asked_list(self, question: Question, known: Known | None) -> ListRow | None:
        """The list of `market.toml` that the question asks for; names that occur in facts do not count as other words of it."""
        return self.market.asked_list(question, known.book(None).named(question.searched) if known else ())

    def _form(self, maker: Maker, standing: Standing | None) -> Form:
        """The form that the question asks for, if it can be filled; else quotes."""
        evidence, special = maker.evidence, table_form(maker)
        row = self.asked_list(evidence.question, maker.known) if special is None and standing is None else None
        alone, kind = not evidence.question.is_part, evidence.question.query.kind
        kinds = (*_LIST_KINDS, "date") if row is not None and row.attributes else _LIST_KINDS
        kinds = (*kinds, "fact") if row is not None and row.deciders else kinds
        if row is not None and (kind == "list" or (alone and (kind in kinds or row.in_time))):
            special = list_form(maker, row)
        if special is not None:
            return special
        form = in_own_language(quotes_form(maker), maker) if evidence.ranked else Form()
        return with_standing(form, standing, maker) if standing else form

    def _compose(self, question: str, maker: Maker, form: Form, standing: Standing | None) -> Answer:
        evidence, trace = maker.evidence, maker.trace
        query = evidence.question.query
        quotes = Quotes(
            query.language, maker.known, _asks_several(evidence.question), evidence.question.is_part, evidence.asked_at
        )
        line = standing_line(standing, maker) if standing and form.proves else line_of(maker, form)
        form = replace(form, quotes=shown_first(line, form)) if line else form
        table = table_of(form.table, quotes) if form.table else None
        notes = InTime(maker, form, quotes)
        first = self._first(line, quotes, maker) if line else ()
        open_ = max(len(line.proofs) if line and first else 1, form.opened)
        lines = _lines(form, open_, bool(first) or query.kind in _ONE_THING, quotes, notes)
        missing = [] if evidence.question.is_part else self._missing(evidence, quotes, trace)
        told = [f"{MARK}{one.text}{MARK} {''.join(f'[{n}]' for n in one.citations)}" for one in first]
        told += [form.lead, *lines, *(table_text(table, quotes) if table else ())]
        text = "\n\n".join(
            filter(None, [*told, missing_line(missing, query.language) if missing and not table else ""])
        )
        against = (Disagreement(first[0].citations),) if line and first and line.disputed else ()
        return Answer(
            question=question,
            query=query,
            answer="\n\n".join(filter(None, (text, quotes.further(text)))),
            sentences=(*first, *quotes.sentences),
            citations=tuple(quotes.citations),
            passages=shown_passages(evidence.passages, quotes.passages),
            missing=tuple(missing),
            table=table,
            known_at=self._known_at(form, evidence),
            promises=tuple(notes.promises),
            disagreements=against,
            stages=tuple(notes.stages),
            sources_count=notes.sources,
            trace=trace.lines,
        )

    def _first(self, line: FirstLine, quotes: Quotes, maker: Maker) -> tuple[Sentence, ...]:
        """The first line as a sentence, if its quotes prove all of it; else empty."""
        numbers = cited(line, quotes)
        proved = holds_good(line, [quotes.citations[n - 1] for n in numbers], maker)
        fires = proved and maker.trace.fires("form.line", line.text)
        return (Sentence(line.text, numbers, "composed"),) if fires else ()

    def _known_at(self, form: Form, evidence: Evidence) -> PartialDate | None:
        """The date of the leading quote's article, if the question is about the present; None for a list or a table."""
        if not evidence.question.wants_now or form.listed or form.table or not form.quotes:
            return None
        return form.quotes[0].passage.article.dated

    def _missing(self, evidence: Evidence, quotes: Quotes, trace: Trace) -> Sequence[str]:
        """The actors in the question that no quote, context or title names; empty if the question names fewer than two."""
        asked = [entity.name for entity in evidence.question.actors]
        around = "\n".join(f"{c.article.title}\n{quotes.told(c)}" for c in quotes.citations)
        absent = [name for name in asked if name not in self.entities.named(around, asked)] if len(asked) > 1 else []
        return absent if absent and trace.fires("missing", ", ".join(absent)) else []


def _is_led(case: DecisionCase, decision: Decision) -> bool:
    """Whether the best sentence is shown rather than the newest related fact; never if it is about another period than the question."""
    hedged = HEDGED.issuperset(decision.because) and "check.period" not in decision.because
    return hedged and bool(case.near or not case.unsure)


def _lines(form: Form, open_: int, proved: bool, quotes: Quotes, notes: InTime) -> list[str]:
    """The paragraphs of the quotes that are not folded. The items of a list are one paragraph, below the leading quote unless `form.proves`."""
    led, items, shown = list[str](), dict[int, str](), set[int]()
    for selected in form.quotes:
        n, under = quotes.add(selected), notes.under(selected)
        leads = not form.proves and not led if form.listed else len(led) < open_
        if n in shown or (not form.listed and (not leads or (led and quotes.is_shown(n)))):
            continue
        shown.add(n)
        if states := notes.states(selected):
            items[n] = quotes.origin(n, states)
        elif leads:
            led.append("\n".join([quotes.line(n, leads=True, proves=proved or bool(led)), *under]))
        elif not quotes.is_shown(n):
            said, *translated = quotes.line(n, item=True).split("\n")
            items = {k: line for k, line in items.items() if not quotes.stands_in(n, k)}
            items[n] = "\n".join([" ".join([f"- {said}.", *under]) if under else f"- {said}", *translated])
    return [*led, *_bounded(form, items, quotes)]


def _bounded(form: Form, items: dict[int, str], quotes: Quotes) -> list[str]:
    """The items as one paragraph. Beyond the word limit they are folded: the oldest if the list is chronological, else the last."""
    open_, words = set[int](), 0
    for n in reversed(items) if form.newest_last else items:
        if form.states or len(open_) < _LEAST_OPEN or words <= _MOST_WORDS:
            open_.add(n)
            words += len(items[n].split())
        else:
            quotes.fold(n)
    return ["\n".join(line for n, line in items.items() if n in open_)] if items else []


def _asks_several(question: Question) -> bool:
    """Whether several things are asked for, in one piece or in several."""
    language = question.query.language
    return question.query.kind in OF_SEVERAL or (
        not question.is_part and bool(pieces(question.typed.searched, language))
    )

"""What happens on the page, over the real assistant and a small corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from builders import TODAY
from trusted_cloud_chat.answering.wording import extent_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexBusyError, IndexEmptyError, IndexMismatchError, StoppingError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Coverage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.handlers import Day, Exchange, Filters, Handlers, Problem, problem_of, read_day, turns_of
from trusted_cloud_chat.wiring import build_assistant

BLEU = "Quand Bleu sera-t-il qualifié SecNumCloud ?"


@pytest.fixture(scope="module")
def handlers(page_home, page_corpus, embedder, reader) -> Iterator[Handlers]:
    assistant = build_assistant(load_settings(home=page_home, corpus=page_corpus), embedder, reader=reader)
    yield Handlers(assistant, clock=lambda: TODAY)
    assistant.close()


def ask(handlers: Handlers, question: str, *before: Exchange, as_of: str = "", strings=FRENCH):
    return list(handlers.ask(question, as_of, before, strings))


def test_a_question_is_shown_at_once_and_its_answer_last(handlers):
    first, *_, last = ask(handlers, BLEU)

    assert (first.exchanges[0].status, first.busy, first.draft) == ("searching", True, "")
    assert (last.exchanges[0].status, last.busy) == ("done", False)
    assert last.exchanges[0].answer.citations


def test_an_answer_only_grows(handlers):
    texts = [view.exchanges[0].answer.answer for view in ask(handlers, BLEU) if view.exchanges[0].answer]

    assert all(after.startswith(before) for before, after in pairwise(texts))


def test_a_follow_up_knows_the_question_before(handlers):
    first = ask(handlers, "Où en est S3NS aujourd’hui ?")[-1].exchanges
    second = ask(handlers, "et Bleu ?", *first)[-1].exchanges

    assert [e.number for e in second] == [1, 2]
    assert "Bleu" in second[1].answer.query.text
    assert second[1].answer.query.text != "et Bleu ?"


def test_questions_without_an_answer_are_no_turns():
    assert turns_of([Exchange(1, "q", "failed", problem=Problem("non"))]) == []


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_gets_a_gentle_hint(handlers, question):
    (view,) = ask(handlers, question)

    assert (view.exchanges, view.hint) == ((), FRENCH.empty_question)


def test_a_question_without_a_word_gets_it_too(handlers):
    exchange = ask(handlers, "???")[-1].exchanges[0]

    assert exchange.problem == Problem(FRENCH.empty_question)


def test_an_endless_question_is_told_at_the_field_and_stays_there(handlers):
    (view,) = ask(handlers, "x" * 20_000)

    assert view.exchanges == ()
    assert view.hint == FRENCH.long_question.format(length="20\u00a0000", most="4\u00a0000")
    assert view.draft is None


def test_an_answer_that_grew_when_the_next_question_came_was_stopped(handlers):
    growing = ask(handlers, BLEU)[1].exchanges

    assert [one.status for one in ask(handlers, BLEU, *growing)[-1].exchanges] == ["stopped", "done"]


def test_an_unforeseen_error_is_a_neutral_message_and_logged(caplog: pytest.LogCaptureFixture):

    class Broken:
        def stream(self, question: str, **_: object):
            raise ZeroDivisionError("secret")

    _, last = Handlers(Broken(), clock=lambda: TODAY).ask("Où ?", "", (), FRENCH)

    assert last.exchanges[0].problem == Problem(FRENCH.unexpected)
    assert not last.busy
    assert "ZeroDivisionError: secret" in caplog.text


def test_an_answer_without_a_word_yet_is_still_searched_for(handlers):
    """What a language model gives while it is silent: each is a step, and shows what was shown before."""
    answer = ask(handlers, BLEU)[-1].exchanges[0].answer

    class Slow:
        def stream(self, question: str, **_: object):
            silent = replace(answer, answer="")
            yield from (silent, silent, answer)

    first, *silent, _, last = Handlers(Slow(), clock=lambda: TODAY).ask("Où ?", "", (), FRENCH)

    being_read = replace(first.exchanges[0], doing="reading")
    assert silent == [replace(first, draft=None, exchanges=(being_read,))] * 2
    assert last.exchanges[0].answer == answer


def test_nothing_indexed_says_who_can_add_articles(tmp_path, embedder: Embedder, reader):
    assistant = build_assistant(load_settings(home=tmp_path, corpus=tmp_path), embedder, reader=reader)
    handlers = Handlers(assistant, clock=lambda: TODAY)

    assert "Un administrateur peut en ajouter" in ask(handlers, BLEU)[-1].exchanges[0].problem.text
    assert "An administrator can add some" in handlers.coverage(ENGLISH).text


@pytest.mark.parametrize(
    ("error", "text", "detail"),
    [
        (IndexEmptyError("x"), FRENCH.index_empty, ""),
        (IndexBusyError("x"), FRENCH.index_busy, ""),
        (StoppingError("x"), FRENCH.stopping, ""),
        (IndexMismatchError("made by another"), FRENCH.index_mismatch, "made by another"),
    ],
)
def test_errors_are_said_in_the_reader_s_language(error, text, detail):
    assert problem_of(error, "", FRENCH) == Problem(text, detail)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025", date(2025, 12, 31)), ("2025-03", date(2025, 3, 31)), ("2025-03-14", date(2025, 3, 14)),
        ("14/03/2025", date(2025, 3, 14)), ("03/2025", date(2025, 3, 31)), (" mars 2025 ", date(2025, 3, 31)),
        ("1er août 2025", date(2025, 8, 1)), ("14 March 2025", date(2025, 3, 14)), ("2026", date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it(text, day):
    assert read_day(text, FRENCH, TODAY) == Day(text.strip(), day)


@pytest.mark.parametrize("text", ["hier", "31/02/2025", "13/2025", "brumaire 2025", "2025-3-4-5", "<b>"])
def test_what_is_no_date_is_said_inline(text):
    found = read_day(text, FRENCH, TODAY)

    assert found.day is None
    assert text in found.wrong


def test_a_date_to_come_is_refused():
    assert "futur" in read_day("2027", FRENCH, TODAY).wrong


def test_a_wrong_date_keeps_the_question(handlers):
    (view,) = ask(handlers, BLEU, as_of="hier")

    assert (view.exchanges, view.draft, view.hint) == ((), BLEU, FRENCH.fix_date)


def test_as_of_hides_what_came_later(handlers):
    answer = ask(handlers, BLEU, as_of="2024")[-1].exchanges[0].answer

    assert answer.query.as_of == date(2024, 12, 31)
    assert all(p.article.date.last_day <= date(2024, 12, 31) for p in answer.passages)


def test_stop_keeps_what_was_said_and_says_that_it_was_stopped(handlers):
    growing = ask(handlers, BLEU)[1]
    view = handlers.stop(growing.exchanges)

    assert view.exchanges[0].status == "stopped"
    assert view.exchanges[0].answer == growing.exchanges[0].answer


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2014-12", "2026-08", "179 articles, de décembre 2014 à août 2026"),
        ("2015-04", "2026", "179 articles, d’avril 2015 à 2026"),
        ("2014-12-01", "2026-08-14", "179 articles, du 1er\u00a0décembre 2014 au 14\u00a0août 2026"),
    ],
)
def test_coverage_is_said_in_french(first, last, text):
    coverage = Coverage(1, 179, 400, PartialDate.parse(first), PartialDate.parse(last))

    assert extent_of(coverage, "fr", published=False) == text


def test_coverage_without_dates_or_of_one_article():
    assert extent_of(Coverage(1, 1, 1, None, None), "fr", published=False) == "1 article"
    assert extent_of(Coverage(1, 1200, 1, None, None), "en", published=False) == "1,200 articles"


def test_filters_restrict_what_is_found(handlers):
    def found(**set_to: str) -> set[str]:
        *_, last = handlers.ask(BLEU, "", (), FRENCH, filters=Filters(**set_to))
        return {passage.article.article_id for passage in last.exchanges[0].answer.passages}

    everything = found()
    dated = list(handlers.ask(BLEU, "", (), FRENCH, filters=Filters(last="2024")))[-1].exchanges[0].answer
    assert all(passage.article.date.first_day <= date(2024, 12, 31) for passage in dated.passages)
    assert found(kind="presse") < everything
    assert found(kind="nothing") == set()
    assert found(about="S3NS") < everything


def test_a_period_that_is_none_keeps_the_question(handlers):
    (view,) = handlers.ask(BLEU, "", (), FRENCH, filters=Filters(first="2026", last="2025"))

    assert (view.exchanges, view.draft, view.hint) == ((), BLEU, FRENCH.filter_wrong)


def test_the_last_question_is_replaced(handlers):
    before = ask(handlers, BLEU)[-1].exchanges
    *_, last = handlers.ask("Qui détient S3NS ?", "", before, FRENCH, replacing=True)

    assert [e.question for e in last.exchanges] == ["Qui détient S3NS ?"]

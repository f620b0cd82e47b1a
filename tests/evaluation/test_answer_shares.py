"""What one answer gives each metric, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trusted_cloud_chat.schema import Citation
from trusted_cloud_chat_evaluation.aggregate import Outcome, summarise
from trusted_cloud_chat_evaluation.answers_run import (
    answer_shares,
    citation_shares,
    confusion_shares,
    lengths,
    stale_shares,
    validity_shares,
)
from trusted_cloud_chat_evaluation.cases import Case
from trusted_cloud_chat_evaluation.refusal_run import refusal_shares

FIRST, SECOND = "Bleu sera qualifié au premier semestre 2026.", "Ses centres se trouvent à Paris et à Rennes."
CASE = Case.model_validate(
    {
        "id": "c",
        "split": "dev",
        "subject": "bleu",
        "question": "?",
        "language": "fr",
        "kind": "date",
        "relevant": ["a"],
        "quotes": [{"article_id": "a", "quote": FIRST}, {"article_id": "a", "quote": SECOND}],
        "answers": ["premier semestre 2026"],
        "stale": ["2025"],
    }
)


def test_an_answer_is_correct_when_an_accepted_string_stands_in_a_quote():
    shares = citation_shares(CASE, [FIRST, "Rien à voir avec la question posée."])

    assert shares["answer_correct"] == (1.0, 1.0)
    # one of two quotes shown matches a gold quote; one of two gold quotes is matched
    assert shares["citation_precision"] == (0.5, 1.0)
    assert shares["citation_recall"] == (0.5, 1.0)


def test_a_quote_matches_from_half_of_the_words_on():
    # without articles the gold has {bleu, sera, qualifie, premier, semestre, 2026}, 6 words (au is one);
    # shown {bleu, sera, qualifie}: 3 shared, F1 = 6/9; shown {bleu, x, y}: 1 shared, F1 = 2/9
    assert citation_shares(CASE, ["Bleu sera qualifié"])["citation_precision"] == (1.0, 1.0)
    assert citation_shares(CASE, ["Bleu x y"])["citation_precision"] == (0.0, 1.0)


def test_a_quote_of_more_than_sixty_words_is_a_miss():
    # 7 words and 54 more: 61
    long = FIRST + " mot" * 54
    shares = citation_shares(CASE, [long])

    assert shares == {"answer_correct": (0.0, 1.0), "citation_recall": (0.0, 1.0), "citation_precision": (0.0, 1.0)}
    assert citation_shares(CASE, [FIRST + " mot" * 53])["answer_correct"] == (1.0, 1.0)


def test_nothing_cited_has_no_precision():
    assert citation_shares(CASE, []) == {"answer_correct": (0.0, 1.0), "citation_recall": (0.0, 1.0)}


def test_an_outdated_state_given_first_is_stale():
    assert stale_shares(CASE, ["Bleu sera qualifié en 2025.", FIRST]) == {"stale": (1.0, 1.0)}
    assert stale_shares(CASE, [FIRST, "Bleu sera qualifié en 2025."]) == {"stale": (0.0, 1.0)}
    # told as past beside today's state, in one sentence
    assert stale_shares(CASE, ["Prévu en 2025, repoussé au premier semestre 2026."]) == {"stale": (0.0, 1.0)}
    assert stale_shares(CASE.model_copy(update={"stale": ()}), [FIRST]) == {}


def test_hallucination_and_error_have_their_own_denominators():
    refused = refusal_shares(True, outcome="refused", told=False)
    answered = refusal_shares(False, outcome="answered", told=True)
    assert refused == {"right": (0.0, 1.0), "error": (1.0, 1.0), "nearest_answerable": (0.0, 1.0)}
    assert answered == {"right": (0.0, 1.0), "hallucination": (1.0, 1.0), "nearest_unanswerable": (0.0, 1.0)}


def test_the_nearest_is_an_error_where_it_lacks_the_answer_and_never_a_hallucination():
    assert refusal_shares(True, outcome="nearest", told=True)["error"] == (0.0, 1.0)
    assert refusal_shares(True, outcome="nearest", told=False)["error"] == (1.0, 1.0)
    assert refusal_shares(False, outcome="nearest", told=False)["hallucination"] == (0.0, 1.0)
    assert refusal_shares(False, outcome="nearest", told=False)["nearest_unanswerable"] == (1.0, 1.0)


def shares_of(answerable: bool, refused: bool) -> dict[str, tuple[float, float]]:
    outcome = "refused" if refused else "answered"
    shares = refusal_shares(answerable, outcome=outcome, told=not refused)
    return shares | confusion_shares(answerable, refused=refused)


def test_refusal_precision_recall_and_f1_come_from_counts():
    # (answerable, refused): two due refusals given, one due one missed, one undue, three answered rightly
    asked = [(False, True)] * 2 + [(False, False)] + [(True, True)] + [(True, False)] * 3
    outcomes = [Outcome(str(i), shares_of(*one)) for i, one in enumerate(asked)]
    summary = summarise(outcomes)

    # refusing: tp 2, fp 1, fn 1: precision 2/3, recall 2/3, F1 2/3
    assert summary["refusal_precision"] == pytest.approx(2 / 3, abs=1e-6)
    assert summary["refusal_recall"] == pytest.approx(2 / 3, abs=1e-6)
    assert summary["refusal_f1"] == pytest.approx(2 / 3, abs=1e-6)
    # answering: tp 3, fp 1, fn 1: F1 = 6/8
    assert summary["answered_f1"] == 0.75
    assert summary["refusal_f1_macro"] == pytest.approx((2 / 3 + 0.75) / 2, abs=1e-6)


def test_a_quote_is_valid_where_the_stored_version_has_it(assistant):
    article = assistant.article("bleu/jalon-j0")
    elsewhere = replace(article, text=article.text.replace("2026", "2027"))
    start = article.text.index("2026")

    assert validity_shares([Citation(1, article, 0, 20)], assistant) == {"validity": (1.0, 1.0)}
    assert validity_shares([Citation(1, elsewhere, start - 4, start + 4)], assistant) == {"validity": (0.0, 1.0)}
    unknown = replace(article, version="0" * 16)
    assert validity_shares([Citation(1, unknown, 0, 20)], assistant) == {"validity": (0.0, 1.0)}
    assert validity_shares([Citation(1, article, 5, 5)], assistant) == {"validity": (0.0, 1.0)}


def test_what_is_no_question_counts_as_refused(assistant):
    shares = answer_shares(CASE, None, assistant)

    assert (shares["right"], shares["error"]) == ((0.0, 1.0), (1.0, 1.0))


def test_a_due_refusal_is_held_against_its_reason(assistant):
    case = CASE.model_copy(update={"refusal": "after_as_of", "answers": (), "kind": "not_in_corpus"})
    answer = assistant.ask("Quelle est la recette de la ratatouille niçoise ?")
    shares = answer_shares(case, answer, assistant)

    assert answer.refused
    assert shares["right"] == (1.0, 1.0)
    assert shares["refusal_reason_correct"] == (0.0, 1.0)
    assert "answer_correct" not in shares


def test_lengths_are_counted_in_words():
    # answers of 2 + 4 and of 4 words; quotes of 2, 4 and 4: median 4 a quote, (6 + 4)/2 = 5 an answer
    details = [
        {"refused": False, "quotes": [{"quote": "un deux"}, {"quote": "un deux trois quatre"}]},
        {"refused": False, "quotes": [{"quote": "un deux trois quatre"}]},
        {"refused": True, "quotes": [{"quote": "un"}]},
    ]
    found = lengths([Outcome(str(i), {}, detail) for i, detail in enumerate(details)])

    assert (found["quote_words_median"], found["answer_words_median"]) == (4.0, 5.0)

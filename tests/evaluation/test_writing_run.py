"""A chat model measured beside the quotes: the same questions, asked with it and without it."""

from __future__ import annotations

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from typer.testing import CliRunner

from trusted_cloud_chat import wiring
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat_evaluation.aggregate import Outcome
from trusted_cloud_chat_evaluation.answers_run import measure_answers, quotes_instead, writing_figures
from trusted_cloud_chat_evaluation.cases import read_questions
from trusted_cloud_chat_evaluation.commands import evaluate_app
from trusted_cloud_chat_evaluation.report import report_page

pytestmark = pytest.mark.slow


def quiet(_step, _done, _total):
    pass


def outcome(name, answerable=True, **detail):
    plain = {"refused": False, "first_ms": 10.0, "ms": 20.0, "said": False, "by_model": False, "statuses": {}}
    return Outcome(name, {}, {"answerable": answerable, **plain, **detail})


def test_figures_of_what_a_model_wrote():
    """Sentences that only connect others are not counted; times are those of the answers that it wrote."""
    found = writing_figures(
        [
            outcome("a", said=True, by_model=True, first_ms=100.0, ms=300.0, statuses={"proved": 3, "connective": 2}),
            outcome("b", by_model=True, first_ms=200.0, ms=500.0, statuses={"unproved": 1, "contradicted": 1}),
            outcome("c", refused=True),
            outcome("d", answerable=False, refused=True),
        ]
    )

    assert (found["said"], found["refused_wrongly"], found["refused_rightly"]) == (1 / 3, 1 / 3, 1.0)
    assert (found["by_model"], found["sentences"]) == (0.5, 5)
    assert (found["proved"], found["unproved"], found["contradicted"]) == (0.6, 0.2, 0.2)
    assert (found["first_ms_p50"], found["ms_p50"]) == (150.0, 400.0)


def test_without_a_model_there_are_no_sentences_to_judge():
    found = writing_figures([outcome("a", said=True)])
    assert (found["by_model"], found["sentences"], found["proved"], found["ms_p50"]) == (0.0, 0, None, 20.0)


def test_why_the_quotes_answer_instead_is_counted():
    silent, late = "Le modèle n’a rien écrit.", "Le modèle n’a pas répondu à temps."
    told = [
        outcome("a", instead=silent),
        outcome("b", instead=""),
        outcome("c", instead=late),
        outcome("d", instead=silent),
    ]

    assert quotes_instead(told) == {silent: 2, late: 1}


def test_the_model_stands_beside_the_quotes(evaluation_home, tiny_corpus, embedder, questions, monkeypatch):
    said = "Les centres opérationnels de Bleu se trouvent à Paris et à Rennes [1]."
    monkeypatch.setattr(wiring, "load_chat_model", lambda *_, **__: FakeListChatModel(responses=[said]))
    settings = load_settings(home=evaluation_home, corpus=tiny_corpus, chat_model="openai:scripted")
    gold = read_questions(questions)
    gold = gold.model_copy(update={"cases": gold.cases[:1]})

    measured = measure_answers(settings, embedder, quiet, gold)
    written = measured.figures["written"]

    assert written["said"]["quotes"] == 1.0
    assert written["by_model"]["quotes"] == 0.0
    assert (written["by_model"]["written"], written["said"]["written"]) == (1.0, 1.0)
    assert written["sentences"]["written"] == 1
    assert measured.figures["quotes_instead"] == {}
    assert "Quotes alone and with the language model" in report_page(
        {"command": "answers", **measured.figures, "run": {}}, {}
    )


def test_the_option_takes_what_the_setting_takes(questions):
    arguments = ["answers", "--questions", str(questions), "--chat-model", "nobody:x"]
    error = CliRunner().invoke(evaluate_app, arguments).exception
    assert isinstance(error, SettingsError)
    with pytest.raises(SettingsError, match="PROVIDER:NAME"):
        raise error

"""What is a question to the articles and what is none, and the examples that it was learnt from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from made import BOOK, asked
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.question.intents import LEANING, OF_THE_ASSISTANT, IntentClassifier, load_intents
from trusted_cloud_chat.trace import Trace

ROOT = Path(__file__).parents[2]
INTENTS = {
    "question", "greeting", "thanks", "farewell", "help", "about", "reaction", "advice", "drafting", "prediction", "opinion",
    "rework", "browse",
}  # fmt: skip
BEFORE = "Compare Bleu et S3NS"


@pytest.fixture(scope="module")
def intents(embedder: Embedder) -> IntentClassifier:
    return load_intents(lambda question: embedder.encode_queries([question])[0])


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in (ROOT / "training" / "intents.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("Bonjour", "greeting"),
        ("Good morning!", "greeting"),
        ("Merci beaucoup pour votre aide", "thanks"),
        ("Au revoir et bonne soirée", "farewell"),
        ("Que sais-tu faire ?", "help"),
        ("Qui es-tu ?", "about"),
        ("n’importe quoi cette réponse", "reaction"),
        ("Lequel me conseillez-vous ?", "advice"),
        ("Rédige un mail pour mon directeur", "drafting"),
        ("Write a letter to my landlord", "drafting"),
        ("Qui va gagner le match, à ton avis ?", "prediction"),
        ("Que penses-tu de cette loi ?", "opinion"),
        ("Reformule ta réponse en plus simple", "rework"),
        ("Quoi de neuf depuis deux mois ?", "browse"),
        ("Résume la situation de l’hôpital", "browse"),
        ("Quand la piscine ouvre-t-elle ?", "question"),
        ("Bonjour, quand la piscine ouvre-t-elle ?", "question"),
        ("Qui a rédigé le règlement ?", "question"),
        ("Que conseille l’agence aux acheteurs ?", "question"),
        ("Quel est l’avis de la commission ?", "question"),
        ("Quelles sont les prévisions de l’institut ?", "question"),
        ("Que va changer la loi en 2027 ?", "question"),
        ("Who wrote the report?", "question"),
    ],
)
def test_plain_texts(intents: IntentClassifier, typed: str, intent: str) -> None:
    assert intents.intent_of(typed) == intent


def test_the_classifier_knows_the_intents_of_the_house(intents: IntentClassifier) -> None:
    assert set(intents.learnt.names) == INTENTS
    assert INTENTS >= OF_THE_ASSISTANT | LEANING


def test_the_examples(rows: list[dict[str, str]]) -> None:
    """Enough of each, no text twice, none that is an example of a kind too."""
    kinds = {
        json.loads(line)["question"].casefold()
        for line in (ROOT / "training" / "kinds.jsonl").read_text("utf-8").splitlines()
    }
    typed = Counter(row["question"].casefold() for row in rows)
    many = Counter(row["intent"] for row in rows)

    assert set(many) == INTENTS
    assert min(many.values()) >= 90
    assert max(typed.values()) == 1
    assert not kinds & set(typed)
    assert {tuple(row) for row in rows} == {("question", "language", "intent", "corpus")}


def test_the_shipped_classifier_keeps_the_questions(intents: IntentClassifier, rows: list[dict[str, str]]) -> None:
    """Of its own examples: a question taken for small talk is the dear mistake."""
    questions = [row["question"] for row in rows if row["intent"] == "question"][::8]
    others = [row for row in rows if row["intent"] != "question"][::16]

    assert sum(intents.intent_of(one) == "question" for one in questions) >= 0.98 * len(questions)
    assert sum(intents.intent_of(row["question"]) == row["intent"] for row in others) >= 0.9 * len(others)


def test_what_is_asked_of_the_assistant_leaves_a_line_and_can_be_switched_off() -> None:
    trace = Trace()
    told = asked("Merci", intent="thanks", trace=trace)
    off = asked("Merci", intent="thanks", trace=Trace({"intent"}))

    assert (told.query.intent, told.query.kind) == ("thanks", "help")
    assert "intent" in {line.rule for line in trace.lines}
    assert off.query.intent == "question"


def test_a_text_that_names_somebody_is_no_small_talk() -> None:
    assert BOOK.find("Bleu")
    assert asked("Bleu", intent="reaction").query.intent == "question"
    assert asked("Rédige une note sur Bleu", intent="drafting").query.intent == "drafting"


def test_a_question_for_the_evidence_is_one_whatever_else_it_looks_like() -> None:
    assert asked("D’où tenez-vous cela ?", "evidence", intent="about").query.intent == "question"


def test_advice_leans_on_the_names_before_it() -> None:
    assert asked("Lequel me conseillez-vous ?", "fact", BEFORE, intent="advice").query.entities == ("Bleu", "S3NS")
    assert asked("Merci !", "fact", BEFORE, intent="thanks").query.entities == ()


def test_the_first_of_a_conversation_that_names_somebody_asks_for_no_evidence() -> None:
    typed = "Pouvez-vous m’expliquer ce qu’est Bleu ?"

    assert asked(typed, "evidence").query.kind == "fact"
    assert asked(typed, "evidence", BEFORE).query.kind == "evidence"

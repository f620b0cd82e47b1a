"""What kind of thing a question asks for, and the examples that it was learnt from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.question.kinds import KindClassifier, load_kinds

ROWS = Path(__file__).parents[2] / "training" / "kinds.jsonl"
KINDS = {
    "fact", "number", "date", "duration", "who", "where", "why", "how", "definition", "list", "yes_no", "comparison",
    "how_changed", "help", "evidence",
}  # fmt: skip


@pytest.fixture(scope="module")
def kinds(embedder: Embedder) -> KindClassifier:
    return load_kinds(lambda question: embedder.encode_queries([question])[0])


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Combien de communes compte le département ?", "number"),
        ("Quel est le prix du billet ?", "number"),
        ("How many employees does the company have?", "number"),
        ("Quand le pont a-t-il été inauguré ?", "date"),
        ("En quelle année le musée a-t-il ouvert ?", "date"),
        ("When was the bridge opened?", "date"),
        ("Combien de temps dure le traitement ?", "duration"),
        ("Pendant combien d’années le contrat court-il ?", "duration"),
        ("Qui dirige l’hôpital ?", "who"),
        ("Who founded the company?", "who"),
        ("Où se trouve le siège de l’entreprise ?", "where"),
        ("Where is the factory?", "where"),
        ("Pourquoi la mairie a-t-elle fermé la piscine ?", "why"),
        ("Why did the minister resign?", "why"),
        ("Comment fonctionne une pompe à chaleur ?", "how"),
        ("Qu’est-ce qu’un contrat de bail ?", "definition"),
        ("What is a heat pump?", "definition"),
        ("Quels pays ont signé le traité ?", "list"),
        ("Cite les filiales du groupe.", "list"),
        ("Le vaccin est-il remboursé ?", "yes_no"),
        ("Is the museum open on Mondays?", "yes_no"),
        ("Quelle différence entre un prêt et un crédit-bail ?", "comparison"),
        ("Comment le prix du blé a-t-il évolué ?", "how_changed"),
        ("Bonjour", "help"),
        ("Que sais-tu faire ?", "help"),
        ("What can you do?", "help"),
        ("D’où tenez-vous cela ?", "evidence"),
        ("What are your sources?", "evidence"),
    ],
)
def test_plain_questions(kinds: KindClassifier, question: str, kind: str) -> None:
    assert kinds.kind_of(question) == kind


def test_the_classifier_knows_the_kinds_of_the_house(kinds: KindClassifier) -> None:
    assert set(kinds.learnt.names) == KINDS


def test_a_question_of_no_words_has_a_kind(kinds: KindClassifier) -> None:
    """Whatever is typed is sorted somewhere: nothing fails on signs alone."""
    assert kinds.kind_of("…") in KINDS


def test_the_shipped_classifier_learnt_its_examples(kinds: KindClassifier, rows: list[dict[str, str]]) -> None:
    """Of every thirtieth example nine in ten; one from other examples than these would not."""
    some = rows[::30]
    right = sum(kinds.kind_of(row["question"]) == row["kind"] for row in some)

    assert right >= 0.9 * len(some)


def test_examples_are_many_and_of_many_corpora(rows: list[dict[str, str]]) -> None:
    """So that a corpus can be left out in turn, and no kind is known from one of them alone."""
    of_kind = {kind: {row["corpus"] for row in rows if row["kind"] == kind} for kind in KINDS}

    assert len(rows) >= 1500
    assert len({row["corpus"] for row in rows}) >= 6
    assert all(len(corpora) >= 3 for corpora in of_kind.values())


def test_examples_are_of_known_kinds_and_languages(rows: list[dict[str, str]]) -> None:
    assert {row["kind"] for row in rows} == KINDS
    assert {row["language"] for row in rows} == {"fr", "en"}
    assert all(row["question"].strip() == row["question"] != "" for row in rows)


def test_no_example_stands_twice(rows: list[dict[str, str]]) -> None:
    seen = Counter(" ".join(row["question"].lower().split()) for row in rows)

    assert [question for question, times in seen.items() if times > 1] == []

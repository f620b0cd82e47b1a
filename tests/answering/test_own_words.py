"""A follow-up in its own words is asked of the articles just quoted; of a subject before a colon each part is asked so, too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from asking import check, fired, quotes, told
from builders import assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.models import Embedder

OPENED = "Quand la halle de Sète a-t-elle rouvert ?"
SAID = {
    "La halle de Sète a rouvert le 3 mars 2026.": ["Quand la halle de Sète a-t-elle rouvert ?", "sete halle ouverture"],
    "Les travaux ont coûté douze millions d’euros.": [
        "Combien a coûté le chantier de la halle ?",
        "budget des travaux",
    ],
    "Les poissonniers n’y reviendront pas, faute de chambres froides.": [
        "Pourquoi les poissonniers refusent-ils de revenir ?",
        "Qu’est-ce qui manque aux marchands de poisson ?",
    ],
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("hall")
    (folder / "corpus").mkdir()
    write_article(folder / "corpus", "halle", " ".join(SAID), title="La halle de Sète", date="2026-03-04")
    rows = [{"quote": quote, "alone": quote, "questions": questions} for quote, questions in SAID.items()]
    lines = [{"format": 1}, *rows, {"absent": []}]
    (folder / "corpus" / "halle.enrichment.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with assistant_over(folder, embedder_home, embedder) as ready:
        yield ready


def test_it_finds_another_sentence_of_the_article_quoted(hall: Assistant) -> None:
    answer = told(hall, "et les poissonniers, pourquoi ils boudent ?", OPENED)

    check(answer, hall)
    assert "own_words" in fired(answer)
    assert "faute de chambres froides" in answer.citations[0].quote


def test_a_part_of_a_subject_before_a_colon_is_asked_in_its_own_words(hall: Assistant) -> None:
    answer = told(hall, "La halle de Sète : date de réouverture, budget des travaux, refus des poissonniers")

    check(answer, hall)
    assert all(said in quotes(answer) for said in ("3 mars 2026", "douze millions", "chambres froides"))


def test_a_part_without_an_answer_is_asked_of_the_article_that_answers_the_other(hall: Assistant) -> None:
    answer = told(hall, "Combien d’argent public y est passé ? La halle de Sète a rouvert quel jour ?")

    check(answer, hall)
    assert "beside" in fired(answer)
    assert "douze millions" in answer.citations[0].quote
    assert "Non trouvé" not in answer.answer


def test_a_sentence_is_shown_once_in_an_answer_to_two_questions(hall: Assistant) -> None:
    answer = told(hall, f"{OPENED} Et c’était quoi le budget ?")

    check(answer, hall)
    assert answer.answer.count("a rouvert le 3 mars 2026") == 1
    assert "douze millions" in answer.answer


def test_both_questions_keep_their_answer_if_the_whole_answers_the_second(hall: Assistant) -> None:
    answer = told(hall, "La halle de Sète a rouvert quel jour ? Pourquoi des commerçants refusent ?")

    check(answer, hall)
    assert all(said in answer.answer for said in ("3 mars 2026", "chambres froides"))


def test_neighbours_that_answer_something_else_are_not_shown(hall: Assistant) -> None:
    answer = told(hall, OPENED)

    check(answer, hall)
    assert "3 mars 2026" in answer.answer
    assert "douze millions" not in answer.answer
    assert "chambres froides" not in answer.answer


def test_what_stands_before_a_colon_and_asks_nothing_is_no_heading(hall: Assistant) -> None:
    answer = told(
        hall,
        "Je prépare une visite : quand la halle de Sète a-t-elle rouvert ? Pourquoi les poissonniers boudent-ils ?",
    )

    check(answer, hall)
    assert "Je prépare" not in answer.answer

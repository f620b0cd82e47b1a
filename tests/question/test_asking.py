"""What of a text asks: two questions are asked one by one."""

from __future__ import annotations

import pytest

from made import asked
from trusted_cloud_chat.question.asking import asking, coordinated, pieces
from trusted_cloud_chat.schema import Language


def test_in_a_conversation_it_leans_on_the_question_before() -> None:
    question = asked("Très clair. Et S3NS ?", "fact", "Quand Bleu sera-t-il qualifié SecNumCloud ?")

    assert "Quand S3NS sera-t-il qualifié" in question.searched


@pytest.mark.parametrize(
    ("typed", "language", "parts"),
    [
        ("Qui a racheté la société et pour combien ?", "fr", ["Qui a racheté la société", "pour combien ?"]),
        ("Qui dirige le port, et depuis quand ?", "fr", ["Qui dirige le port", "depuis quand ?"]),
        ("À qui appartient le stade et combien a-t-il coûté ?", "fr", ["À qui appartient le stade", "combien a-t-il coûté ?"]),
        ("Who runs the port and since when?", "en", ["Who runs the port", "since when?"]),
        ("Où et quand le traité a-t-il été signé ?", "fr", []),
        ("Qui dirige le port et la gare ?", "fr", []),
        ("La société qui a vendu et qui a racheté, laquelle est-ce ?", "fr", []),
        ("Quand le pont sera-t-il ouvert ?", "fr", []),
        ("quelle techno, portée par qui, où sont les serveurs", "fr", ["quelle techno", "portée par qui", "où sont les serveurs"]),
        ("Le port : quel budget, quel délai", "fr", ["Le port : quel budget", "Le port : quel délai"]),
        ("Le port : budget, délai", "fr", ["Le port : budget", "Le port : délai"]),
        ("budget + délai du port", "fr", ["budget", "délai du port"]),
        ("What budget, run by whom, and where is it?", "en", ["What budget", "run by whom", "where is it?"]),
        ("Le plan du port se fait en combien d’étapes et à quelles dates ?", "fr", ["Le plan du port se fait en combien d’étapes", "à quelles dates ?"]),
        ("Le ministre, à qui a-t-il écrit et pour quand ?", "fr", ["Le ministre, à qui a-t-il écrit", "Le ministre, pour quand ?"]),
        ("Rapport de la ville sur le port : combien de pages et qui l’a écrit ?", "fr",
         ["Rapport de la ville sur le port : combien de pages", "Rapport de la ville sur le port : qui l’a écrit ?"]),
        ("Le port est-il ouvert et depuis quand ?", "fr", ["Le port est-il ouvert", "depuis quand ?"]),
        ("Le port est-il à la ville et à l’État ?", "fr", []),
        ("Is the port open, and who runs it?", "en", ["Is the port open", "who runs it?"]),
        ("Qui dirige le port, et est-ce que quelqu’un s’en plaint ?", "fr", ["Qui dirige le port", "est-ce que quelqu’un s’en plaint ?"]),
        ("Who runs the port, and does it pay taxes?", "en", ["Who runs the port", "does it pay taxes?"]),
        ("Quand le port ferme, est-ce que la ville paie ?", "fr", []),
        ("Which company runs the port and has bought the station?", "en", []),
        ("Le port : Rouen, Brest, combien chacun ?", "fr", []),
        ("Le port : qui est venu entre le 6 mai et le 10 juin ?", "fr", []),
        ("Combien coûte le port, quand on le refait ?", "fr", []),
        ("Qui dirige le port, à part la ville et l’État ?", "fr", []),
        ("Le port, le nouveau quai, on en est où ?", "fr", []),
    ],
)  # fmt: skip
def test_what_is_joined_asks_twice(typed: str, language: Language, parts: list[str]) -> None:
    assert coordinated(typed, language) == parts


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("Sur le port, quel budget, et qui paie ?", ["quel budget", "qui paie"]),
        ("Le port : plans, coût des travaux", ["Le port", "coût des travaux"]),
        ("Quand le port ouvre-t-il ?", []),
    ],
)
def test_a_question_is_cut_into_pieces_from_the_first_that_asks(typed: str, cut: list[str]) -> None:
    assert pieces(typed, "fr") == cut


def test_two_sentences_that_ask() -> None:
    found = asking("Quand Bleu a-t-il ouvert ? et S3NS ? Merci.", "fr", lambda text: False)

    assert found == ["Quand Bleu a-t-il ouvert ?", "et S3NS ?"]


def test_after_a_question_one_needs_no_question_mark() -> None:
    found = asking("Le port est-il ouvert ? et ceux qui y étaient, ils partent quand", "fr", lambda text: False)

    assert found == ["Le port est-il ouvert ?", "et ceux qui y étaient, ils partent quand"]
    assert len(asking("Le port est-il ouvert ? Je pars demain matin.", "fr", lambda text: False)) == 1


def test_our_host_is_named_by_its_noun() -> None:
    question = asked(
        "Si notre hébergeur change de mains, sous quel délai doit-il prévenir ses clients ? Et peut-on partir ?"
    )

    assert len(question.several) == 2


def test_each_of_two_questions_is_whole() -> None:
    question = asked("Quand Bleu sera-t-il qualifié SecNumCloud ? Et S3NS ?")
    first, second = question.several

    assert question.query.parts == ("Quand Bleu sera-t-il qualifié SecNumCloud ?", "Et S3NS ?")
    assert (first.query.entities, second.query.entities) == (("Bleu", "SecNumCloud"), ("S3NS", "SecNumCloud"))


def test_the_first_of_several_takes_the_name_that_the_last_gives() -> None:
    question = asked("quel budget et quel délai pour le Health Data Hub ?")

    assert [one.query.entities for one in question.several] == [("Health Data Hub",)] * 2


@pytest.mark.parametrize(
    "typed", ["Pour quel montant et à quelle date l’État a-t-il signé ?", "Compare Bleu et S3NS ? Qui gagne ?"]
)
def test_where_the_first_says_too_little_the_text_is_one_question(typed: str) -> None:
    assert asked(typed, "comparison" if "Compare" in typed else "fact").several == ()

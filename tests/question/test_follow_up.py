"""Which questions lean on the one before, and what they take from it. None that stands alone is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from builders import TODAY
from made import BOOK, OneKind, asked
from trusted_cloud_chat.question.follow_up import joined, leans
from trusted_cloud_chat.question.intents import IntentClassifier
from trusted_cloud_chat.question.kinds import KindClassifier
from trusted_cloud_chat.question.parse import QuestionReader
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.trace import Trace

BEFORE = "Quand Bleu sera-t-il qualifié SecNumCloud ?"


@pytest.mark.parametrize(
    "typed",
    [
        "et S3NS ?",
        "Et Bleu ?",
        "Et en 2024 ?",
        "Mais pourquoi ?",
        "Pourquoi ?",
        "Depuis quand existe-t-elle ?",
        "Qui la dirige ?",
        "Combien de salariés a-t-il ?",
        "Quels sont ses clients ?",
        "Celle d’Amazon, c’était dû à quoi ?",
        "C’est abandonné pour de bon ou juste en pause ?",
        "Is it still pending or definitely signed?",
        "And S3NS?",
        "Why?",
        "When was it founded?",
        "Who are its customers?",
    ],
)
def test_it_leans(typed: str) -> None:
    assert leans(asked(typed))


@pytest.mark.parametrize(
    ("typed", "may_lean"),
    [
        ("Que s’est-il passé en septembre 2026 ?", False),
        ("Que s'est-il passé en septembre 2026 ?", False),
        ("Quels fournisseurs ont été qualifiés en 2024 ?", False),
        ("Qui recrute en Bretagne ?", True),
        ("Microsoft peut-il détenir Bleu ?", False),
        ("Quand la loi entre-t-elle en vigueur ?", True),
        ("Bleu est-il qualifié ?", False),
        ("Qui est qualifié SecNumCloud en France ?", False),
        ("Quels hôpitaux ont choisi un hébergeur qualifié ?", True),
        ("Y a-t-il des fournisseurs qualifiés en Allemagne ?", True),
        ("Combien coûte une migration vers le cloud ?", True),
        ("C’est quoi la différence avec une certification ?", True),
        ("C’est possible d’ouvrir Bleu à des administrations étrangères ?", False),
        ("Existe-t-il une certification européenne ?", True),
        ("Qui dirige Bleu et depuis quand ?", False),
        ("What happened in September 2026?", False),
        ("Is there a qualified provider in Germany?", True),
        ("Who runs Bleu?", False),
        ("How much does a migration to the cloud cost?", True),
    ],
)
def test_it_stands_alone_and_is_never_changed(typed: str, may_lean: bool) -> None:
    """What names nobody and no time may be asked of the one before as well."""
    alone, after = asked(typed), asked(typed, "fact", BEFORE, "Qui dirige S3NS ?")

    assert (after.query, after.searched, after.context) == (alone.query, typed, "")
    assert bool(after.leaning) is may_lean


@pytest.mark.parametrize(
    ("before", "typed", "searched"),
    [
        (BEFORE, "et S3NS ?", "Quand S3NS sera-t-il qualifié SecNumCloud ?"),
        ("Bleu et S3NS sont-ils qualifiés ?", "Et Scaleway ?", "Scaleway"),
        ("Who owns S3NS?", "And Bleu?", "Who owns Bleu?"),
        (BEFORE, "et l’EUCS ?", "Quand Bleu sera-t-il qualifié EUCS ?"),
    ],
)
def test_a_name_alone_takes_the_place_of_one_of_its_kind(before: str, typed: str, searched: str) -> None:
    found, read, _ = joined(asked(typed), asked(before))

    assert searched in found
    assert found == read
    assert "Bleu" not in found or "Bleu" in searched


def test_what_says_something_new_is_asked_of_the_name_before() -> None:
    """The name goes before it, and the old question's words are left out."""
    found, read, _ = joined(asked("Quels sont ses clients ?"), asked(BEFORE))

    assert "Bleu" in found
    assert "clients" in found
    assert "sera-t-il" not in read


def test_whom_the_answer_before_was_about_is_asked_of() -> None:
    """« Il y a un cloud souverain au Luxembourg ? » was answered by Clarence; of somebody who is named it is not asked."""
    before = replace(asked("Il y a un cloud souverain au Luxembourg ?"), told=lambda: ["Clarence"])
    found, read, _ = joined(asked("et c’est la techno de qui derrière ?"), before)

    assert "Clarence" in read
    assert "souverain" not in found
    assert "Clarence" not in joined(asked("et combien de clients a S3NS ?"), before)[0]


def test_what_leans_is_advice_only_with_the_question_before_it() -> None:
    """« c’est à abandonner ? » alone may ask what is best."""

    class Alone:
        def intent_of(self, text: str) -> str:
            return "question" if "qualifié" in text else "advice"

    reader = QuestionReader(BOOK, cast(KindClassifier, OneKind("fact")), cast(IntentClassifier, Alone()))
    turns = [Turn(BEFORE)]

    assert reader.read("c’est abandonné ou pas ?", turns=turns, today=TODAY).query.intent == "question"
    assert reader.read("c’est abandonné ou pas ?", today=TODAY).query.intent == "advice"


def test_what_gives_a_name_of_its_own_keeps_it() -> None:
    """« Et ses clients » of another actor: that of the question before is not searched for."""
    found, *_ = joined(asked("Et combien de clients a S3NS ?"), asked(BEFORE))

    assert "S3NS" in found
    assert "Bleu" not in found


class TestRead:
    def test_it_is_shown_with_the_question_before(self) -> None:
        question = asked("et S3NS ?", "date", BEFORE)

        assert question.query.text == f"et S3NS, après «\u00a0{BEFORE}\u00a0»"
        assert question.query.entities == ("S3NS", "SecNumCloud")
        assert question.context == BEFORE
        assert asked("and S3NS?", "date", "Who owns Bleu?").query.text == "and S3NS, after “Who owns Bleu?”"

    def test_a_time_alone_is_the_time_of_the_question_before(self) -> None:
        question = asked("Et en 2024 ?", "number", "Combien de clients avait Bleu en 2023 ?")

        assert question.query.dates == ("2024-01-01/2024-12-31",)
        assert "Bleu" in question.query.entities

    def test_a_follow_up_of_a_follow_up_keeps_the_subject(self) -> None:
        question = asked("Et OVHcloud ?", "date", BEFORE, "et S3NS ?")

        assert "OVHcloud" in question.searched
        assert "qualifié" in question.searched
        assert not {"Bleu", "S3NS"} & set(question.query.entities)

    def test_the_first_question_leans_on_none(self) -> None:
        assert asked("et S3NS ?").searched == "et S3NS ?"

    def test_it_leaves_a_line_and_can_be_switched_off(self) -> None:
        trace, off = Trace(), Trace({"follow_up"})

        assert asked("et S3NS ?", "date", BEFORE, trace=trace).context
        assert asked("et S3NS ?", "date", BEFORE, trace=off).searched == "et S3NS ?"
        assert ["follow_up" in {line.rule for line in t.lines} for t in (trace, off)] == [True, False]


def test_what_continues_is_compared_with_stored_questions_together_with_what_it_continues() -> None:
    follow_up = asked("et pour combien de temps ?", "fact", "Quand Bleu sera-t-il qualifié SecNumCloud ?")
    part = asked("Qui a racheté Bleu et pour combien ?").several[1]

    assert "et pour combien de temps ?" in follow_up.phrasings
    assert any("Quand Bleu" in text and "combien de temps" in text for text in follow_up.phrasings)
    assert "Qui a racheté Bleu et pour combien ?" in part.phrasings
    assert asked("Qui dirige Bleu ?").phrasings == ("Qui dirige Bleu ?",)

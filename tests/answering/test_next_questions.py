"""What may be asked next: stored questions that other sentences near the quote answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from made import BOOK, article_of, asked
from trusted_cloud_chat.answering.next_questions import next_questions
from trusted_cloud_chat.index.records import StoredQuestion
from trusted_cloud_chat.index.snapshots import Snapshot
from trusted_cloud_chat.schema import Answer, Citation, Span

ARTICLE = article_of("Bleu compte 60 salariés. Bleu a franchi J0. Orange détient Bleu. Bleu vise 2026.")
SPANS = [Span(0, 24), Span(25, 43), Span(44, 64), Span(65, 80)]


def offered(question: str, *stored: tuple[str, int], kind: str = "answered") -> tuple[str, ...]:
    """Of (text, which sentence answers) after an answer that quotes the first sentence."""
    rows = [
        StoredQuestion(
            f"q{n}", ARTICLE.article_id, "v", cast(Any, kind), text, (SPANS[place],), np.zeros(1, np.float16)
        )
        for n, (text, place) in enumerate(stored)
    ]
    catalog = SimpleNamespace(questions_of=lambda article_id, version: rows)
    snapshot = cast(Snapshot, SimpleNamespace(catalog=catalog))
    answer = Answer(question, asked(question).query, "", citations=(Citation(1, ARTICLE, 0, 24),))
    return next_questions(snapshot, answer, BOOK)


def test_the_nearest_first_and_three_at_most() -> None:
    near, middle, far = (
        "Quel jalon Bleu a-t-il franchi ?",
        "Quel groupe détient Bleu ?",
        "Quelle année Bleu vise-t-il ?",
    )
    found = offered(
        "Combien de salariés compte Bleu ?", (far, 3), (middle, 2), (near, 1), ("Qui est derrière Bleu ?", 2)
    )

    assert found == (near, middle, far)


def test_what_is_not_whole_or_was_asked_or_quoted_is_left_out() -> None:
    found = offered(
        "Quel jalon Bleu a-t-il franchi ?", ("Combien de personnes travaillent chez Bleu ?", 0),
        ("Quel jalon a franchi Bleu ?", 1), ("bleu actionnaire orange", 2), ("Qui la détient ?", 2),
        ("Who owns Bleu?", 2), ("Quelle année est visée ?", 3),
    )  # fmt: skip

    assert found == ()


def test_what_nothing_answers_is_not_offered() -> None:
    assert offered("Combien de salariés compte Bleu ?", ("Quel groupe détient Bleu ?", 2), kind="absent") == ()


def test_they_stay_with_the_actor_that_is_asked_about() -> None:
    found = offered("Combien de salariés compte Bleu ?", ("Qui détient S3NS ?", 2), ("Que vise Bleu pour 2026 ?", 3))

    assert found == ("Que vise Bleu pour 2026 ?",)


def test_without_an_actor_they_stay_with_the_other_name_of_the_question() -> None:
    found = offered("Où en est SecNumCloud ?", ("Qui détient S3NS ?", 2), ("Qui délivre SecNumCloud ?", 3))

    assert found == ("Qui délivre SecNumCloud ?",)

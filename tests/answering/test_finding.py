"""How many passages are read for a question: real retrieval, and a reader that is told what to hold for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from builders import TODAY, assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.finding import Finder, Findings
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.schema import Reading

QUESTION = "Pourquoi Bleu a-t-il ouvert un centre de données à Rungis ?"
YES_OR_NO = "Bleu a-t-il ouvert un centre de données à Rungis ?"
PASSAGES, NEAR, SEVERAL, DEEP = 8, 4, 6, 16


class Convinced:
    """Holds passages with certain words for the answer, and all others for none."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.read_at_once: list[int] = []

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        if passages:
            self.read_at_once.append(len(passages))
        return [self._reading(passage) for passage in passages]

    def _reading(self, passage: ReadPassage) -> Reading:
        logit = 8.0 if any(word in passage.text for word in self.words) else -8.0
        return Reading(logit, (logit,) * len(passage.sentences), (logit,) * len(passage.sentences))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    """Eighteen articles: the later their number, the fewer words they share with the question."""
    folder = tmp_path_factory.mktemp("finding")
    words = "Bleu a ouvert un centre de données à Rungis selon la direction".split()
    for number in range(18):
        text = f"{' '.join(words[: max(1, len(words) - number)])}, dépêche numéro {number:02} du réseau."
        write_article(folder / "corpus", f"n{number:02}", text, title=f"Dépêche {number:02}")
    with assistant_over(folder, embedder_home, embedder) as ready:
        yield ready


def find(
    assistant: Assistant,
    reader: Convinced,
    passages: int = PASSAGES,
    question: str = QUESTION,
    *,
    thorough: bool = True,
) -> Findings:
    finder = Finder(
        assistant._retriever, reader, assistant._entities, assistant._weights, passages=passages, threshold=0.4
    )
    return finder.find(assistant.understand(question, today=TODAY), thorough=thorough)


def order(assistant: Assistant) -> list[str]:
    return [p.article.article_id for p in assistant.search(QUESTION, 18, today=TODAY).passages]


def test_four_passages_are_read_where_they_answer(assistant: Assistant) -> None:
    first = order(assistant)[0][1:]
    reader = Convinced(f"numéro {first}")

    found = find(assistant, reader)

    assert found.confidence >= 0.4
    assert reader.read_at_once == [NEAR]
    assert len(found.passages) == PASSAGES


def test_more_are_read_where_something_is_to_be_proved_or_denied(assistant: Assistant) -> None:
    reader = Convinced("numéro")

    find(assistant, reader, question=YES_OR_NO)

    assert reader.read_at_once == [SEVERAL]


def test_twelve_more_are_looked_through_before_a_question_is_refused(assistant: Assistant) -> None:
    """A sentence of each; the passage that answers is then read whole and stands beside those that were nearest."""
    ranked = order(assistant)
    reader = Convinced(f"numéro {ranked[DEEP - 1][1:]}")

    found = find(assistant, reader)

    assert found.confidence >= 0.4
    assert reader.read_at_once == [NEAR, DEEP - NEAR, PASSAGES - NEAR]
    assert found.ranked[0].passage.article.article_id == ranked[DEEP - 1]
    names = [passage.article.article_id for passage in found.passages]
    assert names[:NEAR] == ranked[:NEAR]
    assert len(names) == PASSAGES
    assert names[-1] == ranked[DEEP - 1]
    assert [passage.rank for passage in found.passages] == list(range(1, PASSAGES + 1))


def test_where_nothing_answers_the_nearest_passages_stay(assistant: Assistant) -> None:
    ranked = order(assistant)

    found = find(assistant, Convinced(f"numéro {ranked[DEEP][1:]}"))

    assert found.confidence < 0.4
    assert [passage.article.article_id for passage in found.passages] == ranked[:PASSAGES]


def test_one_cell_of_a_table_is_not_looked_for_thoroughly(assistant: Assistant) -> None:
    """A table of two asks a dozen questions: none of them reads more than the nearest passages."""
    reader = Convinced("numéro 99")

    found = find(assistant, reader, thorough=False)

    assert found.confidence < 0.4
    assert reader.read_at_once == [NEAR]


def test_no_more_are_read_than_there_is_room_for(assistant: Assistant) -> None:
    """`TCC_PASSAGES` may leave none."""
    reader = Convinced("numéro 99")

    found = find(assistant, reader, passages=3)

    assert reader.read_at_once == [3]
    assert len(found.passages) == 3


def test_of_two_questions_the_first_is_asked_by_itself_before_both_are_refused(assistant: Assistant) -> None:
    """The reader here finds an answer to no question but the first."""

    class OfTheFirst(Convinced):
        def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
            self.words = ("dépêche",) if "combien" not in question else ()
            return super().read(question, passages)

    whole = "Pourquoi Bleu a-t-il ouvert un centre de données, et pour combien ?"
    found = find(assistant, OfTheFirst(), question=whole)

    assert found.confidence >= 0.4
    assert found.understood.query.text == whole

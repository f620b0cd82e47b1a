"""The best sentences read once more: what is shown to the reader, what becomes of its logits, when it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from builders import TODAY, assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.close_up import CLOSE_UP_FEATURES, close_up_features, likeliest, read_close_ups
from trusted_cloud_chat.answering.finding import Finder, Findings
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.schema import Reading

QUESTION = "Pourquoi Bleu a-t-il ouvert un centre de données à Rungis ?"
SENTENCES = (
    "Bleu a ouvert un centre de données à Rungis.",
    "La direction y voyait un moyen de servir ses clients parisiens.",
    "Le site compte deux salles et emploie trente personnes.",
    "Une extension doit suivre en 2027 si la demande le permet.",
)


class Recorder:
    """Gives whole passages one logit and everything read afterwards another; a sentence's grows with its number."""

    def __init__(self, at_first: float, later: float) -> None:
        self.logits = [at_first, later]
        self.read_so_far: list[list[ReadPassage]] = []

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        logit = self.logits[min(len(self.read_so_far), 1)]
        if passages:
            self.read_so_far.append(list(passages))
        return [self._reading(passage, logit) for passage in passages]

    def _reading(self, passage: ReadPassage, logit: float) -> Reading:
        grown = tuple(logit + n / 10 for n in range(len(passage.sentences)))
        return Reading(logit, grown, grown)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("close_up")
    write_article(folder / "corpus", "bleu-rungis", " ".join(SENTENCES), title="Bleu à Rungis")
    with assistant_over(folder, embedder_home, embedder) as ready:
        yield ready


def find(assistant: Assistant, reader: Recorder) -> Findings:
    finder = Finder(assistant._retriever, reader, assistant._entities, assistant._weights, passages=8, threshold=0.35)
    return finder.find(assistant.understand(QUESTION, today=TODAY))


def sentence(found: Findings, number: int) -> Selected:
    return next(choice for choice in found.ranked if choice.text == SENTENCES[number])


def test_a_sentence_is_read_alone_and_between_its_neighbours(assistant: Assistant) -> None:
    """Each view has the title, and its own sentences as spans; the logits are those of the sentence itself."""
    found = find(assistant, Recorder(0.0, 0.0))
    reader = Recorder(1.0, 1.0)

    logits = read_close_ups(reader, QUESTION, [sentence(found, 1), sentence(found, 3)])

    (views,) = reader.read_so_far
    assert [view.title for view in views] == ["Bleu à Rungis"] * 4
    assert [view.text for view in views] == [
        SENTENCES[1],
        " ".join(SENTENCES[:3]),
        SENTENCES[3],
        " ".join(SENTENCES[2:]),
    ]
    for view in views:
        assert all(view.text[a:b] in SENTENCES for a, b in view.sentences)
    assert logits.shape == (2, 2, 3)
    assert logits[:, :, 0].ravel() == pytest.approx([1.0, 1.1, 1.0, 1.1])
    assert logits[:, :, 2].ravel() == pytest.approx([1.0] * 4)


def test_three_sentences_at_most_are_read(assistant: Assistant) -> None:
    found = find(assistant, Recorder(0.0, 0.0))
    assert read_close_ups(Recorder(30.0, 30.0), QUESTION, found.ranked).tolist() == [[[10.0] * 3] * 2] * 3


def test_features_are_the_best_one_the_mean_and_the_most() -> None:
    logits = np.array([[[1, 2, 3], [3, 4, 5]], [[0, 9, 0], [0, 9, 0]]], dtype=np.float32)
    named = dict(zip(CLOSE_UP_FEATURES, close_up_features(logits), strict=True))
    assert [named[f"close_{kind}"] for kind in ("sentence", "span", "answers")] == [2.0, 3.0, 4.0]
    assert [named[f"mean_{kind}"] for kind in ("sentence", "span", "answers")] == [1.0, 6.0, 2.0]
    assert [named[f"most_{kind}"] for kind in ("sentence", "span", "answers")] == [2.0, 9.0, 4.0]


@pytest.mark.parametrize(
    ("kind", "question", "read"),
    [
        ("date", "Quand une extension du centre de données de Bleu est-elle prévue ?", 3),
        ("fact", "Quel centre de données Bleu a-t-il ouvert ?", 0),
    ],
)
def test_before_a_refusal_a_sentence_that_holds_the_day_asked_for_is_looked_at(
    assistant: Assistant, kind: str, question: str, read: int
) -> None:
    """Of the passages after the nearest only one sentence is read; where a day is asked for, one without any is not."""
    found = assistant._retriever.retrieve(assistant.understand(question, today=TODAY), 1)
    reader = Recorder(0.0, 0.0)

    likeliest(reader, question, kind, found.passages, 1)

    ((view,),) = reader.read_so_far
    assert view.text == SENTENCES[read]


def test_what_is_left_open_is_decided_by_it(assistant: Assistant) -> None:
    convinced, disappointed = Recorder(-1.0, 6.0), Recorder(-1.0, -6.0)
    sure, unsure = find(assistant, convinced), find(assistant, disappointed)
    assert len(convinced.read_so_far) == len(disappointed.read_so_far) == 2
    assert sure.confidence > unsure.confidence + 0.3


def test_what_is_clear_is_not_read_again(assistant: Assistant) -> None:
    reader = Recorder(8.0, 0.0)
    assert find(assistant, reader).confidence >= 0.6
    assert len(reader.read_so_far) == 1

"""Classifies the kind of a question; trained on `training/kinds.jsonl`."""

from dataclasses import dataclass

from trusted_cloud_chat.question.classifier import Classifier, Encode, load_classifier


@dataclass(frozen=True, slots=True)
class KindClassifier:
    """Predicts one of the fifteen kinds of `docs/answers.md`."""

    learnt: Classifier

    def kind_of(self, question: str) -> str:
        """The most likely kind."""
        return next(iter(self.learnt.shares(question)))


def load_kinds(encode: Encode) -> KindClassifier:
    """Loads the shipped classifier."""
    return KindClassifier(load_classifier("kinds.npz", encode))

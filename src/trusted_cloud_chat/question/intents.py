"""Whether a question is one to the corpus, or small talk, a wish for advice, a text to write…: learnt from `training/intents.jsonl`."""

from dataclasses import dataclass

from trusted_cloud_chat.question.classifier import Classifier, Encode, load_classifier

QUESTION = "question"
SMALL_TALK = frozenset({"greeting", "thanks", "farewell", "reaction"})
OF_THE_ASSISTANT = SMALL_TALK | {"help", "about", "rework"}
"""What is asked of the assistant itself: it has no subject that a later question could lean on."""
LEANING = frozenset({"advice", "prediction", "opinion"})
"""What may lean on the question before: « lequel me conseillez-vous ? »."""
NOTED = LEANING | {"browse", "drafting"}
"""What may ask for something that the articles say: then they answer, and the reply is a line above."""
LEAST_DOUBT = 0.8
"""How sure it must be that it is no question to the corpus: a question taken for small talk costs more than small talk that is
searched for."""


@dataclass(frozen=True, slots=True)
class IntentClassifier:
    """Tells the thirteen intents of `docs/answers.md`."""

    learnt: Classifier

    def intent_of(self, question: str) -> str:
        """The likeliest intent but a question to the corpus; that where it is not surely none."""
        shares = self.learnt.shares(question)
        if 1 - shares[QUESTION] < LEAST_DOUBT:
            return QUESTION
        return next(intent for intent in shares if intent != QUESTION)


def load_intents(encode: Encode) -> IntentClassifier:
    """The shipped classifier."""
    return IntentClassifier(load_classifier("intents.npz", encode))

"""Classifies the intent of a text: question to the corpus, small talk, request for advice… Trained on `training/intents.jsonl`."""

from dataclasses import dataclass

from trusted_cloud_chat.question.classifier import Classifier, Encode, load_classifier

QUESTION = "question"
SMALL_TALK = frozenset({"greeting", "thanks", "farewell", "reaction"})
OF_THE_ASSISTANT = SMALL_TALK | {"help", "about", "rework"}
"""Intents about the assistant itself; they have no subject that a follow-up could refer to."""
LEANING = frozenset({"advice", "prediction", "opinion"})
"""Intents that may refer to the previous question: « lequel me conseillez-vous ? »."""
NOTED = LEANING | {"browse", "drafting"}
"""Intents for which the articles are searched too; if they answer, the reply is only a line above that answer."""
LEAST_DOUBT = 0.8
"""Minimum probability of all intents but `QUESTION` together for a text to get one of them. It is high because a question mistaken for small talk gets no
answer, while small talk mistaken for a question costs only a search."""


@dataclass(frozen=True, slots=True)
class IntentClassifier:
    """Predicts one of the thirteen intents of `docs/answers.md`."""

    learnt: Classifier

    def intent_of(self, question: str) -> str:
        """The most likely intent but `QUESTION`, if all of these together reach the probability `LEAST_DOUBT`; else `QUESTION`."""
        shares = self.learnt.shares(question)
        if 1 - shares[QUESTION] < LEAST_DOUBT:
            return QUESTION
        return next(intent for intent in shares if intent != QUESTION)


def load_intents(encode: Encode) -> IntentClassifier:
    """Loads the shipped classifier."""
    return IntentClassifier(load_classifier("intents.npz", encode))

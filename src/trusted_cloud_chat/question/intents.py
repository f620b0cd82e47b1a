"""Tells questions to the corpus from small talk, requests for advice, texts to write…: trained on `training/intents.jsonl`."""

from dataclasses import dataclass

from trusted_cloud_chat.question.classifier import Classifier, Encode, load_classifier

QUESTION = "question"
SMALL_TALK = frozenset({"greeting", "thanks", "farewell", "reaction"})
OF_THE_ASSISTANT = SMALL_TALK | {"help", "about", "rework"}
"""Intents about the assistant itself, without a subject that a later question could refer to."""
LEANING = frozenset({"advice", "prediction", "opinion"})
"""Intents that may refer to the previous question: « lequel me conseillez-vous ? »."""
NOTED = LEANING | {"browse", "drafting"}
"""Intents that the articles may answer; the reply is then a line above the answer."""
LEAST_DOUBT = 0.8
"""Minimum probability that a text is no question to the corpus: a question taken for small talk costs more than small talk
that is searched for."""


@dataclass(frozen=True, slots=True)
class IntentClassifier:
    """Tells the thirteen intents of `docs/answers.md`."""

    learnt: Classifier

    def intent_of(self, question: str) -> str:
        """The likeliest other intent if the text is surely no question to the corpus; else that it is one."""
        shares = self.learnt.shares(question)
        if 1 - shares[QUESTION] < LEAST_DOUBT:
            return QUESTION
        return next(intent for intent in shares if intent != QUESTION)


def load_intents(encode: Encode) -> IntentClassifier:
    """The shipped classifier."""
    return IntentClassifier(load_classifier("intents.npz", encode))

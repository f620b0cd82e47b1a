"""Second opinions on whether sources prove a model's sentences, by a language model or an entailment network."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from trusted_cloud_chat.enrichment.portions import template
from trusted_cloud_chat.language.model_patterns import OPINION
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.models.listening import heard
from trusted_cloud_chat.models.sentence_transformer import Entailment, Opinion, Pair, Verdict
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.writing.drafts import neutralise

_VERDICTS: dict[str, Verdict] = {
    "suit": "follows", "contredit": "contradicts", "absent": "unsaid", "follows": "follows", "contradicts": "contradicts",
}  # fmt: skip
_MOST_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """The opinion of a language model; an objection counts only if its words are in the source."""

    chat_model: BaseChatModel
    spec: str
    timeout_s: float

    @property
    def name(self) -> str:
        return shown_name(self.spec)

    def read(self, pairs: Sequence[Pair], language: Language) -> list[Opinion | None]:
        """An opinion for each pair; None if there is none."""
        listed = "\n".join(
            f'<pair n="{n}">\n<source>{neutralise(source)}</source>\n<sentence>{neutralise(sentence)}</sentence>\n</pair>'
            for n, (source, sentence) in enumerate(pairs, start=1)
        )
        prompt: list[BaseMessage] = [HumanMessage(template("opinion", language).format(pairs=listed))]
        *_, reply = heard(self.chat_model, prompt, self.timeout_s, _MOST_CHARACTERS)
        opinions: list[Opinion | None] = [None] * len(pairs)
        # « 2 | contredit | n’est pas qualifié »; the first line of each number counts.
        for match in reversed(list(OPINION.finditer(reply.said))):
            number, verdict = int(match[1]) - 1, _VERDICTS[match[2].lower()]
            if 0 <= number < len(pairs):
                words = match[3].strip(" .«»“”\"'\u00a0")
                in_source = bool(words) and _plain(words) in _plain(pairs[number][0])
                if verdict != "contradicts" or in_source:
                    opinions[number] = Opinion(verdict, words if in_source else "")
        return opinions


SecondOpinion = Entailment | ModelOpinion
"""Safe to use from several threads."""


def _plain(text: str) -> str:
    return " ".join(fold(neutralise(text)).split())

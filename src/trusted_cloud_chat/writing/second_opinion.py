"""Second opinions on a model's sentences beside their sources: by a language model, once an answer, or by a network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from trusted_cloud_chat.enrichment.portions import template
from trusted_cloud_chat.language.model_patterns import OPINION
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.models.listening import heard
from trusted_cloud_chat.models.sentence_transformer import Entailment, Verdict
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.writing.drafts import neutralise

_VERDICTS: dict[str, Verdict] = {
    "suit": "follows", "contredit": "contradicts", "absent": "unsaid", "follows": "follows", "contradicts": "contradicts",
}  # fmt: skip
_MOST_CHARACTERS = 12_000
Pair = tuple[str, str]
"""A source and a sentence that points to it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    verdict: Verdict
    words: str = ""
    """The deciding words of the source, verbatim."""


@dataclass(frozen=True, slots=True)
class NetworkOpinion:
    """The opinion of a network, which names no words."""

    network: Entailment

    @property
    def name(self) -> str:
        """As readers see it."""
        return self.network.name

    def read(self, pairs: Sequence[Pair], _language: Language) -> list[Opinion | None]:
        """An opinion for each pair."""
        return [Opinion(verdict) for verdict in self.network.read(pairs)]


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """The opinion of a language model; an objection counts only with words that are in the source."""

    chat_model: BaseChatModel
    spec: str
    timeout_s: float

    @property
    def name(self) -> str:
        """As readers see it."""
        return shown_name(self.spec)

    def read(self, pairs: Sequence[Pair], language: Language) -> list[Opinion | None]:
        """An opinion for each pair; None if there is none."""
        *_, text = heard(self.chat_model, opinion_prompt(pairs, language), self.timeout_s, _MOST_CHARACTERS)
        found = dict(_opinions(text.said, pairs))  # where it failed, those of the first sentences
        return [found.get(n) for n in range(len(pairs))]


SecondOpinion = NetworkOpinion | ModelOpinion
"""Safe to use from several threads."""


def opinion_prompt(pairs: Sequence[Pair], language: Language) -> list[BaseMessage]:
    """The message for a second opinion; pairs are numbered from 1."""
    listed = "\n".join(
        f'<pair n="{n}">\n<source>{neutralise(source)}</source>\n<sentence>{neutralise(said)}</sentence>\n</pair>'
        for n, (source, said) in enumerate(pairs, start=1)
    )
    return [HumanMessage(template("opinion", language).format(pairs=listed))]


def _opinions(said: str, pairs: Sequence[Pair]) -> Iterator[tuple[int, Opinion]]:
    """Parse lines such as « 2 | contredit | n’est pas qualifié »; the first one of each number counts."""
    for match in reversed(list(OPINION.finditer(said))):
        number, verdict = int(match[1]) - 1, _VERDICTS[match[2].lower()]
        if not 0 <= number < len(pairs):
            continue
        words = match[3].strip(" .«»“”\"'\u00a0")
        stand = bool(words) and _plain(words) in _plain(pairs[number][0])
        if verdict != "contradicts" or stand:
            yield number, Opinion(verdict, words if stand else "")


def _plain(text: str) -> str:
    return " ".join(fold(neutralise(text)).split())

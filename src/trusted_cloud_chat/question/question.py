"""A question as all other rooms see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.entities import Entity, Mention
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import Phrases
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.trace import Trace


@dataclass(frozen=True, slots=True)
class Question:
    """The question, and what retrieval searches for besides its words."""

    query: Query
    """The part of it in an answer; `query.text` is displayed as what was searched."""
    searched: str
    """The words searched for."""
    read_as: str
    """The input of embedder and reader."""
    mentions: tuple[Mention, ...] = ()
    """Names, in the order of `searched`."""
    related: tuple[str, ...] = ()
    """Names related to the entities asked about; searched with a lower weight."""
    periods: tuple[Period, ...] = ()
    wants_now: bool = False
    """Whether it asks about the present: newer evidence is preferred, older is not hidden."""
    context: str = ""
    """For a follow-up: the previous question, searched with a lower weight."""
    behind: "Question | None" = None
    """For an incomplete follow-up: the previous question, whose passages alternate with its own."""
    told: Callable[[], Sequence[str]] = tuple
    """The names that its answer is about, looked up if a follow-up refers to them."""
    own: "Question | None" = None
    """For a completed follow-up or part: the text as it was typed, alone."""
    whole: str = ""
    """For a part: the text that it is a part of."""
    goes_on: bool = False
    """For a question in a conversation: it names nobody, so it may be about the source of the previous answer."""
    leaning: "Callable[[Trace], Question] | None" = None
    """The same as a follow-up, if it goes on without clearly being one."""
    is_part: bool = False
    """For a part of a text that asks several things: its answer has a line or two."""
    about: Entity | None = None
    """For a part: the entity that it asks about."""
    parts: "tuple[Question, ...]" = ()
    """For a comparison or a list of named entities, one question per entity; else empty."""
    several: "tuple[Question, ...]" = ()
    """The questions of a text that asks several things, each complete; else empty."""

    def further(self, known: Sequence[str] = ()) -> frozenset[str]:
        """Content words other than names, periods and words that match `known` (entries as in word lists)."""
        text = self.searched
        periods = find_periods(
            text, self.query.today, spoken=True
        )  # those of a follow-up may be in the previous question
        placed = [*((one.start, one.end) for one in self.mentions), *((one.start, one.end) for one in periods)]
        for start, end in sorted(placed, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        entries = Phrases(known)
        said = words(text)
        covered = {n for a, b in entries.spans(said) for n in range(a, b)}
        left = " ".join(word.text for n, word in enumerate(said) if n not in covered)
        return content_words(left, self.query.language)

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The texts whose vectors are averaged for the comparison with stored questions.

        Of a follow-up: alone, completed, and before the previous question; of a part: alone, completed, and the whole text.
        """
        own = self.own.searched if self.own else ""
        beside = self.whole or (f"{own} {self.context}" if own and self.context else "")
        return tuple(dict.fromkeys(text for text in (self.read_as, own, beside) if text))

    @property
    def continues(self) -> bool:
        """Whether it is compared together with what it continues."""
        return len(self.phrasings) > 1

    @property
    def actors(self) -> tuple[Entity, ...]:
        """The actors asked about, once each."""
        found = (mention.entity for mention in self.mentions if mention.entity.kind == "actor")
        return tuple(dict.fromkeys(found))

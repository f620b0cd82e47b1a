"""The parsed question, as all other packages see it."""

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
    """A parsed question."""

    query: Query
    """The fields that an answer returns; `query.text` is displayed as the search text."""
    searched: str
    """The text for lexical search and word matching."""
    read_as: str
    """The input of embedder and reader."""
    mentions: tuple[Mention, ...] = ()
    """Entity mentions in `searched`, in order."""
    related: tuple[str, ...] = ()
    """Aliases of the entities asked about, and related names; searched with a lower weight."""
    periods: tuple[Period, ...] = ()
    wants_now: bool = False
    """Whether it asks about the present: newer passages get a bonus, older ones are not hidden."""
    context: str = ""
    """For a follow-up: the previous question, searched with a lower weight."""
    behind: "Question | None" = None
    """For a follow-up that does not just replace a name or period: the previous question, whose passages are interleaved."""
    told: Callable[[], Sequence[str]] = tuple
    """Returns the entity names of its answer; called only if a follow-up refers to them."""
    own: "Question | None" = None
    """For a follow-up or a part: the question as typed, parsed alone."""
    whole: str = ""
    """For a part: the text with all parts."""
    goes_on: bool = False
    """Whether it takes its subject from the conversation: the articles of the previous answer are then preferred."""
    leaning: "Callable[[Trace], Question] | None" = None
    """Builds the same question as a follow-up; None if it certainly is a follow-up, or certainly is none."""
    is_part: bool = False
    """Whether it is one of several questions in a text; its answer is then one or two lines."""
    about: Entity | None = None
    """For an element of `parts`: its entity."""
    parts: "tuple[Question, ...]" = ()
    """One question per entity, for a comparison or a list of entities; else empty."""
    several: "tuple[Question, ...]" = ()
    """The questions of a text with several, each completed; else empty."""

    def further(self, known: Sequence[str] = ()) -> frozenset[str]:
        """Content words without entity names, periods and matches of `known` (entries as in word lists)."""
        text = self.searched
        periods = find_periods(
            text, self.query.today, spoken=True
        )  # `self.periods` may come from the previous question
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
        """The texts whose embeddings are averaged and compared with stored questions.

        For a follow-up: completed, as typed, and as typed plus the previous question. For a part: completed, as typed, and the whole text.
        """
        own = self.own.searched if self.own else ""
        beside = self.whole or (f"{own} {self.context}" if own and self.context else "")
        return tuple(dict.fromkeys(text for text in (self.read_as, own, beside) if text))

    @property
    def typed(self) -> "Question":
        """The question as it was typed: not completed from a previous one."""
        return self.own or self

    @property
    def continues(self) -> bool:
        """Whether it depends on a previous question or a whole text, so that it has several `phrasings`."""
        return len(self.phrasings) > 1

    @property
    def actors(self) -> tuple[Entity, ...]:
        """The actors asked about, once each."""
        found = (mention.entity for mention in self.mentions if mention.entity.kind == "actor")
        return tuple(dict.fromkeys(found))

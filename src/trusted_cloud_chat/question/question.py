"""A question as the rest of the house sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.entities import Entity, Mention
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import Phrases
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Query


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what retrieval searches for beside its words."""

    query: Query
    """What an answer says of it; `query.text` is what a reader is shown as searched."""
    searched: str
    """The words that are searched for."""
    read_as: str
    """The question as embedder and reader see it."""
    mentions: tuple[Mention, ...] = ()
    """Names, in the order of `searched`."""
    related: tuple[str, ...] = ()
    """Names that lead to the entities asked about; searched with a lower weight."""
    periods: tuple[Period, ...] = ()
    wants_now: bool = False
    """Whether the present is asked for: newer evidence is preferred, older is not hidden."""
    context: str = ""
    """Of a follow-up: the question before, searched with a lower weight."""
    behind: Question | None = None
    """Of a follow-up that is not whole by itself: the question before, whose passages are found too, in turn."""
    told: Callable[[], Sequence[str]] = tuple
    """The names that the answer to it is about, looked up where a follow-up leans on them."""
    goes_on: bool = False
    """Of a question in a conversation: it names nobody, so that it may be about what the answer before was found in."""
    is_part: bool = False
    """Of a text that asks several things: it gets a line or two."""
    about: Entity | None = None
    """Of a part: the entity that it asks about."""
    parts: tuple[Question, ...] = ()
    """A comparison or a list of named entities, one question an entity; empty for other questions."""
    several: tuple[Question, ...] = ()
    """The questions of a text that asks two things or three, each whole; empty where it asks one."""

    def further(self, known: Sequence[str] = ()) -> frozenset[str]:
        """Content words beside names, periods and those that begin like a word of `known` (entries as in word lists)."""
        text = self.searched
        periods = find_periods(
            text, self.query.today, spoken=True
        )  # those of a follow-up may stand in the question before
        placed = [*((one.start, one.end) for one in self.mentions), *((one.start, one.end) for one in periods)]
        for start, end in sorted(placed, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        entries = Phrases(known)
        said = words(text)
        covered = {n for a, b in entries.spans(said) for n in range(a, b)}
        left = " ".join(word.text for n, word in enumerate(said) if n not in covered)
        return content_words(left, self.query.language)

    @property
    def actors(self) -> tuple[Entity, ...]:
        """The actors asked about, once each."""
        found = (mention.entity for mention in self.mentions if mention.entity.kind == "actor")
        return tuple(dict.fromkeys(found))

"""A follow-up that a chat model has made whole, checked: it may bring in nothing that the conversation does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Turn


def made_whole(said: str, question: str, turns: Sequence[Turn], most: int) -> str | None:
    """The one line of `said` that is a question; None where there is not just one, or where a name, a figure or a date in it
    stands neither in `question` nor in the conversation.
    """
    lines = [line.strip(" *\"'«»“”\u00a0") for line in printable(said).splitlines() if line.strip()]
    if len(lines) != 1 or not 0 < len(lines[0]) <= most:
        return None
    whole = " ".join(lines[0].split())
    told = {word.folded for text in (question, *_texts(turns)) for word in words(text)}
    added = (word for n, word in enumerate(words(whole)) if word.folded not in told and _is_fact(word, n))
    return None if any(added) else whole


def _texts(turns: Sequence[Turn]) -> list[str]:
    return [text for turn in turns for text in (turn.question, turn.given.answer if turn.given else turn.answer)]


def _is_fact(word: Word, place: int) -> bool:
    """Whether it is a name or a number: with a capital that the beginning of the question does not owe it."""
    return any(map(str.isdigit, word.text)) or (place > 0 and word.has_capital)

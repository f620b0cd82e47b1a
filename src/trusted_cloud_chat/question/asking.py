"""What of a text asks: the question after a sentence of context, and two questions in one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language

MOST_QUESTIONS = 3
"""Questions of one text that are answered each by itself."""
_QUOTES = "«»"


def asking(text: str, is_talk: Callable[[str], bool]) -> list[str]:
    """Of a text of several sentences those that ask something, small talk left out; empty for a text of one sentence."""
    sentences = [part for span in split_sentences(text) for part in _cut(text[span.start : span.end])]
    if len(sentences) < 2:
        return []
    return [one for one in sentences if one.endswith("?") and not is_talk(one)][:MOST_QUESTIONS]


def _cut(sentence: str) -> list[str]:
    """Cut after each question mark: what is typed in haste goes on in small letters. One inside a quotation cuts nothing."""
    parts, open_part = [], ""
    for piece in sentence.split("?")[:-1]:
        open_part += f"{piece}?"
        if open_part.count(_QUOTES[0]) == open_part.count(_QUOTES[1]):
            parts.append(open_part.strip())
            open_part = ""
    rest = (open_part + sentence.rpartition("?")[2]).strip()
    return [one for one in (*parts, rest) if patterns.LETTER_OR_DIGIT.search(one)]  # « ?? » is one sign


def coordinated(text: str, language: Language) -> list[str]:
    """« Qui a racheté X » and « pour combien ? » of « Qui a racheté X et pour combien ? »; empty for one question."""
    said = words(text)
    asks = [start for start, _ in spans_of("question_word", text, language)]
    before = {start for start, _ in spans_of("before_question_word", text, language)}
    prefixed = (one.start for one, after in pairwise(said) if one.start in before and after.start in asks)
    opens = {*asks, *prefixed}
    if not said or said[0].start not in opens:
        return []
    for start, end in spans_of("conjunction", text, language):
        following = next((word.start for word in said if word.start >= end), None)
        first = text[:start].rstrip(" ,")
        if following in opens and _says_something(first, language):
            return [first, text[following:]]
    return []


def _says_something(text: str, language: Language) -> bool:
    """« Où et quand » asks one thing twice; « Qui dirige Bleu et depuis quand » two."""
    return len(words(text)) > 2 and bool(content_words(text, language))

"""Detects whether a sentence has the answer type that a question expects: a number, a date, a name, a cause."""

from functools import lru_cache

from trusted_cloud_chat.language.calendar_words import classes
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Language

EXACT = ("number", "date", "duration")
"""Question kinds that only a number, a date or a duration answers."""
_BY_SENSE = {"why": "cause", "how": "manner", "definition": "definition"}
_MONEY_SIGNS = "€$£"


def holds(kind: str, question: str, sentence: str, language: Language) -> float:
    """1 if `sentence`, in `language`, has the answer type expected by `kind`, -1 if not, 0 if `kind` expects none."""
    match kind:
        case "number":
            return _sign(_has_figure(question, sentence, language))
        case "date":
            return _sign(has_date(sentence, language))
        case "duration":
            counted = says("time_unit", sentence, language) and _has_number(sentence, language)
            return _sign(counted or says("single_time_unit", sentence, language))
        case "who" | "list":
            return _sign(bool(other_names(question, sentence)))
        case "where":
            return _sign(says("place", sentence, language) and bool(other_names(question, sentence)))
        case "why" | "how" | "definition":
            return _sign(says(_BY_SENSE[kind], sentence, language))
        case _:
            return 0.0


@lru_cache(maxsize=4096)
def has_date(sentence: str, language: Language) -> bool:
    """Whether a sentence has a year or a calendar word, such as a month, a season or a weekday."""
    return any("Y" in classes(word.folded) for word in words(sentence)) or says("calendar", sentence, language)


def other_names(question: str, sentence: str) -> set[str]:
    """Capitalised words of `sentence`, except its first word, that `question` lacks; folded."""
    asked = {word.folded for word in words(question)}
    return {word.folded for word in words(sentence)[1:] if word.has_capital} - asked


def _has_figure(question: str, sentence: str, language: Language) -> bool:
    """Whether a sentence has an amount if the question asks for money, a share if it asks for a share, else a number but no date."""
    asked = (lang for lang in ("fr", "en") if says("money_asked", question, lang))
    if next(asked, None):
        return (
            any(sign in sentence for sign in _MONEY_SIGNS) or says("money_told", sentence, language) or "%" in sentence
        )
    if any(says("share_asked", question, lang) for lang in ("fr", "en")):
        return "%" in sentence or says("share_told", sentence, language)
    return _has_number(sentence, language)


def _has_number(sentence: str, language: Language) -> bool:
    said = words(sentence)
    if any(word.is_number and not _is_date(said, place) for place, word in enumerate(said)):
        return True
    return says("number_word", sentence, language)


def _is_date(said: tuple[Word, ...], place: int) -> bool:
    """Whether a number is a year or a day of a month."""
    if "Y" in classes(said[place].folded):
        return True
    beside = [said[n].folded for n in (place - 1, place + 1) if 0 <= n < len(said)]
    return any("M" in classes(word) for word in beside)


def _sign(held: bool) -> float:
    return 1.0 if held else -1.0

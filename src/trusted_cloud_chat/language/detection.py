"""French or English, told apart by function words and accents."""

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.schema import Language

_SHARED = STOPWORDS_FR & STOPWORDS_EN
_MOST_ACCENTS = 2
"""Accented letters that count: a name may have some."""


def detect_language(text: str, default: Language = "fr") -> Language:
    """The language of `text`; `default` where nothing tells (a name alone, a number)."""
    folded = fold.__wrapped__(text)  # what is kept of the last texts is for sentences: this may be a whole article
    words = patterns.ASCII_WORD.findall(folded.replace("'", " "))  # not the letters of a name such as S3NS
    french = sum(word in STOPWORDS_FR and word not in _SHARED for word in words)
    english = sum(word in STOPWORDS_EN and word not in _SHARED for word in words)
    french += min(_MOST_ACCENTS, len(patterns.ACCENTED_LETTER.findall(normalise(text))))
    if abs(french - english) <= 1:  # else one phrase more decides nothing, and an article takes long to look through
        french += says("spoken", text, "fr")
        english += says("spoken", text, "en")
    if french == english:
        return default
    return "fr" if french > english else "en"

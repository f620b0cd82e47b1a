"""Detects whether a text is French or English by function words and accents."""

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.schema import Language

_SHARED = STOPWORDS_FR & STOPWORDS_EN
_MOST_ACCENTS = 2
"""Maximum number of accented letters that count for French: names have some too."""


def detect_language(text: str, default: Language = "fr") -> Language:
    """The language of `text`; `default` if the evidence is balanced (a name, a number)."""
    folded = fold.__wrapped__(text)  # not cached: the text may be a whole article
    words = patterns.ASCII_WORD.findall(folded.replace("'", " "))  # skips parts of a name such as S3NS
    french = sum(word in STOPWORDS_FR and word not in _SHARED for word in words)
    english = sum(word in STOPWORDS_EN and word not in _SHARED for word in words)
    french += min(_MOST_ACCENTS, len(patterns.ACCENTED_LETTER.findall(normalise(text))))
    if abs(french - english) <= 1:  # only if unclear: too slow for a long article
        french += says("spoken", text, "fr")
        english += says("spoken", text, "en")
    if french == english:
        return default
    return "fr" if french > english else "en"

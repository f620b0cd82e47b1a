"""French or English, told apart by function words and accents."""

from __future__ import annotations

import re

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.text.normalise import fold, normalise

_SHARED = STOPWORDS_FR & STOPWORDS_EN
_WORD = re.compile(r"(?<!\w)[a-z]+(?!\w)")  # not the letters of a name such as S3NS
_ACCENT = re.compile(r"[àâçéèêëîïôùûüœ]", re.IGNORECASE)


def detect_language(text: str, default: Language = "fr") -> Language:
    """The language of `text`; `default` where nothing tells (a name alone, a number)."""
    words = _WORD.findall(fold(text).replace("'", " "))
    french = sum(word in STOPWORDS_FR and word not in _SHARED for word in words)
    english = sum(word in STOPWORDS_EN and word not in _SHARED for word in words)
    french += min(2, len(_ACCENT.findall(normalise(text))))
    if french == english:
        return default
    return "fr" if french > english else "en"

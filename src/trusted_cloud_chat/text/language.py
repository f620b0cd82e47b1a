"""French or English, told apart by function words and accents."""

from __future__ import annotations

import re

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.text.normalise import fold, normalise

_SHARED = STOPWORDS_FR & STOPWORDS_EN
_WORD = re.compile(r"(?<!\w)[a-z]+(?!\w)")  # not the letters of a name such as S3NS
_SPOKEN_EN = re.compile(
    r"\w's\b|^\W*(?:list|show|tell|give|name|thanks|who (?:is|was|runs|heads|leads)|when (?:was|did|will)|what (?:is|was|did))\b"
)
_SPOKEN_FR = re.compile(r"^\W*merci\b|^\W*(?:citez?|donnez?|dites?)\b")
"""What only one of them says, where a question has few function words: "List Bleu's clients"."""
_ACCENT = re.compile(r"[àâçéèêëîïôùûüœ]", re.IGNORECASE)


def detect_language(text: str, default: Language = "fr") -> Language:
    """The language of `text`; `default` where nothing tells (a name alone, a number)."""
    folded = fold(text)
    words = _WORD.findall(folded.replace("'", " "))
    french = sum(word in STOPWORDS_FR and word not in _SHARED for word in words)
    english = sum(word in STOPWORDS_EN and word not in _SHARED for word in words)
    french += min(2, len(_ACCENT.findall(normalise(text))))
    english += bool(_SPOKEN_EN.search(folded))
    french += bool(_SPOKEN_FR.search(folded))
    if french == english:
        return default
    return "fr" if french > english else "en"

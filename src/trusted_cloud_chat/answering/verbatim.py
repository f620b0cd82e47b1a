"""What a sentence must have word for word from its quotes: addresses, telephone numbers, words in guillemets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, lexical_tokens, normalise

_HOST = r"(?<![\w.-])(?:[\w-]+\.)+"
_ADDRESS = re.compile(
    rf"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]+@\w[\w.-]*|{_HOST}[a-z]{{2,}}/\S*|"
    rf"{_HOST}(?:com|fr|eu|org|net|io|info|example|cloud|online|shop|site|app|dev|link|top|xyz)\b",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\w.,])(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\))?|0)\d(?:[ .-]?\d){7,11}(?![\w%€$])")
_GUILLEMETS = re.compile(r"«([^«»]+)»|“([^“”]+)”|\"([^\"]+)\"")
_ELLIPSIS = re.compile(r"\s*[(\[]?(?:…|\.{3})[)\]]?\s*")


def lacking_addresses(text: str, quoted: Iterable[str]) -> list[str]:
    """Addresses and telephone numbers of `text` that stand in none of the texts `quoted`: one may well be a trap."""
    known = [_plain(each) for each in quoted]
    found = [match.group().rstrip(".,;:!?)»") for match in _ADDRESS.finditer(text)]
    return [
        *(address for address in found if not any(_plain(address) in each for each in known)),
        *(
            number
            for number in _TELEPHONE.findall(normalise(text))
            if not any(_digits(number) in _digits(each) for each in known)
        ),
    ]


def lacking_words(text: str, language: Language, quoted: Iterable[str]) -> list[str]:
    """What `text` puts in guillemets that none of the texts `quoted`, of its language, says in those words.

    Their endings may differ: « contrôlée » of a company is « contrôlé » of a group.
    """
    quotations = [next(filter(None, match.groups())) for match in _GUILLEMETS.finditer(text)]
    said = [part for quotation in quotations for part in _ELLIPSIS.split(quotation) if part.strip()]
    stems = [_stemmed(each, language) for each in quoted]
    return [words for words in said if not any(_stemmed(words, language) in each for each in stems)]


def _stemmed(text: str, language: Language) -> str:
    return f" {' '.join(lexical_tokens(text, language, keep_stopwords=True))} "


def _plain(text: str) -> str:
    return re.sub(r"\s|https?://|www\.", "", fold(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

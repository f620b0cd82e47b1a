"""A small bilingual lexicon, for English questions to French articles and the reverse."""

from collections.abc import Sequence
from functools import lru_cache

from trusted_cloud_chat.data import read
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.schema import Language

Entry = tuple[tuple[str, ...], tuple[str, ...]]


def translated(tokens: Sequence[str], language: Language) -> list[str]:
    """Translations of the question's `tokens` as index terms of the other language, once each."""
    asked = set(tokens)
    found = (target for source, target in _entries(language) if asked.issuperset(source))
    return list(dict.fromkeys(token for target in found for token in target))


@lru_cache(maxsize=2)
def _entries(language: Language) -> tuple[Entry, ...]:
    """(terms in `language`, terms in the other one), from `data/lexicon.tsv`."""
    rows = [line.split("\t") for line in read("lexicon.tsv").splitlines() if not line.startswith("#")]
    pairs = [(tuple(lexical_tokens(en, "en")), tuple(lexical_tokens(fr, "fr"))) for en, fr in rows]
    return tuple(pairs if language == "en" else [(french, english) for english, french in pairs])

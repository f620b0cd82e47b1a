"""Extracts names: known entities under any alias, bilingual names, capitalised words, codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

from trusted_cloud_chat.dates import MONTHS
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.model_patterns import SENTENCE_OPENING
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.rarity import is_common
from trusted_cloud_chat.language.senses import WordLists
from trusted_cloud_chat.language.stems import content_words, lexical_tokens
from trusted_cloud_chat.language.words import Word, places_within
from trusted_cloud_chat.particulars.lists import table, words_for
from trusted_cloud_chat.schema import Language

_LABEL = 5
"""Maximum number of tokens in a label, including its colon."""


@dataclass(frozen=True, slots=True)
class Names:
    """`keys` has one key per name, whatever its alias; the keys of known names start with `=`."""

    keys: frozenset[str]
    words: frozenset[str]
    """All folded words and stems of the text, in which names of another text are looked up."""
    initials: str
    acronyms: frozenset[str]
    language: Language
    written: Mapping[str, str] = field(default_factory=dict)
    """Each key as written in the text."""

    def lacking(self, told: "Names") -> set[str]:
        """The keys of the names that `told` lacks."""
        return {key for key in self.keys if not self._stands(key, told)}

    def _stands(self, key: str, told: "Names") -> bool:
        name = key.lstrip("=")
        told_so = key in told.keys or name in told.words
        if told_so or key.startswith("="):
            return told_so
        spelt_out = len(name) > 2 and name in self.acronyms and name in told.initials
        if spelt_out or not told.words.isdisjoint(lexical_tokens(name, told.language, keep_stopwords=True)):
            return True
        return any(len(short) > 2 and short in self.initials and name[0] in short for short in told.acronyms)


def as_names(text: str, tokens: Sequence[Word], language: Language, written: Mapping[str, str]) -> Names:
    openers = words_for("openers", language)
    return Names(
        frozenset(written),
        frozenset(token.folded for token in tokens) | content_words(text, language),
        "".join(token.folded[0] for token in tokens if token.folded.isalnum() and not openers.has(token.folded)),
        frozenset(t.folded for t in tokens if t.text.isupper() and t.text.isalpha() and 2 <= len(t.text) <= 8),
        language,
        written,
    )


def read_known(text: str, tokens: Sequence[Word], used: set[int], entities: EntityBook) -> dict[str, str]:
    """Key → name as written, for known entities and bilingual names; adds their token indices to `used`."""
    keys = {}
    for mention in entities.written(text):
        inside = places_within(tokens, mention.start, mention.end)
        # « Cloud de confiance » may open any sentence
        common = mention.text.islower() or (" " in mention.text and mention.text[1:].islower())
        if not common and not inside & used:
            keys[f"={fold(mention.entity.name)}"] = mention.text
            used |= inside
    words = ["" if n in used else token.folded for n, token in enumerate(tokens)]
    for key, places in _same_names().find(words).items():
        for start, end in places:
            raw = "".join(token.text for token in tokens[start:end])
            if len(raw) > 3 or raw.isupper():
                keys[key] = text[tokens[start].start : tokens[end - 1].end]
                used |= set(range(start, end))
    return keys


@cache
def _same_names() -> WordLists:
    return WordLists({f"={names[0]}": names for names in table("names")["same"]})


def read_others(text: str, tokens: Sequence[Word], used: set[int], language: Language) -> dict[str, str]:
    """Key → name as written, for capitalised words and codes among the tokens not in `used`; adds their indices to it."""
    keys = {}
    for n, token in enumerate(tokens):
        small = token.text.islower() or len(token.text) < 2 or not any(map(str.isalpha, token.text))
        if n in used or small or token.folded in MONTHS or token.folded in table("numbers") | table("ranks"):
            continue
        if not _owes_its_capital(text, tokens, n, language):
            keys[token.folded] = token.text
            used.add(n)
    return keys


def _is_a_label(tokens: Sequence[Word], n: int, language: Language) -> bool:
    """Whether token `n` starts a label before a colon: « Date de qualification : 2025 », « Statut : qualifié ».

    A single word is a label only if it is common in French; else it is a name.
    """
    label = list(takewhile(lambda token: token.folded != ":", tokens[n : n + _LABEL]))
    if len(label) == _LABEL or n + len(label) == len(tokens) or any(token.has_capital for token in label[1:]):
        return False
    return len(label) > 1 or all(is_common(stem) for stem in lexical_tokens(label[0].text, language))


def _owes_its_capital(text: str, tokens: Sequence[Word], n: int, language: Language) -> bool:
    """Whether a word is capitalised only because it begins its sentence."""
    token, after = tokens[n], tokens[n + 1].text if n + 1 < len(tokens) else ""
    opens = SENTENCE_OPENING.search(text[max(0, token.start - 4) : token.start])
    if not opens or not token.text[1:].islower():
        return False
    listed = words_for("openers", language).has(token.folded) or text[token.end : token.end + 1] == "'"
    return (
        listed
        or _is_a_label(tokens, n, language)
        or (token.folded.endswith(tuple(table("endings")["plain"])) and not after[:1].isupper())
    )

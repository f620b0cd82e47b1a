"""Word lists by sense (negation, plan, cause…), stored in `fr.toml` and `en.toml`, matched against folded words.

An entry has one or more words. `*` matches any ending or beginning of a word, `?` any one word. An entry that starts
with `!` is an exception: it removes the matches of its list that overlap it.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Language

Entry = tuple[str, ...]
Place = tuple[int, int]
"""Index of the first word, and of the word after the last."""


class WordLists:
    """Named word lists, matched in one pass over a text."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._names = tuple(lists)
        self._exact: dict[str, list[tuple[str, Entry]]] = {}
        """First word → (name of the list, entry)."""
        self._open: list[tuple[str, Entry]] = []
        """The same for entries whose first word is a pattern."""
        for name, entries in lists.items():
            for entry in entries:
                parsed = _parsed(entry.removeprefix("!"))
                is_open = "*" in parsed[0] or parsed[0] == "?"
                among = self._open if is_open else self._exact.setdefault(parsed[0], [])
                among.append((f"!{name}" if entry.startswith("!") else name, parsed))
        self._beginning = lru_cache(maxsize=65536)(self._look_up)

    def find(self, said: Sequence[str]) -> dict[str, tuple[Place, ...]]:
        """List name → positions of its entries among the folded words `said`, in order; they may overlap."""
        found: dict[str, set[Place]] = {}
        for place, word in enumerate(said):
            for name, entry in self._beginning(word):
                end = place + len(entry)
                if end <= len(said) and all(map(_meets, entry[1:], said[place + 1 : end])):
                    found.setdefault(name, set()).add((place, end))
        return {name: apart(found[name], found.get(f"!{name}", ())) if name in found else () for name in self._names}

    def _look_up(self, word: str) -> tuple[tuple[str, Entry], ...]:
        """The entries that may begin with `word`."""
        return (*self._exact.get(word, ()), *(listed for listed in self._open if _meets(listed[1][0], word)))


class Phrases:
    """A single word list."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._lists = WordLists({"": entries})

    def spans(self, said: Sequence[Word]) -> tuple[Place, ...]:
        """Positions of the entries, in order; they may overlap."""
        return self._lists.find([word.folded for word in said])[""]

    def found_in(self, said: Sequence[Word]) -> bool:
        return bool(self.spans(said))

    def has(self, word: str) -> bool:
        """Whether a folded word by itself is an entry."""
        return bool(self._lists.find((word,))[""])


@lru_cache(maxsize=8192)
def _parsed(entry: str) -> Entry:
    return tuple(fold(entry).replace("'", " ").replace("-", " ").split())


def _meets(want: str, word: str) -> bool:
    if want.endswith("*"):
        return word.startswith(want[:-1])
    return word.endswith(want[1:]) if want.startswith("*") else word == want or (want == "?" and word.isalnum())


def apart(places: Iterable[Place], others: Collection[Place]) -> tuple[Place, ...]:
    """The `places` that overlap none of `others`, in order."""
    return tuple(sorted((a, b) for a, b in places if not any(a < end and start < b for start, end in others)))


def says(sense: str, text: str, language: Language) -> bool:
    """Whether `text` contains an entry of the sense."""
    return bool(_found(text, language)[sense])


def spans_of(sense: str, text: str, language: Language) -> list[tuple[int, int]]:
    """Character spans of the entries of that sense in `text`, in order."""
    said = words(text)
    return [(said[a].start, said[b - 1].end) for a, b in _found(text, language)[sense]]


@lru_cache(maxsize=8192)
def _found(text: str, language: Language) -> dict[str, tuple[Place, ...]]:
    """The matches of all senses, cached: an answer needs several senses per sentence."""
    return senses(language).find([word.folded for word in words(text)])


@lru_cache(maxsize=2)
def table(language: Language) -> dict[str, Any]:
    """`stopwords`, `senses` and the other lists of a language."""
    source = resources.files("trusted_cloud_chat.language").joinpath(f"{language}.toml")
    return tomllib.loads(source.read_text("utf-8"))


@lru_cache(maxsize=2)
def senses(language: Language) -> WordLists:
    """Every word list of a language by its sense."""
    return WordLists(table(language)["senses"])


@lru_cache(maxsize=1)
def in_english() -> dict[str, str]:
    """French → English, for units and counted nouns."""
    return dict(table("fr")["in_english"])

"""What a text states, read in one pass into one small record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.claims import claim_lists, claims, lists
from trusted_cloud_chat.language.model_patterns import LINK_TO_YEAR
from trusted_cloud_chat.language.normalise import normalise
from trusted_cloud_chat.language.rarity import rarity
from trusted_cloud_chat.language.senses import Place, apart
from trusted_cloud_chat.language.stems import content_words, lexical_tokens
from trusted_cloud_chat.language.words import Word, words_and_signs
from trusted_cloud_chat.particulars.figures import Figure, Moment, read_figures, read_moments
from trusted_cloud_chat.particulars.names import Names, as_names, read_known, read_others
from trusted_cloud_chat.schema import Language

_REACH = 5
"""Content words on either side of a negation that it may be said of."""
_BORDERS = frozenset((",", ";", ":", "(", ")", "et", "mais", "and", "but", "while"))
_APART = 3
"""Tokens between two negations that are one: « ni Bleu ni S3NS », « ne peut pas »."""
_NOTED = ("weak_negation", "not_yet", "double_negation", "only", "plan", "reported", "pronouns", "passages")
_HELPS = 3
"""Tokens from an auxiliary to what it tells as done."""
Scope = frozenset[str]
Found = Mapping[str, Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures, dates and names of a text; what it denies, claims, plans and tells as done; its words."""

    language: Language
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    names: Names
    stems: Scope
    rest: Scope
    """Stems of the words that are no figure, date or name: those are compared by themselves."""
    denied: tuple[Scope, ...]
    """Stems in reach of each negation that a right paraphrase must render."""
    claims: dict[str, Scope]
    """The stems around each claim that it makes."""
    noted: frozenset[str]
    """Which of the lists `_NOTED` it has words of; and `done`, where it tells something as done or happening now."""

    @property
    def count(self) -> int:
        """How many facts there are to check."""
        return len(self.figures) + len(self.moments) + len(self.names.keys)

    @property
    def denying(self) -> set[str]:
        """The claims by which it denies without a negation."""
        return {name for name in self.claims if claims()[name].denies}

    @property
    def denies(self) -> bool:
        return bool(self.denied or "weak_negation" in self.noted or self.denying)

    def share_in(self, stems: Scope) -> float:
        """Share of its words, by rarity, that are among `stems`; 1 where it has none."""
        total = sum(map(rarity, self.rest))
        return sum(rarity(stem) for stem in self.rest & stems) / total if total else 1.0


def read_facts(text: str, language: Language, today: date, entities: EntityBook) -> Facts:
    """What `text` states; relative dates count from `today`, the day it was published."""
    plain = LINK_TO_YEAR.sub(" ", normalise(text).replace("n't", " not"))
    tokens, used = words_and_signs(plain), set[int]()
    words = [token.folded for token in tokens]
    found, claimed = (each(language).find(words) for each in (lists, claim_lists))
    moments = read_moments(plain, tokens, used, today)
    keys = read_known(plain, tokens, used, entities)
    figures = read_figures(tokens, used, language)
    keys |= read_others(plain, tokens, used, language)
    rest = " ".join(token.text for n, token in enumerate(tokens) if n not in used)
    noted = {name for name in _NOTED if found[name]} | ({"done"} if _is_done(found) else set())
    return Facts(
        language,
        tuple(figures),
        tuple(moments),
        as_names(plain, tokens, language, keys),
        content_words(plain, language),
        frozenset(stem for stem in lexical_tokens(rest, language) if not any(map(str.isdigit, stem))),
        tuple(_around([place], tokens, language) for place in _strong(words, found)),
        {name: _around(places, tokens, language) for name, places in claimed.items() if places},
        frozenset(noted),
    )


def _strong(words: Sequence[str], found: Found) -> list[Place]:
    """The negations that are not weak; those near each other, with no border between them, are one."""
    joined: list[Place] = []
    for first, last in apart(found["negation"], found["weak_negation"]):
        before = joined[-1] if joined else None
        if before and first - before[1] <= _APART and not _BORDERS.intersection(words[before[1] : first]):
            joined[-1] = (before[0], max(before[1], last))
        else:
            joined.append((first, last))
    return joined


def _around(places: Sequence[Place], tokens: Sequence[Word], language: Language) -> Scope:
    """The stems of the words at each place and of those near them in their clause."""
    near: list[str] = []
    for start, end in places:
        first = next((n + 1 for n in range(start - 1, -1, -1) if tokens[n].folded in _BORDERS), 0)
        last = next((n for n in range(end, len(tokens)) if tokens[n].folded in _BORDERS), len(tokens))
        before, inside, after = (
            lexical_tokens(" ".join(token.text for token in tokens[a:b]), language)
            for a, b in ((first, start), (start, end), (end, last))
        )
        near += [*before[-_REACH:], *inside, *after[:_REACH]]
    return frozenset(near)


def _is_done(found: Found) -> bool:
    helped = any(0 < n - place <= _HELPS for n, _ in found["done"] for place, _ in found["auxiliary"])
    return helped or bool(found["now"])

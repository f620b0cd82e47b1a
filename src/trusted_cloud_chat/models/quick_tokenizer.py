"""The tokenizer of the bundled networks (XLM-RoBERTa's), and a form that loads quickly for a single question."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from trusted_cloud_chat.models.weights import Pieces


def build_tokenizer(vocabulary: Pieces) -> Tokenizer:
    """A SentencePiece unigram tokenizer that adds `<s>` and `</s>`, without truncation."""
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = _normalizer(vocabulary.normalised)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    start, end = (vocabulary.pieces[index][0] for index in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, vocabulary.bos), (end, vocabulary.eos)]
    )
    return tokenizer


def _normalizer(normalised: dict[str, str]) -> normalizers.Normalizer:
    """SentencePiece's normalisation: exceptions to NFKC, then NFKC, then single spaces."""
    exceptions: dict[str, str] = defaultdict(str)
    for character, replacement in normalised.items():
        if unicodedata.normalize("NFKC", character) != replacement:
            exceptions[replacement] += re.escape(character)
    steps: list[normalizers.Normalizer] = [
        normalizers.Replace(Regex(f"[{characters}]"), replacement) for replacement, characters in exceptions.items()
    ]
    return normalizers.Sequence([*steps, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])


FILE = "latin.npz"
_SPACE = "▁"
_UNKNOWN_COSTS = 10.0
"""`tokenizers` scores an unknown character this much below the lowest score."""
_RANGES = (range(0x09, 0x250), range(0x2000, 0x2300))
"""Latin letters; punctuation, currencies, arrows and symbols. NFKC joins none of them with a neighbour."""


Piece = tuple[int, int, int]
"""Id, start and end in a word."""


class Encodes(Protocol):
    """A tokenizer whose encodings have the attributes of `Tokens`."""

    def encode(self, sequence: str, *, add_special_tokens: bool = True) -> Any: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    ids: list[int]
    offsets: list[tuple[int, int]]


def save_latin(vocabulary: Pieces, folder: Path) -> None:
    """Saves the pieces and normalised characters of a `QuickTokenizer`."""
    letters = {chr(code): made for one in _RANGES for code in one if (made := _normal(chr(code), vocabulary))}
    known = {character for made in letters.values() for character in made} | {_SPACE}
    kept = [n for n, (piece, _) in enumerate(vocabulary.pieces) if known.issuperset(piece)]
    lines = [*(vocabulary.pieces[n][0] for n in kept), *(f"{character}{made}" for character, made in letters.items())]
    np.savez(
        folder / FILE,
        text=np.frombuffer("\0".join(lines).encode(), np.uint8),
        ids=np.array(kept, np.int32),
        scores=np.array([vocabulary.pieces[n][1] for n in kept], np.float64),
        special=np.array([vocabulary.bos, vocabulary.eos, vocabulary.unknown], np.int32),
        lowest=np.array(min(score for _, score in vocabulary.pieces), np.float64),
    )


def _normal(character: str, vocabulary: Pieces) -> str:
    """The normalised character; empty if undefined or dependent on its neighbours."""
    made = vocabulary.normalised.get(character, unicodedata.normalize("NFKC", character))
    joined = any(unicodedata.combining(one) for one in character + made)
    return "" if joined or not made or unicodedata.category(character) == "Cn" else made


class QuickTokenizer:
    """Encodes like the whole tokenizer, which `load()` returns."""

    def __init__(self, folder: Path, load: Callable[[], Tokenizer]) -> None:
        self._load = load
        with np.load(folder / FILE) as arrays:
            lines = arrays["text"].tobytes().decode().split("\0")
            self._ids, self._scores = arrays["ids"].tolist(), arrays["scores"].tolist()
            self._begin, self._end, self._unknown = arrays["special"].tolist()
            self._unknown_score = float(arrays["lowest"]) - _UNKNOWN_COSTS
        count = len(self._ids)
        self._rows = dict(zip(lines[:count], range(count), strict=True))
        self._letters = {line[0]: line[1:] for line in lines[count:]}
        self._longest = max(map(len, lines[:count]))
        self._pieces = cache(self._cut)

    @cached_property
    def _whole(self) -> Tokenizer:
        return self._load()

    def encode(self, sequence: str, *, add_special_tokens: bool = True) -> Tokens:
        if not self._letters.keys() >= set(sequence):
            encoded = self._whole.encode(sequence, add_special_tokens=add_special_tokens)
            return Tokens(encoded.ids, encoded.offsets)
        ids, offsets = [], []
        for word, places in self._words(sequence):
            for piece, first, after in self._pieces(word):
                ids.append(piece)
                offsets.append((places[first], places[after - 1] + 1))
        if add_special_tokens:
            ids, offsets = [self._begin, *ids, self._end], [(0, 0), *offsets, (0, 0)]
        return Tokens(ids, offsets)

    def _words(self, text: str) -> Iterator[tuple[str, list[int]]]:
        """Words with their preceding space, and the position of each character."""
        made = [(character, n) for n, one in enumerate(text) for character in self._letters[one]]
        # Only the last of adjacent spaces stays.
        single = [one for one, after in zip(made, [*made[1:], ("", 0)], strict=False) if one[0] + after[0] != "  "]
        if single and single[0][0] not in (" ", _SPACE):
            single.insert(0, (" ", single[0][1]))
        starts = [n for n, (character, _) in enumerate(single) if character in (" ", _SPACE)]
        for first, after in zip(starts, [*starts[1:], len(single)], strict=False):
            part = single[first:after]
            yield _SPACE + "".join(character for character, _ in part[1:]), [place for _, place in part]

    def _cut(self, word: str) -> tuple[Piece, ...]:
        """The most likely segmentation of `word` (Viterbi); adjacent unknown characters are one piece."""
        best: list[tuple[float, tuple[Piece, ...]]] = [(0.0, ()), *[(-inf, ())] * len(word)]
        for first in range(len(word)):
            score, path = best[first]
            for after in range(first + 1, min(first + self._longest, len(word)) + 1):
                row = self._rows.get(word[first:after])
                if row is None and after > first + 1:  # a single character is always a piece
                    continue
                piece = self._unknown if row is None else self._ids[row]
                total = score + (self._unknown_score if row is None else self._scores[row])
                if total > best[after][0]:
                    goes_on = bool(path) and piece == self._unknown == path[-1][0]
                    pieces = (*path[:-1], (piece, path[-1][1], after)) if goes_on else (*path, (piece, first, after))
                    best[after] = total, pieces
        return best[-1][1]

"""A question and a passage as one row of tokens, for training the reader and for running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.quick_tokenizer import Encodes

BEGIN, END = 0, 2
"""XLM-RoBERTa's `<s>` and `</s>`."""
MAX_TOKENS = 384
_QUESTION_TOKENS = 64
_TITLE_TOKENS = 32


@dataclass(frozen=True, slots=True)
class TokenRow:
    """`<s> question </s></s> title </s> passage </s>`."""

    ids: list[int]
    first: int
    """Place of the passage's first token."""
    offsets: NDArray[np.int32]
    """`(n, 2)`: where each of the passage's tokens stands in its text."""
    sentences: tuple[tuple[int, int], ...]
    """Places of the first token of each sentence and of the one after its last; equal when it was cut off."""


def token_row(
    tokenizer: Encodes, question: str, title: str, text: str, sentences: Sequence[tuple[int, int]]
) -> TokenRow:
    """`sentences` are spans of `text`. What is over 384 tokens is cut off at the end of the passage."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION_TOKENS]
    heading = tokenizer.encode(title, add_special_tokens=False).ids[:_TITLE_TOKENS]
    before = [BEGIN, *asked, END, END, *heading, END]
    encoded = tokenizer.encode(text, add_special_tokens=False)
    room = MAX_TOKENS - len(before) - 1
    offsets = np.array(encoded.offsets[:room], dtype=np.int32).reshape(-1, 2)
    middles = offsets.mean(axis=1)
    places = tuple(
        (len(before) + int(np.searchsorted(middles, a)), len(before) + int(np.searchsorted(middles, b)))
        for a, b in sentences
    )
    return TokenRow([*before, *encoded.ids[:room], END], len(before), offsets, places)

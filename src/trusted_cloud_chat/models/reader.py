"""The reader: scores the sentences of a passage as answers to a question.

It is the embedder's network, fine-tuned (`scripts/train_reader.py`), in int8, run by ONNX Runtime without torch.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.quick_tokenizer import Encodes
from trusted_cloud_chat.schema import Reading

OUTPUTS = 4
START, END, SENTENCE, ANSWERS = range(OUTPUTS)
"""Columns of the head: start and end of the short answer, whether the sentence answers, whether the passage answers."""
UNREAD = -20.0
"""The score of a truncated sentence."""
_LONGEST_ANSWER = 30
_KEPT = 64
"""Cached readings: a question reads at most 32 passages and may search twice."""
_BEGIN, _END = 0, 2  # XLM-RoBERTa's `<s>` and `</s>`
MAX_TOKENS = 384
_QUESTION_TOKENS = 64
_TITLE_TOKENS = 32


@dataclass(frozen=True, slots=True)
class TokenRow:
    """`<s> question </s></s> title </s> passage </s>`."""

    ids: list[int]
    first: int
    """Position of the passage's first token."""
    offsets: NDArray[np.int32]
    """`(n, 2)`: positions of the passage's tokens in its text."""
    sentences: tuple[tuple[int, int], ...]
    """Token range of each sentence; empty if it was truncated."""


def token_row(
    tokenizer: Encodes, question: str, title: str, text: str, sentences: Sequence[tuple[int, int]]
) -> TokenRow:
    """Truncated to 384 tokens."""
    asked, heading, encoded = (tokenizer.encode(part, add_special_tokens=False) for part in (question, title, text))
    before = [_BEGIN, *asked.ids[:_QUESTION_TOKENS], _END, _END, *heading.ids[:_TITLE_TOKENS], _END]
    room = MAX_TOKENS - len(before) - 1
    offsets = np.array(encoded.offsets[:room], dtype=np.int32).reshape(-1, 2)
    ends = len(before) + np.searchsorted(offsets.mean(axis=1), np.array(sentences).reshape(-1, 2))
    places = tuple((first, after) for first, after in ends.tolist())
    return TokenRow([*before, *encoded.ids[:room], _END], len(before), offsets, places)


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A text to read; `sentences` are spans of it."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]


class Reader:
    """Reads one passage per run, so that readings are independent; threads read different passages."""

    def __init__(self, session: Any, tokenizer: Encodes, threads: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read") if threads > 1 else None
        self._read = lru_cache(_KEPT)(self._read_now)

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """One reading per passage, in order."""
        each = self._pool.map if self._pool is not None and len(passages) > 1 else map
        # Longest first, so that no thread ends long after the others (Graham, 1969, "Bounds on multiprocessing timing").
        order = sorted(passages, key=lambda passage: -len(passage.text))
        found = dict(zip(order, each(lambda passage: self._read(question, passage), order), strict=True))
        return [found[passage] for passage in passages]

    def _read_now(self, question: str, passage: ReadPassage) -> Reading:
        row = token_row(self._tokenizer, question, passage.title, passage.text, passage.sentences)
        (logits,) = self._session.run(None, {"ids": np.array([row.ids], dtype=np.int64)})
        return reading_of(row, logits[0])


def reading_of(row: TokenRow, logits: NDArray[np.float32]) -> Reading:
    """`logits` is `(len(row.ids), 4)`."""
    read = [logits[first:after] for first, after in row.sentences]
    sentences = (float(part[:, SENTENCE].mean()) if len(part) else UNREAD for part in read)
    spans = (_best_span(part[:, START], part[:, END]) if len(part) else UNREAD for part in read)
    return Reading(float(logits[0, ANSWERS]), tuple(sentences), tuple(spans))


def _best_span(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> float:
    """The highest sum of start and end scores, at most 30 tokens apart."""
    n = len(starts)
    gaps = np.arange(n)[None, :] - np.arange(n)[:, None]
    allowed = (gaps >= 0) & (gaps < _LONGEST_ANSWER)
    return float(np.where(allowed, starts[:, None] + ends[None, :], -np.inf).max())

"""`CrossEncoder`s of sentence-transformers, by name (from the local cache) or by path: the optional reranker, and the network that gives a
second opinion. Each reads one pair a batch, so that a score does not depend on the others. Torch is imported when one is made, never before.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import OpinionError, RerankerError, UnusableError
from trusted_cloud_chat.models import load_network

RERANKED = 20
"""Candidates that the reranker reads: its time grows with each of them."""
Verdict = Literal["follows", "contradicts", "unsaid"]
_LABELS: dict[str, Verdict] = {"entail": "follows", "contra": "contradicts", "neutral": "unsaid"}
"""How the labels of an entailment network begin."""


class _CrossEncoder:
    def __init__(self, name: str, threads: int, what: str, variable: str, error: type[UnusableError]) -> None:
        self.name = name
        self._model = load_network("CrossEncoder", name, threads, what, f"{variable} to go without", error)

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> Any:
        return np.asarray(self._model.predict(list(pairs), batch_size=1, show_progress_bar=False), dtype=np.float32)


class Reranker(_CrossEncoder):
    """Scores passages as answers to a question."""

    def __init__(self, name: str, threads: int) -> None:
        """Raises RerankerError for a missing model or one without a single score."""
        super().__init__(name, threads, "reranker", "TCC_RERANKER", RerankerError)
        if self._model.num_labels != 1:
            raise RerankerError(
                f"the reranker {name!r} gives {self._model.num_labels} scores a pair, expected one: choose a "
                "CrossEncoder made for ranking, or unset TCC_RERANKER to go without"
            )

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """One score per passage; higher is better, comparable within a question."""
        return np.asarray(self._scores([(question, text) for text in passages]) if passages else [], dtype=np.float32)


class Entailment(_CrossEncoder):
    """Tells whether a text entails or contradicts a sentence."""

    def __init__(self, name: str, threads: int) -> None:
        """Raises OpinionError for a missing model or one without these three labels."""
        super().__init__(name, threads, "second opinion", "TCC_SECOND_OPINION", OpinionError)
        known = getattr(self._model.config, "id2label", None) or {}
        labels = [str(known.get(n, n)).lower() for n in range(self._model.num_labels)]
        self._verdicts = [verdict for label in labels for begin, verdict in _LABELS.items() if label.startswith(begin)]
        if len(self._verdicts) != len(labels) or set(self._verdicts) != set(_LABELS.values()):
            raise OpinionError(
                f"the second opinion {name!r} gives {', '.join(labels)}, expected entailment, neutral and contradiction: choose "
                "a CrossEncoder taught on such pairs, or unset TCC_SECOND_OPINION to go without"
            )

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """The verdict on each pair of a text and a sentence."""
        return [self._verdicts[int(row.argmax())] for row in self._scores(pairs)] if pairs else []

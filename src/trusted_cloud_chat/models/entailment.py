"""A network that says whether a text entails a sentence or contradicts it: a `CrossEncoder` taught on such pairs, by name or path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from trusted_cloud_chat.errors import OpinionError
from trusted_cloud_chat.models.cross_encoder import load_cross_encoder

Verdict = Literal["follows", "contradicts", "unsaid"]
_LABELS: dict[str, Verdict] = {"entail": "follows", "contra": "contradicts", "neutral": "unsaid"}
"""How the labels of such a network begin."""


class Entailment:
    """One pair a batch, so that a verdict does not depend on the others."""

    def __init__(self, name: str, threads: int) -> None:
        """Raises OpinionError for a model that is not on this machine or does not tell these three apart."""
        self._model = load_cross_encoder(name, threads, "second opinion", "TCC_SECOND_OPINION", OpinionError)
        told = getattr(self._model.config, "id2label", None) or {}
        labels = [str(told.get(n, n)).lower() for n in range(self._model.num_labels)]
        found = [
            next((verdict for begin, verdict in _LABELS.items() if label.startswith(begin)), None) for label in labels
        ]
        if set(found) != set(_LABELS.values()):
            raise OpinionError(
                f"the second opinion {name!r} gives {', '.join(labels)}, expected entailment, neutral and contradiction: choose "
                "a CrossEncoder taught on such pairs, or unset TCC_SECOND_OPINION to go without"
            )
        self._verdicts: list[Verdict] = [verdict for verdict in found if verdict]
        self.name = name

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Of each text and sentence."""
        if not pairs:
            return []
        scores = np.asarray(self._model.predict(list(pairs), batch_size=1, show_progress_bar=False))
        return [self._verdicts[int(row.argmax())] for row in scores]

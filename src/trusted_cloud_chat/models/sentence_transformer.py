"""Networks of sentence-transformers, by name (from the local cache) or by path: embedders, the optional reranker, and the network that gives a
second opinion. Each reads one text or pair a batch, so that no result depends on the others. Torch is only imported when one is built.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import EmbedderError, OpinionError, RerankerError, UnusableError
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, Vectors, unit
from trusted_cloud_chat.schema import Language

FULL_COMMAND = "pip install 'trusted-cloud-chat[full]'"
RERANKED = 20
"""Candidates that the reranker reads: its time grows with each."""
Pair = tuple[str, str]
"""A source and a sentence that cites it."""
Verdict = Literal["follows", "contradicts", "unsaid"]
_LABELS: dict[str, Verdict] = {"entail": "follows", "contra": "contradicts", "neutral": "unsaid"}
"""How the labels of an entailment network begin."""
_MOST_TOKENS = 8192
"""For static embeddings, which have no limit."""


def _load(kind: str, name: str, threads: int, what: str, unset: str, error: type[UnusableError]) -> Any:
    """An instance of sentence-transformers' class `kind` from the local cache or a folder. `what` and `unset` are parts of the message of `error`."""
    if find_spec("sentence_transformers") is None:
        raise error(
            f"the {what} {name!r} needs the package sentence-transformers, which a light installation does not have: "
            f"add it with `{FULL_COMMAND}` (in a checkout `make chat`), or unset {unset}"
        )
    import sentence_transformers
    import torch

    torch.set_num_threads(threads)
    try:
        return getattr(sentence_transformers, kind)(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as problem:
        raise error(
            f"the {what} {name!r} was not found on this machine: expected a folder, or a model in the local "
            f"cache. Fetch it where a network is allowed with `HF_HUB_OFFLINE=0 hf download {name}`, or unset {unset}"
        ) from problem


class SentenceTransformerEmbedder(Embedder):
    """Uses the model's prompts; E5 models without prompts get E5's prefixes."""

    def __init__(self, name: str, threads: int) -> None:
        unset = "TCC_EMBEDDER for the bundled one"
        self._model: Any = _load("SentenceTransformer", name, threads, "embedder", unset, EmbedderError)
        self.identity = f"sentence-transformers:{name}"
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(min(self._model.max_seq_length or 512, _MOST_TOKENS))
        self._query_prompt, self._passage_prompt = self._prompts(name)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._passage_prompt + text for text in texts])

    def count_tokens(self, text: str) -> int:
        encoded = self._model.tokenizer.encode(text, add_special_tokens=False)
        return len(getattr(encoded, "ids", encoded))

    def _encode(self, texts: list[str]) -> Vectors:
        # One text per batch, so that padding never changes a vector.
        vectors = self._model.encode(texts, batch_size=1, prompt="", show_progress_bar=False)
        return unit(vectors, self.dimensions)

    def _prompts(self, name: str) -> tuple[str, str]:
        prompts: dict[str, str] = {name: prompt or "" for name, prompt in self._model.prompts.items()}
        query = prompts.get("query", "")
        passage = next((prompts[key] for key in ("document", "passage") if prompts.get(key)), "")
        if not query and not passage and "e5" in name.lower():
            return QUERY_PREFIX, PASSAGE_PREFIX
        return query, passage


class _CrossEncoder:
    def __init__(self, name: str, threads: int, what: str, variable: str, error: type[UnusableError]) -> None:
        self.name = name
        self._model = _load("CrossEncoder", name, threads, what, f"{variable} to go without", error)

    def _scores(self, pairs: Sequence[Pair]) -> Any:
        return np.asarray(self._model.predict(list(pairs), batch_size=1, show_progress_bar=False), dtype=np.float32)


class Reranker(_CrossEncoder):
    def __init__(self, name: str, threads: int) -> None:
        """Raises RerankerError for a missing model or one without a single score."""
        super().__init__(name, threads, "reranker", "TCC_RERANKER", RerankerError)
        if self._model.num_labels != 1:
            raise RerankerError(
                f"the reranker {name!r} gives {self._model.num_labels} scores per pair, expected one: choose a "
                "CrossEncoder made for ranking, or unset TCC_RERANKER to go without"
            )

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """One score per passage; higher is better, comparable within a question."""
        return np.asarray(self._scores([(question, text) for text in passages]) if passages else [], dtype=np.float32)


class Opinion(NamedTuple):
    verdict: Verdict
    words: str = ""
    """The decisive words of the source, verbatim; a network gives none."""


class Entailment(_CrossEncoder):
    def __init__(self, name: str, threads: int) -> None:
        """Raises OpinionError for a missing model or one without these three labels."""
        super().__init__(name, threads, "second opinion", "TCC_SECOND_OPINION", OpinionError)
        known = getattr(self._model.config, "id2label", None) or {}
        labels = [str(known.get(n, n)).lower() for n in range(self._model.num_labels)]
        self._verdicts = [verdict for label in labels for begin, verdict in _LABELS.items() if label.startswith(begin)]
        if len(self._verdicts) != len(labels) or set(self._verdicts) != set(_LABELS.values()):
            raise OpinionError(
                f"the second opinion {name!r} gives {', '.join(labels)}, expected entailment, neutral and contradiction: choose "
                "a CrossEncoder trained on such pairs, or unset TCC_SECOND_OPINION to go without"
            )

    def read(self, pairs: Sequence[Pair], _language: Language) -> list[Opinion | None]:
        return [Opinion(self._verdicts[int(row.argmax())]) for row in self._scores(pairs)] if pairs else []

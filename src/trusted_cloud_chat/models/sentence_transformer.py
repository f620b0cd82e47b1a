"""Embedders from sentence-transformers, by name (in the local cache) or path."""

from collections.abc import Sequence
from typing import Any

from trusted_cloud_chat.errors import EmbedderError
from trusted_cloud_chat.models import load_network
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, Vectors, unit

_MOST_TOKENS = 8192
"""For static embeddings, which have no limit."""


class SentenceTransformerEmbedder(Embedder):
    """Uses the model's prompts; E5 models without prompts get E5's prefixes."""

    def __init__(self, name: str, threads: int) -> None:
        unset = "TCC_EMBEDDER for the bundled one"
        self._model: Any = load_network("SentenceTransformer", name, threads, "embedder", unset, EmbedderError)
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

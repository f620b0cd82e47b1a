"""The bundled weights as a float32 sentence-transformers model, the reference for the int8 graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers import BertConfig, BertModel

from trusted_cloud_chat.models.quick_tokenizer import build_tokenizer
from trusted_cloud_chat.models.weights import NetworkWeights, read_bundled

PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


class Float32Module(InputModule):
    """Tokenizer, BERT and mean pooling, as sentence-transformers does by default."""

    def __init__(self) -> None:
        super().__init__()
        weights = read_bundled()
        self.tokenizer = build_tokenizer(weights.vocabulary)
        self.tokenizer.enable_truncation(512)
        self.bert = build_bert(weights)

    def preprocess(self, inputs: Any, prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        self.tokenizer.enable_padding(pad_id=1)
        encoded = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([e.ids for e in encoded]),
            "attention_mask": torch.tensor([e.attention_mask for e in encoded]),
        }

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        mask = features["attention_mask"]
        tokens = self.bert(input_ids=features["input_ids"], attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1).float()
        return {**features, "sentence_embedding": (tokens * kept).sum(1) / kept.sum(1)}

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError


def build_sentence_transformer() -> SentenceTransformer:
    return SentenceTransformer(modules=[Float32Module()], device="cpu")


def build_bert(weights: NetworkWeights, dropout: float = 0.1) -> BertModel:
    """A transformers `BertModel` with the weights, in evaluation mode; `dropout` applies in training."""
    sizes = weights.dimensions
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=1e-12,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    words = weights.matrix("emb.word", sizes.vocabulary, sizes.hidden)
    state = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": weights.floats("emb.pos").reshape(sizes.positions, sizes.hidden),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type").reshape(sizes.token_types, sizes.hidden),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b"),
    }
    for layer in range(sizes.layers):
        ours, theirs = f"l{layer}.", f"encoder.layer.{layer}."
        for name, part in PARTS.items():
            rows = sizes.feed_forward if part == "fi" else sizes.hidden
            columns = sizes.feed_forward if part == "fo" else sizes.hidden
            state[f"{theirs}{name}.weight"] = weights.matrix(f"{ours}{part}.w", rows, columns)
            state[f"{theirs}{name}.bias"] = weights.floats(f"{ours}{part}.b")
        for name, part in NORMS.items():
            state[f"{theirs}{name}.weight"] = weights.floats(f"{ours}{part}.w")
            state[f"{theirs}{name}.bias"] = weights.floats(f"{ours}{part}.b")
    model.load_state_dict({name: torch.tensor(np.array(value)) for name, value in state.items()}, strict=False)
    return model

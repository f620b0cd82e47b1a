"""The unpacked folder as a sentence-transformers module: `SentenceTransformer(folder)` finds it here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.base.modules import InputModule

from trusted_cloud_chat.models.bundled import MAX_TOKENS, load_tokenizer
from trusted_cloud_chat.models.onnx_embedder import OnnxEncoder


class OnnxModule(InputModule):
    """Runs the ONNX encoder and gives `sentence_embedding`; not trainable."""

    def __init__(self, folder: str, threads: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.encoder = OnnxEncoder(Path(folder), threads)
        self.tokenizer = load_tokenizer(Path(folder))
        self.max_seq_length = MAX_TOKENS

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        return {"texts": [(prompt or "") + text for text in inputs]}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {**features, "sentence_embedding": torch.from_numpy(self.encoder.encode(features["texts"]))}

    def get_embedding_dimension(self) -> int:
        return 384

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("copy the folder that this module was loaded from instead")

    @classmethod
    def load(cls, model_name_or_path: str, *args: Any, **kwargs: Any) -> Self:
        return cls(model_name_or_path)

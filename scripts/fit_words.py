"""Write `data/word_projection.npz`: the mean and the first 64 principal components of token vectors.

    python scripts/fit_words.py PIAF.json

The bundled embedder reads PIAF's passages; every seventh token is used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from trusted_cloud_chat.models.bundled import OnnxEmbedder, ensure_unpacked
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX
from trusted_cloud_chat.settings import load_settings

DIMENSIONS = 64
TARGET = Path(__file__).parents[1] / "src/trusted_cloud_chat/data/word_projection.npz"


def main(path: Path) -> None:
    settings = load_settings()
    embedder = OnnxEmbedder(ensure_unpacked(settings.home), settings.threads)
    data = json.loads(path.read_text("utf-8"))["data"]
    passages = [paragraph["context"] for article in data for paragraph in article["paragraphs"]]
    rows = np.concatenate([embedder.read(PASSAGE_PREFIX + passage)[1][::7] for passage in passages])
    mean = rows.mean(axis=0)
    _, _, components = np.linalg.svd(rows - mean, full_matrices=False)
    np.savez(TARGET, mean=mean.astype(np.float16), projection=components[:DIMENSIONS].T.astype(np.float16))
    print(f"{len(rows)} tokens of {len(passages)} passages → {TARGET.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

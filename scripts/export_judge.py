"""Turn a checkpoint of `scripts/train_judge.py` into `data/judge.npz`: the upper layers and the head, int8, one scale a row.

python scripts/export_judge.py CHECKPOINT.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from export_reader import TARGET, layer_arrays
from numpy.typing import NDArray

from trusted_cloud_chat.models.judge import SHARED
from trusted_cloud_chat.models.weights import read_bundled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET.with_name("judge.npz"))
    arguments = parser.parse_args()
    state = {name: tensor.float().numpy() for name, tensor in torch.load(arguments.checkpoint).items()}
    arrays: dict[str, NDArray[Any]] = {"head.w": state["head.weight"].ravel(), "head.b": state["head.bias"]}
    for layer in range(read_bundled().dimensions.layers - SHARED):
        arrays |= layer_arrays(state, f"bert.encoder.layer.{layer}.", f"l{SHARED + layer}.")
    np.savez_compressed(arguments.target, **arrays)  # type: ignore[arg-type]
    print(f"{arguments.target.name}: {arguments.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

"""Convert a checkpoint of `scripts/train_reader.py` to `data/reader.npz`: int8 matrices with one scale per row.

python scripts/export_reader.py CHECKPOINT.pt…     (the mean of several)
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from float32_reference import NORMS, PARTS
from numpy.typing import NDArray
from torch import Tensor

from trusted_cloud_chat.models.weights import read_bundled

TARGET = Path(__file__).parents[1] / "src/trusted_cloud_chat/data/reader.npz"


def mean_of(checkpoints: Sequence[Path]) -> dict[str, Tensor]:
    """The weights of one checkpoint, or the mean of several."""
    states = [torch.load(checkpoint) for checkpoint in checkpoints]
    return {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}


def layer_arrays(state: Mapping[str, NDArray[np.float32]], theirs: str, ours: str) -> dict[str, NDArray[Any]]:
    """One layer of a checkpoint in the shipped format; `theirs` and `ours` are the name prefixes."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, part in PARTS.items():
        matrix = state[f"{theirs}{name}.weight"]
        scales = (np.maximum(np.abs(matrix).max(axis=1), 1e-9) / 127).astype(np.float32)
        arrays[f"{ours}{part}.w"] = np.rint(matrix / scales[:, None]).astype(np.int8).ravel()
        arrays[f"{ours}{part}.w.scales"] = scales
        arrays[f"{ours}{part}.b"] = state[f"{theirs}{name}.bias"]
    for name, part in NORMS.items():
        arrays[f"{ours}{part}.w"] = state[f"{theirs}{name}.weight"]
        arrays[f"{ours}{part}.b"] = state[f"{theirs}{name}.bias"]
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    state = {name: tensor.float().numpy() for name, tensor in mean_of(arguments.checkpoints).items()}
    arrays: dict[str, NDArray[Any]] = {
        "head.w": state["head.weight"].ravel(),
        "head.b": state["head.bias"],
    }
    for layer in range(read_bundled().dimensions.layers):
        arrays |= layer_arrays(state, f"bert.encoder.layer.{layer}.", f"l{layer}.")
    np.savez_compressed(arguments.target, **arrays)  # type: ignore[arg-type]
    print(f"{arguments.target.name}: {arguments.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

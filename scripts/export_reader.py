"""Turn a checkpoint of `scripts/train_reader.py` into `data/reader.npz`, int8 matrices with one scale a row, and back.

python scripts/export_reader.py CHECKPOINT.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from float32_reference import NORMS, PARTS
from numpy.typing import NDArray

from trusted_cloud_chat.models.reader import OUTPUTS
from trusted_cloud_chat.models.reader_weights import ReaderWeights, Rowwise
from trusted_cloud_chat.models.weights import read_bundled

TARGET = Path(__file__).parents[1] / "src/trusted_cloud_chat/data/reader.npz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    state = {name: tensor.float().numpy() for name, tensor in torch.load(arguments.checkpoint).items()}
    arrays: dict[str, NDArray[Any]] = {
        "head.w": state["head.weight"][:OUTPUTS].ravel(),
        "head.b": state["head.bias"][:OUTPUTS],
    }
    for layer in range(read_bundled().dimensions.layers):
        ours, theirs = f"l{layer}.", f"bert.encoder.layer.{layer}."
        for name, part in PARTS.items():
            matrix = Rowwise.of(state[f"{theirs}{name}.weight"])
            arrays[f"{ours}{part}.w"], arrays[f"{ours}{part}.w.scales"] = matrix.levels.ravel(), matrix.scales
            arrays[f"{ours}{part}.b"] = state[f"{theirs}{name}.bias"]
        for name, part in NORMS.items():
            arrays[f"{ours}{part}.w"] = state[f"{theirs}{name}.weight"]
            arrays[f"{ours}{part}.b"] = state[f"{theirs}{name}.bias"]
    np.savez_compressed(arguments.target, **arrays)  # type: ignore[arg-type]
    print(f"{arguments.target.name}: {arguments.target.stat().st_size / 1e6:.1f} MB")


def exported_state(source: Path, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """`state` of a checkpoint with what was exported to `source` in its place, as it was rounded; its other outputs are nothing."""
    with np.load(source) as arrays:
        weights = ReaderWeights(dict(arrays), read_bundled())
    sizes = weights.dimensions
    for layer in range(sizes.layers):
        ours, theirs = f"l{layer}.", f"bert.encoder.layer.{layer}."
        for name, part in PARTS.items():
            rows = sizes.feed_forward if part == "fi" else sizes.hidden
            columns = sizes.feed_forward if part == "fo" else sizes.hidden
            state[f"{theirs}{name}.weight"] = torch.tensor(
                weights.matrix(f"{ours}{part}.w", rows, columns).dequantise()
            )
            state[f"{theirs}{name}.bias"] = torch.tensor(weights.floats(f"{ours}{part}.b"))
        for name, part in NORMS.items():
            for kind, short in (("weight", "w"), ("bias", "b")):
                state[f"{theirs}{name}.{kind}"] = torch.tensor(weights.floats(f"{ours}{part}.{short}"))
    state["head.weight"][OUTPUTS:], state["head.bias"][OUTPUTS:] = 0.0, 0.0
    state["head.weight"][:OUTPUTS] = torch.tensor(weights.floats("head.w")).reshape(OUTPUTS, -1)
    state["head.bias"][:OUTPUTS] = torch.tensor(weights.floats("head.b"))
    return state


if __name__ == "__main__":
    main()

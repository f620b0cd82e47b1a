"""ONNX Runtime sessions of unpacked networks, with the same results on every processor."""

import platform
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from trusted_cloud_chat.errors import EmbedderError

_WIDER = "session.x64quantprecision"
"""ONNX Runtime's setting for products whose sums do not overflow, which take two to four times as long
(`docs/decisions/0001-embedder-without-torch.md`)."""
_PROBE = 64
"""Rows and columns of the test product: whole tiles on every processor."""


def load_session(folder: Path, threads: int = 1, unfused: Sequence[str] = ()) -> Any:
    """An ONNX Runtime session of `folder`, without the optimisers `unfused`; raises EmbedderError when it does not load."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if products_overflow():
        options.add_session_config_entry(_WIDER, "1")
    try:
        return onnxruntime.InferenceSession(
            folder / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=list(unfused),
        )
    except Exception as error:  # onnxruntime's errors share no public base
        raise EmbedderError(
            f"the network in {folder} does not load: {error}. Delete that folder to unpack it anew"
        ) from error


@cache
def products_overflow() -> bool:
    """Whether sums of 8-bit products overflow on this processor, as on x86 without VNNI; tested with the largest product, since each system
    describes processors differently.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    levels = np.full((_PROBE, _PROBE), 127, np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "levels"], ["sums"])],
        "probe",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, levels.shape)],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, levels.shape)],
        [numpy_helper.from_array(levels, "levels")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (sums,) = session.run(None, {"x": np.full(levels.shape, 255, np.uint8)})
    return bool((sums != 255 * 127 * _PROBE).any())

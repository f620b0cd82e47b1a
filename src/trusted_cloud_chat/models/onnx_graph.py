"""multilingual-e5-small as an ONNX graph with fused operators. The four matrix products of a layer are int8 (`DynamicQuantizeMatMul`: weights
scaled per output column, activations per text); the word vectors keep their 4 bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from trusted_cloud_chat.models.weights import BLOCK, NetworkWeights

_CONTRIB = "com.microsoft"
_EPSILON = 1e-12  # BERT's layer_norm_eps


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[TensorProto] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], *outputs: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, **attributes))
        return outputs[0]


def build_graph(weights: NetworkWeights, *, outputs: int = 0) -> ModelProto:
    """Input `ids` `(1, n)` int64; output `token_embeddings` `(1, n, hidden)` float32, or `logits` `(1, n, outputs)` of a linear head.

    With a head, addition and normalisation are separate, which is faster; the embedder fuses them to reproduce stored vectors exactly.
    """
    graph = _Graph()
    hidden = _embeddings(graph, weights)
    for layer in range(weights.dimensions.layers):
        hidden = _layer(graph, weights, layer, hidden, fused=not outputs)
    name, width = ("logits", outputs) if outputs else ("token_embeddings", weights.dimensions.hidden)
    if outputs:
        graph.constant("head", weights.floats("head.w").reshape(outputs, -1).T)
        graph.constant("head.bias", weights.floats("head.b"))
        graph.node("MatMul", [hidden, "head"], "head.product")
        graph.node("Add", ["head.product", "head.bias"], name)
    else:
        graph.node("Identity", [hidden], name)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "n"])
    made = helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "n", width])
    whole = helper.make_graph(graph.nodes, "multilingual-e5-small", [ids], [made], graph.initializers)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
    return helper.make_model(whole, opset_imports=opsets, ir_version=10)


def _embeddings(graph: _Graph, weights: NetworkWeights) -> str:
    sizes = weights.dimensions
    scales, levels = weights.quantised("emb.word", sizes.vocabulary, sizes.hidden)
    packed = ((levels[:, 0::2] & 15) | ((levels[:, 1::2] & 15) << 4)).astype(np.uint8).tobytes()
    words = TensorProto(name="words", data_type=TensorProto.INT4, dims=levels.shape, raw_data=packed)
    graph.initializers.append(words)
    graph.constant("words.scales", scales.astype(np.float32))
    blocks = {"block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
    graph.node("GatherBlockQuantized", ["words", "ids", "words.scales"], "word", domain=_CONTRIB, **blocks)
    positions = weights.floats("emb.pos").reshape(sizes.positions, sizes.hidden)
    types = weights.floats("emb.type").reshape(sizes.token_types, sizes.hidden)
    graph.constant("positions", positions + types[0])
    graph.constant("zero", np.array([0], np.int64))
    graph.node("Shape", ["ids"], "length", start=1, end=2)
    graph.node("Slice", ["positions", "zero", "length", "zero"], "position")
    graph.node("Add", ["word", "position"], "embedded")
    scale = graph.constant("norm.scale", weights.floats("emb.ln.w"))
    shift = graph.constant("norm.shift", weights.floats("emb.ln.b"))
    return graph.node("LayerNormalization", ["embedded", scale, shift], "hidden", axis=-1, epsilon=_EPSILON)


def _layer(graph: _Graph, weights: NetworkWeights, layer: int, hidden: str, *, fused: bool) -> str:
    """An encoder layer: attention and feed-forward, each with residual and normalisation."""
    sizes, at = weights.dimensions, f"l{layer}."
    size = sizes.hidden
    projected = _product(graph, weights, hidden, [at + part for part in "qkv"], size, size)
    if layer == 0:
        graph.constant("thirds", np.array([size] * 3, np.int64))
    parts = [at + "query", at + "key", at + "value"]
    graph.node("Split", [projected, "thirds"], *parts, axis=-1)
    attended = graph.node("MultiHeadAttention", parts, at + "attended", domain=_CONTRIB, num_heads=sizes.heads)
    output = _product(graph, weights, attended, [at + "ao"], size, size)
    middle = _residual(graph, weights, hidden, output, at + "aln", fused=fused)
    inner = _product(graph, weights, middle, [at + "fi"], sizes.feed_forward, size)
    active = graph.node("Gelu", [inner], at + "active", domain=_CONTRIB)
    outer = _product(graph, weights, active, [at + "fo"], size, sizes.feed_forward)
    return _residual(graph, weights, middle, outer, at + "oln", fused=fused)


def _residual(graph: _Graph, weights: NetworkWeights, skip: str, update: str, name: str, *, fused: bool) -> str:
    scale = graph.constant(name + ".scale", weights.floats(name + ".w"))
    shift = graph.constant(name + ".shift", weights.floats(name + ".b"))
    if not fused:
        total = graph.node("Add", [skip, update], name + ".sum")
        return graph.node("LayerNormalization", [total, scale, shift], name, axis=-1, epsilon=_EPSILON)
    inputs = [skip, update, scale, shift]
    return graph.node("SkipLayerNormalization", inputs, name, domain=_CONTRIB, epsilon=_EPSILON)


def _product(graph: _Graph, weights: NetworkWeights, x: str, names: list[str], rows: int, columns: int) -> str:
    """`x @ W.T + bias` for the stacked matrices `names`, each `(rows, columns)`."""
    matrix = np.concatenate([weights.matrix(name + ".w", rows, columns) for name in names])
    bias = np.concatenate([weights.floats(name + ".b") for name in names])
    scales = np.maximum(np.abs(matrix).max(axis=1), 1e-9) / 127
    quantised = np.rint(matrix / scales[:, None]).astype(np.int8).T
    zeros = np.zeros(quantised.shape[1], np.int8)
    parts = {"weights": quantised, "scales": scales.astype(np.float32), "zeros": zeros, "bias": bias}
    inputs = [x, *(graph.constant(f"{names[0]}.{part}", values) for part, values in parts.items())]
    return graph.node("DynamicQuantizeMatMul", inputs, names[0] + ".product", domain=_CONTRIB)

"""Convert a Marian model for CTranslate2, without torch.

`python -m models.engines.marian_converter SOURCE TARGET QUANTIZATION [LAYER]` converts one folder.
CTranslate2's own converter builds the model in torch to read its weights, which takes most of its time. The
names of the weights and the position encodings are those of transformers' `modeling_marian.py`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__":
    # CTranslate2 imports torch where it is installed, and does not need it for weights in numpy.
    sys.modules["torch"] = None  # type: ignore[assignment]

from ctranslate2.converters.utils import fuse_linear
from ctranslate2.specs.common_spec import Activation, LinearSpec
from ctranslate2.specs.transformer_spec import TransformerSpec
from safetensors import safe_open

from models.engines.ct2_writing import write
from models.engines.marian_tokenizer import MarianTokenizer

_ACTIVATIONS = {
    "relu": Activation.RELU,
    "swish": Activation.SWISH,
    "silu": Activation.SWISH,
    "gelu": Activation.GELU,
}


class Weights:
    """The weights of a folder's safetensors by name, in float32."""

    def __init__(self, folder: Path) -> None:
        """Open the files; raise OSError or SafetensorError if one is damaged."""
        files = [safe_open(path, "np") for path in sorted(folder.glob("*.safetensors"))]
        # Any: safetensors annotates nothing.
        self._files: dict[str, Any] = {name: file for file in files for name in _names(file)}

    def first(self, *names: str) -> np.ndarray | None:
        """Return the first of these weights that exists."""
        found = next((name for name in names if name in self._files), None)
        return None if found is None else self._files[found].get_tensor(found).astype(np.float32)

    def __getitem__(self, name: str) -> np.ndarray:
        if (weight := self.first(name)) is None:
            raise KeyError(f"the weights have no {name}")
        return weight


def specification(folder: Path) -> Any:
    """Return the specification of the model in a folder, with its weights and vocabulary.

    The decoder starts with `<pad>`, as in transformers.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = Weights(folder)
    spec = TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=_ACTIVATIONS[config["activation_function"]],
    )
    scale = config["d_model"] ** 0.5 if config.get("scale_embedding") else 1.0
    positions = position_encodings(config["max_position_embeddings"], config["d_model"])
    for side, part in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        part.scale_embeddings = scale
        part.position_encodings.encodings = positions
        for number, layer in enumerate(part.layer):
            _set_layer(layer, weights, f"model.{side}.layers.{number}")
    # Models whose sides share one vocabulary have one matrix for all, under the name that was saved.
    shared = "model.shared.weight"
    source, target = "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"
    embeddings = weights.first(target, shared)
    spec.encoder.embeddings[0].weight = weights.first(source, shared, target)
    spec.decoder.embeddings.weight = embeddings
    projection = weights.first("lm_head.weight")
    spec.decoder.projection.weight = embeddings if projection is None else projection
    bias = weights["final_logits_bias"].squeeze(0)
    if bias.any():
        spec.decoder.projection.bias = bias
    _set_vocabulary(spec, MarianTokenizer(folder))
    return spec


def _names(file: Any) -> list[str]:
    return list(file.keys())


def position_encodings(positions: int, width: int) -> np.ndarray:
    """Return the sinusoids of Vaswani et al. 2017, all sines before all cosines (positions × width)."""
    frequencies = 10_000 ** -(np.arange(0, width, 2) / width)
    angles = np.arange(positions)[:, None] * frequencies
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def _set_layer(layer: Any, weights: Weights, name: str) -> None:
    _set_attention(layer.self_attention, weights, f"{name}.self_attn", [("q", "k", "v")])
    if hasattr(layer, "attention"):
        _set_attention(layer.attention, weights, f"{name}.encoder_attn", [("q",), ("k", "v")])
    _set_linear(layer.ffn.linear_0, weights, f"{name}.fc1")
    _set_linear(layer.ffn.linear_1, weights, f"{name}.fc2")
    _set_norm(layer.ffn.layer_norm, weights, f"{name}.final_layer_norm")


def _set_attention(spec: Any, weights: Weights, name: str, fused: list[tuple[str, ...]]) -> None:
    """Set an attention layer; CTranslate2 has one matrix for projections of the same input."""
    for linear, projections in zip(spec.linear, fused, strict=False):
        parts = [LinearSpec() for _ in projections]
        for part, projection in zip(parts, projections, strict=True):
            _set_linear(part, weights, f"{name}.{projection}_proj")
        fuse_linear(linear, parts)
    _set_linear(spec.linear[-1], weights, f"{name}.out_proj")
    _set_norm(spec.layer_norm, weights, f"{name}_layer_norm")


def _set_linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _set_norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _set_vocabulary(spec: Any, tokenizer: MarianTokenizer) -> None:
    spec.config.eos_token = tokenizer.eos_token
    spec.config.unk_token = tokenizer.unk_token
    spec.config.decoder_start_token = tokenizer.pad_token
    spec.register_source_vocabulary(_in_order(tokenizer.vocabulary))
    spec.register_target_vocabulary(_in_order(tokenizer.target_vocabulary))


def _in_order(vocabulary: Mapping[str, int]) -> list[str]:
    return sorted(vocabulary, key=lambda piece: vocabulary[piece])


def main() -> None:
    """Convert the folder named on the command line."""
    source, target, quantization, *layer = sys.argv[1:]
    write(specification(Path(source)), Path(target), quantization, int(layer[0]) if layer else None)


if __name__ == "__main__":
    main()

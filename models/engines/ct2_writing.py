"""Write a model's specification in CTranslate2's format, for each of the converters."""

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.model_spec import NumpyVariable, Variable, visit_spec

from models.engines.alignment import alignment_layer

INT8_MAX = 63
"""The largest weight of a row in int8, of seven bits instead of eight. A CPU without VNNI adds two products
of an input (up to 255) and a weight in 16 bits, saturating at 32,767, which 2 × 255 × 63 does not reach."""


def write(spec: Any, target: Path, quantization: str, layer: int | None) -> None:
    """Write a model to a new folder, with weights in `int8`, `float16`, `bfloat16` or `float32`.

    `layer` is the decoder layer whose attention aligns words, averaged over its heads.
    """
    decoder = spec.decoder
    decoder.alignment_layer = np.int16(alignment_layer(layer, len(decoder.layer)))
    decoder.alignment_heads = np.int16(decoder.num_heads)
    spec.validate()
    if quantization == "int8":
        spec.optimize()
        visit_spec(spec, _to_int8)
    else:
        spec.optimize(quantization)
    target.mkdir(parents=True)
    spec.save(str(target))


def _to_int8(layer: Any, scope: str, value: Any) -> None:
    """Quantize a layer's weight to int8 with a scale per row, if the layer has a scale."""
    name = scope.rpartition("/")[2]
    if isinstance(value, Variable) and hasattr(layer, f"{name}_scale"):
        rows = value.to("float32").numpy()
        largest = np.abs(rows).max(axis=1)
        scale = (INT8_MAX / np.where(largest > 0, largest, INT8_MAX)).astype(np.float32)
        setattr(layer, name, NumpyVariable(np.rint(rows * scale[:, None]).astype(np.int8)))
        setattr(layer, f"{name}_scale", NumpyVariable(scale))

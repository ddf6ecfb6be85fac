"""The device and the type that a model computes in, chosen by its entry, the settings or the hardware."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from models.catalogue import ComputeType, Engine, Model
from models.errors import ModelUnavailable

_PREFERRED_TYPES: dict[str, tuple[ComputeType, ...]] = {
    "cpu": ("int8", "float32"),
    "cuda": ("float16", "int8", "float32"),
}
"""`auto` is the first of these that the engine supports. int8 is the fastest on a CPU; a GPU is as fast in
float16, which does not round the weights."""
_PREFERRED_BY_CAUSAL: dict[str, tuple[ComputeType, ...]] = {
    "cpu": ("float32",),
    "cuda": ("bfloat16", "float32"),
}
"""The same for language models, which are trained in bfloat16: float16 overflows in some, such as Gemma."""
_OVERFLOWS_FLOAT16 = ("t5", "pegasus")
"""Families trained in bfloat16 (Raffel et al. 2020, Zhang et al. 2020), whose activations exceed float16."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """What an engine can use on this machine: the number of GPUs, and the compute types per device."""

    gpus: int
    cpu_types: Collection[str]
    gpu_types: Collection[str]

    @classmethod
    def detect(cls, engine: Engine) -> "Hardware":
        """Ask the engine's library, which is imported here: do not call this before a process forks."""
        if engine == "ctranslate2":
            import ctranslate2

            gpus = ctranslate2.get_cuda_device_count()
            types = ctranslate2.get_supported_compute_types
            return cls(gpus, types("cpu"), types("cuda") if gpus else ())
        import torch

        return cls(
            torch.cuda.device_count(), ("bfloat16", "float32"), ("float16", "bfloat16", "float32")
        )


def select_device(model: Model, hardware: Hardware) -> Model:
    """Return the model with a device (`cpu` or `cuda:N`) and a compute type in place of `auto`.

    Raises ModelUnavailable if the requested device or type does not exist here.
    """
    device = _device(model, hardware.gpus)
    types = hardware.cpu_types if device == "cpu" else hardware.gpu_types
    return model.model_copy(
        update={"device": device, "compute_type": _compute_type(model, device, types)}
    )


def _device(model: Model, gpus: int) -> str:
    if model.device == "auto":
        return "cuda:0" if gpus else "cpu"
    kind, _, number = model.device.partition(":")
    if kind == "cuda" and int(number or 0) >= gpus:
        raise ModelUnavailable(
            f"{model.id} cannot compute on {model.device}: {model.engine} finds "
            f"{f'{gpus} GPUs, counted from 0' if gpus else 'no GPU'} on this machine; "
            "set DRAGOMAN_DEVICE, or the entry's `device`, to `auto` or `cpu`."
        )
    return f"cuda:{number or 0}" if kind == "cuda" else "cpu"


def _compute_type(model: Model, device: str, supported: Collection[str]) -> ComputeType:
    if model.compute_type == "auto":
        excluded = {"float16"} if model.family in _OVERFLOWS_FLOAT16 else set()
        by_device = _PREFERRED_BY_CAUSAL if model.family == "causal" else _PREFERRED_TYPES
        preferred = by_device[device.partition(":")[0]]
        return next(t for t in preferred if t in supported and t not in excluded)
    if model.compute_type not in supported:
        known = ", ".join(name for name in get_args(ComputeType) if name in supported)
        raise ModelUnavailable(
            f"{model.id} cannot compute in {model.compute_type}: {model.engine} does not support it on "
            f"this machine's {device}; set DRAGOMAN_COMPUTE_TYPE, or the entry's `compute_type`, to "
            f"`auto` or one of {known}."
        )
    return model.compute_type

"""Where a model computes, and in which type: as its entry or the settings say, else as suits the machine."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from models.catalogue import ComputeType, Engine, Model
from models.errors import ModelUnavailable

_BEST: dict[str, tuple[ComputeType, ...]] = {
    "cpu": ("int8", "float32"),
    "cuda": ("float16", "int8", "float32"),
}
"""What `auto` takes, the first that the engine computes in. int8 is the fastest on a processor; a GPU is
as fast in float16, and loses nothing by rounding weights."""
_NO_FLOAT16 = ("t5", "pegasus")
"""Trained in bfloat16 (Raffel et al. 2020, Zhang et al. 2020): their activations overflow float16."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What an engine finds here: how many GPUs, and the types it computes in on either device."""

    gpus: int
    cpu: Collection[str]
    cuda: Collection[str]

    @classmethod
    def seen_by(cls, engine: Engine) -> "Machine":
        """As the engine's own library says; it is loaded for that, so not before a process forks."""
        if engine == "ctranslate2":
            import ctranslate2

            gpus = ctranslate2.get_cuda_device_count()
            types = ctranslate2.get_supported_compute_types
            return cls(gpus, types("cpu"), types("cuda") if gpus else ())
        import torch

        # On a processor transformers is the reference.
        return cls(torch.cuda.device_count(), ("float32",), ("float16", "float32"))


def settled(model: Model, machine: Machine) -> Model:
    """The model with a device (`cpu` or `cuda:N`) and a type that are there instead of `auto`.

    Raises ModelUnavailable where what is asked for is not there.
    """
    device = _device(model, machine.gpus)
    there = machine.cpu if device == "cpu" else machine.cuda
    return model.model_copy(
        update={"device": device, "compute_type": _compute_type(model, device, there)}
    )


def _device(model: Model, gpus: int) -> str:
    if model.device == "auto":
        return "cuda:0" if gpus else "cpu"
    kind, _, number = model.device.partition(":")
    if kind == "cuda" and int(number or 0) >= gpus:
        raise ModelUnavailable(
            f"{model.id} is to compute on {model.device}, and {model.engine} finds "
            f"{f'{gpus} GPUs, counted from 0' if gpus else 'no GPU'} here: "
            "set DRAGOMAN_DEVICE, or the entry's `device`, to `auto` or `cpu`."
        )
    return f"cuda:{number or 0}" if kind == "cuda" else "cpu"


def _compute_type(model: Model, device: str, there: Collection[str]) -> ComputeType:
    if model.compute_type == "auto":
        best = _BEST[device.partition(":")[0]]
        fit = (
            t for t in best if t in there and not (t == "float16" and model.family in _NO_FLOAT16)
        )
        return next(fit)
    if model.compute_type not in there:
        known = ", ".join(name for name in get_args(ComputeType) if name in there)
        raise ModelUnavailable(
            f"{model.id} is to compute in {model.compute_type}, which {model.engine} does not do on "
            f"this machine's {device}: set DRAGOMAN_COMPUTE_TYPE, or the entry's `compute_type`, to "
            f"`auto` or one of {known}."
        )
    return model.compute_type

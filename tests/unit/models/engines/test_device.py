from pathlib import Path
from typing import Any

import pytest

from models.catalogue_files import load_catalogue
from models.engines.device import Hardware, select_device
from models.errors import ModelUnavailable
from tests.entries import entry

CPU = Hardware(0, ("int8", "int8_float32", "float32"), ())
GPUS = Hardware(2, CPU.cpu_types, ("int8", "int8_float16", "float16", "float32"))
OLD_GPU = Hardware(1, CPU.cpu_types, ("int8", "float32"))
TORCH = Hardware(1, ("float32",), ("float16", "float32"))


@pytest.mark.parametrize(
    ("fields", "hardware", "device", "compute_type"),
    [
        ({}, CPU, "cpu", "int8"),
        ({}, GPUS, "cuda:0", "float16"),
        ({}, OLD_GPU, "cuda:0", "int8"),
        ({"device": "cpu"}, GPUS, "cpu", "int8"),
        ({"device": "cuda"}, GPUS, "cuda:0", "float16"),
        ({"device": "cuda:1", "compute_type": "int8_float16"}, GPUS, "cuda:1", "int8_float16"),
        ({"compute_type": "float32"}, CPU, "cpu", "float32"),
        ({"engine": "transformers"}, TORCH, "cuda:0", "float16"),
        ({"engine": "transformers", "family": "t5"}, TORCH, "cuda:0", "float32"),
        ({"engine": "transformers", "device": "cpu"}, TORCH, "cpu", "float32"),
    ],
)
def test_auto_takes_what_the_hardware_supports(
    fields: dict[str, Any], hardware: Hardware, device: str, compute_type: str
) -> None:
    found = select_device(entry(folder=".", **fields), hardware)
    assert (found.device, found.compute_type) == (device, compute_type)


@pytest.mark.parametrize(
    ("fields", "hardware", "says"),
    [
        ({"device": "cuda"}, CPU, "finds no GPU on this machine; set DRAGOMAN_DEVICE"),
        ({"device": "cuda:2"}, GPUS, "finds 2 GPUs, counted from 0"),
        ({"compute_type": "float16"}, CPU, "DRAGOMAN_COMPUTE_TYPE.*one of int8, float32"),
        ({"compute_type": "int8", "engine": "transformers"}, TORCH, "one of float16, float32"),
    ],
)
def test_an_unsupported_device_or_type_is_refused_with_the_supported_ones(
    fields: dict[str, Any], hardware: Hardware, says: str
) -> None:
    with pytest.raises(ModelUnavailable, match=says):
        select_device(entry(folder=".", **fields), hardware)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_the_hardware_of_this_machine_is_detected(engine: Any) -> None:
    hardware = Hardware.detect(engine)
    assert "float32" in hardware.cpu_types
    assert bool(hardware.gpu_types) == bool(hardware.gpus) or engine == "transformers"
    found = select_device(entry(folder=".", engine=engine, device="cpu"), hardware)
    assert found.compute_type in hardware.cpu_types


def test_the_settings_replace_auto_in_entries(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    head = '\ntask = "translate"\nfamily = "marian"\nsource = ["en"]\ntarget = ["fr"]\nfolder = "."'
    about = f'{head}\nlicence = "none"\ncommercial = true\n'
    path.write_text(f'["a"]{about}["b"]{about}device = "cpu"\ncompute_type = "float32"\n')
    catalogue = load_catalogue(path, tmp_path, device="cuda:1", compute_type="float16")
    first, second = catalogue.entry("a"), catalogue.entry("b")
    assert (first.device, first.compute_type) == ("cuda:1", "float16")
    assert (second.device, second.compute_type) == ("cpu", "float32")

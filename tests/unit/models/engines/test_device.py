from pathlib import Path
from typing import Any

import pytest

from models.catalogue_files import load_catalogue
from models.engines.device import Machine, settled
from models.errors import ModelUnavailable
from tests.entries import entry

CPU = Machine(0, ("int8", "int8_float32", "float32"), ())
GPUS = Machine(2, CPU.cpu, ("int8", "int8_float16", "float16", "float32"))
OLD_GPU = Machine(1, CPU.cpu, ("int8", "float32"))
TORCH = Machine(1, ("float32",), ("float16", "float32"))


@pytest.mark.parametrize(
    ("fields", "machine", "device", "compute_type"),
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
def test_what_is_left_open_suits_the_machine(
    fields: dict[str, Any], machine: Machine, device: str, compute_type: str
) -> None:
    found = settled(entry(folder=".", **fields), machine)
    assert (found.device, found.compute_type) == (device, compute_type)


@pytest.mark.parametrize(
    ("fields", "machine", "says"),
    [
        ({"device": "cuda"}, CPU, "finds no GPU here: set DRAGOMAN_DEVICE"),
        ({"device": "cuda:2"}, GPUS, "finds 2 GPUs, counted from 0"),
        ({"compute_type": "float16"}, CPU, "DRAGOMAN_COMPUTE_TYPE.*one of int8, float32"),
        ({"compute_type": "int8", "engine": "transformers"}, TORCH, "one of float16, float32"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    fields: dict[str, Any], machine: Machine, says: str
) -> None:
    with pytest.raises(ModelUnavailable, match=says):
        settled(entry(folder=".", **fields), machine)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_this_machine_computes_in_something(engine: Any) -> None:
    machine = Machine.seen_by(engine)
    assert "float32" in machine.cpu
    assert bool(machine.cuda) == bool(machine.gpus) or engine == "transformers"
    found = settled(entry(folder=".", engine=engine, device="cpu"), machine)
    assert found.compute_type in machine.cpu


def test_the_settings_fill_what_entries_leave_open(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    head = '\ntask = "translate"\nfamily = "marian"\nsource = ["en"]\ntarget = ["fr"]\nfolder = "."'
    about = f'{head}\nlicence = "none"\ncommercial = true\n'
    path.write_text(f'["a"]{about}["b"]{about}device = "cpu"\ncompute_type = "float32"\n')
    catalogue = load_catalogue(path, tmp_path, device="cuda:1", compute_type="float16")
    first, second = catalogue.entry("a"), catalogue.entry("b")
    assert (first.device, first.compute_type) == ("cuda:1", "float16")
    assert (second.device, second.compute_type) == ("cpu", "float32")

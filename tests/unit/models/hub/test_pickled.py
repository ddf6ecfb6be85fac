"""Converting pickled weights: weights come out, and code does not run."""

import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from models.errors import FetchFailed
from models.hub.pickled import convert_pickled


def test_weights_come_out_as_they_were(tmp_path: Path) -> None:
    tied = torch.rand(3, 2)
    first = {"embed": tied, "head": tied, "half": torch.ones(2, dtype=torch.float16)}
    torch.save(first, tmp_path / "a.bin")
    torch.save({"bias": torch.zeros(4)}, tmp_path / "b.bin")
    path = convert_pickled(tmp_path, ["a.bin", "b.bin"], "model.safetensors")
    found = load_file(path)
    assert set(found) == {"embed", "head", "half", "bias"}
    assert torch.equal(found["head"], tied)
    assert found["half"].dtype == torch.float16
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


class Touch:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("saved", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_code_is_refused_and_does_not_run(tmp_path: Path, saved: bool) -> None:
    harm, file = tmp_path / "harm", tmp_path / "a.bin"
    contents = {"weight": Touch(harm)}
    if saved:
        torch.save(contents, file)
    else:
        file.write_bytes(pickle.dumps(contents))
    with pytest.raises(FetchFailed, match=r"a\.bin cannot be read as weights alone"):
        convert_pickled(tmp_path, ["a.bin"], "model.safetensors")
    assert not harm.exists()
    assert file.exists()

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import pytest

from models.catalogue import Model
from models.convert import converted
from models.errors import ModelUnavailable


def model(folder: Path) -> Model:
    return Model(
        id="my/tiny",
        task="translate",
        family="marian",
        engine="ctranslate2",
        source=("en",),
        target=("es",),
        folder=folder,
        licence="none",
        commercial=True,
    )


def test_it_is_converted_once_however_many_ask(tiny_marian: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        folders = list(threads.map(lambda _: converted(model(tiny_marian), tmp_path), range(4)))
    assert len(set(folders)) == 1
    weights = folders[0] / "model.bin"
    made = weights.stat().st_mtime_ns
    converted(model(tiny_marian), tmp_path)
    assert weights.stat().st_mtime_ns == made


def test_a_changed_model_is_converted_again(tiny_marian: Path, tmp_path: Path) -> None:
    copy = copytree(tiny_marian, tmp_path / "model")
    first = converted(model(copy), tmp_path)
    os.utime(copy / "model.safetensors")
    assert converted(model(copy), tmp_path) != first


def test_pickled_weights_are_not_read(tiny_marian: Path, tmp_path: Path) -> None:
    copy = copytree(tiny_marian, tmp_path / "model")
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match="no weights in safetensors"):
        converted(model(copy), tmp_path)
    assert not [path for path in (tmp_path / "ctranslate2").iterdir() if path.is_dir()]


def test_where_nothing_can_be_written_is_said(tiny_marian: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnavailable, match="DRAGOMAN_MODELS_DIR"):
        converted(model(tiny_marian), tmp_path / "file")

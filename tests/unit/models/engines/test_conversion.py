import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import pytest

from models.catalogue import Model
from models.engines.conversion import ensure_converted
from models.engines.loading import load_translator, prepare_files
from models.errors import ModelUnavailable


@pytest.fixture
def model(tiny: Callable[[str], Model]) -> Model:
    return tiny("marian")


def moved(model: Model, folder: Path) -> Model:
    assert model.folder is not None
    return model.model_copy(update={"folder": copytree(model.folder, folder)})


def test_it_is_converted_once_however_many_ask(model: Model, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        folders = list(threads.map(lambda _: ensure_converted(model, tmp_path), range(4)))
    assert len(set(folders)) == 1
    weights = folders[0] / "model.bin"
    made = weights.stat().st_mtime_ns
    ensure_converted(model, tmp_path)
    assert weights.stat().st_mtime_ns == made


def test_a_changed_model_is_converted_again(model: Model, tmp_path: Path) -> None:
    copy = moved(model, tmp_path / "model")
    first = ensure_converted(copy, tmp_path)
    assert copy.folder is not None
    os.utime(copy.folder / "model.safetensors")
    assert ensure_converted(copy, tmp_path) != first


def test_pickled_weights_are_not_read(model: Model, tmp_path: Path) -> None:
    copy = moved(model, tmp_path / "model")
    assert copy.folder is not None
    weights = copy.folder / "model.safetensors"
    weights.rename(copy.folder / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match="no weights in safetensors"):
        ensure_converted(copy, tmp_path)
    assert not [path for path in (tmp_path / "ctranslate2").iterdir() if path.is_dir()]


def test_where_nothing_can_be_written_is_said(model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnavailable, match="DRAGOMAN_MODELS_DIR"):
        ensure_converted(model, tmp_path / "file")


def test_a_marian_is_converted_and_tokenized_without_torch_and_transformers(
    model: Model, tmp_path: Path
) -> None:
    blocked = "import sys; sys.modules.update(dict.fromkeys(['torch', 'transformers']))"
    code = f"""{blocked}
from pathlib import Path
from models.catalogue import Model
from models.engines.loading import load_translator, prepare_files
model = Model.model_validate_json(sys.argv[1]).model_copy(update={{"engine": "ctranslate2"}})
translator = load_translator(model, prepare_files(model, Path(sys.argv[2])))
print(translator.translate(["The storm came."], source="en", target="es")[0].text)
"""
    command = [sys.executable, "-c", code, model.model_dump_json(), str(tmp_path)]
    alone = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    here = load_translator(model, prepare_files(model, tmp_path))
    assert alone == here.translate(["The storm came."], source="en", target="es")[0].text

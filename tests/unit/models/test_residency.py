"""Several models in one process, on a budget of memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from transformers import MarianConfig, MarianMTModel

from models.catalogue import Model
from models.errors import ModelUnavailable
from models.residency import Residency, weight_bytes
from tests.conftest import ROOT

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def models(
    tiny: Callable[[str], Model], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Model]:
    """Three models of one size, over 40 MiB in float32: of the true classes, and quickly made."""
    folder = tmp_path_factory.mktemp("models") / "large"
    small = tiny("marian")
    assert small.folder is not None
    copytree(small.folder, folder)
    config = MarianConfig.from_pretrained(folder, d_model=256, encoder_ffn_dim=20_000)
    MarianMTModel(config).save_pretrained(folder)
    about = {"folder": folder, "engine": "transformers"}
    return {name: small.model_copy(update={**about, "id": f"tiny/{name}"}) for name in "abc"}


@pytest.fixture(scope="module")
def weights(models: dict[str, Model]) -> int:
    assert models["a"].folder is not None
    return weight_bytes(models["a"].folder)


def translate(residency: Residency, model: Model) -> str:
    translator = residency.translator(model)
    (output,) = translator.translate(["The storm."], source="en", target="es")
    return output.text


def test_the_least_recently_used_model_is_unloaded(
    models: dict[str, Model], models_dir: Path, weights: int
) -> None:
    residency = Residency(models_dir, int(2.7 * weights))
    first = translate(residency, models["a"])
    for name in ("b", "a", "c"):
        translate(residency, models[name])
    assert residency.loaded == [models["a"], models["c"]]
    assert translate(residency, models["a"]) == first
    translate(residency, models["b"])
    assert residency.loaded == [models["a"], models["b"]]


def test_a_loaded_model_is_not_loaded_again(models: dict[str, Model], models_dir: Path) -> None:
    residency = Residency(models_dir, 1024 * MIB)
    assert residency.translator(models["a"]) is residency.translator(models["a"])


def test_a_pinned_model_stays_loaded(
    models: dict[str, Model], models_dir: Path, weights: int
) -> None:
    residency = Residency(models_dir, int(2.7 * weights), pinned=[models["a"]])
    for name in ("a", "b", "c", "b"):
        translate(residency, models[name])
    assert residency.loaded == [models["a"], models["b"]]
    cramped = Residency(models_dir, int(1.5 * weights), pinned=[models["a"]])
    translate(cramped, models["a"])
    with pytest.raises(ModelUnavailable, match=r"MiB of pinned models.*DRAGOMAN_MODELS_BYTES"):
        translate(cramped, models["b"])
    translate(cramped, models["a"])


def test_a_model_over_the_budget_is_refused_and_unloads_no_other(
    models: dict[str, Model], models_dir: Path, tiny: Callable[[str], Model]
) -> None:
    small = tiny("marian").model_copy(update={"engine": "transformers"})
    residency = Residency(models_dir, 20 * MIB)
    translate(residency, small)
    with pytest.raises(ModelUnavailable, match="budget is 20 MiB: raise DRAGOMAN_MODELS_BYTES"):
        residency.translator(models["a"])
    assert residency.loaded == [small]


def test_a_model_that_cannot_be_preloaded_does_not_stop_the_others(
    models: dict[str, Model], models_dir: Path, tmp_path: Path
) -> None:
    residency = Residency(models_dir, 1024 * MIB)
    missing = models["b"].model_copy(update={"folder": tmp_path / "nowhere"})
    residency.preload([missing, models["a"]])
    assert residency.loaded == [models["a"]]


def test_weights_in_half_precision_count_as_they_are_loaded(
    models: dict[str, Model], tmp_path: Path
) -> None:
    folder = models["a"].folder
    assert folder is not None
    halved = tmp_path / "half"
    MarianMTModel.from_pretrained(folder).half().save_pretrained(halved)
    assert weight_bytes(halved) == weight_bytes(folder) > 40 * MIB


def test_invalid_weights_are_reported(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        weight_bytes(tmp_path)


IN_TURN = """
import json, sys
from pathlib import Path
from models.catalogue import Model
from models.process_memory import release_free_memory, resident_bytes
from models.residency import Residency

def seen(budget):
    residency = Residency(Path(sys.argv[1]), int(budget))
    for model in models:
        translator = residency.translator(model)
        translator.translate(["The storm."] * 4, source="en", target="es")
        release_free_memory()
        yield resident_bytes()

models = [Model.model_validate_json(line) for line in sys.argv[4:]]
print(json.dumps([list(seen(budget)) for budget in sys.argv[2:4]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_the_memory_of_an_unloaded_model_is_returned(
    models: dict[str, Model], models_dir: Path, weights: int, engine: str
) -> None:
    """Measured in a process of its own: first room for one of two models, then room for both."""
    turns = [models[name].model_copy(update={"engine": engine}) for name in "abab"]
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-c",
                IN_TURN,
                str(models_dir),
                str(3 * weights // 2),
                str(10 * weights),
            ),
            *(model.model_dump_json() for model in turns),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for_one, for_both = json.loads(done.stdout)
    assert max(for_one) < for_one[0] + 0.5 * weights
    assert for_both[-1] > for_one[0] + 0.5 * weights

"""`dragoman models add`, against a replica of the hub on 127.0.0.1."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from models.catalogue import Model
from models.engines.conversion import ensure_converted
from tests.hub import Hub, running_hub
from tests.integration.conftest import run

pytestmark = pytest.mark.integration

CARD = b"---\nlicense: cc-by-4.0\n---\n"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def where(tmp_path: Path, hub: Hub) -> dict[str, str]:
    return {
        "DRAGOMAN_MODELS_DIR": str(tmp_path / "models"),
        "DRAGOMAN_COMPUTE_TYPE": "float32",
        "DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/dragoman.db",
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
    }


@pytest.fixture
def marian(tiny: Callable[[str], Model]) -> Model:
    return tiny("marian")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} | {"README.md": CARD}


@pytest.mark.slow
def test_a_repository_with_pickled_weights_is_converted_tried_and_added(
    hub: Hub, where: dict[str, str], marian: Model, tmp_path: Path
) -> None:
    assert marian.folder is not None
    files = files_of(marian.folder)
    weights = load_file(marian.folder / "model.safetensors")
    saved = io.BytesIO()
    torch.save(weights, saved)
    del files["model.safetensors"]
    hub.push("Helsinki-NLP/opus-mt-en-es", files | {"pytorch_model.bin": saved.getvalue()})
    done = run("models", "add", "Helsinki-NLP/opus-mt-en-es", environment=where)
    assert done.returncode == 0, done.stderr
    assert "opus-mt-en-es: marian, cc-by-4.0, commit" in done.stderr
    assert "pickled" in done.stderr
    (folder,) = [p for p in (tmp_path / "models" / "hub").iterdir() if p.is_dir()]
    assert not (folder / "pytorch_model.bin").exists()
    converted = load_file(folder / "model.safetensors")
    assert all(torch.equal(converted[name], weight) for name, weight in weights.items())
    verified = run("models", "verify", "opus-mt-en-es", environment=where)
    assert "files verified" in verified.stdout, verified.stderr
    text = "The storm."
    translated = run(
        "translate", "-", "--from", "en", "--to", "es", "--model", "opus-mt-en-es",
        stdin=text, environment=where,
    )  # fmt: skip
    assert translated.returncode == 0, translated.stderr


@pytest.mark.slow
def test_a_model_in_ctranslate2_s_format_is_taken_as_it_is(
    hub: Hub, where: dict[str, str], marian: Model, models_dir: Path, tmp_path: Path
) -> None:
    assert marian.folder is not None
    converted = ensure_converted(marian, models_dir)
    files = files_of(converted)
    config = json.loads(files["config.json"]) | {"max_position_embeddings": 64}  # it is tiny
    files["config.json"] = json.dumps(config).encode()
    spm = (marian.folder / "source.spm").read_bytes()
    hub.push("quickmt/quickmt-en-es", files | {"src.spm.model": spm, "tgt.spm.model": spm})
    done = run("models", "add", "quickmt/quickmt-en-es", environment=where)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "models" / "ctranslate2").exists()
    assert '["quickmt-en-es"]' in (tmp_path / "models" / "added.toml").read_text(encoding="utf-8")


def test_what_is_missing_is_told(hub: Hub, where: dict[str, str]) -> None:
    offline = run("models", "add", "a/opus-mt-en-es", environment=where | {"HF_HUB_OFFLINE": "1"})
    assert offline.returncode == 1
    assert "HF_HUB_OFFLINE forbids" in offline.stderr
    missing = run("models", "add", "a/opus-mt-en-es", environment=where)
    assert "The hub has no a/opus-mt-en-es" in missing.stderr

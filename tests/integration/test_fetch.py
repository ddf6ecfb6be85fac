"""`dragoman models pin, fetch, verify, convert`, against a hub on 127.0.0.1."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from models.catalogue import Model
from tests.hub import Hub, running_hub
from tests.integration.conftest import run

pytestmark = pytest.mark.integration

REPO = "house/en-fr"
ENTRY = f"""
["mine"]
task = "translate"
family = "marian"
source = ["en"]
target = ["fr"]
repo = "{REPO}"
licence = "CC-BY-4.0"
commercial = true
compute_type = "float32"
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def files(tiny: Callable[[str], Model]) -> dict[str, bytes]:
    """A model as repos have them, with what must not be fetched beside it."""
    folder = tiny("marian").folder
    assert folder is not None
    beside = {
        "modeling.py": b"raise SystemExit",
        "pytorch_model.bin": b"\x80\x04",
        "a/b.json": b"{}",
    }
    return {path.name: path.read_bytes() for path in folder.iterdir()} | beside


@pytest.fixture
def where(tmp_path: Path, hub: Hub) -> dict[str, str]:
    (tmp_path / "own.toml").write_text(ENTRY, encoding="utf-8")
    return {
        "DRAGOMAN_CATALOGUE": str(tmp_path / "own.toml"),
        "DRAGOMAN_MODELS_DIR": str(tmp_path / "models"),
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
    }


def dragoman(where: Mapping[str, str], *arguments: str, fails: str = "", stdin: str = "") -> str:
    """What the command prints; one that is to fail says so in one line."""
    done = run(*arguments, environment=where, stdin=stdin)
    assert "Traceback" not in done.stderr, done.stderr
    assert (done.returncode != 0) == bool(fails), done.stderr
    assert fails in done.stderr
    return done.stdout


def test_from_a_moving_branch_to_a_translation(
    hub: Hub, files: dict[str, bytes], where: dict[str, str], tmp_path: Path
) -> None:
    first = hub.push(REPO, {"README.md": b"old"} | files)
    dragoman(where, "models", "fetch", "mine", fails="run `dragoman models pin mine`")
    assert f'revision = "{first}"' in dragoman(where, "models", "pin", "mine")
    hub.push(REPO, {"README.md": b"new", "model.safetensors": b"changed"})  # the branch moves on
    folder = Path(dragoman(where, "models", "fetch", "mine").split()[-1])
    assert folder.parent == tmp_path / "models" / "hub"
    assert (folder / "README.md").read_bytes() == b"old"
    assert (folder / "model.safetensors").read_bytes() == files["model.safetensors"]
    fetched = {path.name for path in folder.iterdir()}
    assert not fetched & {"modeling.py", "pytorch_model.bin", "a", ".cache"}

    offline = where | {"HF_HUB_OFFLINE": "1"}
    asked = len(hub.requests)
    dragoman(offline, "models", "fetch", "mine")  # it is here: nobody is asked
    assert "files verified" in dragoman(offline, "models", "verify", "mine")
    assert re.search(r"mine .* ready", dragoman(offline, "models", "list"))
    assert "ctranslate2" in dragoman(offline, "models", "convert", "mine")
    wish = ("translate", "-", "--from", "en", "--to", "fr", "--json")
    result = json.loads(dragoman(offline, *wish, stdin="The storm came."))
    assert result["route"] == [{"model": "mine", "source": "en", "target": "fr"}]
    assert len(hub.requests) == asked


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE forbids"),
        ({"HF_ENDPOINT": "http://127.0.0.1:1"}, "http://127.0.0.1:1 cannot be reached"),
        ({}, f"The hub has no {REPO}"),
    ],
)
def test_what_the_hub_does_not_give_is_said(
    where: dict[str, str], variables: dict[str, str], says: str
) -> None:
    dragoman(where | variables, "models", "pin", "mine", fails=says)


def test_a_licence_against_commerce_is_not_fetched(where: dict[str, str]) -> None:
    dragoman(
        where,
        "models",
        "fetch",
        "nllb-200-distilled-600m",
        fails="DRAGOMAN_ALLOW_NONCOMMERCIAL=true",
    )

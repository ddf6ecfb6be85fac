import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.catalogue import Model
from models.engines.loading import available_cpus, prepare_files
from models.errors import ModelUnavailable
from tests.conftest import ROOT

TRANSLATE = """
import sys
from models.engines.loading import prepare_files, load_translator
from service.settings import Settings
model = Settings().load_catalogue().get("embedded/en-es", "translate")
translator = load_translator(model, prepare_files(model, Settings().models_dir))
(output,) = translator.translate(["The vote is in July."], source="en", target="es")
print("julio" in output.text, "torch" in sys.modules)
"""


def test_a_process_that_translates_does_without_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRANSLATE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "False"], done.stderr


@pytest.mark.parametrize(
    ("text", "most"), [("max 100000", None), ("100000 100000", 1), ("50000 100000", 1), ("x", None)]
)
def test_the_quota_of_a_container_counts(tmp_path: Path, text: str, most: int | None) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    unlimited = available_cpus(tmp_path / "none")
    assert unlimited >= 1
    assert available_cpus(quota) == (most or unlimited)


@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_a_library_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, tiny: Callable[[str], Model], tmp_path: Path, library: str
) -> None:
    t5, marian = tiny("t5"), tiny("marian")
    monkeypatch.setitem(sys.modules, library, None)
    for model in (t5, marian.model_copy(update={"engine": "transformers"})):
        with pytest.raises(ModelUnavailable, match="its extra `transformers`"):
            prepare_files(model, tmp_path)
    assert prepare_files(marian.model_copy(update={"engine": "ctranslate2"}), tmp_path)

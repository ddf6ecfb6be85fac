import subprocess
import sys
from pathlib import Path

import pytest

from models.engines.loading import available_cpus
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

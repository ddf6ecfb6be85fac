"""`dragoman models compare` with real models: the embedded one at two beam sizes, on real sentences."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import run

pytestmark = pytest.mark.integration

SOURCES = ["The mayor said that 107 people were there.", "", "The ferry left on Tuesday."]
REFERENCES = ["El alcalde dijo que había 107 personas.", "", "El transbordador salió el martes."]
CATALOGUE = """
["greedy"]
task = "translate"
family = "marian"
source = ["en"]
target = ["es"]
folder = "{folder}"
licence = "MPL-2.0"
commercial = true
max_source_tokens = 96
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, dict[str, str]]:
    for name, lines in (("source", SOURCES), ("reference", REFERENCES)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder = Path(__file__).parents[2] / "models" / "embedded" / "en-es"
    (tmp_path / "own.toml").write_text(CATALOGUE.format(folder=folder), encoding="utf-8")
    environment = {"DRAGOMAN_CATALOGUE": str(tmp_path / "own.toml")}
    return str(tmp_path / "source"), str(tmp_path / "reference"), environment


@pytest.mark.slow
def test_two_models_are_measured_side_by_side(files: tuple[str, str, dict[str, str]]) -> None:
    source, reference, environment = files
    done = run(
        "models", "compare", "greedy", "embedded/en-es", "--source", source,
        "--reference", reference, "--from", "en", "--to", "es", "--json", environment=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert [first["model"], second["model"]] == ["greedy", "embedded/en-es"]
    for one in (first, second):
        assert 20 < one["chrf"] <= 100
        assert 20 < one["agreement"] <= 100
        assert one["lines_per_second"] > 0
        assert one["errors"] == 0
    assert first["memory"] > 0


def test_files_that_are_not_parallel_are_refused(
    files: tuple[str, str, dict[str, str]], tmp_path: Path
) -> None:
    source, _, environment = files
    (tmp_path / "short").write_text("Uno.\n", encoding="utf-8")
    done = run(
        "models", "compare", "embedded/en-es", "--source", source,
        "--reference", str(tmp_path / "short"), "--from", "en", "--to", "es", environment=environment,
    )  # fmt: skip
    assert done.returncode == 3
    assert "must be parallel" in done.stderr

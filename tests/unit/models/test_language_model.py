from pathlib import Path

import pytest

from models.errors import ModelUnavailable
from models.language_model import NUMBER, UNKNOWN, LanguageModel, embedded, tokens
from models.training.language_model import Cases, build

LINES = [
    "La pareja salió de la casa.",
    "La pareja de España llegó el lunes.",
    "Salió de casa con 2 amigos.",
    "El presidente salió de la casa con la pareja.",
    "Ayer el presidente de España salió.",
    "Hoy el presidente llegó a casa con 3,5 millones.",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sentences = [tokens(line) for line in LINES]
    cases = Cases(sentences)
    folder = tmp_path_factory.mktemp("lm")
    build([cases.truecased(sentence) for sentence in sentences], folder, least=1)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> LanguageModel:
    return LanguageModel.read(folder)


def test_words_marks_and_numbers_are_tokens() -> None:
    assert tokens("El 3,5 % de micro-ondas, ¿no?") == [
        "El", NUMBER, "%", "de", "micro-ondas", ",", "¿", "no", "?",
    ]  # fmt: skip


def test_what_was_seen_together_scores_higher(model: LanguageModel) -> None:
    assert model.score("La pareja salió de casa.") > model.score("Pareja la casa salió de.")
    assert model.score("El presidente salió.") > model.score("La presidente salió.")
    assert model.score("") == 0


def test_any_number_is_as_likely_as_another(model: LanguageModel) -> None:
    assert model.score("con 2 amigos") == model.score("con 1.800 amigos")


def test_a_first_words_capital_and_a_headline_in_capitals_say_nothing(
    model: LanguageModel,
) -> None:
    assert model.score("Pareja de España") == model.score("pareja de España")
    assert model.score("PAREJA DE ESPAÑA LLEGÓ") == model.score("pareja de España llegó")
    assert model.truecased(tokens("España: El presidente")) == ["España", ":", "el", "presidente"]


def test_an_unknown_word_is_a_fault_but_not_where_the_source_has_it(model: LanguageModel) -> None:
    assert not model.knows("Maduro")
    assert model.knows("España")
    copied = model.score("El presidente Maduro salió.", "President Maduro left.")
    invented = model.score("El presidente Maduro salió.", "The president left.")
    assert invented < copied < model.score("El presidente salió.")
    assert model.score("Xyz") < UNKNOWN / 2


def test_words_beyond_the_ngrams_have_their_own_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = [tokens(line.lower()) for line in LINES]
    monkeypatch.setattr("models.language_model.IN_NGRAMS", 8)
    monkeypatch.setattr("models.training.language_model.IN_NGRAMS", 8)
    build(sentences, tmp_path, least=1)
    model = LanguageModel.read(tmp_path)
    assert model.knows("millones")
    assert model.score("a millones") == model.score("millones a")


def test_a_damaged_file_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("words.txt", "ngrams.bin", "SHA256SUMS"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "ngrams.bin").write_bytes(b"")
    with pytest.raises(ModelUnavailable, match=r"ngrams\.bin is damaged"):
        LanguageModel.read(tmp_path)
    words = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
    data = (folder / "ngrams.bin").read_bytes()
    with pytest.raises(ValueError, match="do not belong together"):
        LanguageModel(words[1:], memoryview(data))
    with pytest.raises(ValueError, match="n-gram file"):
        LanguageModel(words, memoryview(b"GGUF" + data))


@pytest.mark.parametrize(
    ("language", "better", "worse"),
    [
        ("es", "Las autoridades evalúan la desafiante situación.", "Os autoridades evalúando a."),
        ("en", "The authorities released 107 people.", "Them authority release persons 107 of."),
    ],
)
def test_the_embedded_models_tell_a_good_sentence(language: str, better: str, worse: str) -> None:
    model = embedded(language)
    assert model is not None
    assert model.score(better) > model.score(worse)
    assert embedded("fr") is None

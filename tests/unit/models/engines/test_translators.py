"""What every translation engine does, on a tiny untrained model of the true classes."""

from pathlib import Path

import pytest

from models.catalogue import Model
from models.codec import MarianCodec
from models.convert import converted
from models.engine import Translator
from models.engines.ct2 import CTranslate2Translator
from models.engines.huggingface import HuggingFaceTranslator


def make(folder: Path, models_dir: Path, engine: str, beams: int) -> Translator:
    codec = MarianCodec(folder)
    if engine == "transformers":
        return HuggingFaceTranslator(folder, codec, beams=beams, threads=1)
    model = Model(
        id="tiny",
        task="translate",
        family="marian",
        engine="ctranslate2",
        compute_type="float32",
        source=("en",),
        target=("es",),
        folder=folder,
        licence="none",
        commercial=True,
    )
    return CTranslate2Translator(
        converted(model, models_dir), codec, beams=beams, threads=1, compute_type="float32"
    )


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(
    scope="module",
    params=[("transformers", 1), ("transformers", 2), ("ctranslate2", 1), ("ctranslate2", 2)],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def translator(request: pytest.FixtureRequest, tiny_marian: Path, models_dir: Path) -> Translator:
    return make(tiny_marian, models_dir, *request.param)


def run(translator: Translator, *texts: str) -> list[str]:
    return [o.text for o in translator.translate(texts, source="en", target="es")]


def test_a_batch_of_unequal_lengths_equals_one_by_one(translator: Translator) -> None:
    texts = ["The storm.", "Two ferries reached the northern islands on Tuesday.", "x"]
    assert run(translator, *texts) == [run(translator, text)[0] for text in texts]


def test_commands_of_the_tokenizer_in_a_text_are_plain_text(translator: Translator) -> None:
    plain, code, end = translator.count_tokens([" storm", ">>es<< storm", "</s> storm"])
    assert code > plain
    assert end > plain


def test_a_text_over_the_limit_is_refused_and_never_cut(translator: Translator) -> None:
    assert translator.max_source_tokens == 64
    with pytest.raises(ValueError, match="over the 64"):
        translator.translate(["storm " * 64], source="en", target="es")


def test_what_the_length_limit_stops_is_said(translator: Translator) -> None:
    # The weights are random: they hardly ever choose the end token by themselves.
    (output,) = translator.translate(["The storm."], source="en", target="es")
    assert output.truncated
    assert output.score is not None
    assert output.score < 0


def test_no_texts_give_no_outputs(translator: Translator) -> None:
    assert translator.translate([], source="en", target="es") == []


@pytest.mark.parametrize("beams", [1, 4])
def test_the_engines_agree(tiny_marian: Path, models_dir: Path, article: str, beams: int) -> None:
    sentences = [line[:40] for line in article.splitlines() if line]
    reference = make(tiny_marian, models_dir, "transformers", beams)
    fast = make(tiny_marian, models_dir, "ctranslate2", beams)
    for sentence in sentences:
        # One by one: the score of a row that its batch let run beyond its own limit counts that too.
        (expected,) = reference.translate([sentence], source="en", target="es")
        (output,) = fast.translate([sentence], source="en", target="es")
        assert output.text == expected.text
        assert output.truncated == expected.truncated
        # transformers' beams count the padding token in, one of 241 that are as likely here.
        assert output.score == pytest.approx(expected.score, abs=0.01)

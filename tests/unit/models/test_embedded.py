"""The models that ship with Dragoman."""

import pytest
from sacrebleu.metrics.chrf import CHRF

from models.engine import Translator
from models.load import files_of, load_translator
from models.residency import Residency
from models.training.evaluate import translated
from service.settings import Settings
from tests.conftest import DATA


def shipped(name: str) -> Translator:
    settings = Settings()
    model = settings.load_catalogue().get(name, "translate")
    return Residency(settings.models_dir, settings.models_bytes).translator(model)


@pytest.fixture(scope="module")
def translator() -> Translator:
    return shipped("embedded/en-es")


def run(translator: Translator, *texts: str) -> list[str]:
    return [o.text for o in translator.translate(texts, source="en", target="es")]


def test_it_translates_news(translator: Translator) -> None:
    (text,) = run(translator, "The president arrived in Madrid on Monday.")
    assert text == "El presidente llegó a Madrid el lunes."


def test_it_keeps_names_and_numbers(translator: Translator) -> None:
    (text,) = run(translator, "Alfredo Romero said that 107 people were released in Venezuela.")
    assert "Alfredo Romero" in text
    assert "107" in text
    assert "Venezuela" in text


def test_a_batch_equals_one_by_one(translator: Translator) -> None:
    texts = ["The vote is in July.", "ON NOW", "He was 61, and had won 52% of the vote."]
    assert run(translator, *texts) == [run(translator, text)[0] for text in texts]


def test_quotation_marks_are_kept(translator: Translator) -> None:
    (output,) = translator.translate(
        ["“We will go to the islands,” said the minister."], source="en", target="es"
    )
    assert output.text.count('"') == 2


def test_it_translates_news_from_spanish() -> None:
    texts = ["El presidente llegó a Madrid el lunes.", "Liberaron a 107 personas en Venezuela."]
    arrived, released = shipped("embedded/es-en").translate(texts, source="es", target="en")
    assert arrived.text == "The president arrived in Madrid on Monday."
    assert "107" in released.text
    assert "Venezuela" in released.text


@pytest.mark.parametrize(("source", "target"), [("en", "es"), ("es", "en")])
def test_int8_costs_no_quality(source: str, target: str) -> None:
    stem = DATA / "parallel" / "newstest2010"
    if not stem.with_suffix(".en").exists():
        pytest.skip(f"newstest2010 is not at {stem}")
    sources, references = (
        stem.with_suffix(suffix).read_text(encoding="utf-8").splitlines()[:200]
        for suffix in (f".{source}", f".{target}")
    )
    settings = Settings()
    embedded = settings.load_catalogue().get(f"embedded/{source}-{target}", "translate")
    scores = []
    for compute_type in ("int8", "float32"):
        model = embedded.model_copy(update={"device": "cpu", "compute_type": compute_type})
        loaded = load_translator(model, files_of(model, settings.models_dir))
        outputs = translated(loaded, sources, (source, target))
        scores.append(CHRF().corpus_score(outputs, [references]).score)
    assert scores[0] == pytest.approx(scores[1], abs=0.5), scores

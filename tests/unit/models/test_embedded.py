"""The models that ship with Dragoman."""

import json
import os
import subprocess
import sys

import pytest

from models.engines.translator import Translator
from models.training.figures import figures
from pipeline.pipeline import Pipeline
from tests.conftest import DATA


def embedded(pipeline: Pipeline, name: str) -> Translator:
    decoder = pipeline.decoder
    return decoder.models.translator(decoder.catalogue.get(name, "translate"))


@pytest.fixture
def translator(pipeline: Pipeline) -> Translator:
    return embedded(pipeline, "embedded/en-es")


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


def test_it_translates_news_from_spanish(pipeline: Pipeline) -> None:
    texts = ["El presidente llegó a Madrid el lunes.", "Liberaron a 107 personas en Venezuela."]
    arrived, released = embedded(pipeline, "embedded/es-en").translate(
        texts, source="es", target="en"
    )
    assert arrived.text == "The president arrived in Madrid on Monday."
    assert "107" in released.text
    assert "Venezuela" in released.text


WITHOUT_VNNI = {"ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
TRANSLATE = """
import json, sys
from models.engines.loading import prepare_files, load_translator
from models.training.evaluate import translated
from service.settings import Settings

id, compute_type, source, target = sys.argv[1:]
settings = Settings()
model = settings.load_catalogue().get(id, "translate")
model = model.model_copy(update={"device": "cpu", "compute_type": compute_type})
translator = load_translator(model, prepare_files(model, settings.models_dir))
json.dump(translated(translator, json.load(sys.stdin), (source, target)), sys.stdout)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("source", "target"), [("en", "es"), ("es", "en")])
def test_int8_costs_no_quality_on_an_old_processor(source: str, target: str) -> None:
    """Without VNNI sums of 16 bits are cut off: one name in twenty was lost by it."""
    stem = DATA / "parallel" / "newstest2010"
    if not stem.with_suffix(".en").exists():
        pytest.skip(f"newstest2010 is not at {stem}")
    texts = [
        stem.with_suffix(suffix).read_text(encoding="utf-8").splitlines()
        for suffix in (f".{source}", f".{target}")
    ]
    pairs = [pair for pair in zip(*texts, strict=True) if len(pair[0]) < 200][:200]
    name = f"embedded/{source}-{target}"
    sources, references = ([pair[side] for pair in pairs] for side in (0, 1))
    int8, float32 = (
        figures(sources, references, json.loads(outputs), target)
        for compute_type in ("int8", "float32")
        for outputs in [
            subprocess.run(
                [sys.executable, "-c", TRANSLATE, name, compute_type, source, target],
                input=json.dumps(sources),
                env={**os.environ, **WITHOUT_VNNI},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        ]
    )
    assert int8["chrf"] == pytest.approx(float32["chrf"], abs=0.4)
    assert int8["names"] > float32["names"] - 1.5

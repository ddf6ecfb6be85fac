"""The model that ships with Dragoman."""

import pytest

from models.engine import Translator
from models.residency import Residency
from service.settings import Settings


@pytest.fixture(scope="module")
def translator() -> Translator:
    settings = Settings()
    model = settings.load_catalogue().get("embedded/en-es", "translate")
    return Residency(settings.models_dir, settings.models_bytes).translator(model)


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

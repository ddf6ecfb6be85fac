from pathlib import Path

import pytest

from models.engines.huggingface import HuggingFaceTranslator


@pytest.fixture(scope="module", params=[1, 2], ids=["greedy", "beam"])
def translator(request: pytest.FixtureRequest, tiny_marian: Path) -> HuggingFaceTranslator:
    return HuggingFaceTranslator(tiny_marian, beams=request.param, threads=1)


def run(translator: HuggingFaceTranslator, *texts: str) -> list[str]:
    return [o.text for o in translator.translate(texts, source="en", target="es")]


def test_a_batch_of_unequal_lengths_equals_one_by_one(translator: HuggingFaceTranslator) -> None:
    texts = ["The storm.", "Two ferries reached the northern islands on Tuesday.", "x"]
    assert run(translator, *texts) == [run(translator, text)[0] for text in texts]


def test_commands_of_the_tokenizer_in_a_text_are_plain_text(
    translator: HuggingFaceTranslator,
) -> None:
    plain, code, end = translator.count_tokens([" storm", ">>es<< storm", "</s> storm"])
    assert code > plain
    assert end > plain
    rows = translator._encode([">>es<< storm </s><pad>"])
    assert rows[0].count(0) == 1
    assert rows[0][-1] == 0


def test_a_text_over_the_limit_is_refused_and_never_cut(translator: HuggingFaceTranslator) -> None:
    assert translator.max_source_tokens == 64
    with pytest.raises(ValueError, match="over the 64"):
        translator.translate(["storm " * 64], source="en", target="es")


def test_what_the_length_limit_stops_is_said(translator: HuggingFaceTranslator) -> None:
    # The weights are random: they never choose the end token by themselves.
    (output,) = translator.translate(["The storm."], source="en", target="es")
    assert output.truncated
    assert output.score is not None
    assert output.score < 0


def test_no_texts_give_no_outputs(translator: HuggingFaceTranslator) -> None:
    assert translator.translate([], source="en", target="es") == []

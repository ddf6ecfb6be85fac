from collections.abc import Callable
from pathlib import Path

from models.catalogue import Model
from models.engines.loading import load_translator, prepare_files
from models.engines.reranking import reranked
from models.engines.translator import Decoding, Output
from models.language_model import embedded

SOURCE = "The presidential couple arrived on Monday."
WRONG = Output("El pareja presidencial llegó el lunes.", -0.30)
RIGHT = Output("La pareja presidencial llegó el lunes.", -0.31)


def first(weight: float, *ends: Output) -> Output:
    language = embedded("es")
    assert language is not None
    output = Output(ends[0].text, ends[0].score, ends[0].truncated, tuple(ends[1:]))
    return reranked(SOURCE, output, language, weight)


def test_the_language_model_decides_between_ends_that_are_about_as_good() -> None:
    output = first(0.2, WRONG, RIGHT)
    assert (output.text, output.score) == (RIGHT.text, RIGHT.score)
    assert output.alternatives == (WRONG,)


def test_the_model_decides_where_it_is_sure() -> None:
    sure = Output(RIGHT.text, -3.0)
    assert first(0.2, WRONG, sure).text == WRONG.text
    assert first(0.0, WRONG, RIGHT).text == WRONG.text


def test_an_end_that_was_cut_off_comes_last() -> None:
    assert first(0.2, Output(RIGHT.text, -0.1, truncated=True), WRONG).text == WRONG.text


def test_without_scores_the_order_stays() -> None:
    assert first(0.2, Output(WRONG.text), Output(RIGHT.text)).text == WRONG.text
    assert first(0.2, WRONG) == WRONG


def test_a_model_with_a_weight_reranks_and_one_without_does_not(
    tiny: Callable[[str], Model], models_dir: Path
) -> None:
    plain = tiny("marian")
    texts = [["The storm."], ["A voter.", "The mayor of the town spoke."]]
    outputs = []
    for weight in (0.0, 1.0):
        model = plain.model_copy(update={"rerank": weight})
        translator = load_translator(model, prepare_files(model, models_dir))
        for target in ("es", "fr"):
            found = translator.stream(
                texts, source="en", target=target, decoding=Decoding(hypotheses=6)
            )
            outputs.append([output for batch in found for output in batch])
        translator.close()
    to_spanish, to_french, reranked_spanish, reranked_french = outputs
    assert reranked_french == to_french
    assert reranked_spanish != to_spanish
    for before, after in zip(to_spanish, reranked_spanish, strict=True):
        ends = [{end.text for end in (output, *output.alternatives)} for output in (before, after)]
        assert ends[0] == ends[1]

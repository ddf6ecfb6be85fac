"""What every translation engine does, on a tiny untrained model of each family's true classes."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import Engine, Model
from models.catalogue_files import load_catalogue
from models.engines.conversion import ensure_converted
from models.engines.ct2 import CTranslate2Translator
from models.engines.device import Hardware, select_device
from models.engines.huggingface import HuggingFaceTranslator
from models.engines.tokenizer import ModelTokenizer
from models.engines.translator import Decoding, Translator
from tests.tiny import MAKERS

Make = Callable[[str, Engine, int], Translator]


ENGINES: tuple[Engine, ...] = ("transformers", "ctranslate2")


def translator_of(model: Model, engine: Engine, models_dir: Path) -> Translator:
    model = select_device(model.model_copy(update={"engine": engine}), Hardware.detect(engine))
    assert model.folder is not None
    tokenizer = ModelTokenizer(model, model.folder)
    if engine == "transformers":
        return HuggingFaceTranslator(model.folder, tokenizer, model, threads=1)
    return CTranslate2Translator(ensure_converted(model, models_dir), tokenizer, model, threads=1)


@pytest.fixture(scope="module")
def make(tiny: Callable[[str], Model], models_dir: Path) -> Make:
    """A translator of a family, on an engine, with so many beams."""

    @cache
    def make(family: str, engine: Engine, beams: int) -> Translator:
        return translator_of(tiny(family).model_copy(update={"beams": beams}), engine, models_dir)

    return make


@pytest.fixture(params=MAKERS)
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    name: Engine = request.param
    return name


@pytest.fixture
def translator(make: Make, family: str, engine: Engine) -> Translator:
    return make(family, engine, 2)


def run(translator: Translator, *texts: str) -> list[str]:
    return [o.text for o in translator.translate(texts, source="en", target="es")]


def test_a_batch_of_unequal_lengths_equals_one_by_one(
    make: Make, family: str, engine: Engine
) -> None:
    # Greedy: random weights end nothing, and beams that never end depend on where all are stopped.
    translator = make(family, engine, 1)
    texts = ["The storm.", "Two ferries reached the northern islands on Tuesday.", "x"]
    assert run(translator, *texts) == [run(translator, text)[0] for text in texts]


def test_a_stream_gives_what_each_batch_gives(translator: Translator) -> None:
    batches = [
        ["The storm.", "Two ferries"],
        ["x"],
        [],
        ["The islands."],
        ["On Tuesday.", "y", "z"],
    ]
    given = list(translator.stream(iter(batches), source="en", target="es"))
    assert [[output.text for output in outputs] for outputs in given] == [
        run(translator, *batch) for batch in batches
    ]


def test_a_stream_raises_for_the_batch_that_is_too_long(translator: Translator) -> None:
    stream = translator.stream([["x"], ["storm " * 64]], source="en", target="es")
    with pytest.raises(ValueError, match="over the limit 64"):
        list(stream)
    assert len(run(translator, "x")) == 1


def test_commands_of_the_tokenizer_in_a_text_are_plain_text(translator: Translator) -> None:
    plain, code, end = translator.count_tokens([" storm", ">>es<< storm", "</s> storm"])
    assert code > plain
    assert end > plain


def test_a_text_over_the_limit_is_refused_and_never_cut(translator: Translator) -> None:
    assert translator.max_source_tokens == 64
    with pytest.raises(ValueError, match="over the limit 64"):
        translator.translate(["storm " * 64], source="en", target="es")


def test_an_output_stopped_by_the_length_limit_is_marked(translator: Translator) -> None:
    # The weights are random: they hardly ever choose the end token by themselves.
    (output,) = translator.translate(["The storm."], source="en", target="es")
    assert output.truncated
    assert output.score is not None
    assert output.score < 0


def test_no_texts_give_no_outputs(translator: Translator) -> None:
    assert translator.translate([], source="en", target="es") == []


DECODING: dict[str, dict[str, Any]] = {
    "greedy": {"beams": 1},
    "beams": {"beams": 4},
    "all": {
        "beams": 4,
        "no_repeat_ngram": 2,
        "length_penalty": 2.0,
        "min_target_tokens": 8,
        "max_target_tokens": 24,
    },
}


def agree(reference: Translator, fast: Translator, texts: Sequence[str], target: str) -> None:
    expected = reference.translate(texts, source="en", target=target)
    for output, expected_output in zip(
        fast.translate(texts, source="en", target=target), expected, strict=True
    ):
        assert output.text == expected_output.text
        assert output.truncated == expected_output.truncated
        assert output.score == pytest.approx(expected_output.score, abs=1e-4)


@pytest.mark.parametrize("decoding", DECODING)
def test_the_engines_agree(
    tiny: Callable[[str], Model], models_dir: Path, family: str, article: str, decoding: str
) -> None:
    model = tiny(family).model_copy(update=DECODING[decoding])
    reference, fast = (translator_of(model, engine, models_dir) for engine in ENGINES)
    for number, line in enumerate(line for line in article.splitlines()[:12] if line):
        # One by one: random weights end nothing, and each row is stopped where its batch is.
        agree(reference, fast, [line[:40]], ("es", "fr")[number % 2])


@pytest.mark.parametrize("decoding", DECODING)
def test_the_engines_agree_on_the_embedded_model(
    models_dir: Path, article: str, decoding: str
) -> None:
    embedded = load_catalogue(None, models_dir).get("embedded/en-es", "translate")
    model = embedded.model_copy(update={**DECODING[decoding], "compute_type": "float32"})
    reference, fast = (translator_of(model, engine, models_dir) for engine in ENGINES)
    agree(reference, fast, [line for line in article.splitlines() if line.endswith(".")][:8], "es")


def test_of_several_hypotheses_the_best_comes_first(
    make: Make, family: str, engine: Engine
) -> None:
    translator = make(family, engine, 1)
    (output,) = translator.translate(
        ["The storm."], source="en", target="es", decoding=Decoding(hypotheses=4)
    )
    assert len(output.alternatives) == 3
    found = [output, *output.alternatives]
    assert len({one.text for one in found}) > 1
    scores = [one.score or 0 for one in found]
    assert scores == sorted(scores, reverse=True)
    assert not any(one.alternatives for one in output.alternatives)


def test_forbidden_ngrams_are_not_repeated(make: Make, family: str, engine: Engine) -> None:
    # Random weights go round in circles.
    translator = make(family, engine, 1)
    loop = re.compile(r"(.{2,}?)\1\1\1")
    (output,) = translator.translate(
        ["The storm."], source="en", target="es", decoding=Decoding(no_repeat_ngram=2)
    )
    assert not loop.search(output.text)


def test_an_alignment_links_the_words_of_any_two_texts(translator: Translator) -> None:
    source, translation = "Two ferries reached “the islands”.", "Dos ferris llegaron…"
    aligned, too_long = translator.align(
        [source, "a " * 5000], [translation, "a"], source="en", target="es"
    )
    assert too_long is None
    assert aligned is not None
    assert len(aligned.weights) == len(aligned.targets)
    assert {len(row) for row in aligned.weights} == {len(aligned.sources)}
    assert all(0 < sum(row) <= 1.01 for row in aligned.weights)
    for text, spans in ((source, aligned.sources), (translation, aligned.targets)):
        covered = {place for span in spans for place in range(*span)}
        assert all(place in covered or text[place] in " “”…" for place in range(len(text)))


def test_both_engines_align_alike(make: Make, family: str) -> None:
    pair = (["The storm reached the islands."], ["La tormenta llegó."])
    ours, theirs = (
        make(family, engine, 1).align(*pair, source="en", target="es")[0] for engine in ENGINES
    )
    assert ours is not None
    assert theirs is not None
    for row, other in zip(ours.weights, theirs.weights, strict=True):
        assert row == pytest.approx(other, abs=0.02)

"""Language models on transformers: a tiny untrained model of each architecture."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

from models.catalogue import Model, Style
from models.engines.causal import CausalTranslator
from models.engines.device import Hardware, select_device
from models.engines.loading import load_translator, prepare_files
from models.errors import ModelUnavailable
from tests import tiny as tiny_models

TEXTS = ["The storm.", "Two ferries reached the northern islands on Tuesday.", "x"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Model]:
    @cache
    def make(architecture: str) -> Model:
        return tiny_models.causal(tmp_path_factory.mktemp(architecture), architecture)

    return make


@pytest.fixture(scope="module")
def load(folders: Callable[[str], Model]) -> Callable[..., CausalTranslator]:
    def load(architecture: str = "llama", **fields: Any) -> CausalTranslator:
        model = folders(architecture).model_copy(update=fields)
        found = load_translator(model, prepare_files(model, Path()))
        assert isinstance(found, CausalTranslator)
        return found

    return load


def run(translator: CausalTranslator, *texts: str) -> list[str]:
    return [o.text for o in translator.translate(texts, source="en", target="es")]


@pytest.mark.parametrize("architecture", tiny_models.CAUSAL)
def test_a_batch_gives_what_each_text_gives_alone(
    load: Callable[..., CausalTranslator], architecture: str
) -> None:
    translator = load(architecture)
    assert run(translator, *TEXTS) == [run(translator, text)[0] for text in TEXTS]


@pytest.mark.parametrize("style", ["instruct", "translategemma", "hy-mt", "gemmax2", "seed-x"])
def test_every_kind_of_prompt_runs(load: Callable[..., CausalTranslator], style: Style) -> None:
    translator = load(style=style)
    for output in translator.translate(TEXTS, source="en", target="es"):
        assert 0 < output.usage.completion <= 16
        assert output.usage.prompt > 0
        assert "\n" not in output.text or style != "gemmax2"


def test_an_answer_is_bounded_by_its_own_source(load: Callable[..., CausalTranslator]) -> None:
    translator = load(max_target_tokens=None)
    short, long = translator.translate(["x", "The storm came " * 2], source="en", target="es")
    assert short.usage.completion <= 64 + 3
    assert short.truncated
    assert long.usage.completion > short.usage.completion


def test_a_stop_text_ends_the_answer_and_the_count_of_its_tokens(
    folders: Callable[[str], Model], tmp_path: Path
) -> None:
    folder = shutil.copytree(cast(Path, folders("llama").folder), tmp_path / "llama")
    weights = load_file(folder / "model.safetensors")
    line_break = AutoTokenizer.from_pretrained(folder)("\n")["input_ids"][0]
    weights["lm_head.weight"][line_break] *= 3  # so that both answers have one, at other places
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    model = folders("llama").model_copy(update={"folder": folder, "style": "gemmax2"})
    translator = load_translator(model, prepare_files(model, Path()))
    together = list(translator.translate(TEXTS[:2], source="en", target="es"))
    alone = [translator.translate([text], source="en", target="es")[0] for text in TEXTS[:2]]
    assert together == alone
    assert [output.truncated for output in together] == [False, False]
    assert len({output.usage.completion for output in together}) == 2


def test_a_text_that_leaves_no_room_for_its_answer_is_refused(
    load: Callable[..., CausalTranslator],
) -> None:
    translator = load()
    assert translator.max_source_tokens == tiny_models.CAUSAL_POSITIONS - 16
    with pytest.raises(ValueError, match="over the limit"):
        run(translator, "The storm came. " * 200)


def test_a_correction_is_a_second_turn(load: Callable[..., CausalTranslator]) -> None:
    translator = load()
    assert translator.can_correct
    (first,) = translator.translate(["x"], source="en", target="es")
    (second,) = translator.correct(
        ["x"], [first.text], [["“x” is missing."]], source="en", target="es"
    )
    assert second.usage.prompt > first.usage.prompt
    assert not load(style="gemmax2").can_correct


def test_a_chat_style_needs_a_chat_template(
    folders: Callable[[str], Model], tmp_path: Path
) -> None:
    model = tiny_models.causal(tmp_path)
    (tmp_path / "chat_template.jinja").unlink()
    with pytest.raises(ModelUnavailable, match="no chat template: set the entry's `style`"):
        load_translator(model, prepare_files(model, Path()))
    completing = model.model_copy(update={"style": "gemmax2"})
    assert load_translator(completing, prepare_files(completing, Path())).parallel_batches == 1


def test_a_gpu_computes_in_bfloat16(folders: Callable[[str], Model]) -> None:
    model = folders("llama").model_copy(update={"device": "auto", "compute_type": "auto"})
    types = ("float16", "bfloat16", "float32")
    chosen = select_device(model, Hardware(1, ("float32",), types))
    assert (chosen.device, chosen.compute_type) == ("cuda:0", "bfloat16")

from collections.abc import Callable, Generator, Iterable, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Model
from models.engines.alignment import Alignment
from models.engines.loading import load_translator, prepare_files
from models.engines.translator import Decoding, Output
from models.routes import Leg
from pipeline.batching import PADDING, padding, plan, translate


@given(st.lists(st.integers(1, 600)), st.integers(1, 2000), st.integers(1, 4))
def test_each_text_is_in_one_batch_within_the_budget(
    lengths: list[int], budget: int, parts: int
) -> None:
    batches = plan(lengths, budget, parts=parts)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[index] for index in batch)
        assert longest * len(batch) <= budget or len(batch) == 1


@given(st.lists(st.integers(1, 600)), st.integers(1, 2000), st.floats(0, 1))
def test_no_batch_has_more_padding_than_it_may(
    lengths: list[int], budget: int, most: float
) -> None:
    batches = plan(lengths, budget, most_padding=most)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert padding([lengths[index] for index in batch], [range(len(batch))]) <= most + 1e-9


def test_a_long_and_a_short_text_together_waste_little(article: str) -> None:
    lengths = [len(line.split()) for line in article.splitlines() * 3 + ["The vote is in July."]]
    lengths = [length for length in lengths if length]
    mixed = padding(lengths, plan(lengths, 2048))
    assert padding(lengths, plan(lengths, 2048, most_padding=PADDING)) < 0.1 < mixed


@given(st.lists(st.integers(1, 600), min_size=1), st.integers(1, 4))
def test_there_is_work_for_all_that_run_at_once(lengths: list[int], parts: int) -> None:
    batches = plan(lengths, 10**6, parts=parts)
    assert len(batches) <= parts
    for batch in batches:
        cost = max(lengths[index] for index in batch) * len(batch)
        assert cost <= max(lengths) * ceil(len(lengths) / parts)
    assert len(plan([10] * 20, 2048, parts=parts)) == parts


@given(st.lists(st.integers(1, 600)), st.integers(1, 2000), st.integers(2, 4))
def test_batches_that_run_at_once_are_no_more_than_full_rounds(
    lengths: list[int], budget: int, parts: int
) -> None:
    fewest = len(plan(lengths, budget))
    assert fewest <= max(len(plan(lengths, budget, parts=parts)), parts) < fewest + 2 * parts


def test_no_batch_is_left_to_run_alone() -> None:
    lengths = [*range(10, 60)] * 4
    assert [len(batch) for batch in plan(lengths, 2048)] == [34, 40, 49, 70, 7]
    batches = plan(lengths, 2048, parts=2)
    costs = [max(lengths[index] for index in batch) * len(batch) for batch in batches]
    assert len(costs) == 6
    assert max(costs) < 1.1 * min(costs)


def test_longest_first_and_full() -> None:
    assert plan([5, 100, 10, 50], 100) == [[1], [3, 2], [0]]


def test_white_space_longer_than_a_model_takes_is_kept_and_not_translated(
    tiny: Callable[[str], Model], tmp_path: Path
) -> None:
    # To NLLB each space is a token, and of an empty text it makes words.
    model = tiny("nllb").model_copy(update={"engine": "transformers"})
    translator = load_translator(model, prepare_files(model, tmp_path))
    wide = " " * (2 * translator.max_source_tokens)
    given = translator.translate(["The storm", "came."], source="en", target="es")
    (output,) = translate(
        translator, [f"The storm{wide}came."], Leg(model.id, "en", "es"), 2048, lambda _: None
    )
    assert output.text == wide.join(part.text for part in given).strip()


class Echo:
    """A translator that gives each text back, and keeps the sizes of the batches it was given."""

    max_source_tokens = 100
    parallel_batches = 1
    pays_for_padding = False

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def unknown_characters(self, text: str) -> frozenset[str]:
        return frozenset(text) & {"№"}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def translate(self, texts: Sequence[str], **_: Any) -> list[Output]:
        self.sizes.append(len(texts))
        return [Output(text) for text in texts]

    def stream(
        self, batches: Iterable[Sequence[str]], **_: Any
    ) -> Generator[list[Output], None, None]:
        yield from map(self.translate, batches)

    def align(self, *_: Any, **__: Any) -> list[Alignment | None]:
        return []

    def close(self) -> None:
        pass


def test_n_hypotheses_share_the_budget_of_a_batch() -> None:
    texts = ["The storm came over the islands at night."] * 12
    for hypotheses, most in ((1, 12), (6, 2)):
        echo = Echo()
        decoding = Decoding(hypotheses=hypotheses)
        outputs = translate(echo, texts, Leg("echo", "en", "es"), 96, lambda _: None, decoding)
        assert [output.text for output in outputs] == texts
        assert max(echo.sizes) == most

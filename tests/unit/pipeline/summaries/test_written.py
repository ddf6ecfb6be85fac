from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines.translator import Output, Usage
from pipeline.summaries.written import Ask, ask, pack, write

LIMIT = 20
PARAGRAPHS = [[f"w{p} s{s} a b c." for s in range(3)] for p in range(6)]


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


class Beginnings:
    """Summarizes a text by its first five words, and remembers what it was given."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def __call__(self, parts: Sequence[str]) -> list[Output]:
        self.calls.append(list(parts))
        return [Output(" ".join(part.split()[:5])) for part in parts]


words = st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=60)


@given(units=st.lists(words.map(" ".join), min_size=1, max_size=12), least=st.integers(1, 5))
def test_every_word_is_in_a_part_and_no_part_is_over_the_limit(
    units: list[str], least: int
) -> None:
    parts = pack(units, count, LIMIT, least)
    assert " ".join(parts).split() == " ".join(units).split()
    assert max(count(parts)) <= LIMIT


def test_what_the_model_takes_whole_is_one_part() -> None:
    model = Beginnings()
    (written,) = write([["w s a b c."]], 5, count, LIMIT, model)
    assert written.text == "w s a b c."
    assert len(model.calls) == 1


def test_the_model_reads_all_of_a_long_article() -> None:
    model = Beginnings()
    write(PARAGRAPHS, 25, count, LIMIT, model)
    read = " ".join(model.calls[0]).split()
    assert read == " ".join(s for p in PARAGRAPHS for s in p).split()


@pytest.mark.parametrize(("wished", "least", "most"), [(5, 5, 7), (12, 9, 18), (30, 21, 45)])
def test_about_as_much_is_written_as_wished(wished: int, least: int, most: int) -> None:
    written = write(PARAGRAPHS, wished, count, LIMIT, Beginnings())
    assert least <= sum(count([output.text for output in written])) <= most


def says(*lengths: int) -> tuple[Ask, list[tuple[int, int]]]:
    """A model whose answers have these lengths in words, and what it was asked: parts and words."""
    answers = iter(lengths)
    asked: list[tuple[int, int]] = []

    def answer(parts: Sequence[str], words: int) -> list[Output]:
        asked.append((len(parts), words))
        usage = Usage(1, 1)
        return [Output(" ".join(["word"] * next(answers)), usage=usage) for _ in parts]

    return answer, asked


def test_a_summary_of_the_right_length_is_asked_for_once() -> None:
    model, asked = says(95)
    (output,) = ask([["An article."]], 100, count, 50, model)
    assert asked == [(1, 100)]
    assert output.usage == Usage(1, 1)


def test_a_summary_of_a_wrong_length_is_asked_for_again_and_the_nearer_is_taken() -> None:
    model, asked = says(200, 104)
    (output,) = ask([["An article."]], 100, count, 50, model)
    assert asked == [(1, 100), (1, 50)]
    assert len(output.text.split()) == 104
    assert output.usage == Usage(2, 2)


def test_a_long_article_is_summarized_by_parts_and_then_as_a_whole() -> None:
    model, asked = says(20, 20, 60, 60)
    paragraphs = [["word " * 40], ["word " * 40]]
    (output,) = ask(paragraphs, 60, count, 50, model)
    assert asked == [(2, 30), (1, 60)]
    assert output.usage == Usage(3, 3)


def test_the_marks_of_a_list_are_not_part_of_a_sentence() -> None:
    (output,) = ask([["A."]], 4, count, 50, lambda *_: [Output("- One is.\n- Two are.")])
    assert output.text == "One is.\nTwo are."

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines.translator import Output
from pipeline.summaries.written import pack, write

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

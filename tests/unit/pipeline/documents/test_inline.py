"""Inline markup in a translation: over the words that come from the words it covered."""

import pytest

from models.engines.alignment import Alignment
from pipeline.documents.document import Inline, Part
from pipeline.documents.inline import Moved

SOURCE = "The red car was sold on Monday."
TARGET = "El lunes se vendió el coche rojo."
LINKS = {
    "El": {"on": 0.5, "Monday": 0.4},
    "lunes": {"Monday": 0.9},
    "se": {"was": 0.6, "sold": 0.3},
    "vendió": {"sold": 0.9},
    "el": {"The": 0.9},
    "coche": {"car": 0.9},
    "rojo": {"red": 0.9},
}


def spans(text: str) -> dict[str, tuple[int, int]]:
    return {word: (text.index(word), text.index(word) + len(word)) for word in text[:-1].split()}


OURS, THEIRS = spans(SOURCE), spans(TARGET)
ALIGNMENT = Alignment(
    list(OURS.values()),
    list(THEIRS.values()),
    [[LINKS[theirs].get(ours, 0.0) for ours in OURS] for theirs in THEIRS],
)


def inline(text: str, *, closing: str = "</b>", parent: int | None = None) -> Inline:
    start = SOURCE.index(text)
    return Inline(start, start + len(text), ("<b>",), closing, parent)


def moved(*inlines: Inline) -> list[str]:
    part = Part(0, len(SOURCE), SOURCE, TARGET, ALIGNMENT)
    found = Moved(SOURCE, inlines, [part])
    return [found.text[slice(*found.spans[number])] for number in range(len(inlines))]


@pytest.mark.parametrize(
    ("covered", "expected"),
    [
        ("red car", "coche rojo"),
        ("The red car", "el coche rojo"),
        ("Monday", "lunes"),
        ("on Monday", "El lunes"),
        ("on Monday.", "El lunes"),
        ("sold", "vendió"),
        ("was sold", "se vendió"),
        (SOURCE, TARGET),
    ],
)
def test_markup_covers_the_words_that_come_from_its_own(covered: str, expected: str) -> None:
    assert moved(inline(covered)) == [expected]


def test_what_is_nested_stays_nested_and_neighbours_do_not_overlap() -> None:
    outer, inner, beside = inline("red car"), inline("car", parent=0), inline("sold on")
    assert moved(outer, inner, beside) == ["coche rojo", "coche", "vendió"]


def test_what_another_block_closes_lasts_to_the_end() -> None:
    assert moved(inline("sold", closing="")) == ["vendió el coche rojo."]


def test_markup_over_two_sentences_is_one_run() -> None:
    source = f"{SOURCE} It is old."
    start, end = source.index("Monday"), source.index(" old")
    parts = [
        Part(0, len(SOURCE), SOURCE, TARGET, ALIGNMENT),
        Part(len(SOURCE) + 1, len(source), "It is old.", "Es viejo."),
    ]
    found = Moved(source, [Inline(start, end, ("<i>",), "</i>")], parts)
    assert found.text == f"{TARGET} Es viejo."
    assert found.text[slice(*found.spans[0])] == "lunes se vendió el coche rojo. Es"

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


PLANT = "The Hyundai car plant in Turin was the real cause."
FABRICA = "La fábrica de automóviles Hyundai en Turín era la verdadera causa."
PLANT_LINKS = {
    "La": {"The": 0.9},
    "fábrica": {"plant": 0.9},
    "de": {"car": 0.5, "plant": 0.3},
    "automóviles": {"car": 0.9},
    "Hyundai": {"Hyundai": 1.0},
    "en": {"in": 0.9},
    "Turín": {"Turin": 0.9},
    "era": {"was": 0.9},
    "la": {"the": 0.6, "real": 0.2},
    "verdadera": {"real": 0.6, "cause": 0.4},
    "causa": {"cause": 0.9},
}


@pytest.mark.parametrize(
    ("covered", "expected"),
    [
        ("plant in Turin", "fábrica de automóviles Hyundai en Turín"),
        ("cause", "causa"),
        ("was the", "era la"),
        ("the real", "la verdadera"),
    ],
)
def test_words_apart_are_one_run_and_a_word_of_others_is_not_drawn_in(
    covered: str, expected: str
) -> None:
    ours, theirs = spans(PLANT), spans(FABRICA)
    weights = [[PLANT_LINKS[word].get(ours_word, 0.0) for ours_word in ours] for word in theirs]
    alignment = Alignment(list(ours.values()), list(theirs.values()), weights)
    start = PLANT.index(covered)
    found = Moved(
        PLANT,
        [Inline(start, start + len(covered), ("<b>",), "</b>")],
        [Part(0, len(PLANT), PLANT, FABRICA, alignment)],
    )
    assert found.text[slice(*found.spans[0])] == expected


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

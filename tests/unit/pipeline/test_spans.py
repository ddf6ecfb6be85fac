"""Places written over."""

from pipeline.checks import Span
from pipeline.spans import edited


def test_each_place_is_replaced_wherever_the_others_are() -> None:
    assert edited("one two three", [(Span(8, 13), "3"), (Span(0, 3), "first")]) == "first two 3"
    assert edited("one", []) == "one"


def test_of_places_that_overlap_one_is_replaced() -> None:
    changes = [(Span(0, 7), "1 2"), (Span(4, 7), "2"), (Span(4, 7), "2")]
    assert edited("one two", changes) == "one 2"

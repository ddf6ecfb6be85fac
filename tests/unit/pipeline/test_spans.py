"""Replacing spans of a text."""

from pipeline.spans import Span, replace_spans


def test_each_span_is_replaced_independently_of_the_others() -> None:
    replacements = [(Span(8, 13), "3"), (Span(0, 3), "first")]
    assert replace_spans("one two three", replacements) == "first two 3"
    assert replace_spans("one", []) == "one"


def test_insertions_at_one_place_are_in_order() -> None:
    assert replace_spans("one", [(Span(3, 3), "b"), (Span(3, 3), "a")]) == "oneab"


def test_of_overlapping_spans_only_the_last_is_replaced() -> None:
    replacements = [(Span(0, 7), "1 2"), (Span(4, 7), "2"), (Span(4, 7), "2")]
    assert replace_spans("one two", replacements) == "one 2"

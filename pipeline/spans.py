"""Spans of a text."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """The characters `[start, end)` of a text."""

    start: int
    end: int


def replace_spans(text: str, replacements: Iterable[tuple[Span, str]]) -> str:
    """Replace each span of a text.

    Of spans that overlap, only the one that begins last is replaced.
    """
    pieces, limit = list[str](), len(text)  # from the end to the start
    for span, replacement in sorted(replacements, reverse=True):
        if span.end <= limit:
            pieces += [text[span.end : limit], replacement]
            limit = span.start
    return "".join([text[:limit], *reversed(pieces)])

"""Places of a text written over."""

from collections.abc import Iterable

from pipeline.checks.facts import Span


def edited(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    """The text with each place replaced; of places that overlap, only the one that begins last is."""
    end = len(text)
    for span, right in sorted(changes, reverse=True):
        if span.end <= end:
            text = text[: span.start] + right + text[span.end :]
            end = span.start
    return text

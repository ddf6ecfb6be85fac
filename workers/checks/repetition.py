"""Loops: a model that says the same words again and again."""

from workers.checks.facts import Span
from workers.checks.spelling import WORD

_LONGEST = 12
"""Words of the longest phrase that is looked for twice in a row."""


def loop(source: str, target: str) -> Span | None:
    """Where the target repeats a phrase at once, more often than the source repeats any."""
    times, span = _most_repeated(target)
    allowed = _most_repeated(source)[0]
    return span if times > max(allowed, 1) else None


def _most_repeated(text: str) -> tuple[int, Span]:
    """How often the most repeated phrase stands in a row, and the place of the repetitions.

    A phrase of one word counts from its third time on: "muy muy" and "had had" are said.
    """
    matches = list(WORD.finditer(text))
    words = [match[0].lower() for match in matches]
    best, span = 1, Span(0, 0)
    for size in range(1, min(_LONGEST, len(words) // 2) + 1):
        start = 0
        while start + 2 * size <= len(words):
            end = start + size
            while words[end : end + size] == words[start : start + size]:
                end += size
            times = (end - start) // size - (size == 1)
            if times > best:
                best, span = times, Span(matches[start].start(), matches[end - 1].end())
            start = max(start + 1, end - size)
    return best, span

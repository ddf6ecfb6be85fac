"""Loops: a model that repeats the same words."""

from collections import Counter
from collections.abc import Sequence

from pipeline.checks.words import Word
from pipeline.spans import Span

_LONGEST = 12
"""Maximum words of a repeated phrase."""


def loop(source: Sequence[Word], target: Sequence[Word]) -> Span | None:
    """The span where the target repeats a phrase more often in a row than the source repeats any."""
    times, span = _most_repeated(target)
    if times < 2 or times <= _most_repeated(source)[0]:
        return None
    return span


def _most_repeated(words: Sequence[Word]) -> tuple[int, Span]:
    """How often the most repeated phrase occurs in a row, and the span of its repetitions.

    A phrase of one word counts from its third occurrence on: "muy muy" and "had had" are correct.
    """
    forms = [word.lower for word in words]
    best, span = 1, Span(0, 0)
    for size in _distances(forms):
        start = 0
        while start + 2 * size <= len(forms):
            end = start + size
            while forms[end : end + size] == forms[start : start + size]:
                end += size
            times = (end - start) // size - (size == 1)
            if times > best:
                best, span = times, Span(words[start].span.start, words[end - 1].span.end)
            start = max(start + 1, end - size)
    return best, span


def _distances(forms: Sequence[str]) -> list[int]:
    """Distances between equal words, up to `_LONGEST`: the length of a repeated phrase is one of them."""
    if len(set(forms)) == len(forms):
        return []
    places: dict[str, list[int]] = {}
    for place, form in enumerate(forms):
        places.setdefault(form, []).append(place)
    far = Counter(
        later - place
        for found in places.values()
        for index, place in enumerate(found)
        for later in found[index + 1 : index + 1 + _LONGEST]
    )
    return sorted(size for size, times in far.items() if times >= size <= _LONGEST)

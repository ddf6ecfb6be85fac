"""Which sentences of a new revision were in the revision before, and what became of the others."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from pipeline.memory import normalized

LIKE = 55
"""From how like, of 100, a sentence counts as another one's new wording. Chosen, not measured: it
decides what is shown beside it, never what is kept."""
_MOST_JOINED = 4
"""Sentences that may have become one, or that one may have become."""

_JOINTS = re.compile(r"[.,;:…]+(?=\s|$)")
"""What may stand between two sentences that are one elsewhere. No other mark: a question is none."""


class Change(StrEnum):
    """What became of a sentence in a revision."""

    NEW = "new"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the field that it stands in."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """What became of one sentence of the new revision.

    `olds` are the numbers of the sentences that it comes from; none for a new one. `part` is for a
    sentence that was split: which of how many parts it is.
    """

    change: Change
    olds: tuple[int, ...] = ()
    part: tuple[int, int] = (0, 1)

    @property
    def keeps_translation(self) -> bool:
        """Whether the old translations say the same as the new sentence."""
        return self.change not in {Change.NEW, Change.CHANGED}


def align(olds: Sequence[Sentence], news: Sequence[Sentence]) -> list[Aligned]:
    """For each new sentence, what it comes from.

    Sentences that are the same come first, the nearest of several; then runs of sentences that have
    the same words as one, or one as a run; then, for what is left, the most like of what is left.
    """
    found: dict[int, Aligned] = dict(_same(olds, news))
    left_old = set(range(len(olds))) - {n for one in found.values() for n in one.olds}
    left_new = set(range(len(news))) - set(found)
    for number, aligned in (
        *_merged(olds, news, left_old, left_new),
        *_split(olds, news, left_old, left_new),
        *_reworded(olds, news, left_old, left_new),
    ):
        found[number] = aligned
    return [found.get(number, Aligned(Change.NEW)) for number in range(len(news))]


def removed(olds: Sequence[Sentence], aligned: Iterable[Aligned]) -> list[int]:
    """The numbers of the old sentences that nothing comes from."""
    kept = {number for one in aligned for number in one.olds}
    return [number for number in range(len(olds)) if number not in kept]


def _same(olds: Sequence[Sentence], news: Sequence[Sentence]) -> Iterable[tuple[int, Aligned]]:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, old in enumerate(olds):
        places[old.field, normalized(old.text)].append(number)
    pairs: list[tuple[int, int]] = []
    expected = 0
    for number, new in enumerate(news):
        choices = places[new.field, normalized(new.text)]
        if choices:
            nearest = min(choices, key=lambda old: abs(old - expected))
            choices.remove(nearest)
            pairs.append((number, nearest))
            expected = nearest + 1
    in_order = _longest_rising([old for _, old in pairs])
    for number, place in pairs:
        change = Change.UNCHANGED if place in in_order else Change.MOVED
        yield number, Aligned(change, (place,))


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The most of the numbers, all different, that stand in rising order."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    rising = set()
    last = ends[-1] if ends else None
    while last is not None:
        rising.add(last)
        last = before[last]
    return rising


def _merged(
    olds: Sequence[Sentence], news: Sequence[Sentence], left_old: set[int], left_new: set[int]
) -> Iterable[tuple[int, Aligned]]:
    runs = {
        _words(olds[n] for n in run): run
        for run in _runs(sorted(left_old))
        if len({olds[n].field for n in run}) == 1
    }
    for number in sorted(left_new):
        run = runs.get(_words([news[number]]))
        if run and left_old.issuperset(run) and olds[run[0]].field == news[number].field:
            left_old.difference_update(run)
            left_new.remove(number)
            yield number, Aligned(Change.MERGED, run)


def _split(
    olds: Sequence[Sentence], news: Sequence[Sentence], left_old: set[int], left_new: set[int]
) -> Iterable[tuple[int, Aligned]]:
    by_words = {_words([olds[n]]): n for n in sorted(left_old)}
    for run in _runs(sorted(left_new)):
        old = by_words.get(_words(news[n] for n in run))
        if old is None or old not in left_old or not left_new.issuperset(run):
            continue
        if {news[n].field for n in run} == {olds[old].field}:
            left_old.remove(old)
            left_new.difference_update(run)
            for part, number in enumerate(run):
                yield number, Aligned(Change.SPLIT, (old,), (part, len(run)))


def _reworded(
    olds: Sequence[Sentence], news: Sequence[Sentence], left_old: set[int], left_new: set[int]
) -> Iterable[tuple[int, Aligned]]:
    for number in sorted(left_new):
        choices = {n: normalized(olds[n].text) for n in left_old}
        best = process.extractOne(
            normalized(news[number].text), choices, scorer=fuzz.ratio, score_cutoff=LIKE
        )
        if best is not None:
            left_old.remove(best[2])
            yield number, Aligned(Change.CHANGED, (best[2],))


def _runs(numbers: Sequence[int]) -> Iterable[tuple[int, ...]]:
    """Runs of two to `_MOST_JOINED` numbers that follow one another, longer ones first."""
    there = set(numbers)
    for size in range(_MOST_JOINED, 1, -1):
        for first in numbers:
            run = tuple(range(first, first + size))
            if there.issuperset(run):
                yield run


def _words(sentences: Iterable[Sentence]) -> tuple[str, ...]:
    """The words of the sentences, whatever joins them and the case of the first."""
    joined = " ".join(normalized(sentence.text) for sentence in sentences)
    return tuple(_JOINTS.sub(" ", joined).casefold().split())

"""Choose the sentences of an article that make a summary of the requested length."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import ceil

from pipeline.summaries.salience import Scored

REDUNDANCY = 0.1
"""How much a sentence is penalised for repeating chosen ones (maximal marginal relevance)."""
SAME = 0.6
"""A sentence with at least this cosine to a chosen one is a repetition and is not chosen."""
_SHORT = 3
"""Up to this many sentences, each must stand alone; a longer summary reads as a continuous text."""
_ENOUGH = 0.5
"""Minimum share of the requested sentences in a short summary, even if one of them does not stand alone."""
_MOST_COMPARED = 200
"""Maximum chosen sentences to compare by one term: a more common term says little, at quadratic cost."""
_BETWEEN_SIGNS = 200
"""Sentences examined between two calls of `alive`."""


@dataclass(frozen=True, slots=True)
class Length:
    """The requested length: a number of sentences, a maximum of words, or a share of the sentences."""

    sentences: int | None = None
    words: int | None = None
    ratio: float | None = None

    def count(self, story: int) -> int | None:
        """The number of sentences for a story of `story` sentences; None if the length is in words."""
        if self.words is not None:
            return None
        return self.sentences or ceil((self.ratio or 0.0) * story)


def choose(
    scored: Scored,
    words: Sequence[int],
    length: Length,
    *,
    stands_alone: Sequence[bool],
    alive: Callable[[], None],
) -> list[int]:
    """Choose the most salient sentences that least resemble those chosen, while they fit, best first.

    `words` has the number of words of each sentence. A sentence that does not stand alone is chosen only if
    the one before it is, and in a short summary only where few stand alone. At least one is chosen: the
    shortest, if none is short enough.
    `alive` is called from time to time; an exception from it ends the work.
    """
    choice = _Choice(scored, words, length, stands_alone)
    alone = [index for index, is_alone in enumerate(stands_alone) if is_alone]
    choice.take(alone, alive)
    if choice.is_short and len(choice.chosen) < choice.wished * _ENOUGH:
        choice.take(choice.following(), alive)
    if not choice.chosen:
        return [min(alone or range(len(words)), key=lambda index: words[index])]
    return choice.chosen


class _Choice:
    """The sentences chosen so far."""

    def __init__(
        self, scored: Scored, words: Sequence[int], length: Length, stands_alone: Sequence[bool]
    ) -> None:
        self.chosen: list[int] = []
        self._worth = scored.salience
        self._vectors = scored.vectors
        self._words = words
        self._stands_alone = stands_alone
        self._count = length.count(len(words))
        self._most_words = length.words
        self._used = 0
        self._having: dict[str, list[int]] = {}
        """The chosen sentences that contain each term."""
        mean = max(sum(words) / len(words), 1) if words else 1
        self.wished = self._count or ceil((length.words or 0) / mean)
        self.is_short = self.wished <= _SHORT

    def take(self, candidates: Sequence[int], alive: Callable[[], None]) -> None:
        """Choose among the candidates, and the sentences that depend on chosen ones, while they fit.

        The value of a sentence only falls as more are chosen, so it is recomputed only when it is the best,
        and the others are not examined (lazy greedy; Minoux 1978).
        """
        heap = [(-self._worth[index], index) for index in candidates]
        heapify(heap)
        looked = 0
        while heap and self._is_open():
            looked += 1
            if looked % _BETWEEN_SIGNS == 0:
                alive()
            _, index = heappop(heap)
            if not self._fits(index):
                continue
            likeness = self._likeness(index)
            if likeness >= SAME:
                continue
            now = REDUNDANCY * likeness - self._worth[index]
            if heap and (now, index) > heap[0]:
                heappush(heap, (now, index))
                continue
            self._add(index)
            if not self.is_short and (after := self._follower(index)) is not None:
                heappush(heap, (-self._worth[after], after))

    def following(self) -> list[int]:
        """The sentences that depend on a chosen one."""
        followers = map(self._follower, self.chosen)
        return [index for index in followers if index is not None]

    def _follower(self, index: int) -> int | None:
        after = index + 1
        return after if after < len(self._words) and not self._stands_alone[after] else None

    def _is_open(self) -> bool:
        return self._count is None or len(self.chosen) < self._count

    def _fits(self, index: int) -> bool:
        return self._most_words is None or self._used + self._words[index] <= self._most_words

    def _add(self, index: int) -> None:
        self.chosen.append(index)
        self._used += self._words[index]
        for term in self._vectors[index]:
            having = self._having.setdefault(term, [])
            if len(having) < _MOST_COMPARED:
                having.append(index)

    def _likeness(self, index: int) -> float:
        """The greatest cosine to any chosen sentence."""
        products: dict[int, float] = {}
        for term, weight in self._vectors[index].items():
            for other in self._having.get(term, ()):
                products[other] = products.get(other, 0.0) + weight * self._vectors[other][term]
        return max(products.values(), default=0.0)

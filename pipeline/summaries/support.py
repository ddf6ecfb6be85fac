"""What in an article a sentence rests on: its best sources, and what it says that the article does not.

A sentence is a bag of terms weighed by rarity (`pipeline.summaries.salience`). Sources are taken greedily,
each the one that has most of what is not yet found: the coverage of Nenkova et al. 2007, turned round.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.reading import Reading, read
from pipeline.summaries.salience import Vector, score

MOST_SOURCES = 3
LEAST_GAIN = 0.08
"""A further source has at least this share of the sentence's weight that the others have not."""
LEAST_SHARE = 0.5
"""Of a sentence's weight, in its sources together; ADR 0015 has what was measured."""


@dataclass(frozen=True, slots=True)
class Support:
    """The indices of a sentence's sources in the article's order, and how much they carry.

    `share` is the part of its terms' weight that they have, from 0 to 1; `strange` are its numbers,
    dates, countries and names that stand nowhere in the article.
    """

    sources: list[int]
    share: float
    strange: list[Fact]

    @property
    def is_enough(self) -> bool:
        """Whether the sources carry the sentence."""
        return self.share >= LEAST_SHARE


def support(sentences: Sequence[str], article: Sequence[str], language: str) -> list[Support]:
    """For each sentence what it rests on in the article's sentences; both are in the language."""
    vectors = score([*article, *sentences], "").vectors
    readings = [read(text, language) for text in article]
    return [
        _support(vector, vectors[: len(article)], _strange(read(text, language), readings))
        for text, vector in zip(sentences, vectors[len(article) :], strict=True)
    ]


def _support(sentence: Vector, article: Sequence[Vector], strange: list[Fact]) -> Support:
    # Vectors are of length 1: the squares are shares.
    left = {term: weight * weight for term, weight in sentence.items()}
    total = sum(left.values())
    sources: list[int] = []
    while left and len(sources) < MOST_SOURCES:
        gains = [sum(left[term] for term in left.keys() & vector.keys()) for vector in article]
        best = max(range(len(article)), key=gains.__getitem__)
        if gains[best] < LEAST_GAIN:
            break
        sources.append(best)
        left = {term: share for term, share in left.items() if term not in article[best]}
    return Support(sorted(sources), total - sum(left.values()), strange)


def _strange(sentence: Reading, article: Sequence[Reading]) -> list[Fact]:
    """The facts of the sentence that no sentence of the article has."""
    known = [fact for reading in article for fact in _facts(reading)]
    whole = {word.lower for reading in article for word in reading.words}
    return [
        fact
        for fact in _facts(sentence)
        # A name at a sentence's beginning may pass for an ordinary word there.
        if fact.firm
        and not (fact.kind is Kind.NAME and fact.text.lower() in whole)
        and not any(fact.kind is other.kind and fact.means(other) for other in known)
    ]


def _facts(reading: Reading) -> tuple[Fact, ...]:
    return (*reading.numbers, *reading.calendar, *reading.countries, *reading.names)

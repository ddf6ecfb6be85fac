"""Find the sentences of an article that support a summary sentence, and facts that the article lacks.

A sentence is a bag of terms weighted by rarity (`pipeline.summaries.salience`). Sources are chosen
greedily, each the one that covers most of the weight not covered yet (coverage as in Nenkova et al. 2007).
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.reading import Reading, read
from pipeline.summaries.salience import Vector, score

MOST_SOURCES = 3
LEAST_GAIN = 0.08
"""Minimum share of the sentence's weight that a further source must add."""
LEAST_SHARE = 0.5
"""Minimum share of a sentence's weight that its sources must cover together; measured in ADR 0015."""


@dataclass(frozen=True, slots=True)
class Support:
    """The indices of a sentence's sources, in the order of the article, and how much they cover.

    `share` is the covered share of the weight of its terms, from 0 to 1; `strange` are its numbers,
    dates, countries and names that occur nowhere in the article.
    """

    sources: list[int]
    share: float
    strange: list[Fact]

    @property
    def is_enough(self) -> bool:
        """Whether the sources support the sentence."""
        return self.share >= LEAST_SHARE


def support(sentences: Sequence[str], article: Sequence[str], language: str) -> list[Support]:
    """The support of each sentence among the article's sentences; both are in `language`."""
    vectors = score([*article, *sentences], "").vectors
    readings = [read(text, language) for text in article]
    known = [fact for reading in readings for fact in _facts(reading)]
    whole = {word.lower for reading in readings for word in reading.words}
    return [
        _support(vector, vectors[: len(article)], _strange(read(text, language), known, whole))
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


def _strange(sentence: Reading, known: Sequence[Fact], whole: AbstractSet[str]) -> list[Fact]:
    """The facts of the sentence that are not among the article's facts, `known`, or words, `whole`."""
    return [
        fact
        for fact in _facts(sentence)
        # In the article the name may start a sentence and be read as an ordinary word.
        if fact.firm
        and not (fact.kind is Kind.NAME and fact.text.lower() in whole)
        and not any(fact.kind is other.kind and fact.means(other) for other in known)
    ]


def _facts(reading: Reading) -> tuple[Fact, ...]:
    return (*reading.numbers, *reading.calendar, *reading.countries, *reading.names)

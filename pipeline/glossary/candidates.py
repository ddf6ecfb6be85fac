"""The terms that may be in a text, found without dictionaries: few of many thousands."""

from collections.abc import Iterable, Sequence

from pipeline.checks.words import words
from pipeline.glossary.terms import Term

_SHORT = 5
"""Letters of a word of which only the first is compared: "mouse", "mice"."""
_PREFIX = 3
"""Letters of a longer word that all its forms share."""


class Candidates:
    """Terms by how their words begin."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._by_first: dict[str, list[tuple[int, set[str], Term]]] = {}
        for number, term in enumerate(terms):
            beginnings = [_beginning(word.folded) for word in words(term.source)]
            if beginnings:
                of_first = self._by_first.setdefault(beginnings[0], [])
                of_first.append((number, set(beginnings), term))

    def within(self, texts: Sequence[str]) -> list[Term]:
        """The terms each of whose words begins as some word of the texts does, in their order."""
        if not self._by_first:
            return []
        there: set[str] = set()
        for text in texts:
            for word in words(text):
                there.add(word.folded[:1])
                there.add(word.folded[:_PREFIX])
        found = [
            (number, term)
            for beginning in there & self._by_first.keys()
            for number, beginnings, term in self._by_first[beginning]
            if beginnings <= there
        ]
        return [term for _, term in sorted(found, key=lambda one: one[0])]


def _beginning(word: str) -> str:
    return word[:1] if len(word) <= _SHORT else word[:_PREFIX]

"""Whether a translation keeps the terms of its source."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.checks import CheckFlag, Code
from pipeline.checks.words import words
from pipeline.glossary.matching import Found, count


def missing(target: str, found: Sequence[Found], language: str) -> Iterator[CheckFlag]:
    """A flag for each term of a source that its translation does not have as often."""
    asked: dict[str, int] = {}
    for one in found:
        asked[one.wanted] = asked.get(one.wanted, 0) + 1
        if asked[one.wanted] > count(target, one, language):
            message = (
                f"“{one.text}” is not to be translated: the translation does not have it."
                if one.terms[0].target is None
                else f"“{one.text}” is “{one.wanted}” in the glossary: the translation does not have it."
            )
            yield CheckFlag(Code.TERM_MISSING, message, one.span)


def spellings(found: Sequence[Found]) -> Mapping[str, frozenset[str]]:
    """The folded words that stand for each word of the terms: right names, and right words."""
    return {
        word.folded: frozenset(
            other.folded for term in one.terms for other in words(term.target or one.text)
        )
        for one in found
        for word in words(one.text)
    }

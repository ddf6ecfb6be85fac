"""A text read once: its words and all of its facts."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from workers.checks.facts import Fact, Span
from workers.checks.names import names
from workers.checks.numbers import numbers
from workers.checks.spelling import WORD, fold


class Word(NamedTuple):
    """A word of the text; `capital` if it has a capital letter."""

    folded: str
    span: Span
    capital: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says, for the checks."""

    text: str
    language: str
    words: tuple[Word, ...]
    numbers: tuple[Fact, ...]
    names: tuple[Fact, ...]


@lru_cache(maxsize=512)
def read(text: str, language: str) -> Reading:
    """Read a segment. The source of several candidates, or of a repaired one, is read once."""
    words = tuple(
        Word(fold(match[0]), Span(*match.span()), match[0] != match[0].lower())
        for match in WORD.finditer(text)
    )
    return Reading(
        text, language, words, tuple(numbers(text, language)), tuple(names(text, language))
    )

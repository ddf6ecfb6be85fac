"""Split a text into words, once for all checks."""

import re
from typing import NamedTuple

from pipeline.checks.spelling import fold
from pipeline.spans import Span

_WORD = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+|[^\W\d_]+(?:-?\d[^\W_]*|(?<=n) ['’]t\b|(?:['’&][^\W\d_]+)*)|\d+[^\W\d_]*"
)
"""Initials (U.S); a code (F-16, G20) or a word, with the characters allowed inside ("don 't" is one word, as
some archives split it); digits (5, 5G)."""


class Word(NamedTuple):
    """A word without its possessive ending; `capital` if it contains a capital letter."""

    text: str
    lower: str
    folded: str
    span: Span
    capital: bool


def words(text: str) -> list[Word]:
    """The words and codes of a text, in order."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        if word[-2:] in ("'s", "’s"):
            word = word[:-2]
        lower = word.lower()
        start = match.start()
        found.append(Word(word, lower, fold(word), Span(start, start + len(word)), word != lower))
    return found

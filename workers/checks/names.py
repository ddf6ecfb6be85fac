"""Names in a text: words with a capital that are no ordinary words, acronyms and codes."""

import re

from workers.checks.facts import Fact, Kind, Span
from workers.checks.lexicon import ordinary_words
from workers.checks.number_words import NUMBER_WORDS
from workers.checks.spelling import fold

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’&.][^\W\d_]+)*-?\d[^\W_]*|\d+[^\W\d_]+|[^\W\d_]+(?:['’&.][^\W\d_]+)*"
)
"""A code (F-16, G20, 5G) or a word with what may stand inside one (O'Neill, AT&T, U.S)."""
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLES = (
    "mr mrs ms miss dr sir lord lady sr sra srta dña don doña st jr ph.d phd prof gen col lt sgt rep "
    "sen gov rev hon mme m"
)


_SKIPPED = frozenset(_TITLES.split())


def names(text: str, language: str) -> list[Fact]:
    """The words of names, one fact each, in the text's order; its value is the folded spelling."""
    ordinary, number_words = ordinary_words(language), NUMBER_WORDS.get(language, {})
    found = []
    for match in _TOKEN.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        lower = word.lower()
        if word == lower and not _is_code(word):
            continue
        if len(word) < 2 or lower in ordinary or lower in number_words or lower in _SKIPPED:
            continue
        span = Span(match.start(), match.start() + len(word))
        found.append(Fact(Kind.NAME, (fold(word),), span, word))
    return found


def _is_code(word: str) -> bool:
    return word[0].isalpha() and not word.isalpha() and any(c.isdigit() for c in word)

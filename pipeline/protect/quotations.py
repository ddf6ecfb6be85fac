"""Quotations in a language other than the text's: a speaker's own words, which are kept unchanged."""

from collections.abc import Iterator

from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.quotes import quotes
from pipeline.checks.words import words
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_LEAST_FOREIGN = 2
"""Minimum number of words in a quotation that only the other language has; one may be a name or loan word."""
_MOST_OWN = 1 / 3
"""Maximum ratio of words that only the text's language has to words that only the other language has."""


def quotations(text: str, source: str) -> Iterator[Protected]:
    """Find the contents of quotations that are in a known language other than `source`."""
    if source not in LANGUAGES:
        return
    for fact in quotes(text)[0]:
        inside = Span(fact.span.start + 1, fact.span.end - 1)
        if any(_is_in(text[slice(*inside)], other, source) for other in LANGUAGES - {source}):
            yield Protected(inside, How.CUT, text[slice(*inside)])


def _is_in(text: str, other: str, source: str) -> bool:
    forms = {word.lower for word in words(text)}
    foreign = sum(is_word(form, other) and not is_word(form, source) for form in forms)
    own = sum(is_word(form, source) and not is_word(form, other) for form in forms)
    return foreign >= _LEAST_FOREIGN and own <= _MOST_OWN * foreign

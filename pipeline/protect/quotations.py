"""Quotations in another language than the text: a speaker's own words, which stay as they were said."""

from collections.abc import Iterator

from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.quotes import quotes
from pipeline.checks.words import words
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_LEAST_FOREIGN = 2
"""Words of a quotation that only the other language has; a single one may be a name or a loan word."""
_MOST_OWN = 1 / 3
"""Words that only the text's language has, as a share of those that only the other has."""


def quotations(text: str, source: str) -> Iterator[Protected]:
    """The insides of quotations that are in another known language than `source`."""
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

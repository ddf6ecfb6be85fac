"""Keep titles of works whole where a model translated only some of their words: “Gone con el viento”."""

from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.quotes import quotes
from pipeline.checks.words import Word, words
from pipeline.spans import Span, replace_spans

_LEAST_WORDS = 3
"""Minimum words of a title; two capitalised words in quotation marks are more often a term or a name."""
_LONG = 4
"""Words of at least so many letters are capitalised in every title."""


def with_whole_titles(text: str, original: str, source: str, target: str) -> str:
    """The translation with half-translated titles as in its source.

    A title is a quotation in title case. It is half translated if it has a word of the source's language
    alone, and is not the source's.
    """
    if {source, target} != LANGUAGES or source == target:
        return text
    ours, theirs = quotes(original)[0], quotes(text)[0]
    if len(ours) != len(theirs):
        return text
    changes = []
    for our, their in zip(ours, theirs, strict=True):
        title, written = our.text[1:-1], their.text[1:-1]
        if title != written and _is_title(title) and _is_half(title, written, source, target):
            changes.append((Span(their.span.start + 1, their.span.end - 1), title))
    return replace_spans(text, changes)


def _is_title(text: str) -> bool:
    found = words(text)
    long = [word for word in found if len(word.text) >= _LONG and word.text.isalpha()]
    return (
        len(found) >= _LEAST_WORDS
        and found[0].capital
        and found[-1].capital
        and sum(word.capital for word in long) >= max(2, len(long) - 1)
    )


def _is_half(title: str, written: str, source: str, target: str) -> bool:
    ours = {word.folded for word in words(title)}

    def is_left(word: Word) -> bool:
        return (
            word.folded in ours
            and len(word.text) >= _LONG
            and is_word(word.lower, source)
            and not is_word(word.lower, target)
        )

    return any(map(is_left, words(written)))

"""Words that the target's language has not: a small model makes some up, and leaves some as they were.

Names are not looked at, nor what is, or is made after, a word of the source that its own language does not
have ("metallacarboranes").
"""

from collections.abc import Iterator

from workers.checks.countries import place_names
from workers.checks.dictionary import LANGUAGES, is_word
from workers.checks.facts import Span
from workers.checks.lexicon import ordinary_words
from workers.checks.reading import Reading
from workers.checks.spelling import shared

_LEAST_LETTERS = 4
_LEAST_STEM = 4
"""Letters that a coined word shares with the source's."""


def unknown(source: Reading, target: Reading) -> Iterator[Span]:
    """The words of the target that its language, as far as is known, has not.

    They are in small letters, or an adjective of a country as the source's language has it: "Norwegian".
    None for a language without a dictionary, which all but English and Spanish are.
    """
    if target.language not in LANGUAGES or source.language == target.language:
        return
    usual = ordinary_words(target.language)
    copied = {word.folded for word in source.words} - ordinary_words(source.language)
    adjectives = {fact.text for fact in source.countries} - place_names(source.language)
    countries = {fact.span.start for fact in target.countries}
    for place, word in enumerate(target.words):
        if word.text in usual or len(word.text) < _LEAST_LETTERS or not word.text.isalpha():
            continue
        if word.capital:
            foreign = word.text in adjectives and word.span.start not in countries
            if foreign and not any(w.capital for w in target.words[place + 1 : place + 2]):
                yield word.span
        elif word.folded in copied or _is_part(word.span, target.text):
            continue
        elif not is_word(word.text, target.language) and not _is_coined(word.folded, source):
            yield word.span


def _is_part(span: Span, text: str) -> bool:
    """Whether it is a part of something longer: "prêt-à-porter", "l'heure"."""
    return text[span.start - 1 : span.start] in tuple("-'’.") or text[
        span.end : span.end + 1
    ] in tuple("-'’")


def _is_coined(folded: str, source: Reading) -> bool:
    """Whether it is made after a word of the source that is no word of its language."""
    return any(
        word.folded[:1] == folded[0]
        and shared(folded, word.folded) >= _LEAST_STEM
        and not is_word(word.lower, source.language)
        for word in source.words
    )

"""Find words that do not exist in the target language: small models invent some and leave some untranslated.

Names are not checked, nor are words that equal or derive from a source word that is itself not in the
source language's dictionary ("metallacarboranes").
"""

import re
from collections.abc import Iterator

from pipeline.checks.countries import place_names
from pipeline.checks.dictionary import LANGUAGES, is_listed, is_word
from pipeline.checks.lexicon import names_of, ordinary_words, translated_names
from pipeline.checks.numbers import SUFFIXES
from pipeline.checks.reading import Reading
from pipeline.checks.spelling import Spellings, shared, sound, umlauts
from pipeline.checks.words import Word
from pipeline.spans import Span

_LEAST_LETTERS = 4
_LEAST_STEM = 4
"""Minimum letters that a coined word shares with the source word."""

_APOSTROPHE = re.compile(r"\w['’]")
_GLUED = re.compile(r"\d+(?P<letters>[^\W\d_]+)")


def unknown(source: Reading, target: Reading, own: Spellings) -> Iterator[Span]:
    """The words of the target that, as far as is known, do not exist in its language.

    Capitalised words may be names: of these only words unrelated to anything in the source ("Gustavian" for
    "venezolano") and adjectives of countries left in the source language ("Norwegian") are reported. None
    for a language without a dictionary, which is every language but English and Spanish.
    """
    if target.language not in LANGUAGES or source.language == target.language:
        return
    usual = ordinary_words(target.language)
    known = source.language in LANGUAGES
    copied = {
        word.folded
        for word in source.words
        if word.capital or not (known and is_listed(word.lower, source.language))
    } - ordinary_words(source.language)
    owned = {form for word in source.words for form in own.get(word.folded, ())}
    adjectives = {fact.text for fact in source.countries} - place_names(source.language)
    names = " ".join(other.text for other in source.words) + " "
    countries = [fact.span for fact in target.countries]
    firm = {fact.span for fact in target.names}
    for place, word in enumerate(target.words):
        if word.text[0].isdigit() and _is_glued(word, source):
            yield word.span
        shortest = _LEAST_LETTERS if place else _LEAST_LETTERS - 1
        if word.lower in usual or len(word.text) < shortest or not word.text.isalpha():
            continue
        if word.capital:
            if any(start <= word.span.start < end for start, end in countries):
                continue
            following = target.words[place + 1].text if place + 1 < len(target.words) else ""
            # "Norwegian Air" is a name; "Gambian President" is half translated.
            in_name = following[:1].isupper() and f"{word.text} {following} " in names
            left = word.text in adjectives and not in_name
            stands_out = place == 0 or word.span in firm
            if left or (stands_out and _is_strange(word, source, target, own)):
                yield word.span
        elif word.folded in copied or word.folded in owned or _is_part(word.span, target.text):
            continue
        elif not is_word(word.text, target.language) and not _is_coined(word.folded, source):
            yield word.span


def _is_glued(word: Word, source: Reading) -> bool:
    """Whether digits have letters attached that are no unit, no ordinal and not in the source: "2el"."""
    glued = _GLUED.fullmatch(word.lower)
    return (
        glued is not None
        and glued["letters"] not in SUFFIXES
        and all(word.folded != other.folded for other in source.words)
    )


def _is_strange(word: Word, source: Reading, target: Reading, own: Spellings) -> bool:
    """Whether a capitalised word is neither a word of the target language nor a name from the source."""
    if word.text[1:] != word.lower[1:] or is_word(word.lower, target.language):
        return False
    if word.folded in names_of(target.language):
        return False
    heard = sound(word.folded)
    table = translated_names(source.language, target.language)
    for other in source.words:
        if word.folded in other.folded or sound(other.folded) == heard:
            return False
        if word.folded in table.get(other.folded, ()) or word.folded in own.get(other.folded, ()):
            return False
        if other.capital and umlauts(other.text) == umlauts(word.text):
            return False
        # The check of names reports changed names; "Californian" is "californiano".
        if shared(other.folded, word.folded) >= _LEAST_STEM:
            return False
    return True


def _is_part(span: Span, text: str) -> bool:
    """Whether the span is part of something longer: "prêt-à-porter", "l'heure"; not in a quotation."""
    before, after = text[: span.start][-2:], text[span.end :][:2]
    return (
        before[-1:] in ("-", ".")
        or after[:1] == "-"
        or any(_APOSTROPHE.fullmatch(around) for around in (before, after[::-1]))
    )


def _is_coined(folded: str, source: Reading) -> bool:
    """Whether the word is modelled on a source word that is not in the source language's dictionary."""
    return any(
        word.folded[:1] == folded[0]
        and shared(folded, word.folded) >= _LEAST_STEM
        and not is_word(word.lower, source.language)
        for word in source.words
    )

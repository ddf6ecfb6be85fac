"""Find names in a text: capitalised words that are not ordinary words, acronyms and codes."""

import re
from collections.abc import Collection, Sequence

from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.facts import Fact, Kind
from pipeline.checks.lexicon import ordinary_words
from pipeline.checks.number_words import NUMBER_WORDS
from pipeline.checks.words import Word
from pipeline.spans import Span

_CONTRACTION = re.compile(r"['’](?:m|s|d|ll|re|ve|t)$", re.IGNORECASE)
_TITLES = (
    "mr mrs ms miss dr sir lord lady sr sra srta dña don doña st jr snr jnr ph.d phd prof gen col lt jj oo "
    "sgt rep sen gov rev hon mme m ee uu km kg gmt cet tv ok czk usd eur gbp mxn chf "
    "pm mp mps mep meps msp ceo cfo bsc msc mba ma cd cds dvd dvds vip r&d bc bce ce"
)
_BEGINNING = ("", *"\"“”«»„‘`'.:!?…¿¡(—–")
"""What precedes the beginning of a sentence or of a quoted sentence."""
_NUMBER_TOO = re.compile(r"[a-z]{3,}-\d+s?$")
_SKIPPED = frozenset(_TITLES.split())
"""Titles, units, and abbreviations that the other language often writes differently."""
_ENDINGS = {
    "en": ("ly", "s", "es", "ed", "ing", "er", "ers", "ness", "isation", "ization", "al"),
    "es": ("mente", "s", "es", "se", "lo", "la", "los", "las", "le", "les", "me", "nos"),
}


def names(
    text: str,
    words: Sequence[Word],
    language: str,
    taken: Collection[Fact] = (),
    people: Collection[Span] = (),
) -> list[Fact]:
    """The words of names, one fact each, in the order of the text; the value is the folded spelling.

    Words `taken` as a country or a date are not names. A name that is also an ordinary word ("Penal") is
    not firm, because it may be translated, unless it belongs to one of `people`. At the beginning of a
    sentence such a word is not counted as a name.
    """
    number_words = NUMBER_WORDS.get(language, {})
    starts = {place for fact in taken for place in range(*fact.span)}
    found = []
    for word in words:
        if not word.capital and not _is_code(word.text):
            continue
        if len(word.text) < 2 or word.lower in number_words or word.lower in _SKIPPED:
            continue
        if word.span.start in starts or _CONTRACTION.search(word.text):
            continue
        if any(person.start <= word.span.start < person.end for person in people):
            found.append(Fact(Kind.NAME, (word.folded,), word.span, word.text))
            continue
        begins = text[: word.span.start].rstrip()[-1:] in _BEGINNING
        firm = not (_is_ordinary(word, language) or (begins and _may_be_ordinary(word, language)))
        if firm or not begins:
            found.append(Fact(Kind.NAME, (word.folded,), word.span, word.text, firm=firm))
    return found


def runs(text: str, names: Sequence[Fact], joints: Collection[str] = (" ",)) -> list[list[Fact]]:
    """The names, grouped where they are adjacent: "Alfredo Romero". `joints` are the allowed separators."""
    found: list[list[Fact]] = []
    for name in names:
        if found and text[found[-1][-1].span.end : name.span.start] in joints:
            found[-1].append(name)
        else:
            found.append([name])
    return found


def whole(run: Sequence[Fact]) -> Span:
    """The span of adjacent names."""
    return Span(run[0].span.start, run[-1].span.end)


def _is_ordinary(word: Word, language: str) -> bool:
    """Whether the word, or the word that it derives from, is in the list of ordinary words."""
    ordinary = ordinary_words(language)
    if word.lower in ordinary:
        return True
    if word.text[1:] != word.lower[1:]:
        return False
    return any(
        word.lower.endswith(ending)
        and (stem := word.lower[: -len(ending)]) in ordinary
        and len(stem) > 3
        for ending in _ENDINGS.get(language, ())
    )


def _may_be_ordinary(word: Word, language: str) -> bool:
    """Whether a word that may be capitalised only by its position is in a dictionary: "Luckily", "Zest"."""
    return (
        language in LANGUAGES and word.text[1:] == word.lower[1:] and is_word(word.lower, language)
    )


def _is_code(word: str) -> bool:
    """Whether the word is a code of letters and digits; "mid-2007" is a number."""
    if word.isalpha():  # nearly every word: decided at once
        return False
    return word[0].isalpha() and any(c.isdigit() for c in word) and not _NUMBER_TOO.match(word)

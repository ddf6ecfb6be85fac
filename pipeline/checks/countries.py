"""Find countries in a text, by name or by adjective.

CLDR (through babel) has the names of the countries in every language; `data/demonyms.tsv` adds English and
Spanish adjectives and other names that news uses. The value of a fact is the country code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.lexicon import lines
from pipeline.checks.spelling import fold
from pipeline.checks.words import Word
from pipeline.checks.words import words as split_words
from pipeline.spans import Span

_COLUMNS = {"en": 1, "es": 2}
_ADJECTIVES_SMALL = frozenset({"es", "fr", "pt", "it", "ca", "gl", "nl"})
"""Languages that write the adjective of a country in lower case, and the country with a capital."""
_NOT_ALONE = frozenset({"ru", "eu", "ra", "us", "sino", "oriental", "latino", "galo", "pole"})
_LEAST_ADJECTIVE = 4
"""Minimum letters of an adjective that is recognised at the end of a longer word."""

Names = dict[str, list[tuple[tuple[str, ...], tuple[str, ...], bool]]]
"""By first word: the words of a name, its codes, and whether it needs a capital. Longest first."""


def countries(text: str, words: Sequence[Word], language: str) -> list[Fact]:
    """The countries of a text, in order, each named or given by its adjective."""
    table = _names(language)
    found: list[Fact] = []
    end = -1
    for place, word in enumerate(words):
        if word.span.start < end:
            continue
        for name, codes, capital in table.get(word.folded, ()):
            size = len(name)
            if (capital and not word.capital) or (
                size > 1 and tuple(w.folded for w in words[place : place + size]) != name
            ):
                continue
            if size == 1 and word.folded in _NOT_ALONE and word.text != word.text.upper():
                continue
            end = words[place + size - 1].span.end
            span = Span(word.span.start, end)
            found.append(Fact(Kind.COUNTRY, codes, span, text[span.start : end]))
            break
    return found


@cache
def _names(language: str) -> Names:
    table: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {}
    for code, name in _territories(language):
        table[_words(name)] = ((code,), True)
    for codes, name in _news_names(language):
        for form in _forms(name, language):
            known = table.get(_words(form), (codes, False))[0]
            merged = tuple(dict.fromkeys((*codes, *known)))
            table[_words(form)] = (merged, name[0].isupper())
    names: Names = {}
    for words in sorted(table, key=len, reverse=True):
        codes, capital = table[words]
        names.setdefault(words[0], []).append((words, codes, capital))
    return names


def adjectives_within(folded: str, language: str) -> Iterator[tuple[str, ...]]:
    """The codes of the adjectives that a longer word ends with: "proeuropeos", "afroamericano"."""
    table = _names(language)
    for start in range(2, len(folded) - _LEAST_ADJECTIVE + 1):
        for name, codes, _ in table.get(folded[start:], ()):
            if len(name) == 1:
                yield codes


@cache
def place_names(language: str) -> frozenset[str]:
    """The names of countries by CLDR, without adjectives."""
    return frozenset(name for _, name in _territories(language))


@cache
def accepted_names(language: str) -> frozenset[str]:
    """The names of countries by CLDR and the other names that news uses."""
    others = (name for _, name in _news_names(language) if name[0].isupper())
    return place_names(language).union(others)


@cache
def country_names(source: str, target: str) -> Mapping[str, str]:
    """The names of countries in the source language mapped to those in the target language, by CLDR."""
    theirs = dict(_territories(target))
    return {name: theirs[code] for code, name in _territories(source) if code in theirs}


@cache
def names_by_code(language: str) -> Mapping[str, tuple[str, ...]]:
    """The names of countries by code: CLDR's, then the others that news uses."""
    names = {code: [name] for code, name in _territories(language)}
    for codes, name in _news_names(language):
        if name[0].isupper() and len(codes) == 1:
            names.setdefault(codes[0], []).append(name)
    return {code: tuple(of_code) for code, of_code in names.items()}


def _news_names(language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The adjectives and the names that CLDR lacks, each with its codes; none for an unknown language."""
    column = _COLUMNS.get(language)
    if column is None:
        return
    for line in lines("demonyms.tsv"):
        cells = line.split("\t")
        for name in cells[column].split(", "):
            yield tuple(cells[0].split("/")), name


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.folded for word in split_words(name))


def _territories(language: str) -> Iterator[tuple[str, str]]:
    """The codes and CLDR names of countries, without remarks in brackets."""
    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return
    for code, name in territories.items():
        if len(code) == 2 and code not in ("EU", "UN", "EZ", "ZZ", "XA", "XB", "QO"):
            yield code, re.sub(r"\s*\(.*\)", "", name)


def _forms(name: str, language: str) -> Iterator[str]:
    """The inflected forms of a name: plurals, and Spanish feminines."""
    yield name
    if language == "en":
        yield f"{name}s"
        return
    if name[0].isupper():
        return
    stem = re.sub(r"[aeiouáéíóú]?$", "", name)
    plain = fold(name)
    if name.endswith("o"):
        yield from (f"{stem}a", f"{stem}os", f"{stem}as")
    elif re.search(r"[áéó][sn]$|ol$", name):
        yield from (f"{plain}a", f"{plain}es", f"{plain}as")
    elif name.endswith(("í", "ú")):
        yield from (f"{name}es", f"{name}s")
    elif name[-1] in "ae":
        yield f"{name}s"
    else:
        yield f"{name}es"

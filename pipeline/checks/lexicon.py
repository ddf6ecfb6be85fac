"""The tables under `data/`, loaded once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale

from pipeline.checks.words import words

_KNOWN = ("en", "es")
_FUNCTION_WORDS = {
    "en": "the of and to is are was were that with for on by from it he she they this which have had "
    "will would not be at as his her their its been but or an who what there if about more when we you "
    "into than out up can could should them these those some only my your our do does did",
    "es": "el la los las de del que y en un una por para con se su sus es son fue era al lo como más "
    "pero este esta esto estos estas ha han había ser está están muy también ya cuando donde quien sin "
    "sobre entre hasta desde porque todo todos nos le les si ni o hay cada otro otra ese esa eso",
}
FUNCTION_WORDS = {language: frozenset(text.split()) for language, text in _FUNCTION_WORDS.items()}
"""Words that every sentence has some of, and that the other language does not have."""


def lines(name: str) -> list[str]:
    """The lines of a table, without comments."""
    text = (files("pipeline.checks.data") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Words in lower case that are not names, even where a sentence or headline capitalises them.

    Empty for a language without a list.
    """
    if language not in _KNOWN:
        return frozenset()
    capitalised = lines("titles.en.txt") if language == "en" else ()
    return frozenset(lines(f"words.{language}.txt")).union(capitalised)


@cache
def genders(language: str) -> dict[str, str]:
    """Nouns of one gender, singular and plural, mapped to m or f. Empty except for Spanish."""
    if language != "es":
        return {}
    return dict(line.split("\t") for line in lines("genders.es.tsv"))


@cache
def translated_names(source: str, target: str) -> dict[str, frozenset[str]]:
    """Folded words of names mapped to their folded translations; empty for unknown pairs."""
    if source == target or source not in _KNOWN or target not in _KNOWN:
        return {}
    table: dict[str, set[str]] = {}
    for line in lines(f"names.{source}-{target}.tsv"):
        name, forms = line.split("\t")
        table[name] = set(forms.split())
    for ours, theirs in _exonyms(source, target):
        _add(table, ours, theirs)
    return {name: frozenset(forms) for name, forms in table.items()}


@cache
def names_of(language: str) -> frozenset[str]:
    """The folded words of place names that are specific to the language, such as "praga"."""
    pairs = _exonyms(language, next(other for other in _KNOWN if other != language))
    return frozenset(word.folded for ours, _ in pairs for word in words(ours) if word.capital)


@cache
def places(source: str, target: str) -> dict[str, str]:
    """The names of places and institutions, mapped to the first name that the other language has for each."""
    if {source, target} != set(_KNOWN):
        return {}
    found: dict[str, str] = {}
    for ours, theirs in _exonyms(source, target):
        for name in ours.split(", "):
            found.setdefault(name, theirs.split(", ")[0])
    return found


def _exonyms(source: str, target: str) -> Iterator[tuple[str, str]]:
    """Names that differ between the two languages: those of the table, and the cities in CLDR."""
    for line in lines("exonyms.tsv"):
        english, spanish = line.split("\t")
        yield (english, spanish) if source == "en" else (spanish, english)
    yield from _cities(source, target)


def _add(table: dict[str, set[str]], ours: str, theirs: str) -> None:
    """Map every word of `ours` to every word of `theirs`: word order differs between languages."""
    forms = {word.folded for word in words(theirs)}
    for word in words(ours):
        if word.capital:
            table.setdefault(word.folded, set()).update(forms)


def _cities(source: str, target: str) -> Iterator[tuple[str, str]]:
    """The cities with a name in CLDR for both languages, which are those that time zones are named after."""
    ours, theirs = (Locale.parse(language).time_zones for language in (source, target))
    for zone, names in ours.items():
        if "city" in names and "city" in theirs.get(zone, {}):
            yield names["city"], theirs[zone]["city"]
        elif "city" in theirs.get(zone, {}):
            yield zone.split("/")[-1].replace("_", " "), theirs[zone]["city"]

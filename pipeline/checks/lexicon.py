"""The tables under `data/`, loaded once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale

from pipeline.checks.words import words

_KNOWN = ("en", "es")


def lines(name: str) -> list[str]:
    """The lines of a table, without its remarks."""
    text = (files("pipeline.checks.data") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Words in lower case that are no names, though a sentence or a headline may capitalise them.

    Empty for a language without a list.
    """
    if language not in _KNOWN:
        return frozenset()
    capitalised = lines("titles.en.txt") if language == "en" else ()
    return frozenset(lines(f"words.{language}.txt")).union(capitalised)


@cache
def genders(language: str) -> dict[str, str]:
    """The nouns of one gender, singular and plural, and which: m or f. Empty but for Spanish."""
    if language != "es":
        return {}
    return dict(line.split("\t") for line in lines("genders.es.tsv"))


@cache
def translated_names(source: str, target: str) -> dict[str, frozenset[str]]:
    """For folded words of names the folded words that stand for them; empty for unknown pairs."""
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
    """The folded words of the names that a language has of its own for places: "praga"."""
    pairs = _exonyms(language, next(other for other in _KNOWN if other != language))
    return frozenset(word.folded for ours, _ in pairs for word in words(ours) if word.capital)


def _exonyms(source: str, target: str) -> Iterator[tuple[str, str]]:
    """Names that differ in the two languages: those of the table, and CLDR's cities."""
    for line in lines("exonyms.tsv"):
        english, spanish = line.split("\t")
        yield (english, spanish) if source == "en" else (spanish, english)
    yield from _cities(source, target)


def _add(table: dict[str, set[str]], ours: str, theirs: str) -> None:
    """Every word of ours may be any word of theirs: the order of a name's words is its language's."""
    forms = {word.folded for word in words(theirs)}
    for word in words(ours):
        if word.capital:
            table.setdefault(word.folded, set()).update(forms)


def _cities(source: str, target: str) -> Iterator[tuple[str, str]]:
    """The cities that CLDR names in both languages: those that time zones are called after."""
    ours, theirs = (Locale.parse(language).time_zones for language in (source, target))
    for zone, names in ours.items():
        if "city" in names and "city" in theirs.get(zone, {}):
            yield names["city"], theirs[zone]["city"]
        elif "city" in theirs.get(zone, {}):
            yield zone.split("/")[-1].replace("_", " "), theirs[zone]["city"]

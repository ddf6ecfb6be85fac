"""Check whether a name of the source is in the translation, in any accepted spelling."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.checks.bilingual import translations
from pipeline.checks.facts import Fact
from pipeline.checks.lexicon import ordinary_words, translated_names
from pipeline.checks.reading import Reading
from pipeline.checks.spelling import (
    Spellings,
    doubled,
    fold,
    inflected,
    learned,
    reordered,
    sound,
    umlauts,
)
from pipeline.checks.words import Word

_BETWEEN = 3
"""Maximum lower-case words in a row inside a name: "Ley de los ..."."""


class KeptNames:
    """Tests whether names of the source are in the target."""

    def __init__(self, source: Reading, target: Reading, own: Spellings) -> None:
        self.known = {fact.value for fact in source.capitalised}
        self._there = {word.folded for word in target.words} | set(_families(target.words))
        self._there |= _joined(target.words).keys() & self.known
        self._there.update(umlauts(word.lower) for word in target.words if word.capital)
        self._sounds: dict[str, list[str]] = {}
        for word in target.words:
            if word.capital:
                self._sounds.setdefault(sound(word.folded), []).append(word.folded)
        ordinary = ordinary_words(target.language)
        self._adapted = [
            word.folded for word in target.words if not word.capital or word.lower in ordinary
        ]
        self._numerals = {
            fact.span
            for fact in source.numbers
            if any(fact.means(other) for other in target.numbers)
        }
        for run in _joined(source.words).items():
            if run[0] in self._there:
                self._there.update(run[1])
        self._acronyms = [word.folded for word in target.words if word.text.isupper()]
        self._initials = _initials(target.words)
        self._languages = source.language, target.language
        self._english = source.language == "en"
        self._table = translated_names(source.language, target.language)
        self._own = own

    def __call__(self, fact: Fact) -> bool:
        """Whether the name is in the target."""
        name = fact.value
        if name in self._there or umlauts(fact.text) in self._there:
            return True
        if fact.span in self._numerals:
            return True  # World War II is "la Segunda Guerra Mundial"
        if any(not doubled(name, word) for word in self._sounds.get(sound(name), ())):
            return True
        translations = self._table.get(name, frozenset())
        if not translations.isdisjoint(self._there):
            return True
        if not self._own.get(name, frozenset()).isdisjoint(self._there):
            return True
        if not fact.firm and not self._translated(fact.text).isdisjoint(self._there):
            return True  # "Class A" is "Clase A"
        if fact.text.isupper() and (
            any(reordered(name, word) for word in self._acronyms)
            or any(_spelled_out(name, run) for run in self._initials)
        ):
            return True
        if fact.text[:-1].isupper() and fact.text[-1] == "s" and name[:-1] in self._there:
            return True  # the plural of an acronym
        if self._english and name.endswith(("ian", "ians")):
            region = name.rstrip("s")[:-1]  # Moravian: of Moravia
            forms = self._table.get(region, frozenset())
            if region in self._there or sound(region) in self._sounds or forms & self._there:
                return True
        heard = sound(name)
        return any(
            inflected(heard, sound(word)) or (len(name) > 5 and heard in sound(word))
            for word in self._adapted
        ) or any(learned(name, word) for word in self._there)

    def _translated(self, word: str) -> set[str]:
        """The folded translations of a capitalised word that is also an ordinary one."""
        return {fold(form) for form in translations(word.lower(), *self._languages)}


def _joined(words: Sequence[Word]) -> dict[str, list[str]]:
    """Two or three words in a row written as one word, mapped to those words: Al Qaeda, Alqaeda."""
    folded = [word.folded for word in words]
    return {
        "".join(run): run
        for size in (2, 3)
        for start in range(len(folded) - size + 1)
        if (run := folded[start : start + size])
    }


def _initials(words: Sequence[Word]) -> list[str]:
    """The initials of capitalised words in a row, skipping the lower-case words between them."""
    runs, between = [""], 0
    for word in words:
        if word.capital:
            runs[-1] += word.folded[:1]
            between = 0
        elif (between := between + 1) > _BETWEEN and runs[-1]:
            runs.append("")
    return runs


def _spelled_out(acronym: str, initials: str) -> bool:
    """Whether the initials are the letters of an acronym, in any order, since languages differ in it."""
    size, letters = len(acronym), sorted(acronym)
    return size > 2 and any(
        sorted(initials[start : start + size]) == letters
        for start in range(len(initials) - size + 1)
    )


def _families(words: Sequence[Word]) -> Iterator[str]:
    """Names of families in the form of the other language: "los Romero" are "the Romeros"."""
    for article, word in pairwise(words):
        if word.capital and article.lower in ("los", "las"):
            yield f"{word.folded}s"
            yield word.folded.removesuffix("s")  # "los Chagals"
            yield word.folded.removesuffix("es")  # "los Inuites"
        elif word.capital and article.lower == "the" and word.folded.endswith("s"):
            yield word.folded.removesuffix("s")

"""Find which words may translate which, by counts from parallel texts (`data/make.py`).

Covers English and Spanish.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.checks.lexicon import FUNCTION_WORDS, lines
from pipeline.checks.spelling import fold, shared, sound
from pipeline.checks.words import Word

_LEAST_STEM = 4
"""Minimum letters that inflected forms of one word share."""
_COGNATE = 5
"""Minimum letters that a word and its cognate share."""


@cache
def _table(source: str, target: str) -> Mapping[str, str]:
    if {source, target} != {"en", "es"}:
        return {}
    rows = (line.split("\t") for line in lines(f"lexicon.{source}-{target}.tsv"))
    return {word: forms for word, forms in rows}  # noqa: C416 - dict() takes no rows of lists


def translations(word: str, source: str, target: str) -> list[str]:
    """The possible translations of a word in lower case, the likeliest first; empty for an unknown word."""
    return _table(source, target).get(word, "").split()


def content(words: Sequence[Word], source: str, target: str) -> list[Word]:
    """The words that have a known translation: not function words, names or numbers."""
    table = _table(source, target)
    small = FUNCTION_WORDS.get(source, frozenset())
    return [word for word in words if word.lower in table and word.lower not in small]


def untranslated_words(
    ours: Sequence[Word], theirs: Sequence[Word], source: str, target: str
) -> list[Word]:
    """The words of a text that have a known translation of which the other text contains no form."""
    return unexpressed(content(ours, source, target), theirs, source, target)


def unexpressed(
    ours: Sequence[Word], theirs: Sequence[Word], source: str, target: str
) -> list[Word]:
    """The words of which the other text contains no known translation, and no word spelled alike."""
    if not ours:
        return []
    translation = _TargetWords(theirs, target, source)
    return [word for word in ours if not translation.has(word, source, target)]


class _TargetWords:
    """The words of a translation, indexed by prefix and by sound, and the words that they may translate."""

    def __init__(self, words: Sequence[Word], language: str, other: str) -> None:
        folded = {word.folded for word in words}
        self._words = folded
        self._beginnings = {
            word[:size] for word in folded for size in range(_LEAST_STEM, len(word) + 1)
        }
        self._sounds = {sound(word)[:_COGNATE] for word in folded if len(word) >= _COGNATE}
        self._translates = {
            fold(form) for word in words for form in translations(word.lower, language, other)
        }

    def has(self, word: Word, source: str, target: str) -> bool:
        """Whether the translation contains the word, a form of one of its translations, or a cognate."""
        if word.folded in self._words or word.folded in self._translates:
            return True
        if len(word.folded) >= _COGNATE and sound(word.folded)[:_COGNATE] in self._sounds:
            return True
        forms = (fold(form) for form in translations(word.lower, source, target))
        return any(
            form in self._words or form[: max(_LEAST_STEM, len(form) - 3)] in self._beginnings
            for form in forms
        )


def repeated(ours: Sequence[Word], theirs: Sequence[Word], source: str, target: str) -> int:
    """How many words of the other text repeat the meaning of a single word of this text.

    For example, "dijo lo que se ha dicho" translates "said" twice.
    """
    times = 0
    small = FUNCTION_WORDS.get(target, frozenset())
    folded = [word.folded for word in theirs if word.lower not in small]
    for word in content(ours, source, target):
        forms = [fold(form) for form in translations(word.lower, source, target)]
        said = {one for one in folded if any(_is_form(form, one) for form in forms)}
        same = sum(other.lower == word.lower for other in ours)
        times += max(0, len(said) - same)
    return times


def _is_form(one: str, other: str) -> bool:
    """Whether two folded words may be forms of the same word."""
    if one == other:
        return True
    alike = shared(one, other)
    return alike >= max(_LEAST_STEM, min(len(one), len(other)) - 2)

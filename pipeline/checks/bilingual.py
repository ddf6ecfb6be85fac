"""Which words may translate which: counted in parallel texts (`data/make.py`), for English and Spanish."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from pipeline.checks.language import FUNCTION_WORDS
from pipeline.checks.lexicon import lines
from pipeline.checks.spelling import fold, shared, sound
from pipeline.checks.words import Word

_LEAST_STEM = 4
"""Letters that inflected forms of one word share."""
_COGNATE = 5
"""Letters that a word and its cognate share."""


@cache
def _table(source: str, target: str) -> Mapping[str, str]:
    if {source, target} != {"en", "es"}:
        return {}
    rows = (line.split("\t") for line in lines(f"lexicon.{source}-{target}.tsv"))
    return {word: forms for word, forms in rows}  # noqa: C416 - dict() takes no rows of lists


def translations(word: str, source: str, target: str) -> list[str]:
    """The words that may stand for a word in small letters, the likeliest first; none if it is not known."""
    return _table(source, target).get(word, "").split()


def content(words: Sequence[Word], source: str, target: str) -> list[Word]:
    """The words whose translation is known: no function words, names or numbers."""
    table = _table(source, target)
    small = FUNCTION_WORDS.get(source, frozenset())
    return [word for word in words if word.lower in table and word.lower not in small]


def unsaid(ours: Sequence[Word], theirs: Sequence[Word], source: str, target: str) -> list[Word]:
    """The words of a text whose translation is known, and is not in the other text in any form."""
    folded = frozenset(word.folded for word in theirs)
    back = {fold(form) for word in theirs for form in translations(word.lower, target, source)}
    return [
        word
        for word in content(ours, source, target)
        if word.folded not in back and not _is_said(word.lower, folded, source, target)
    ]


def repeated(ours: Sequence[Word], theirs: Sequence[Word], source: str, target: str) -> int:
    """How many words of the other text say again what one word of this one says.

    "dijo lo que se ha dicho" says "said" twice.
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


@lru_cache(maxsize=16384)
def _is_said(word: str, theirs: frozenset[str], source: str, target: str) -> bool:
    plain = fold(word)
    forms = [fold(form) for form in translations(word, source, target)]
    return any(
        other == plain
        or (len(other) >= _COGNATE and shared(sound(other), sound(plain)) >= _COGNATE)
        or any(_is_form(form, other) for form in forms)
        for other in theirs
    )


def _is_form(one: str, other: str) -> bool:
    """Whether two folded words may be forms of one."""
    if one == other:
        return True
    alike = shared(one, other)
    return alike >= max(_LEAST_STEM, min(len(one), len(other)) - 2)

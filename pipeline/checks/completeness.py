"""Check that the whole sentence is translated, and that the translation does not end early."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.reading import Reading
from pipeline.spans import Span

_END = re.compile(r"[.!?…:;][\"'”’»)\]]*\s*$")
_SENTENCE_BREAK = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«¿¡(\[]*[A-ZÀ-Þ])")
_DANGLING_WORDS = {
    "en": "the a an of to in and or with for by from at as that which who but is are was were has have had "
    "will would their his its",
    "es": "el la los las un una unos unas de del al a en y o e u con por para que como pero su sus es son "
    "fue era se lo cuyo según sin sobre entre desde hasta",
}
_DANGLING = {language: frozenset(text.split()) for language, text in _DANGLING_WORDS.items()}
"""Words that no sentence ends with."""
_LEAST_LENGTH = 40
"""Minimum characters for a length to be meaningful."""
_LONG = 140
_EXPECTED = {("en", "es"): 1.1, ("es", "en"): 0.92}
"""The median ratio of the length of a translation to that of its source, in characters (newstest2010)."""
_LEAST_RATIO, _LEAST_RATIO_OF_LONG = 0.56, 0.66
"""Minimum shares of the expected length: one human translation in two hundred is shorter."""
_LEAST_RATIO_OF_SEVERAL = 0.75
"""The same for a segment of several sentences whose translation has fewer."""


def is_truncated(source: Reading, target: Reading) -> bool:
    """Whether the translation breaks off: no final mark, and an end that needs more after it."""
    if _END.search(target.text) or not target.words or not source.words:
        return False
    last = target.words[-1].lower
    if last in _DANGLING.get(target.language, ()):
        return source.words[-1].lower not in _DANGLING.get(source.language, ())
    return bool(_END.search(source.text)) and target.text.rstrip()[-1:] in ",-–—("


def omits(source: Reading, target: Reading) -> bool:
    """Whether the translation is too short to be complete, by its length and its number of sentences."""
    if not target.words:
        return bool(source.words)
    expected = _EXPECTED.get((source.language, target.language))
    if len(source.text) < _LEAST_LENGTH or expected is None:
        return False
    ratio = len(target.text) / len(source.text) / expected
    if ratio < (_LEAST_RATIO_OF_LONG if len(source.text) >= _LONG else _LEAST_RATIO):
        return True
    lost = len(_SENTENCE_BREAK.findall(source.text)) - len(_SENTENCE_BREAK.findall(target.text))
    return lost > 0 and ratio < _LEAST_RATIO_OF_SEVERAL


def vanished(source: Reading, target: Reading) -> Iterator[Span]:
    """Words in a script foreign to the source language of which no letter is left in the translation.

    A model has no tokens for such words and omits them.
    """
    if source.language not in _DANGLING:
        return
    for word in source.words:
        foreign = len(word.text) > 1 and not any(map(_is_latin, word.text))
        if foreign and set(word.text).isdisjoint(target.text):
            yield word.span


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")

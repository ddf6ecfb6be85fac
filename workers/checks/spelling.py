"""Spellings compared: accents, capitals, and the ways to write one foreign sound."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
"""A word: letters and digits, with what may stand inside one (O'Neill, U.S, Saint-Denis, AT&T)."""

# Before any text is read: the same for ours and theirs, so that what a language writes its own way
# meets. Order counts.
_SOUNDS = (
    ("sch", "s"), ("tch", "c"), ("dzh", "y"), ("zh", "y"), ("sh", "s"), ("ch", "c"), ("kh", "y"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("rh", "r"), ("ck", "c"), ("qu", "c"), ("ou", "u"),
    ("oo", "u"), ("ee", "i"), ("aa", "a"), ("k", "c"), ("q", "c"), ("w", "v"), ("j", "y"),
    ("i", "y"), ("z", "s"), ("h", ""), ("v", "b"), ("ff", "f"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word in lower case, without accents, hyphens, apostrophes or points."""
    word = word.lower()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFD", word.translate(_LETTERS))
        word = "".join(c for c in decomposed if not unicodedata.combining(c))
    return word if word.isalnum() else "".join(c for c in word if c.isalnum() or c == "&")


@lru_cache(maxsize=16384)
def sound(folded: str) -> str:
    """A key that transliterations of a name share: Gorbachev, Gorbachov have "gorbacev", "gorbacob".

    Only what is written differently in news for the same person is joined; vowels are kept, so that
    Romero and Romaro stay two.
    """
    for letters, instead in _SOUNDS:
        folded = folded.replace(letters, instead)
    return _TWICE.sub(r"\1", folded)


def distance(one: str, other: str, limit: int) -> int:
    """Levenshtein's distance of two words; `limit` + 1 where it is greater."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
        if min(row) > limit:
            return limit + 1
    return row[-1]

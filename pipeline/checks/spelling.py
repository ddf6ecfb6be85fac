"""Compare spellings: accents, capitals, and the different ways to write one foreign sound."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import Levenshtein

Spellings = Mapping[str, frozenset[str]]
"""Words of a source, folded, and the words that the newsroom writes for each in the translation."""
NO_SPELLINGS: Spellings = MappingProxyType({})

# Longer ones first: the order matters.
_SOUNDS = (
    ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("dzh", "y"), ("dj", "y"), ("zh", "y"), ("sh", "s"),
    ("ch", "c"), ("kh", "y"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("rh", "r"), ("ck", "c"), ("qu", "c"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ks", "x"), ("k", "c"), ("q", "c"), ("w", "v"),
    ("j", "y"), ("i", "y"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_THRICE = re.compile(r"(.)\1\1")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_PLAIN = str.maketrans("áéíóúü", "aeiouu")
_ACUTE = dict(zip("aeiou", "áéíóú", strict=True))
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word in lower case, without accents, hyphens, apostrophes or points."""
    word = word.lower()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFD", word.translate(_LETTERS))
        word = "".join(c for c in decomposed if not unicodedata.combining(c))
    return word if word.isalnum() else "".join(c for c in word if c.isalnum() or c == "&")


def umlauts(word: str) -> str:
    """The folded word with German umlauts in their alternative spelling: Köhler, Koehler."""
    return fold(word.lower().translate(_UMLAUTS))


@lru_cache(maxsize=16384)
def sound(folded: str) -> str:
    """A key that the transliterations of a name share: Khodorkovsky and Jodorkovski.

    Only spellings that are used for the same person are merged. Vowels are kept, so that Romero and Romaro
    stay different; so are z and s, because Fernandez is not Fernandes.
    """
    for letters, instead in _SOUNDS:
        folded = folded.replace(letters, instead)
    return _TWICE.sub(r"\1", folded)


def doubled(one: str, other: str) -> bool:
    """Whether two folded words differ only by doubled letters, or only one has a letter three times in a row.

    Batlló, Batló; Bočková, Boková; Reiss, Reysss: no transliteration makes only this change, so it is a
    mistake; accepted variants of this kind are in the tables.
    """
    if one == other:
        return False
    thrice = bool(_THRICE.search(one)) != bool(_THRICE.search(other))
    return thrice or _single(one) == _single(other)


def _single(word: str) -> str:
    return _TWICE.sub(r"\1", word.replace("ck", "k"))


def distance(one: str, other: str, limit: int) -> int:
    """The Levenshtein distance between two words; `limit` + 1 if it is greater than `limit`."""
    return Levenshtein.distance(one, other, score_cutoff=limit)


def inflected(one: str, other: str) -> bool:
    """Whether two folded words differ only by an ending: Islamic, islámicas; Marseilles, Marsella."""
    alike = shared(one, other)
    return alike >= 5 and max(len(one), len(other)) - alike <= 5 and 2 * alike > len(one)


def reordered(one: str, other: str) -> bool:
    """Whether two folded acronyms may match across languages, by two shared letters in three: NAEP, ENPE."""
    shared = (Counter(one) & Counter(other)).total()
    if len(one) > 5 or one[0] == other[0] or distance(one, other, 1) <= 1:
        return False
    return shared >= 2 and 3 * shared >= 2 * max(len(one), len(other))


_LEARNED = (
    re.compile(r"(?:ic|ical|ism|ist|logy|tion|sion|ment|ity|ence|ance|ive|ous|aea)s?$"),
    re.compile(
        r"(?:[ie]c[oa]|ismo|ista|logia|[cs]ion|mi?ento|idad|encia|ancia|iv[oa]|os[oa]|e[oa])s?$"
    ),
)
"""Endings in English and in Spanish."""


def learned(one: str, other: str) -> bool:
    """Whether two folded words are the same learned word in two languages: Triassic, Triásico."""
    english, spanish = _LEARNED
    if not (english.search(one) and spanish.search(other)) and not (
        spanish.search(one) and english.search(other)
    ):
        return False
    one, other = sound(one), sound(other)
    return shared(one, other) >= max(4, len(one) - 4)


def shared(one: str, other: str) -> int:
    """The number of letters in the common prefix of two words."""
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)


def accents(word: str) -> Iterator[str]:
    """The word without its acute accent, and with one on each of its vowels in turn."""
    plain = word.translate(_PLAIN)
    for place in range(-1, len(plain)):
        letter = _ACUTE.get(plain[place]) if place >= 0 else ""
        if letter is not None:
            accented = plain[:place] + letter + plain[place + 1 :] if place >= 0 else plain
            if accented != word:
                yield accented

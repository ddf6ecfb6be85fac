"""Words with characters that the model's tokenizer cannot read, or that belong to another script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_WORD = re.compile(r"[^\s()\[\]«»“”\"‘’,;:!?¿¡/—–|]+(?:['’][^\W\d_]+)?")
_POSSESSIVE = re.compile(r"['’]s$")
_TRAILING = re.compile(r"[.…]+$")
_PUNCTUATION = frozenset(
    "‘’‚‛“”„‟…′″‐‑‒–—―¿¡«»· \u00a0\u202f\u2009\u200b\u00ad\ufeff\u200e\u200f´`"
)
"""Marks whose loss is detected by the checks of quotations and spaces instead."""
_NOT_LATIN_TEXT = """
    am ar az be bg bn el fa gu he hi hy ja ka kk km kn ko lo mk ml mn mr my ne or pa ps ru sd si
    sr ta te th uk ur yi zh yue
"""
_NOT_LATIN = frozenset(_NOT_LATIN_TEXT.split())
"""Languages written with letters other than Latin ones."""


def characters(text: str, source: str, unknown: frozenset[str]) -> Iterator[Protected]:
    """Find words with a character that the model cannot read or whose script is not that of the source."""
    if text.isascii() and unknown.isdisjoint(text):
        return
    foreign = source not in _NOT_LATIN
    strange = {
        character
        for character in set(text)
        if character not in _PUNCTUATION
        and (character in unknown or (foreign and _is_foreign(character)))
    }
    if not strange:
        return
    place: Span | None = None
    for match in _WORD.finditer(text):
        word = _TRAILING.sub("", _POSSESSIVE.sub("", match[0]))
        if strange.isdisjoint(word):
            continue
        span = Span(match.start(), match.start() + len(word))
        if place is not None and text[place.end : span.start] == " ":
            place = Span(place.start, span.end)
        else:
            if place is not None:
                yield _kept(text, place, unknown)
            place = span
    if place is not None:
        yield _kept(text, place, unknown)


def _kept(text: str, span: Span, unknown: frozenset[str]) -> Protected:
    word = text[slice(*span)]
    plain = unicodedata.normalize("NFKC", word)
    if plain != word and unknown.isdisjoint(plain):
        return Protected(span, How.AS_SAID, word, plain)  # "km²"
    if not any(map(str.isalnum, word)):
        return Protected(span, How.CUT, word)
    return Protected(span, How.NUMBER if word[0].isdigit() else How.NAME, word)


@lru_cache(maxsize=4096)
def _is_foreign(character: str) -> bool:
    """Whether it is a non-Latin letter, or a mark or symbol that is on no keyboard for Latin letters."""
    if ord(character) < 0x250:
        return False
    category = unicodedata.category(character)
    if category[0] == "L":
        return not unicodedata.name(character, "").startswith("LATIN")
    return category[0] in "MS" or category in ("No", "Nl", "Co")

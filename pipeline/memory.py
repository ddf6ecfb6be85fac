"""What is already known about a sentence's translation, and how similar sentences are found."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, Field

KEYS = 8
"""Number of keys of a sentence: changing two words leaves four of them."""
DIGEST_CHARACTERS = 32

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_MARKS = str.maketrans("“”„«»‘’‹›\u2010\u2011\u00a0\u202f", '"""""\'\'\'\'--  ')

Origin = Literal["machine", "memory", "edited"]


class MemoryMatch(BaseModel):
    """What the translation memory has for a sentence."""

    match: Literal["context", "exact", "fuzzy"] = Field(
        description="`context`: the same sentence between the same ones; `exact`: the same sentence; "
        "`fuzzy`: one that is like it."
    )
    score: float = Field(description="How like the sentences are, from 0 to 1.")
    source: str
    target: str
    origin: Literal["edited", "approved", "imported"]
    used: bool = Field(description="Whether it is the segment's target; a fuzzy one is offered.")


class KnownSentence(BaseModel):
    """A sentence of a request, with what is known about it before a model is asked."""

    source: str
    target: str | None = Field(None, description="Its translation; null where the model is asked.")
    origin: Origin = "memory"
    memory: MemoryMatch | None = None


def normalized(text: str) -> str:
    """The text with white space, quotation marks and hyphens in one form."""
    plain = unicodedata.normalize("NFC", text).translate(_MARKS)
    return _SPACE.sub(" ", plain).strip()


def digest(text: str) -> str:
    """A digest that is equal for two texts that are equal when normalized."""
    return hashlib.sha256(normalized(text).encode()).hexdigest()[:DIGEST_CHARACTERS]


def context_of(before: str | None, after: str | None) -> str:
    """A digest of the sentences before and after; None stands for the beginning or end of the text."""
    return digest(f"{normalized(before or '')}\0{normalized(after or '')}")


def contexts(texts: Sequence[str]) -> list[str]:
    """The context of each sentence of a text."""
    around = [None, *texts, None]
    return [context_of(around[n], around[n + 2]) for n in range(len(texts))]


def keys(text: str, space: str) -> list[int]:
    """Numbers that a sentence shares with similar sentences and rarely with others.

    Hashes of its longest pairs of neighbouring words: long pairs are rare, and a changed word removes two of
    them. They are the same in both databases and are found with an index of numbers. In a script without
    spaces, runs of letters count as words. `space` separates the memories of different clients and language
    pairs.
    """
    words = _WORD.findall(normalized(text).casefold())
    units = [word for word in words for word in _parts(word)]
    pairs = {f"{first} {second}" for first, second in pairwise(units)} or {" ".join(units)}
    longest = sorted(pairs, key=lambda pair: (-len(pair), pair))[:KEYS]
    return [_hash(f"{space}\0{pair}") for pair in longest]


def _parts(word: str) -> list[str]:
    """The word; in a script without spaces, pieces of two letters."""
    if len(word) > 2 and "\u2e80" <= word[0] <= "\u9fff":
        return [word[n : n + 2] for n in range(len(word) - 1)]
    return [word]


def _hash(text: str) -> int:
    """A signed 64-bit number, as both databases store them."""
    return int.from_bytes(
        hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True
    )

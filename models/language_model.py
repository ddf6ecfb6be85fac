"""How likely a text is in a language: a trigram model of words, read from a folder.

A word is scored after the two before it, or the one before, or by itself, where the longer run was not
seen: "stupid backoff" (Brants et al. 2007), times `BACKOFF` for each step. Scores are natural logarithms in
steps of 1/`STEPS`, in one byte. `models.training.language_model` writes the folder:

| file | what |
| --- | --- |
| `words.txt` | the words, one a line, the most frequent first; a word's number is its line's |
| `ngrams.bin` | `MAGIC`, the numbers of words, bigrams and trigrams (uint32), the arrays of `LAYOUT` |

All is little-endian and without gaps.

Bigrams and trigrams have words of the first 65,536 alone. They are sorted: those that begin with the same
word, or bigram, lie together, and `…_starts` says where.
"""

import mmap
import re
import struct
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cache, cached_property
from itertools import islice, takewhile
from math import log
from pathlib import Path
from typing import Literal, Self

from models.hub.integrity import verify

MAGIC = b"DGNGRAM1"
STEPS = 15
"""The lowest score of a byte is −17, below any word's."""
BACKOFF = 0.4
UNKNOWN = -16.0
"""The score of a word that the model does not know: the language has hardly any such word."""
COPIED = -8.0
"""The score of an unknown word that the source has too: a name, or what cannot be translated."""
START, END, NUMBER = "<s>", "</s>", "<n>"
"""The ends of a sentence, and every number: what follows one hardly depends on which it is."""
IN_NGRAMS = 1 << 16
LAYOUT: tuple[Literal["B", "H", "I"], ...] = ("B", "I", "H", "B", "I", "H", "B")
"""The arrays' types: each word's own score; then the starts, last words and scores of the bigrams, and the
same of the trigrams."""

_TOKEN = re.compile(r"\d+(?:[.,:\u00a0\u202f]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s]")
_OPENS_A_SENTENCE = frozenset('.!?:;…"“”«»¿¡()—–-•')
_LEAST_SHOUTED = 3
"""Of fewer words in capitals one cannot tell whether they are acronyms."""


def tokens(text: str) -> list[str]:
    """The words and punctuation marks; a number is `NUMBER`."""
    return [NUMBER if token[0].isdigit() else token for token in _TOKEN.findall(text)]


def with_openings(text: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each token, and whether a sentence begins with it: its capital says nothing there."""
    opens = True
    for token in text:
        yield token, opens and token[0].isalpha()
        opens = (opens and not token[0].isalnum()) or token in _OPENS_A_SENTENCE


def is_shouted(text: Sequence[str]) -> bool:
    """Whether a text is in capitals: its words' own are not known then."""
    words = [token for token in text if token[0].isalpha()]
    capitals = sum(word.isupper() for word in words)
    return len(words) >= _LEAST_SHOUTED and capitals > 0.7 * len(words)


def is_capitalised(word: str) -> bool:
    """Whether the first letter alone is a capital."""
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


class LanguageModel:
    """One language's model. Its arrays are mapped into memory: processes share them."""

    def __init__(self, words: Sequence[str], data: memoryview) -> None:
        """Take `words.txt`'s lines and `ngrams.bin`'s bytes; ValueError if these are something else."""
        if bytes(data[: len(MAGIC)]) != MAGIC:
            raise ValueError("The data does not begin as an n-gram file of Dragoman does.")
        at = len(MAGIC)
        size, bigrams, trigrams = struct.unpack_from("<3I", data, at)
        at += 12
        firsts = min(size, IN_NGRAMS)
        lengths = (size, firsts + 1, bigrams, bigrams, bigrams + 1, trigrams, trigrams)
        parts = []
        for kind, length in zip(LAYOUT, lengths, strict=True):
            end = at + length * struct.calcsize(kind)
            parts.append(data[at:end].cast(kind))
            at = end
        if at != len(data) or size != len(words):
            raise ValueError("The words and n-grams do not belong together.")
        self._number = {word: number for number, word in enumerate(words)}
        self._scores = parts[0]
        self._bigrams = _Table(*parts[1:4])
        self._trigrams = _Table(*parts[4:7])

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The model of a folder; ModelUnavailable where a file is missing or damaged."""
        verify(folder)
        words = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
        with (folder / "ngrams.bin").open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return cls(words, data)

    def score(self, text: str, source: str = "") -> float:
        """The mean logarithm of a token's probability; 0 for an empty text.

        A word that is not known is no fault where `source`, which the text translates, has it too.
        """
        read = self.truecased(tokens(text))
        if not read:
            return 0.0
        copied: Collection[str] = ()
        summed, before, bigram = 0.0, self._number[START], -1
        for token in (*read, END):
            number = self._number.get(token)
            if number is None:
                copied = copied or {word.lower() for word in tokens(source)}
                summed += COPIED if token.lower() in copied else UNKNOWN
                before, bigram = -1, -1
                continue
            score, bigram = self._after(before, bigram, number)
            summed += score
            before = number
        return summed / (len(read) + 1)

    def knows(self, word: str) -> bool:
        """Whether the word, or the same in small letters, was seen."""
        return word in self._number or word.lower() in self._number

    def beginning(self, letters: str) -> list[str]:
        """Return the words that begin with these letters."""
        start = bisect_left(self._sorted, letters)
        found = takewhile(lambda word: word.startswith(letters), islice(self._sorted, start, None))
        return list(found)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._number)

    def truecased(self, text: Sequence[str]) -> list[str]:
        """The tokens as they would be inside a sentence: a first word's capital is its own or gone."""
        if is_shouted(text):
            return [self._commoner(token.lower(), token.capitalize()) for token in text]
        return [
            self._commoner(token[0].lower() + token[1:], token)
            if is_capitalised(token) and (opens or token not in self._number)
            else token
            for token, opens in with_openings(text)
        ]

    def _commoner(self, lower: str, capital: str) -> str:
        """Whichever form is the more frequent; the second where neither is known."""
        last = len(self._number)
        known = self._number.get
        return lower if known(lower, last) < known(capital, last) else capital

    def _after(self, before: int, bigram: int, word: int) -> tuple[float, int]:
        """A word's score after the word and the bigram before it (−1: none), and its own bigram."""
        if before < 0 or max(before, word) >= IN_NGRAMS:
            return self._alone(word), -1
        own = self._bigrams.find(before, word)
        if bigram >= 0:
            trigram = self._trigrams.find(bigram, word)
            if trigram >= 0:
                return self._trigrams.score(trigram), own
        if own >= 0:
            return self._bigrams.score(own) + _STEP_DOWN, own
        return self._alone(word), -1

    def _alone(self, word: int) -> float:
        return -float(self._scores[word]) / STEPS + 2 * _STEP_DOWN


_STEP_DOWN = log(BACKOFF)


class _Table:
    """The n-grams of one length."""

    def __init__(self, starts: memoryview, words: memoryview, scores: memoryview) -> None:
        self._starts, self._words, self._scores = starts, words, scores

    def find(self, first: int, word: int) -> int:
        """The place of the n-gram that is the shorter one `first` and a word; −1 if it is not there."""
        begin, end = self._starts[first], self._starts[first + 1]
        place = bisect_left(self._words, word, begin, end)
        return place if place < end and self._words[place] == word else -1

    def score(self, place: int) -> float:
        """The score of the n-gram in that place."""
        return -float(self._scores[place]) / STEPS


EMBEDDED = Path(__file__).parent / "embedded"


@cache
def embedded(language: str) -> LanguageModel | None:
    """The model of a language, read once in a process; None for a language that has none.

    Raises ModelUnavailable where a file is missing or damaged.
    """
    folder = EMBEDDED / f"lm-{language}"
    return LanguageModel.read(folder) if folder.is_dir() else None

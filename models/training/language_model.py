"""Make a language's model of words: `python -m models.training.language_model --language es …`.

All texts of the language that are no test set, each line once, give the counts (`texts`). A sentence's
first word is in small letters where inside of sentences it mostly is. What was seen once is left out, but of
the words' own scores nothing is smoothed: a score ranks texts, and is no probability.
"""

import argparse
import logging
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.hub.integrity import sha256, write_hashes
from models.language_model import (
    END,
    IN_NGRAMS,
    MAGIC,
    START,
    STEPS,
    is_capitalised,
    is_shouted,
    tokens,
    with_openings,
)
from models.training.corpus import BACK_TRANSLATED, PARALLEL, SPANISH, lines

LEAST = 2
"""How often a word, bigram or trigram was seen that is kept."""
Ids = npt.NDArray[np.int64]
log = logging.getLogger(__name__)


def texts(data: Path, language: str) -> Iterator[str]:
    """Every line of the language in the texts for training, the first time that it comes."""
    names = [f"parallel/{name}" for name in (*PARALLEL, "un")]
    if language == "es":
        names += [f"spanish/{name}" for name in SPANISH]
    else:
        names += BACK_TRANSLATED[language]
    seen: set[str] = set()
    for name in names:
        for line in lines(data / f"{name}.{language}"):
            if line.strip() and line not in seen:
                seen.add(line)
                yield line


class Cases:
    """How often each word comes with a capital and without inside of sentences."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        """Count in all of them."""
        self._counts = Counter(
            token
            for sentence in sentences
            for token, opens in with_openings(sentence)
            if token[0].isalpha() and not opens
        )

    def truecased(self, sentence: Sequence[str]) -> list[str]:
        """The tokens as they would be inside a sentence."""
        if is_shouted(sentence):
            return [self._commoner(token.lower(), token.capitalize()) for token in sentence]
        return [
            self._commoner(token[0].lower() + token[1:], token)
            if opens and is_capitalised(token)
            else token
            for token, opens in with_openings(sentence)
        ]

    def _commoner(self, lower: str, capital: str) -> str:
        return lower if self._counts[lower] > self._counts[capital] else capital


def build(sentences: Sequence[Sequence[str]], folder: Path, least: int = LEAST) -> None:
    """Write `words.txt`, `ngrams.bin` and `SHA256SUMS` from truecased sentences."""
    counts = Counter(token for sentence in sentences for token in sentence)
    marks = {START: len(sentences), END: len(sentences)}
    kept = marks | {word: n for word, n in counts.most_common() if n >= least}
    words = sorted(kept, key=lambda word: -kept[word])
    number = {word: place for place, word in enumerate(words)}
    start, end = number[START], number[END]
    ids = np.fromiter(
        (
            place
            for sentence in sentences
            for place in (start, *(number.get(word, -1) for word in sentence), end)
        ),
        np.int64,
    )
    own = np.fromiter((kept[word] for word in words), np.int64)
    # Rare words are in no n-gram, and a sentence's start follows nothing.
    second = np.where((ids < IN_NGRAMS) & (ids != start), ids, -1)
    first = np.where(ids < IN_NGRAMS, ids, -1)
    bigrams = _Counted(first[:-1], second[1:], least)
    place = np.full(len(ids), -1)
    place[1:] = bigrams.places
    trigrams = _Counted(place[:-1], second[1:], least)
    followed = np.bincount(first[first >= 0], minlength=min(len(words), IN_NGRAMS))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    with (folder / "ngrams.bin").open("wb") as file:
        file.write(MAGIC + struct.pack("<3I", len(words), len(bigrams.last), len(trigrams.last)))
        file.write(_scores(own, np.array(own.sum())).tobytes())
        for table, context in ((bigrams, followed), (trigrams, bigrams.counts)):
            starts = np.searchsorted(table.first, np.arange(len(context) + 1))
            file.write(starts.astype("<u4").tobytes())
            file.write(table.last.astype("<u2").tobytes())
            file.write(_scores(table.counts, context[table.first]).tobytes())
    names = ("words.txt", "ngrams.bin")
    write_hashes(folder, {name: sha256(folder / name) for name in names})
    log.info("%d words, %d bigrams, %d trigrams", len(words), len(bigrams.last), len(trigrams.last))


class _Counted:
    """The n-grams of a shorter one and a word, sorted, with their counts; `places` has each one's."""

    def __init__(self, first: Ids, last: Ids, least: int) -> None:
        whole = (first >= 0) & (last >= 0)
        keys, inverse, counts = np.unique(
            first[whole] << 20 | last[whole], return_inverse=True, return_counts=True
        )
        kept = counts >= least
        places = np.where(kept, np.cumsum(kept) - 1, -1)
        self.first, self.last = keys[kept] >> 20, keys[kept] & (1 << 20) - 1
        self.counts = counts[kept]
        self.places = np.full(len(first), -1)
        self.places[whole] = places[inverse]


def _scores(counts: Ids, of: Ids) -> npt.NDArray[np.uint8]:
    """The negative logarithms of shares, in steps of 1/STEPS, as bytes."""
    steps: npt.NDArray[np.float64] = np.rint(-np.log(counts / of) * STEPS)
    return steps.clip(0, 255).astype(np.uint8)


def main() -> None:
    """Count, and write the folder."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.language_model", description=__doc__
    )
    parser.add_argument("--language", choices=("en", "es"), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="models/embedded/lm-LANGUAGE")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    sentences = [tokens(text) for text in texts(arguments.data, arguments.language)]
    log.info("%d lines, %d tokens", len(sentences), sum(map(len, sentences)))
    cases = Cases(sentences)
    build([cases.truecased(sentence) for sentence in sentences], arguments.out)


if __name__ == "__main__":
    main()

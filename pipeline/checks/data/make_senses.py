"""Place the words of both languages in one space: `python -m pipeline.checks.data.make_senses FOLDER`.

FOLDER holds pairs of line-aligned files as for `make_lexicon`. Words whose lines are translations of each
other come to lie close: the vectors are the singular vectors of the positive pointwise mutual information
between the lemmas of the two languages (Levy and Goldberg 2014, across languages). The pairs of lemmas that
are aligned, even rarely, are kept beside them. Takes ten minutes and 8 GB of memory.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.training.alignment import links
from pipeline.checks.data.make_lexicon import parallel_lines
from pipeline.checks.dictionary import lemma
from pipeline.checks.lexicon import FUNCTION_WORDS

HERE = Path(__file__).parent
_DIMENSIONS = 96
_OVERSAMPLED = 20
_ROUNDS = 3
"""Of the power iteration of the randomised decomposition (Halko et al. 2011)."""
_LEAST = 6
_MOST_WORDS = {"en": 14_000, "es": 16_000}
_SHIFT = np.log(2.0)
_AT_ONCE = 8_000_000
_LEAST_SHARE = 0.005
_LEAST_LINKS = 1.8
"""Minimum expected number of alignments of a pair."""

Floats = npt.NDArray[np.float32]


def main() -> None:
    """Write `senses.npz`."""
    english, spanish = parallel_lines(Path(sys.argv[1]))
    our_lemmas, their_lemmas = _lemmas(english, "en"), _lemmas(spanish, "es")
    ours, our_words, our_times = _numbered(our_lemmas, "en")
    theirs, their_words, their_times = _numbered(their_lemmas, "es")
    information = _information(ours, theirs, our_times, their_times)
    left, right = _decomposed(information)
    np.savez_compressed(
        HERE / "senses.npz",
        en=_bytes(left),
        es=_bytes(right),
        en_words=np.frombuffer("\n".join(our_words).encode(), np.uint8),
        es_words=np.frombuffer("\n".join(their_words).encode(), np.uint8),
        pairs=_aligned(our_lemmas, their_lemmas, our_words, their_words),
    )


def _lemmas(lines: Sequence[Sequence[str]], language: str) -> list[list[str]]:
    return [[lemma(word, language) for word in line] for line in lines]


def _numbered(
    lines: Sequence[Sequence[str]], language: str
) -> tuple[list[npt.NDArray[np.int64]], list[str], Floats]:
    """The lines as sorted numbers of lemmas, the lemmas by number, and in how many lines each is."""
    small = FUNCTION_WORDS[language]
    read = [set(line) for line in lines]
    times = Counter(word for line in read for word in line)
    words = [
        word
        for word, count in times.most_common()
        if count >= _LEAST and len(word) > 2 and word.isalpha() and word not in small
    ][: _MOST_WORDS[language]]
    number = {word: place for place, word in enumerate(words)}
    found = [np.array(sorted(number[w] for w in line if w in number), np.int64) for line in read]
    return found, words, np.array([times[word] for word in words], np.float32)


def _information(
    ours: Sequence[npt.NDArray[np.int64]],
    theirs: Sequence[npt.NDArray[np.int64]],
    our_times: Floats,
    their_times: Floats,
) -> Floats:
    """The positive pointwise mutual information of each pair of lemmas, shifted by `_SHIFT`."""
    width = len(their_times)
    counts = np.zeros(len(our_times) * width, np.float32)
    keys: list[npt.NDArray[np.int64]] = []
    held = 0
    for number, (our, their) in enumerate(zip(ours, theirs, strict=True), start=1):
        keys.append((our[:, None] * width + their[None]).ravel())
        held += len(keys[-1])
        if held > _AT_ONCE or number == len(ours):
            pairs, times = np.unique(np.concatenate(keys), return_counts=True)
            counts[pairs] += times
            keys, held = [], 0
    table = counts.reshape(-1, width)
    table *= len(ours)
    table /= our_times[:, None]
    table /= their_times
    with np.errstate(divide="ignore"):
        np.log(table, out=table)
    table -= _SHIFT
    return np.maximum(table, 0, out=table)


def _aligned(
    ours: Sequence[Sequence[str]],
    theirs: Sequence[Sequence[str]],
    our_words: Sequence[str],
    their_words: Sequence[str],
) -> npt.NDArray[np.uint16]:
    """The numbers of the lemmas that are aligned in either direction, in pairs."""
    our_number = {word: place for place, word in enumerate(our_words)}
    their_number = {word: place for place, word in enumerate(their_words)}
    found = set(_pairs(ours, theirs))
    found.update((one, other) for other, one in _pairs(theirs, ours))
    kept = [
        (our_number[one], their_number[other])
        for one, other in found
        if one in our_number and other in their_number
    ]
    return np.array(sorted(kept), np.uint16)


def _pairs(
    ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """The words of one language with those that are aligned with them."""
    times = Counter(word for line in ours for word in line)
    names, their_names = list(times), list({word for line in theirs for word in line})
    number = {word: place for place, word in enumerate(names)}
    their_number = {word: place for place, word in enumerate(their_names)}
    aligned = links(
        [[number[word] for word in line] for line in ours],
        [[their_number[word] for word in line] for line in theirs],
        _LEAST_SHARE,
    )
    for one, others in aligned.items():
        for other, share in others.items():
            if share * times[names[one]] >= _LEAST_LINKS:
                yield names[one], their_names[other]


def _decomposed(table: Floats) -> tuple[Floats, Floats]:
    """The first singular vectors of both sides, each side weighted with the roots of the values."""
    dice = np.random.default_rng(1)
    basis = dice.standard_normal((table.shape[1], _DIMENSIONS + _OVERSAMPLED)).astype(np.float32)
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(table @ basis)[0]
        basis = np.linalg.qr(table.T @ basis)[0]
    left, values, turned = np.linalg.svd(table @ basis, full_matrices=False)
    weights = np.sqrt(values[:_DIMENSIONS])
    return left[:, :_DIMENSIONS] * weights, (basis @ turned.T)[:, :_DIMENSIONS] * weights


def _bytes(vectors: Floats) -> npt.NDArray[np.int8]:
    """The directions of the vectors in steps of 1/127 of their largest component."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    rounded: npt.NDArray[np.int8] = np.rint(127 * vectors / np.maximum(largest, 1e-9)).astype(
        np.int8
    )
    return rounded


if __name__ == "__main__":
    main()

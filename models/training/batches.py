"""Pairs of texts varied anew in each pass, as pieces, and given out in batches."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Self

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from models.training.corpus import Corpus
from models.training.direction import Direction
from models.training.variation import Pair, vary

LONGEST = 110
"""Longer sentences, in pieces, are left out of training; they are rare and cost the most."""
_CHUNK = 20_000
"""Pairs that are sorted by length together."""

Encoded = list[tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of pieces, padded: sources (sentences × positions) and the decoder's inputs.

    `labels` are the pieces to be written, one after the other, without padding, and `places` where
    they stand among the inputs, counted through all rows.
    """

    source: Tensor
    source_mask: Tensor
    inputs: Tensor
    labels: Tensor
    places: Tensor

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return self._each(lambda tensor: tensor.to(device, non_blocking=True))

    def pin_memory(self) -> Self:
        """The same in memory that a GPU reads by itself."""
        return self._each(lambda tensor: tensor.pin_memory())

    def _each(self, change: Callable[[Tensor], Tensor]) -> Self:
        return type(self)(*(change(getattr(self, field.name)) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Texts:
    """A corpus in one direction, and the vocabulary that it is cut by."""

    corpus: Corpus
    direction: Direction
    vocabulary: SentencePieceProcessor

    def varied(self, rng: random.Random) -> Iterator[Encoded]:
        """One pass in random order, as ids, some thousands of pairs at a time."""
        pairs = list(self.corpus.pairs)
        rng.shuffle(pairs)
        for start in range(0, len(pairs), _CHUNK):
            chunk = vary(pairs[start : start + _CHUNK], self.corpus.names, self.direction, rng)
            yield encode(self.vocabulary, chunk)


class Batches(IterableDataset[Batch]):
    """Batches of about `tokens` target pieces, of like lengths, pass after pass without end."""

    def __init__(self, texts: Texts, tokens: int, seed: int) -> None:
        """In several processes each makes passes of its own, by its own seed."""
        self.texts, self.tokens, self.seed = texts, tokens, seed

    def __iter__(self) -> Iterator[Batch]:
        """Raises what reading and cutting the texts raises."""
        worker = get_worker_info()
        rng = random.Random(f"{self.seed} {worker.id if worker else 0}")
        pad = self.texts.vocabulary.get_piece_size()
        while True:
            for chunk in self.texts.varied(rng):
                groups = grouped(chunk, self.tokens)
                rng.shuffle(groups)
                for group in groups:
                    yield batch(group, pad)

    def ahead(self, processes: int) -> Iterator[Batch]:
        """The same, made ahead in processes of their own: while one cuts texts, others' wait."""
        pins = torch.cuda.is_available()
        return iter(
            DataLoader(
                self, batch_size=None, num_workers=processes, prefetch_factor=4, pin_memory=pins
            )
        )


def encode(vocabulary: SentencePieceProcessor, chosen: Sequence[Pair]) -> Encoded:
    """The pairs as ids, each with its end token (0), without those over LONGEST."""
    sources = vocabulary.encode([source for source, _ in chosen], num_threads=1)
    targets = vocabulary.encode([target for _, target in chosen], num_threads=1)
    return [
        ([*source, 0], [*target, 0])
        for source, target in zip(sources, targets, strict=True)
        if 0 < len(source) < LONGEST and 0 < len(target) < LONGEST
    ]


def grouped(pairs: Encoded, tokens: int) -> list[Encoded]:
    """The pairs by length, so many together that their targets, padded, have about `tokens`."""
    groups: list[Encoded] = [[]]
    for pair in sorted(pairs, key=lambda pair: (len(pair[1]), len(pair[0]))):
        if (len(groups[-1]) + 1) * len(pair[1]) > tokens and groups[-1]:
            groups.append([])
        groups[-1].append(pair)
    return groups


def batch(group: Encoded, pad: int) -> Batch:
    """Pairs of ids as one batch."""
    source = _padded([source for source, _ in group], pad)
    labels = _padded([target for _, target in group], pad)
    inputs = torch.cat([torch.full((len(group), 1), pad), labels[:, :-1]], 1)
    places = (labels != pad).flatten().nonzero()[:, 0]
    return Batch(source, source != pad, inputs, labels.flatten()[places], places)


def _padded(rows: list[list[int]], pad: int) -> Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])

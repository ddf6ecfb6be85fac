"""Pairs of texts as pieces, and given out in batches."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor

from models.training.variation import Pair

LONGEST = 110
"""Longer sentences, in pieces, are left out of training; they are rare and cost the most."""
BATCH_TOKENS = 2_000
_CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of pieces, padded: sources (sentences × positions), the decoder's inputs and its labels."""

    source: Tensor
    source_mask: Tensor
    inputs: Tensor
    labels: Tensor
    labels_mask: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


Encoded = list[tuple[list[int], list[int]]]


def encode(vocabulary: SentencePieceProcessor, chosen: Sequence[Pair]) -> Encoded:
    """The pairs as ids, each with its end token (0), without those over LONGEST."""
    sources = vocabulary.encode([source for source, _ in chosen], num_threads=2)
    targets = vocabulary.encode([target for _, target in chosen], num_threads=2)
    return [
        ([*source, 0], [*target, 0])
        for source, target in zip(sources, targets, strict=True)
        if 0 < len(source) < LONGEST and 0 < len(target) < LONGEST
    ]


def stream(data: Encoded, pad: int, seed: int) -> Iterator[Batch]:
    """Batches of about BATCH_TOKENS target pieces, of like lengths, pass after pass without end."""
    rng = random.Random(seed)
    data = list(data)
    while True:
        rng.shuffle(data)
        for start in range(0, len(data), _CHUNK):
            chunk = sorted(
                data[start : start + _CHUNK], key=lambda pair: (len(pair[1]), len(pair[0]))
            )
            groups: list[Encoded] = [[]]
            for pair in chunk:
                if (len(groups[-1]) + 1) * len(pair[1]) > BATCH_TOKENS:
                    groups.append([])
                groups[-1].append(pair)
            rng.shuffle(groups)
            for group in groups:
                yield _batch(group, pad)


def _batch(group: Encoded, pad: int) -> Batch:
    source = _padded([source for source, _ in group], pad)
    labels = _padded([target for _, target in group], pad)
    inputs = torch.cat([torch.full((len(group), 1), pad), labels[:, :-1]], 1)
    return Batch(source, source != pad, inputs, labels, labels != pad)


def _padded(rows: list[list[int]], pad: int) -> Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])

"""The stage that takes hours, alone: `python -m models.training.train --work … --data …`.

It needs what the stages before it left in the work folder, and torch, transformers, sentencepiece
and sacrebleu alone: a machine with a GPU that has nothing else of Dragoman can run it.
"""

import argparse
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import MarianMTModel

from models.training import alignment, corpus, loop
from models.training.batches import Batches, Texts, batch, encode, grouped
from models.training.direction import DIRECTIONS, Direction
from models.training.student import config

BATCH_TOKENS = {"cpu": 2_000, "cuda": 25_000}
PROCESSES = {"cpu": 1, "cuda": 8}
"""How many processes make batches: on a GPU one alone cannot keep up."""
BETWEEN = {"cpu": 600, "cuda": 90}
"""Seconds between two checkpoints."""
RARE = 100
"""A name's or number's piece that comes fewer times among the labels keeps its vector."""

Measure = Callable[[MarianMTModel], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Length:
    """How long, in target pieces or minutes, and how fast a training goes."""

    tokens: float
    minutes: float
    rate: float
    seed: int


def vocabulary(work: Path) -> SentencePieceProcessor:
    """The vocabulary of the work folder."""
    return SentencePieceProcessor(model_file=str(work / "source.spm"))


def rare_copies(joint: SentencePieceProcessor, counts: torch.Tensor) -> torch.Tensor:
    """Which pieces keep their vectors: those of names and numbers that hardly come, and `<pad>`."""
    copied = [alignment.is_copied(joint.id_to_piece(index)) for index in range(len(counts) - 1)]
    return torch.tensor([*copied, True]) & (counts < RARE)


def train(
    work: Path, data: Path, direction: Direction, length: Length, measure: Measure | None = None
) -> None:
    """Train the work folder's `start.pt` on its corpus (FileNotFoundError if a stage is missing).

    A checkpoint's figures are its loss on held-out texts, and what `measure` gives.
    """
    joint = vocabulary(work)
    pad = joint.get_piece_size()
    model = MarianMTModel(config(pad + 1, direction.decoder_layers))
    model.load_state_dict(torch.load(work / "start.pt", weights_only=True))
    counts = torch.load(work / "counts.pt", weights_only=True)
    texts = Texts(corpus.Corpus.read(work), direction, joint)
    kind = loop.device_here().type
    held_out = [
        batch(group, pad)
        for group in grouped(encode(joint, corpus.held_out(data, direction)), BATCH_TOKENS[kind])
    ]

    def measured(trained: MarianMTModel) -> dict[str, float]:
        loss = loop.held_out_loss(trained, counts, held_out)
        return {"held_out": round(loss, 4), **(measure(trained) if measure else {})}

    loop.train(
        loop.Training(
            model=model,
            direction=direction,
            batches=lambda step: Batches(texts, BATCH_TOKENS[kind], length.seed + step).ahead(
                PROCESSES[kind]
            ),
            counts=counts,
            fixed=rare_copies(joint, counts),
            folder=work,
            rate=length.rate,
            measure=measured,
            tokens=length.tokens,
            minutes=length.minutes,
            between=BETWEEN[kind],
        )
    )


def add_length(parser: argparse.ArgumentParser) -> None:
    """The options of `Length`."""
    parser.add_argument("--tokens", type=float, default=math.inf, help="target pieces, at most")
    parser.add_argument("--minutes", type=float, default=math.inf, help="minutes, at most")
    parser.add_argument("--rate", type=float, default=1e-3, help="the decoder's peak rate")
    parser.add_argument("--seed", type=int, default=20260)


def length_of(arguments: argparse.Namespace) -> Length:
    """What the options of `add_length` say."""
    return Length(arguments.tokens, arguments.minutes, arguments.rate, arguments.seed)


def main() -> None:
    """Train, and leave the checkpoints in the work folder."""
    parser = argparse.ArgumentParser(prog="python -m models.training.train", description=__doc__)
    parser.add_argument("--direction", choices=DIRECTIONS, default="en-es")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    add_length(parser)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(arguments.seed)
    train(arguments.work, arguments.data, DIRECTIONS[arguments.direction], length_of(arguments))


if __name__ == "__main__":
    main()

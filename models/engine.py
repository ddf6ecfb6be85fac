"""What an engine does: the contract between the models and whoever runs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Output:
    """One translated text.

    `score` is the mean log-probability of a target token (0 is certain; None where the engine does
    not tell). `truncated` says that the length limit stopped the decoder before its end token.
    """

    text: str
    score: float | None = None
    truncated: bool = False


class Translator(Protocol):
    """A loaded translation model."""

    @property
    def max_source_tokens(self) -> int:
        """The longest input the model takes, in tokens, its special tokens included."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text as the model would read it, special tokens included."""
        ...

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[Output]:
        """Translate one batch, in order; no text may exceed `max_source_tokens` (ValueError)."""
        ...


GROWTH = 2
ALLOWANCE = 16
"""A translation may have so many times its source's tokens, and so many more. Spanish news has 1.2
times the tokens of its English; what goes far beyond is a decoder in a loop."""


def target_limit(source_tokens: int, positions: int) -> int:
    """The most tokens that a decoder may make of a source, its end token included."""
    return min(source_tokens * GROWTH + ALLOWANCE, positions - 1)


def check_lengths(rows: Sequence[Sequence[object]], limit: int) -> None:
    """ValueError where a row is longer than the limit: engines refuse, and never cut."""
    longest = max((len(row) for row in rows), default=0)
    if longest > limit:
        raise ValueError(f"{longest} tokens are over the {limit} of the model.")

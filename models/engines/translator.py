"""What an engine does: the contract between the models and whoever runs them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from models.catalogue import Model
from models.engines.alignment import Alignment


@dataclass(frozen=True, slots=True)
class Output:
    """One translated text.

    `score` is the mean log-probability of a target token (0 is certain; None where the engine does
    not tell). `truncated` says that the length limit stopped the decoder before its end token.
    `alternatives` are the other ends of the beam, best first; they have none.
    """

    text: str
    score: float | None = None
    truncated: bool = False
    alternatives: "tuple[Output, ...]" = ()


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to decode, beside what the catalogue says of the model.

    `hypotheses` widens the beam to as many ends where it is narrower; the best of them is the output, the
    others are its `alternatives`.
    `no_repeat_ngram` lets no n-gram of so many tokens come twice (0: all may); None is what the
    catalogue says.
    """

    hypotheses: int = 1
    no_repeat_ngram: int | None = None


PLAIN = Decoding()


class Translator(Protocol):
    """A loaded translation model."""

    @property
    def max_source_tokens(self) -> int:
        """The longest input the model takes, in tokens, its special tokens included."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text as the model would read it, special tokens included."""
        ...

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> list[Output]:
        """Translate one batch, in order; no text may exceed `max_source_tokens` (ValueError)."""
        ...

    @property
    def parallel(self) -> int:
        """How many batches it runs at once: work for so many should be there."""
        ...

    @property
    def pays_for_padding(self) -> bool:
        """Whether a text in a batch costs as much as the longest in it."""
        ...

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Iterator[list[Output]]:
        """Translate many batches, each as `translate` does, in order.

        Some are begun before the first is asked for: the engine goes on while its caller is busy.
        """
        ...

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """Which words of each source the words of its translation come from.

        The translations may be anybody's. None where a text is too long for the model.
        """
        ...

    def close(self) -> None:
        """Give the model's memory back; it translates no more."""
        ...


GROWTH = 2
ALLOWANCE = 16
"""A translation may have so many times its source's tokens, and so many more. Spanish news has 1.2
times the tokens of its English; what goes far beyond is a decoder in a loop."""


def target_limit(model: Model, source_tokens: int, positions: int) -> int:
    """The most tokens that a decoder may make of a source, its end token included."""
    return min(model.max_target_tokens or source_tokens * GROWTH + ALLOWANCE, positions - 1)


def no_repeat_ngram(model: Model, decoding: Decoding) -> int:
    """How long no run of tokens may be that comes twice; 0 where all may."""
    asked = decoding.no_repeat_ngram
    return model.no_repeat_ngram if asked is None else asked


def check_lengths(rows: Sequence[Sequence[object]], limit: int) -> None:
    """ValueError where a row is longer than the limit: engines refuse, and never cut."""
    longest = max((len(row) for row in rows), default=0)
    if longest > limit:
        raise ValueError(f"{longest} tokens are over the {limit} of the model.")


def best_first(hypotheses: Sequence[Output]) -> Output:
    """The first of a text's hypotheses, the others as its alternatives."""
    return replace(hypotheses[0], alternatives=tuple(hypotheses[1:]))

"""The interface of an engine: what translates, its input and its output."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.engines.alignment import Alignment


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that a language model read and wrote, as it counts them."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.prompt + other.prompt, self.completion + other.completion)


NO_TOKENS = Usage()


@dataclass(frozen=True, slots=True)
class Output:
    """The translation of one text.

    `score` is the mean log-probability of its tokens, 0 being certain; None if the engine reports
    none. `truncated` is true if the length limit was reached before the end token. `alternatives` are the
    other hypotheses of the beam, best first; they have no alternatives themselves. A language model that
    refused, or said nothing, has `refused`, and the text is the source. `usage` is a language model's.
    """

    text: str
    score: float | None = None
    truncated: bool = False
    alternatives: "tuple[Output, ...]" = ()
    refused: bool = False
    usage: Usage = NO_TOKENS


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to decode a batch, in addition to what the catalogue says of the model.

    `hypotheses` is the minimum beam size. `no_repeat_ngram` forbids repeated sequences of that many tokens;
    0 allows them, None takes the model's value. `words` is the length of a summary that a language model is
    asked for. `terms` are words with their translations, which a language model is told of a text that has
    them. `before` are the sentences that come before a text in its story, the nearest last.
    """

    hypotheses: int = 1
    no_repeat_ngram: int | None = None
    words: int | None = None
    terms: tuple[tuple[str, str], ...] = ()
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


PLAIN = Decoding()
"""Decode as the catalogue says."""


class Translator(Protocol):
    """A loaded model that translates or summarizes texts."""

    @property
    def max_source_tokens(self) -> int:
        """The maximum length of an input in tokens, including special tokens."""
        ...

    @property
    def parallel_batches(self) -> int:
        """How many batches are decoded at the same time."""
        ...

    @property
    def pays_for_padding(self) -> bool:
        """Whether each text of a batch costs as much as the longest one."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, including special tokens."""
        ...

    def unknown_characters(self, text: str) -> frozenset[str]:
        """Return the characters of a text that the model cannot read as they are."""
        ...

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Output]:
        """Translate one batch, in order.

        Raises ValueError if a text is longer than `max_source_tokens`.
        """
        ...

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Generator[list[Output], None, None]:
        """Translate batches as `translate` does, in order.

        Batches are read ahead of the results, so that the engine works while the caller does. Closing the
        generator cancels what has begun.
        """
        ...

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """Align the words of each source with those of its translation, whoever made it.

        The alignment is None if either text is empty or too long for the model.
        """
        ...

    def close(self) -> None:
        """Free the model's memory. The translator cannot be used afterwards."""
        ...

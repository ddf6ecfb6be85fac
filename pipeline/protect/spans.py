"""What a protected span is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span


class How(StrEnum):
    """How a span is kept from the model."""

    CUT = "cut"
    """The text is cut around it: it stays where it is."""
    NAME = "name"
    ADDRESS = "address"
    NUMBER = "number"
    AMOUNT = "amount"
    CLOCK = "clock"
    AS_SAID = "as-said"
    """What is sent in its place is expected back, as it is."""
    DASH = "dash"
    """A dash between clauses: sent as a hyphen, which models keep, and back where it was kept."""
    WORDING = "wording"
    """It is sent in other words, and translated."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A span of a text, how it is kept, and what stands in its place in the translation.

    `said` is what a model reads where there is no stand-in for it, or it lost the stand-in; a span
    without is cut around then.
    """

    span: Span
    how: How
    back: str
    said: str | None = None


def apart(spans: Iterable[Protected]) -> list[Protected]:
    """The spans in the text's order; of those that overlap, the one that comes first in `spans`."""
    kept: list[Protected] = []
    for one in spans:
        if all(one.span.end <= o.span.start or o.span.end <= one.span.start for o in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)

"""The definition of a protected span."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span


class How(StrEnum):
    """How a span is protected from the model."""

    CUT = "cut"
    """The text is cut around the span, which stays in its place."""
    NAME = "name"
    ADDRESS = "address"
    NUMBER = "number"
    AMOUNT = "amount"
    CLOCK = "clock"
    AS_SAID = "as-said"
    """The text sent in its place is expected back unchanged."""
    DASH = "dash"
    """A dash between clauses: sent as a hyphen, which models keep, and restored wherever it was kept."""
    WORDING = "wording"
    """The span is reworded, and then translated."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A span of a text, how it is protected, and what replaces it in the translation.

    `rewording` is what a model reads if there is no stand-in for the span or the model lost it; the text is
    cut around a span without `rewording` in that case.
    """

    span: Span
    how: How
    original: str
    rewording: str | None = None


def apart(spans: Iterable[Protected]) -> list[Protected]:
    """The spans in text order; where spans overlap, the one that comes first in `spans`."""
    kept: list[Protected] = []
    for one in spans:
        if all(one.span.end <= o.span.start or o.span.end <= one.span.start for o in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)

"""Facts of a text, with their spans, for comparison with those of its translation."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span


class Kind(StrEnum):
    """The kind of a fact."""

    NUMBER = "number"
    YEAR = "year"
    MONTH = "month"
    WEEKDAY = "weekday"
    TIME = "time"
    NAME = "name"
    COUNTRY = "country"
    ADDRESS = "address"
    QUOTE = "quote"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a text.

    `values` are its possible readings, the likeliest first, in a form that is the same for every
    language: the decimal digits of a number, a country code, the folded spelling of a name. `unit` is
    a currency code or "%". A fact that is not `firm` may be expressed differently ("both", "an hour
    and a half") or be left out: it can account for a fact of the other text, but is never missing.
    """

    kind: Kind
    values: tuple[str, ...]
    span: Span
    text: str
    unit: str | None = None
    firm: bool = True

    @property
    def value(self) -> str:
        """The likeliest reading."""
        return self.values[0]

    def means(self, other: "Fact") -> bool:
        """Whether the two facts have a reading in common."""
        return not set(self.values).isdisjoint(other.values)

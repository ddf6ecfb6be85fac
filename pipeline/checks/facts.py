"""What is taken from a text to be compared: facts, with their place in it."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span


class Kind(StrEnum):
    """What a fact is about."""

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

    `values` are its readings, the likeliest first, in a form that is the same for every language: a
    number's decimal digits, a country's code, a name's folded spelling. `unit` is a currency's code or
    "%". A fact that is not `firm` may be said otherwise ("both", "an hour and a half") or left out:
    it explains what the other text says, and is missed nowhere.
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
        """Whether some reading of one is a reading of the other."""
        return not set(self.values).isdisjoint(other.values)

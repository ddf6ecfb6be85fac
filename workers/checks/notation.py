"""How a language writes numbers, by CLDR (with babel)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError

_SPACES = " \u00a0\u202f\u2009"
DIGITS = rf"\d+(?:(?:[.,'’]|[{_SPACES}](?=\d{{3}}(?!\d)))\d+)*"
"""A number in digits with whatever marks it has inside; a space only between groups of three."""
_MARKS = re.compile(rf"[.,'’{_SPACES}]")


@dataclass(frozen=True, slots=True)
class Notation:
    """The mark before the decimals and the one between groups of three digits."""

    decimal: str
    group: str


@cache
def notation(language: str) -> Notation:
    """A language's notation; one that CLDR does not know gets English's."""
    try:
        symbols = Locale.parse(language.replace("-", "_")).number_symbols["latn"]
    except (UnknownLocaleError, ValueError, KeyError):
        return Notation(".", ",")
    return Notation(symbols["decimal"], symbols["group"])


def read_digits(text: str, language: str) -> list[Decimal]:
    """What a number in digits is worth, the language's own reading first.

    A mark between groups of three ("1,234") is a thousand's in some countries of a language and a
    decimal one in others, so both are given. No reading where the groups make no number ("1.23.4").
    """
    marks = _MARKS.findall(text)
    if not marks:
        return [Decimal(text)]
    parts = _MARKS.split(text)
    last = marks[-1]
    grouped = len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    if len(set(marks)) == 1:
        whole, fraction = Decimal("".join(parts)), Decimal(f"{''.join(parts[:-1])}.{parts[-1]}")
        if not grouped or parts[0] == "0":
            return [fraction] if len(marks) == 1 and last in ".," else []
        if len(marks) > 1 or last not in ".,":
            return [whole]
        return [fraction, whole] if last == notation(language).decimal else [whole, fraction]
    inner = len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:-1])
    if inner and len(set(marks[:-1])) == 1 and last in ".,":
        return [Decimal(f"{''.join(parts[:-1])}.{parts[-1]}")]
    return []

"""How a language writes numbers, according to CLDR (with babel)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError

_SPACES = " \u00a0\u202f\u2009"
DIGITS = rf"\d+(?:(?:[.,'’]|[{_SPACES}](?=\d{{3}}(?!\d)))\d+)*"
"""A number in digits with any marks inside it; a space only between groups of three."""
FIGURE = r"\d+(?:[.,]\d+)*"
"""A number in digits with only full stops and commas inside it."""
_MARKS = re.compile(rf"[.,'’{_SPACES}]")


@dataclass(frozen=True, slots=True)
class Notation:
    """The decimal mark and the mark between groups of three digits."""

    decimal: str
    group: str


@cache
def notation(language: str) -> Notation:
    """The notation of a language; a language that CLDR does not know gets that of English."""
    try:
        symbols = Locale.parse(language.replace("-", "_")).number_symbols["latn"]
    except (UnknownLocaleError, ValueError, KeyError):
        return Notation(".", ",")
    return Notation(symbols["decimal"], symbols["group"])


def read_digits(text: str, language: str) -> Decimal | None:
    """The value of a number in digits, in the notation of the language.

    Either mark is read as the only thing it can be: "1.5" is one and a half in Spanish too. None if the
    groups do not make a number ("1.23.4").
    """
    marks = _MARKS.findall(text)
    if not marks:
        return Decimal(text)
    parts = _MARKS.split(text)
    last = marks[-1]
    whole, fraction = "".join(parts), f"{''.join(parts[:-1])}.{parts[-1]}"
    if len(set(marks)) == 1:
        grouped = 0 < len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
        if grouped and parts[0] != "0":
            is_fraction = len(marks) == 1 and last == notation(language).decimal
            return Decimal(fraction if is_fraction else whole)
        return Decimal(fraction) if len(marks) == 1 and last in ".," else None
    inner = len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:-1])
    if inner and len(set(marks[:-1])) == 1 and last in ".,":
        return Decimal(fraction)
    return None

"""Amounts of money in a text: "£1.2bn", "3.000 millones de pesos", "10-12 million euros"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.figures.currencies import OTHER_WORDS, Currency, by_name, by_symbol, currencies
from pipeline.figures.magnitudes import ABBREVIATIONS, MAGNITUDES
from pipeline.figures.notation import FIGURE, read_digits
from pipeline.spans import Span

_MAY_HAVE = re.compile(r"\d| [mb]ill")
_SCREENS = {480, 720, 1080, 1440, 2160}
"""Numbers that, before "p", are the lines of a screen, not pence."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as it is written, its value, and the power of ten that the word after it means."""

    value: Decimal
    decimals: int
    power: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money, or a range of two, with its position in the text."""

    span: Span
    low: Quantity
    high: Quantity | None
    currency: Currency


def amounts(text: str, language: str) -> Iterator[Amount]:
    """Find the amounts of a text in order; none in a language whose words for amounts are not known."""
    if language not in MAGNITUDES or _MAY_HAVE.search(text) is None:
        return
    for match in _pattern(language).finditer(text):
        amount = _amount(match, language)
        if amount is not None:
            yield amount


@cache
def _pattern(language: str) -> re.Pattern[str]:
    symbols = _any(by_symbol())
    names = _any(by_name(language))
    words = sorted(MAGNITUDES[language], key=len, reverse=True)
    glued = "|".join(word for word in words if word in ABBREVIATIONS)
    spelled = "|".join(re.escape(word) for word in words if len(word) > 2 and word not in ("mln",))
    magnitude = rf"(?:(?P<{{0}}glued>{glued})(?![^\W_])|[ \u00a0-]?(?P<{{0}}spelled>{spelled})\b)?"
    low, high = magnitude.format("low_"), magnitude.format("high_")
    of, to, one = (
        ("(?:de )?", " ?[–-] ?| a ", "un") if language == "es" else ("", " ?[–-] ?| to ", "one")
    )
    return re.compile(
        rf"(?<![\w.,/@#&-])(?P<before>(?:{symbols})[ \u00a0]?)?(?<![\d.,])"
        rf"(?P<low>{FIGURE}|\b{one}(?= (?:millón|billón|million|billion))){low}"
        rf"(?:(?P<to>{to})(?:(?:{symbols})[ \u00a0]?)?(?P<high>{FIGURE}){high}(?!\w))?"
        rf"(?(before)|(?:[ \u00a0]?(?P<after>{symbols}|p)(?![\w&'’])|"
        rf"[ \u00a0-]{of}(?P<name>{names})\b)?)(?![\w]|[.,]\d)",
        re.IGNORECASE,
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _amount(match: re.Match[str], language: str) -> Amount | None:
    currency = _currency(match, language)
    low = _quantity(match, "low", language)
    high = _quantity(match, "high", language) if match["high"] else None
    if currency is None or low is None or (match["high"] and high is None):
        return None
    if match["after"] == "p" and (low.power or low.value in _SCREENS):
        return None
    if high is not None and high.power and not low.power:
        low = Quantity(low.value, low.decimals, high.power)
    return Amount(Span(*match.span()), low, high, currency)


def _currency(match: re.Match[str], language: str) -> Currency | None:
    """The currency that a match names; None if it names none, or its word is not a currency as written."""
    before = (match["before"] or "").strip()
    # The pattern ignores case because of magnitudes; "eur" and "try" are words.
    if before:
        return by_symbol().get(before)
    if match["after"] == "p" and language == "en":
        return currencies()["PENNY"]
    if match["after"]:
        return by_symbol().get(match["after"])
    name = match["name"] or ""
    spelled = match["low_spelled"] or match["low_glued"] or match["high"]
    if name.lower() in OTHER_WORDS[language] and not spelled:
        return None
    return by_name(language).get(name) or by_name(language).get(name.lower())


def _quantity(match: re.Match[str], group: str, language: str) -> Quantity | None:
    figure = match[group]
    value = read_digits(figure, language) if figure[0].isdigit() else Decimal(1)
    if value is None:
        return None
    word = match[f"{group}_glued"] or match[f"{group}_spelled"] or ""
    power = MAGNITUDES[language].get(word.lower(), 0)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Quantity(value, -exponent if exponent < 0 else 0, power)

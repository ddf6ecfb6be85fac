"""Write amounts of money as the press of a language does.

Spanish: "1.200 millones de libras", "1,5 billones de dólares", "82,15 dólares". English: "£1.2 billion",
"30,000 yen".
"""

from decimal import Decimal

from babel.numbers import format_decimal

from pipeline.figures.amounts import Amount, Quantity
from pipeline.figures.currencies import SYMBOLS_IN_ENGLISH

_ENGLISH = {12: "trillion", 9: "billion", 6: "million"}
_SPANISH = {12: ("billón", "billones"), 6: ("millón", "millones")}


def written(amount: Amount, language: str, *, in_words: bool = False) -> str:
    """The amount in English or Spanish; `in_words` uses the currency's name where English has a symbol."""
    if language == "en":
        return _english(amount, in_words)
    name = amount.currency.name("es", several=_last(amount) != 1)
    text = _in_spanish(amount.low)
    if amount.high is not None:
        text = f"{_figure_of_range(amount.low, amount.high, 'es')}-{_in_spanish(amount.high)}"
    return f"{text} de {name}" if text.endswith(("ón", "ones")) else f"{text} {name}"


def _english(amount: Amount, in_words: bool) -> str:
    text = _in_english(amount.low)
    if amount.high is not None:
        text = f"{_figure_of_range(amount.low, amount.high, 'en')}-{_in_english(amount.high)}"
    symbol = SYMBOLS_IN_ENGLISH.get(amount.currency.code)
    if symbol is not None and not in_words:
        return f"{symbol}{text}"
    return f"{text} {amount.currency.name('en', several=_last(amount) != 1)}"


def _last(amount: Amount) -> Decimal:
    quantity = amount.high or amount.low
    return quantity.value.scaleb(quantity.power)


def _figure_of_range(low: Quantity, high: Quantity, language: str) -> str:
    """The lower end of a range: only its figure if both ends have the same magnitude."""
    write = _in_english if language == "en" else _in_spanish
    one, other = write(low), write(high)
    figure, _, magnitude = one.partition(" ")
    return figure if magnitude and other.endswith(f" {magnitude}") else one


def _in_english(quantity: Quantity) -> str:
    value = quantity.value.scaleb(quantity.power)
    if quantity.power >= 6:
        for power, word in _ENGLISH.items():
            if value >= 10**power:
                return f"{_shortened(value, power, 'en')} {word}"
    return _digits(value, quantity, "en")


def _in_spanish(quantity: Quantity) -> str:
    value = quantity.value.scaleb(quantity.power)
    if quantity.power >= 6:
        for power, (one, several) in _SPANISH.items():
            if value >= 10**power:
                figure = _shortened(value, power, "es")
                return f"{figure} {one if figure == '1' else several}"
    return _digits(value, quantity, "es")


def _shortened(value: Decimal, power: int, language: str) -> str:
    return format_decimal(value.scaleb(-power).normalize(), "#,##0.############", locale=language)


def _digits(value: Decimal, quantity: Quantity, language: str) -> str:
    """The value with as many decimals as in the source; Spanish groups from five digits on (CLDR)."""
    decimals = max(0, quantity.decimals - quantity.power)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=language, group_separator=True)

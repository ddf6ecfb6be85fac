"""Currencies: their symbols, codes, and names in English and Spanish as used in the press."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = frozenset({"en", "es"})
SYMBOLS_IN_ENGLISH = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "C$", "AUD": "A$"}
"""What English puts before an amount; other currencies are written in words ("30,000 yen")."""
_VARIANTS = {
    "krona": "SEK", "kronor": "SEK", "krone": "NOK", "kroner": "NOK", "rouble": "RUB", "roubles": "RUB",
    "dolares": "USD", "dolar": "USD", "yens": "JPY", "euros": "EUR", "céntimo": "CENT", "céntimos": "CENT",
    "reais": "BRL", "bolívares": "VES", "bolivares": "VES",
    "libras esterlinas": "GBP", "pounds sterling": "GBP",
    "dólares estadounidenses": "USD", "US dollars": "USD", "zlotys": "PLN", "zloty": "PLN", "liras": "TRY",
    "shekel": "ILS", "shekels": "ILS",
}  # fmt: skip
"""Other spellings that are recognised but never written."""
OTHER_WORDS = {
    "en": {"won", "real", "sol", "colon", "rand", "sterling"},
    "es": {"sol", "real", "won"},
}
"""Names that are also other words: read as a currency only after a magnitude ("2 trillion won")."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency; `code` is from ISO 4217, or our own for a name that several countries use ("peso")."""

    code: str
    symbols: tuple[str, ...]
    english: tuple[str, str]
    spanish: tuple[str, str]

    @property
    def unit(self) -> str:
        """What the checks compare: the noun of its English name, since news omits the country."""
        return self.english[0].split()[-1].replace("krona", "crown").replace("krone", "crown")

    def name(self, language: str, *, several: bool) -> str:
        """Its name in English or Spanish."""
        return (self.english if language == "en" else self.spanish)[several]


@cache
def currencies() -> Mapping[str, Currency]:
    """The currencies by code."""
    text = (files("pipeline.figures") / "currencies.tsv").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        code, symbols, one, several, uno, varios = line.split("\t")
        signs = tuple(symbols.split()) if symbols != "-" else ()
        found[code] = Currency(code, signs, (one, several), (uno, varios))
    return found


@cache
def by_symbol() -> Mapping[str, Currency]:
    """The currencies by what is written next to a figure: "£", "C$", "EUR"."""
    return {symbol: currency for currency in currencies().values() for symbol in currency.symbols}


@cache
def by_name(language: str) -> Mapping[str, Currency]:
    """The currencies by their names in a language; empty for a language without names here."""
    if language not in LANGUAGES:
        return {}
    table = currencies()
    names = {name: table[code] for name, code in _VARIANTS.items()}
    for currency in table.values():
        for several in (False, True):
            names[currency.name(language, several=several)] = currency
    return names


@cache
def units(language: str) -> Mapping[str, str]:
    """Map what marks a currency next to a number to its unit: lower-case names, and symbols.

    Names that are as often other words ("won") are excluded. A language without names here gets those of all.
    """
    found = {symbol: currency.unit for symbol, currency in by_symbol().items()}
    for known in {language} & LANGUAGES or LANGUAGES:
        for name, currency in by_name(known).items():
            # English puts the country before the noun, Spanish after it.
            noun = name.split()[-1 if known == "en" else 0].lower()
            if noun not in OTHER_WORDS[known]:
                found[noun] = currency.unit
    return found

"""The words and facts of a text, read once for all checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.checks.addresses import addresses, mask
from pipeline.checks.countries import countries
from pipeline.checks.facts import Fact
from pipeline.checks.names import names
from pipeline.checks.negation import negations
from pipeline.checks.numbers import numbers
from pipeline.checks.people import people
from pipeline.checks.quotes import quotes
from pipeline.checks.times import calendar, clock
from pipeline.checks.words import Word, words
from pipeline.spans import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text and its facts of each kind, in order."""

    text: str
    language: str
    words: tuple[Word, ...]
    addresses: tuple[Fact, ...]
    numbers: tuple[Fact, ...]
    """Including clock times."""
    calendar: tuple[Fact, ...]
    countries: tuple[Fact, ...]
    names: tuple[Fact, ...]
    capitalised: tuple[Fact, ...]
    """The names, and the words that may be part of a name."""
    quotes: tuple[Fact, ...]
    unpaired: tuple[Span, ...]
    negations: tuple[Fact, ...]


_CURRENCY_SIGNS = ("$", "£", "€", "¥")


@lru_cache(maxsize=512)
def read(text: str, language: str) -> Reading:
    """Read a sentence. Cached, because one source is compared with several candidates."""
    addresses_ = addresses(text)
    rest = mask(text, addresses_)
    words_ = words(rest)
    calendar_ = calendar(rest, words_, language)
    times = clock(rest)
    people_ = people(rest, language)
    # The letters of "US$5" are part of an amount.
    named = [word for word in words_ if not rest.startswith(_CURRENCY_SIGNS, word.span.end)]
    countries_ = [fact for fact in countries(rest, named, language) if not _within(fact, people_)]
    calendar_ = [fact for fact in calendar_ if not _within(fact, people_)]
    capitalised = names(rest, named, language, [*countries_, *calendar_, *times], people_)
    quotes_, unpaired = quotes(text)
    return Reading(
        text,
        language,
        tuple(words_),
        addresses=tuple(addresses_),
        numbers=(*times, *numbers(mask(rest, times), language)),
        calendar=tuple(calendar_),
        countries=tuple(countries_),
        names=tuple(fact for fact in capitalised if fact.firm),
        capitalised=tuple(capitalised),
        quotes=tuple(quotes_),
        unpaired=tuple(unpaired),
        negations=tuple(negations(text, words_, language)),
    )


def _within(fact: Fact, spans: Sequence[Span]) -> bool:
    return any(span.start <= fact.span.start < span.end for span in spans)

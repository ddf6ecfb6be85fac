"""Compare the numbers, amounts, results and dates of two texts."""

import re
from collections.abc import Iterator

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.matching import changed, likeliest, missing_fact, unmatched
from pipeline.checks.numbers import ORDINAL
from pipeline.checks.reading import Reading
from pipeline.checks.scores import scores
from pipeline.figures.currencies import units

_SHARE = re.compile(
    r"%|por ?cien|percent|per cent|\bpoints?\b|\bpuntos?\b|\bpct\b|parte|tercio|mitad|half|third|quarter"
)
_PREFIXES = {"2": "bi", "3": "tri"}
_FROM_TODAY = frozenset(
    {"hoy", "ayer", "mañana", "anoche", "anteayer", "today", "yesterday", "tomorrow", "tonight"}
)
"""Words that can replace a day of the week, relative to the date of the article."""


def compare_numbers(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag numbers, years and times: every firm one must have a counterpart in the other text."""
    yield from _changed_units(source, target)
    missing, added = unmatched(source.numbers, target.numbers)
    for fact in missing:
        other = likeliest(fact, [o for o in added if fact.firm and o.firm], source, target)
        if other is not None:
            added.remove(other)
            yield changed(fact, other)
        elif fact.firm and not _is_named(fact, target) and not _is_prefix(fact, source, target):
            yield missing_fact(Code.NUMBER_MISSING, fact)
    for fact in added:
        if fact.firm and not (fact.value == "2" and fact.text.isalpha()):  # "los dos favoritos"
            yield CheckFlag(
                Code.NUMBER_ADDED, f"“{fact.text}” is not in the source.", target=fact.span
            )


def _is_named(fact: Fact, target: Reading) -> bool:
    """Whether a number in words is kept unchanged in a name that is not translated: "High Speed Two"."""
    return fact.text[:1].isupper() and any(word.text == fact.text for word in target.words)


def _is_prefix(fact: Fact, source: Reading, target: Reading) -> bool:
    """Whether a number that starts a compound becomes a prefix in the target: two-party, bipartidismo."""
    prefix = _PREFIXES.get(fact.value)
    if prefix is None or source.text[fact.span.end : fact.span.end + 1] != "-":
        return False
    return any(word.folded.startswith(prefix) and len(word.text) > 6 for word in target.words)


def _changed_units(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag equal numbers whose currency differs or was lost, or of which only one is a percentage."""
    named = {fact.unit for fact in target.numbers}
    known = units(target.language)
    named |= {known[word.lower] for word in target.words if word.lower in known}
    for fact in source.numbers:
        likes = [other for other in target.numbers if fact.means(other)]
        if not fact.unit or not likes or fact.unit == ORDINAL:
            continue
        found = {other.unit for other in likes}
        if fact.unit in found:
            continue
        # "$10-15 billion" names its currency once; a percentage may be written with "puntos".
        lost = None in found and fact.unit not in named and _is_told(fact, target)
        if None not in found or lost:
            yield changed(fact, likes[0])


def _is_told(fact: Fact, target: Reading) -> bool:
    """Whether the unit of a fact has a name that the target's text would contain."""
    if fact.unit == "%":
        return _SHARE.search(target.text) is None
    return fact.unit in units(target.language).values() and fact.firm


def compare_scores(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag results: the same two numbers in reverse order mean another winner."""
    theirs = scores(target.text)
    for (first, second), span in scores(source.text).items():
        turned = theirs.get((second, first))
        if turned is not None and (first, second) not in theirs:
            message = f"The result “{source.text[slice(*span)]}” has become “{target.text[slice(*turned)]}”."
            yield CheckFlag(Code.NUMBER_CHANGED, message, span, turned)


def compare_calendar(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag months and days of the week; in the target a day of the week may become "today" or the like."""
    missing, added = unmatched(source.calendar, target.calendar)
    for fact in missing:
        others = [other for other in added if other.kind is fact.kind]
        other = likeliest(fact, others, source, target)
        if other is not None:
            added.remove(other)
            yield changed(fact, other)
        elif fact.kind is Kind.MONTH or not _is_said_from_today(source, target):
            yield missing_fact(Code.DATE_CHANGED, fact)


def _is_said_from_today(source: Reading, target: Reading) -> bool:
    """Whether only the target has a word like "yesterday": "tomorrow Thursday" has both."""
    ours, theirs = ({word.lower for word in r.words} & _FROM_TODAY for r in (source, target))
    return bool(theirs) and not ours

"""Find times of day and calendar terms: clock times, months, days of the week."""

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.words import Word
from pipeline.spans import Span

_CLOCK = re.compile(
    r"(?<![\d:.,])(?:(?P<hour>[01]?\d|2[0-4])[:.h](?P<minute>[0-5]\d)(?![\d.,:]\d|\d|\s?%)"
    r"|(?P<alone>1?\d|2[0-4]))\s?(?P<half>[ap]\.?\s?m\b\.?|h(?:oras|rs?|s)?\b\.?)?",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?\s(?:of\s|de\s)?$")
_NUMBER_AFTER = re.compile(r"\.?,?\s(?:of\s|de\s)?(?:the\s)?\d")
_IN = re.compile(
    r"\b(?:in|since|of|last|next|until|by|during|for|to|from|this|between|and|early|late|mid|through|"
    r"before|after|till|every|each|on)[\s-]$",
    re.IGNORECASE,
)
_EN = re.compile(r"\b(?:en|desde|hasta|mes de) $", re.IGNORECASE)
_AMBIGUOUS = frozenset({"may", "march"})
"""Months only when next to a number or after a preposition."""
_SHORT = {
    "es": frozenset(
        ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "set", "oct", "nov", "dic"]
    )
}
"""Abbreviated months that are also words: months only after the number of a day ("3 ago")."""
_PLURAL_DAYS = frozenset({"en", "es"})
"""Languages whose days of the week have a plural in -s: Sundays, domingos."""


def clock(text: str) -> list[Fact]:
    """Clock times: "5:30 p.m.", "17.30 h", "8pm"; a time 12 hours earlier or later is also a reading."""
    found = []
    for match in _CLOCK.finditer(text):
        half = (match["half"] or "").lower()
        if match["alone"]:
            if not half or not half.startswith(("a", "p")):
                continue
            hour, minute = int(match["alone"]), 0
        else:
            dotted = text[match.end("hour")] == "."
            if dotted and not half:
                continue
            hour, minute = int(match["hour"]), int(match["minute"])
        written = match[0].rstrip()
        span = Span(match.start(), match.start() + len(written))
        found.append(Fact(Kind.TIME, _readings(hour, minute), span, written))
    return found


def _readings(hour: int, minute: int) -> tuple[str, ...]:
    """The time, and the numbers that may express it: 17.30, 5 and a half, a quarter to 6."""
    values = []
    for h in (hour, (hour + 12) % 24, hour - 12 if hour > 12 else hour):
        values.append(f"{h}:{minute:02}")
        values.append(f"{h}.{minute:02}".rstrip("0").rstrip("."))
        if minute == 30:
            values.append(f"{h}.5")
        elif minute in (15, 20, 10, 5, 25):
            values.append(str(h))
        elif minute > 30:
            values.append(str(h % 12 + 1))
    return tuple(dict.fromkeys(values))


def calendar(text: str, words: Sequence[Word], language: str) -> list[Fact]:
    """Months and days of the week; the values are `month-1` to `month-12` and `day-0` (Monday) to `day-6`."""
    names, found = _calendar_names(language), []
    for word in words:
        value = names.get(word.lower)
        if value is not None and _is_calendar(word, text, language):
            kind = Kind.MONTH if value.startswith("month") else Kind.WEEKDAY
            found.append(Fact(kind, (value,), word.span, word.text))
    return found


def _is_calendar(word: Word, text: str, language: str) -> bool:
    """Whether a word that may be a month is one, and not a verb (May) or part of a name (Plaza de Mayo)."""
    start, end = word.span
    if language in _SHORT and word.lower in _SHORT[language]:
        return _NUMBER_BEFORE.search(text, max(0, start - 10), start) is not None
    if language == "en":
        if not word.capital:
            return len(word.text) > 5 or word.lower in ("july", "april")
        if word.lower not in _AMBIGUOUS and len(word.text) > 3:
            return True
        beside = _NUMBER_BEFORE.search(text, max(0, start - 10), start)
        if beside or _NUMBER_AFTER.match(text, end):
            return True
        return (
            len(word.text) > 3 or word.lower == "may"
            if _follows_preposition(text, start)
            else False
        )
    if language == "es" and word.capital and start:
        # Only in headlines, dates written as in English ("3 de Septiembre"), and texts in capitals.
        return (
            text[:start].rstrip()[-1:] in '“"«¿¡(.:!?'
            or _NUMBER_BEFORE.search(text, max(0, start - 10), start) is not None
            or _EN.search(text, max(0, start - 10), start) is not None
            or text.isupper()
        )
    return True


def _follows_preposition(text: str, start: int) -> bool:
    return _IN.search(text, max(0, start - 9), start) is not None


@cache
def _calendar_names(language: str) -> dict[str, str]:
    """Names of months and days in lower case, wide and abbreviated, from CLDR (through babel)."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return {}
    names = {}
    for width in ("abbreviated", "wide"):
        for number, name in locale.months["format"][width].items():
            names[name.lower().rstrip(".")] = f"month-{number}"
        for number, name in locale.days["format"][width].items():
            if width == "wide":
                names[name.lower()] = f"day-{number}"
                if language in _PLURAL_DAYS:
                    names[name.lower().removesuffix("s") + "s"] = f"day-{number}"
    if language == "en":
        names["sept"] = "month-9"
    if language == "es":
        names |= {"setiembre": "month-9", "sep": "month-9", "set": "month-9"}
    return {name: value for name, value in names.items() if name.isalpha()}

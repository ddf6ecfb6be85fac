"""Lines that are translated by rule, not by a model: datelines, bylines, and interview labels."""

import re
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

from pipeline.documents.document import BlockKind

_INTERVIEW = {"en": ("Q", "A"), "es": ("P", "R")}
"""The labels before a question and before an answer."""
_INTERVIEW_LABEL = re.compile(r"(?P<letter>[QAPR])(?P<mark>\s?[:.])")
_BYLINES = {"en": ("By", "and"), "es": ("Por", "y")}
"""What begins a byline, and what joins two names in it."""
_CAPITALISED = r"[A-ZÁÉÍÓÚÑ][\w.'’-]*"
_NAME = rf"{_CAPITALISED}(?: (?:de|del|da|dos|la|las|los|van|von|der|bin|al)(?= ))*(?: {_CAPITALISED}){{1,3}}"
_BYLINE = re.compile(
    rf"(?P<by>By|BY|Por|POR) (?P<first>{_NAME}(?:, {_NAME})*?)(?: (?:and|y|AND|Y) (?P<last>{_NAME}))?"
)
_I_SOUND = re.compile(r"H?[IÍ](?![aeouáéóú])")
"""A name before which "y" is "e"."""
_DAY_MONTH = re.compile(
    r"\b(?P<day>\d{1,2}) (?:de )?(?P<month>[^\W\d_]{3,10})\.?(?:(?: de|,)? (?P<year>\d{4}))?\b"
)
_MONTH_DAY = re.compile(
    r"\b(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?\b"
)


def by_rule(kind: BlockKind, text: str, source: str, target: str) -> str | None:
    """The line in the target language; None if a model must translate it.

    A dateline keeps its places and its agency; its date is written as in the target language. A byline of
    names alone keeps them.
    """
    if kind is BlockKind.BYLINE:
        return _by(text, source, target)
    if kind is BlockKind.DATELINE:
        return _redated(text, source, target)
    if kind is BlockKind.SPEAKER:
        return _relabelled(text, source, target)
    return None


def _by(text: str, source: str, target: str) -> str | None:
    match = _BYLINE.fullmatch(text)
    if match is None or source not in _BYLINES or target not in _BYLINES:
        return None
    by, join = _BYLINES[target]
    first, last = match["first"], match["last"]
    if "," in first and last is None:  # a name and what the person is
        return None
    if target == "es" and last is not None and _I_SOUND.match(last):
        join = "e"
    return f"{by} {first}" + (f" {join} {last}" if last is not None else "")


def _relabelled(text: str, source: str, target: str) -> str | None:
    label = _INTERVIEW_LABEL.fullmatch(text)
    ours, theirs = _INTERVIEW.get(source), _INTERVIEW.get(target)
    if label is None or ours is None or theirs is None or label["letter"] not in ours:
        return None
    return theirs[ours.index(label["letter"])] + label["mark"]


def _redated(text: str, source: str, target: str) -> str:
    pattern = _MONTH_DAY if source == "en" and _MONTH_DAY.search(text) else _DAY_MONTH

    def written(match: re.Match[str]) -> str:
        month = _months(source).get(match["month"].lower())
        if month is None or not _names(target):
            return match[0]
        day, year, name = match["day"], match["year"], _names(target)[month]
        if target == "en":
            return f"{name} {day}" + (f", {year}" if year else "")
        if target == "es":
            return f"{day} de {name}" + (f" de {year}" if year else "")
        return f"{day} {name}" + (f" {year}" if year else "")

    return pattern.sub(written, text, count=1)


@cache
def _months(language: str) -> dict[str, int]:
    """The numbers of the months by their names in lower case, full and short (CLDR)."""
    months: dict[str, int] = {}
    try:
        names = Locale.parse(language.replace("-", "_")).months["format"]
    except (UnknownLocaleError, ValueError):
        return months
    for width in ("abbreviated", "wide"):
        for number, name in names[width].items():
            months[name.lower().rstrip(".")] = number
            months[name.lower()[:3]] = number
    return months


@cache
def _names(language: str) -> dict[int, str]:
    """The full names of the months (CLDR)."""
    try:
        return dict(Locale.parse(language.replace("-", "_")).months["format"]["wide"])
    except (UnknownLocaleError, ValueError):
        return {}

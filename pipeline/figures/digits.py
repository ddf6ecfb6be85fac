"""Convert numbers in digits from one language's notation to another's: 1,800 is 1.800 in Spanish."""

import re

from babel.numbers import format_decimal

from pipeline.figures.notation import Notation, notation, read_digits
from pipeline.figures.versions import versions

_COPIED = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\d|[.,]\d)")
"""Figures, including those followed by letters: "2.5x"."""
_SPANISH_BILLIONS = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,3})?) mil millones\b")
_HALF_BILLION = re.compile(r"\bmedio mil millones\b")
_ENGLISH_MILLIONS = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+) million\b")
_MARK = re.compile(r"[.,]")
FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")


def localized(figure: str, source: str, target: str) -> str:
    """The figure in the target's notation; unchanged if it is not a number in the source's notation."""
    ours, theirs = notation(source), notation(target)
    if ours == theirs or not _is_number(figure, ours):
        return figure
    marks = {ours.group: theirs.group, ours.decimal: theirs.decimal}
    return "".join(marks.get(character, character) for character in figure)


def in_notation(text: str, original: str, source: str, target: str) -> str:
    """Put the figures that the translation copies from its source into the target's notation.

    A figure that does not occur verbatim in `original` is the model's own and is kept; so are versions.
    """
    if notation(source) == notation(target):
        return text
    copied = {match.group() for match in _COPIED.finditer(original)}
    copied -= {original[slice(*span)] for span in versions(original)}
    text = _COPIED.sub(
        lambda match: (
            _with_unit(match, source, target) if match.group() in copied else match.group()
        ),
        _readable(text, original, source, target),
    )
    return _magnitudes(text, target)


def _readable(text: str, original: str, source: str, target: str) -> str:
    """Write figures whose marks make no number ("1.234.567.89") as the source's figure of the same digits."""
    ours = {_MARK.sub("", figure): figure for figure in _COPIED.findall(original)}

    def written(match: re.Match[str]) -> str:
        figure = ours.get(_MARK.sub("", match[0]))
        if figure is None or figure == match[0] or len(_MARK.findall(match[0])) < 2:
            return match[0]
        return (
            match[0]
            if read_digits(match[0], target) is not None
            else localized(figure, source, target)
        )

    return _COPIED.sub(written, text)


def _with_unit(match: re.Match[str], source: str, target: str) -> str:
    """Convert the figure of a match; followed by letters, as in "17.342s", it can only be a decimal."""
    figure = match.group()
    if match.string[match.end() : match.end() + 1].isalpha() and _is_decimal(figure, source):
        return figure.replace(notation(source).decimal, notation(target).decimal)
    return localized(figure, source, target)


def _is_decimal(figure: str, language: str) -> bool:
    return re.fullmatch(rf"\d+{re.escape(notation(language).decimal)}\d+", figure) is not None


def _magnitudes(text: str, language: str) -> str:
    """Write thousands of millions as the press does: "1.200 millones", "1.2 billion"."""
    if language == "es":
        text = _HALF_BILLION.sub("500 millones", text)
        return _SPANISH_BILLIONS.sub(_in_millions, text)
    if language == "en":
        return _ENGLISH_MILLIONS.sub(_in_billions, text)
    return text


def _in_millions(match: re.Match[str]) -> str:
    value = read_digits(match[1], "es")
    if value is None:
        return match[0]
    return f"{format_decimal(value * 1000, '#,##0.###', locale='es')} millones"


def _in_billions(match: re.Match[str]) -> str:
    value = read_digits(match[1], "en")
    if value is None or value < 1000:
        return match[0]
    return f"{format_decimal(value / 1000, '#,##0.######', locale='en')} billion"


def _is_number(figure: str, written: Notation) -> bool:
    group, decimal = re.escape(written.group), re.escape(written.decimal)
    # "610.473" in English may be a decimal, or thousands written by a Spaniard: it is kept.
    if re.fullmatch(rf"[1-9]\d{{1,2}}{decimal}\d{{3}}", figure):
        return False
    return bool(
        re.fullmatch(rf"\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal}\d+)?|\d+{decimal}\d+", figure)
    )

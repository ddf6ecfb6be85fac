"""Numbers in digits from one language's notation to another's: 1,800 is 1.800 in Spanish."""

import re

from pipeline.checks.notation import Notation, notation

FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")


def localized(figure: str, source: str, target: str) -> str:
    """The figure in the target's notation; as it is where it is no number of the source's."""
    ours, theirs = notation(source), notation(target)
    if ours == theirs or not _is_number(figure, ours):
        return figure
    marks = {ours.group: theirs.group, ours.decimal: theirs.decimal}
    return "".join(marks.get(character, character) for character in figure)


def in_notation(text: str, original: str, source: str, target: str) -> str:
    """The translation with the figures that it copies from its source in the target's notation.

    A figure that is not in `original` as it stands is the model's own and stays.
    """
    if notation(source) == notation(target):
        return text
    copied = {match.group() for match in FIGURE.finditer(original)}
    return FIGURE.sub(
        lambda match: (
            localized(match.group(), source, target) if match.group() in copied else match.group()
        ),
        text,
    )


def _is_number(figure: str, written: Notation) -> bool:
    group, decimal = re.escape(written.group), re.escape(written.decimal)
    # "610.473" in English may be a decimal, or a Spaniard's thousands: it stays as it stands.
    if re.fullmatch(rf"[1-9]\d{{1,2}}{decimal}\d{{3}}", figure):
        return False
    return bool(
        re.fullmatch(rf"\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal}\d+)?|\d+{decimal}\d+", figure)
    )

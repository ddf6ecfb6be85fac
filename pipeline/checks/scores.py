"""Find results of games and votes: 3-1, 52–48. Their order shows who won."""

import re

from pipeline.spans import Span

_SCORE = re.compile(r"(?<![\w.,-])(\d{1,3})\s?(?:[-–:]|a|to)\s?(\d{1,3})(?![\w-]|[.,:]\d)")


def scores(text: str) -> dict[tuple[int, int], Span]:
    """Each pair of numbers that form a result, with its span; for equal pairs, that of the last one."""
    return {(int(match[1]), int(match[2])): Span(*match.span()) for match in _SCORE.finditer(text)}

"""Tables in plain text: rows whose cells are separated by gaps, tabs or bars."""

import re
from collections.abc import Sequence

Span = tuple[int, int]

_GAP = re.compile(r"[ \u00a0]{2,}|[ ]*\t\s*|\s*\|\s*")
_FIGURE = re.compile(r"[+-]?\d[\d.,]*")
_SENTENCE_END = re.compile(r"[.!?…:;]['\"”’»)\]]*$")
_LEAST_FIGURES = 2


def cells(line: str) -> list[Span]:
    """The spans of the line's cells; one that is the whole line where it has no gaps."""
    spans, start = [], 0
    for gap in [*_GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        if line[start:end].strip():
            spans.append((start, end))
        start = gap.end() if gap else end
    return spans


def rows(lines: Sequence[str], are_neighbours: Sequence[bool]) -> list[bool]:
    """Tell for each line whether it is a table row, judging by its neighbours.

    `are_neighbours` has for each line but the last whether the next follows without a blank line. Rows have
    as many cells as a neighbour, or as many figures and no sentence's end.
    """
    shapes = [_shape(line) for line in lines]
    found = [False] * len(lines)
    for place, near in enumerate(are_neighbours):
        one, other = shapes[place], shapes[place + 1]
        if near and any(a == b > 1 for a, b in zip(one, other, strict=True)):
            found[place] = found[place + 1] = True
    return found


def _shape(line: str) -> tuple[int, int]:
    """The number of cells, and of figures where there are some and no sentence ends; else 0."""
    if _SENTENCE_END.search(line):
        return len(cells(line)) if "|" in line or "\t" in line else 0, 0
    figures = len(_FIGURE.findall(line))
    words = len(line.split())
    return len(cells(line)), figures if figures >= _LEAST_FIGURES and words <= 4 * figures else 0

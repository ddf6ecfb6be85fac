"""Check that quotation marks are paired, and that quoted text is still quoted."""

import re

from pipeline.checks.facts import Fact, Kind
from pipeline.spans import Span

_OPEN, _CLOSE, _EITHER = "“«„‟", "”»", '"'
_ANY = re.compile(r"[“”«»\"„‟]|(?:^|[\s(¿¡])['‘]\w[^'’]*['’]|^\s*[—–]")
_SINGLE_MARK = re.compile(
    r"(?:^|(?<=[\s(“\"]))(?P<opens>['‘`])(?=[\w¿¡])|(?<=[.,!?…])(?P<closes>['’])(?!\w)|(?<=[\w\])])['’](?!\w)"
)
_SPOKEN = re.compile(r"[“”«»\"„‟]")


def quotes(text: str) -> tuple[list[Fact], list[Span]]:
    """The quoted spans, including their marks, and the marks without a partner.

    Only double marks of any style are read; single ones are too often apostrophes. The facts have no value,
    because only the presence of a quotation is compared.
    """
    if _SPOKEN.search(text) is None:
        return [], []
    found: list[Fact] = []
    open_: list[int] = []
    alone: list[Span] = []
    for match in _SPOKEN.finditer(text):
        place, mark = match.start(), match[0]
        if _opens(mark, text, place, open_):
            open_.append(place)
        elif open_:
            start = open_.pop()
            found.append(Fact(Kind.QUOTE, ("",), Span(start, place + 1), text[start : place + 1]))
        else:
            alone.append(Span(place, place + 1))
    alone.extend(Span(place, place + 1) for place in open_)
    return sorted(found, key=lambda fact: fact.span), sorted(alone)


def unpaired_single(text: str) -> int:
    """How many single marks open or close without a partner, as in a quotation of several sentences.

    Marks inside words are apostrophes and do not count; one after a word closes what is open, or is an
    apostrophe ("the players' wives").
    """
    is_open, alone = 0, 0
    for match in _SINGLE_MARK.finditer(text):
        if match["opens"]:
            is_open += 1
        elif is_open:
            is_open -= 1
        else:
            alone += match["closes"] is not None
    return is_open + alone


def has_marks(text: str) -> bool:
    """Whether anything is quoted in any way, including by single marks ('sexy') or by a dialogue dash."""
    return _ANY.search(text) is not None


def _opens(mark: str, text: str, place: int, open_: list[int]) -> bool:
    if mark in _OPEN:
        return True
    if mark in _CLOSE:
        return False
    if not open_:
        return True
    # A straight mark closes an open one, unless it is directly before a word: "He said "no"."
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return (before.isspace() or before in "(¿¡") and after.isalnum() and text[open_[-1]] != _EITHER

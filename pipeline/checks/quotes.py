"""Quotation marks: are they paired, and is what was quoted still quoted."""

import re

from pipeline.checks.facts import Fact, Kind
from pipeline.spans import Span

_OPEN, _CLOSE, _EITHER = "“«„‟", "”»", '"'
_ANY = re.compile(r"[“”«»\"„‟]|(?:^|[\s(¿¡])['‘]\w[^'’]*['’]|^\s*[—–]")
_SINGLE_OPENS = re.compile(r"(?:^|[\s(])['‘`](?=\w)")
_SINGLE_CLOSES = re.compile(r"[.,!?…]['’](?!\w)")  # "the players' wives" closes nothing
_SPOKEN = re.compile(r"[“”«»\"„‟]")


def quotes(text: str) -> tuple[list[Fact], list[Span]]:
    """The quoted spans, marks included, and the marks that have no partner.

    Marks are double ones of any style; single ones are apostrophes too often. A fact's value is
    nothing: a quote is compared by its being there.
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
    """How many single marks open or close with no partner, as where a quotation goes on for sentences.

    Those inside of words are apostrophes, and none of it.
    """
    return abs(len(_SINGLE_OPENS.findall(text)) - len(_SINGLE_CLOSES.findall(text)))


def has_marks(text: str) -> bool:
    """Whether anything is quoted in any way, by single marks ('sexy') or the dash of a dialogue too."""
    return _ANY.search(text) is not None


def _opens(mark: str, text: str, place: int, open_: list[int]) -> bool:
    if mark in _OPEN:
        return True
    if mark in _CLOSE:
        return False
    if not open_:
        return True
    # A straight mark closes an open one, unless a word follows that it leans on: "He said "no"."
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return (before.isspace() or before in "(¿¡") and after.isalnum() and text[open_[-1]] != _EITHER

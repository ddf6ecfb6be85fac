"""Figures rewritten in the target's notation: amounts of money, times, signs, fractions, units."""

import re
from collections.abc import Iterator

from pipeline.figures.amounts import amounts
from pipeline.figures.clock import clock_times
from pipeline.figures.currencies import by_symbol
from pipeline.figures.digits import localized
from pipeline.figures.notation import FIGURE
from pipeline.figures.writing import written
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_SIGNED = re.compile(
    rf"(?<![\w.,/])(?P<sign>[±≤≥<>~≈∼×−≠∆Δ]|&[lg]t;) ?(?P<figure>{FIGURE})(?![\w]|[.,]\d)"
)
_FRACTION = re.compile(r"(?<![\w.,])\d*[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚](?!\w)")
_SIGN_AFTER = re.compile(rf"(?<![\w.,/])(?P<figure>{FIGURE})(?P<sign> ?[‰‱])")
_SCALED = re.compile(
    rf"(?<![\w.,/])(?P<figure>{FIGURE})"
    rf"(?P<unit> ?[µμΩΩ](?:[a-zA-Z]{{1,3}})?(?:/[a-zA-Z]{{1,3}}[²³]?)?)(?!\w)"
)
_OF_SYMBOL = re.compile(
    rf"(?<![\w.,])(?P<before>[^\W\d]{{0,2}}[$£€¥₣-₿¢]) ?(?P<figure>{FIGURE})(?![\w]|[.,]\d)"
    rf"|(?<![\w.,])(?P<first>{FIGURE}) ?(?P<after>[£€¥₣-₿¢])(?!\w)"
)
_NOUN_BEFORE = re.compile(r"\b(?:a|an|the|this|that|its|his|her|their|our|new)$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r" (?!(?:a|an|the|in|on|of|for|to|from|at|by|per|and|or|but|was|were|is|are|as|with|each|when|went"
    r"|fell|rose|last|this|more|less|over|if|that|which)\b)[a-z]{3,}"
)
_PER = re.compile(r"-an?-(?=[a-z])")


def quantities(text: str, source: str, target: str) -> Iterator[Protected]:
    """Find the figures that a model gets as a stand-in, each with its form in the target language."""
    yield from _amounts(text, source, target)
    if not any(character.isnumeric() for character in text):
        return
    for time in clock_times(text, source):
        yield Protected(time.span, How.CLOCK, time.written(target), text[slice(*time.span)])
    for match in _FRACTION.finditer(text):
        yield Protected(Span(*match.span()), How.NUMBER, match[0])
    for pattern in (_SIGNED, _SIGN_AFTER, _SCALED):
        for match in pattern.finditer(text):
            start, end = match.span("figure")
            translated = (
                text[match.start() : start]
                + localized(match["figure"], source, target)
                + text[end : match.end()]
            )
            yield Protected(Span(*match.span()), How.NUMBER, translated)


def _amounts(text: str, source: str, target: str) -> Iterator[Protected]:
    if {source, target} == {"en", "es"}:
        for amount in amounts(text, source):
            # What has no stand-in is written in words, which models handle better than symbols.
            rewording = written(amount, source, in_words=True)
            yield Protected(amount.span, How.AMOUNT, written(amount, target), rewording)
            if source == "en" and (per := _PER.match(text, amount.span.end)):
                yield Protected(Span(*per.span()), How.WORDING, "", " a ")
        return
    for match in _OF_SYMBOL.finditer(text):
        group = "figure" if match["figure"] else "first"
        start, end = match.span(group)
        if (match["before"] or match["after"]) in by_symbol():
            figure = localized(match[group], source, target)
            translated = text[match.start() : start] + figure + text[end : match.end()]
            yield Protected(Span(*match.span()), How.NUMBER, translated)


def qualifies(text: str, span: Span) -> bool:
    """Whether an amount qualifies the noun after it: "a £5 note"."""
    return bool(
        _NOUN_BEFORE.search(text, max(0, span.start - 8), max(0, span.start - 1))
        and _NOUN_AFTER.match(text, span.end)
    )

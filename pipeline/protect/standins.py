"""Stand-ins: words that models copy, in place of text that they do not.

Measured with the embedded models (ADRs 0025 and 0047). Tokens without meaning do worse: of "[1]", "<1>"
and "{1}", less than one in a hundred was returned.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pipeline.protect.spans import How
from pipeline.spans import Span, replace_spans

NUMERALS = ("87", "57", "23", "250", "17", "46", "69", "38", "94", "75", "340", "560")
POOLS: dict[How, tuple[str, ...]] = {
    How.NAME: (
        "Sarkozy",
        "Martin",
        "Juan",
        "Clinton",
        "Putin",
        "Bush",
        "Google",
        "Merkel",
        "Obama",
    ),
    How.ADDRESS: ("BBC", "ABC", "Facebook", "Google"),
    How.NUMBER: NUMERALS,
    How.AMOUNT: NUMERALS,
    How.CLOCK: ("16:25", "18:35", "13:55", "19:15"),
}
_MAGNITUDE_AFTER = re.compile(r"\s?(?:mil\b|millones|millón|million|billion|thousand|%|por ciento)")


@dataclass(frozen=True, slots=True)
class Standin:
    """A word that is sent to a model, and the original that replaces it in the translation."""

    how: How
    word: str
    original: str


def sent(how: How, standin: str, *, qualifies: bool) -> str:
    """What a model reads for a stand-in: for an amount of money it has a currency, to read as an amount."""
    if how is not How.AMOUNT:
        return standin
    return f"{standin}-euro" if qualifies else f"{standin} euros"


def restored(translation: str, standins: Iterable[Standin]) -> str | None:
    """Replace the stand-ins in the translation with their originals.

    All are found before any is replaced: an original may look like another stand-in. None unless each
    occurs as often as it was sent; a word that was sent for different originals is not restored.
    """
    originals: dict[tuple[How, str], list[str]] = {}
    for one in standins:
        originals.setdefault((one.how, one.word), []).append(one.original)
    replacements: list[tuple[Span, str]] = []
    for (how, word), of_word in originals.items():
        spans = [Span(*match.span()) for match in _pattern(how, word).finditer(translation)]
        if len(spans) != len(of_word) or len(set(of_word)) > 1:
            return None
        if how is How.AMOUNT and any(_MAGNITUDE_AFTER.match(translation, s.end) for s in spans):
            return None
        replacements += zip(spans, of_word, strict=True)
    if any(one.end > other.start for (one, _), (other, _) in pairwise(sorted(replacements))):
        return None
    return replace_spans(translation, replacements)


def _pattern(how: How, standin: str) -> re.Pattern[str]:
    bare = re.escape(standin)
    if how is How.AMOUNT:
        return re.compile(
            rf"(?<![\w.,])(?:EUR ?|€ ?)?{bare}(?:[ \u00a0]?€|[ -](?:de )?euros?\b)?(?![\w]|[.,]\d)"
        )
    if standin[0].isdigit():
        return re.compile(rf"(?<![\w.,:]){bare}(?![\w]|[.,:]\d)")
    return re.compile(rf"(?<!\w){bare}(?!\w)")
